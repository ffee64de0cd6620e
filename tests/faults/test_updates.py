"""Updates: confirmed when they are done and not before, and never done twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tests.faults.processes import Forks
from tests.faults.sides import greetings_of
from tests.faults.town import Town, eventually, found_town

STAY = [f"Ayu{n}x" for n in range(10)]
GO = [f"Budi{n}x" for n in range(3)]
# All that is told twice more fits into one answer to getUpdates: the offset can't pass older ids otherwise.


@pytest.mark.promise("R2")
async def test_telegram_tells_all_three_times_and_again_after_a_restart(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "telegram") as town:
        await town.met_before()
        for name in STAY + GO:
            await town.telegram.joins(name)
        for name in GO:
            await town.telegram.leaves(name)
        for name in STAY[:3]:
            await town.telegram.people[name].says("/help", town.telegram.group)
        told = await town.telegram.world.ask("pending")
        await _tell_again(town, told * 2, Random(2))

        first = await town.guyub()
        await town.telegram.world.wait("confirmed", timeout=15)
        await eventually(lambda: _all_greeted(town, STAY))
        await eventually(lambda: _answers(town, 3))
        assert await first.stopped() == 0
        await _tell_again(town, told, Random(3))
        await town.guyub()
        await town.telegram.world.wait("confirmed", timeout=15)
        await town.telegram.joins("Citra0x")
        await eventually(lambda: _all_greeted(town, ["Citra0x"]))

        posts = await greetings_of(town.telegram, STAY + GO)
        assert {name for name, count in posts.items() if count != 1} == set(GO)
        assert not any(posts[name] for name in GO)
        assert await _answers(town, 4) is False
        assert await town.telegram.world.duplicates() == []


async def _tell_again(town: Town, told: list[dict[str, object]], random: Random) -> None:
    """In any order; then something new, which the offset can pass them by."""
    for update in random.sample(told, len(told)):
        await town.telegram.world.update(update)
    await town.telegram.people["Ayu0x"].says("halo", town.telegram.group)


async def _all_greeted(town: Town, names: list[str], platform: str = "telegram") -> bool:
    return all((await greetings_of(town.sides[platform], names)).values())


async def _answers(town: Town, count: int) -> bool:
    return len(town.rows("SELECT id FROM outbox WHERE kind = 'answer' AND state IN ('sent', 'waiting')")) >= count


@pytest.mark.promise("R2")
async def test_discord_tells_all_three_times_and_again_after_a_restart(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "discord") as town:
        first = await town.guyub()
        told = [(name, datetime.now(UTC)) for name in STAY[:8]]  # since it listens: nobody has to be looked up
        for name, at in Random(2).sample(told * 3, len(told) * 3):
            await town.discord.tells_of_join(name, at)
        await eventually(lambda: _all_greeted(town, STAY[:8], "discord"))
        assert await first.stopped() == 0
        await town.guyub()
        for name, at in told:
            await town.discord.tells_of_join(name, at)
        await town.discord.joins("Citra0x")
        await eventually(lambda: _all_greeted(town, ["Citra0x"], "discord"))
        assert set((await greetings_of(town.discord, STAY[:8])).values()) == {1}


@pytest.mark.promise("R1")
async def test_nothing_is_confirmed_while_nothing_can_be_committed(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "telegram") as town:
        await town.met_before()
        world = town.telegram.world
        await town.guyub()
        with closing(sqlite3.connect(tmp_path / "data" / "guyub.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            confirmed = (await world.stats())["confirmed"]
            polled = len(await world.requests("getUpdates"))
            await town.telegram.joins("Ayu0x")
            # Told again and again, since nothing says that it was done.
            await world.wait("requests", method="getUpdates", after=polled, count=4)
            seen = await world.stats()
            assert (seen["confirmed"], seen["pending"]) == (confirmed, 2)
            other.execute("ROLLBACK")
        await world.wait("confirmed", timeout=15)
        await eventually(lambda: _all_greeted(town, ["Ayu0x"]))


@pytest.mark.promise("R1")
async def test_whoever_is_confirmed_is_known(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "telegram") as town:
        await town.met_before()
        world, people = town.telegram.world, town.telegram.people
        for n, kill in enumerate(("committed:1", "before commit:1", "received:1", "received:2", "committed:2") * 2):
            await town.telegram.joins(f"Ayu{n}x")
            run = await town.guyub(kill_at=kill)
            await town.telegram.joins(f"Budi{n}x")
            await town.telegram.joins(f"Citra{n}x")
            assert await run.ends() == -9
            waiting = str(await world.ask("pending"))
            known = {account for (account,) in town.rows("SELECT account_id FROM memberships")}
            assert [name for name, who in people.items() if name not in waiting and str(who.id) not in known] == []
        await town.guyub()
        await world.wait("confirmed", timeout=15)
        await eventually(lambda: _all_greeted(town, list(people)))
        assert set((await greetings_of(town.telegram, list(people))).values()) == {1}
