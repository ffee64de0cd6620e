"""Polls whose close, votes or leavers the program missed: told once, and right as far as anybody can know."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.sides import Side
from tests.faults.town import Town, eventually, found_town
from tests.faults.voting import OPTIONS, QUIET, TAKEN, Told, close, post_of, put_up, result_of, results_of

QUESTION = "Ngopi di mana?"
SENOPATI, KEMANG, BLOK_M = OPTIONS
OWN = "count_leavers = true\n"
"""One platform and this: the poll is the platform's own."""
AGO = timedelta(hours=2)
HOUR = 3600


@pytest.mark.promise("R1", "R7", "R9", "S7")
async def test_the_close_was_due_two_hours_ago(tmp_path: Path, forks: Forks) -> None:
    """Who left meanwhile is noticed on both platforms; presses that waited come too late."""
    async with found_town(tmp_path, forks, welcome=QUIET) as town:
        for name in ("Dewi", "Eko", "Fajar"):
            await town.discord.joins(name)
        run = await town.guyub()
        await put_up(town, QUESTION)
        for name, option in (("Ayu", SENOPATI), ("Budi", KEMANG), ("Citra", BLOK_M), ("Hadi", SENOPATI)):
            await presses_on_telegram(town, name, option)
        for name, option in (("Dewi", KEMANG), ("Eko", KEMANG), ("Fajar", BLOK_M)):
            await presses_on_discord(town, name, option)
        assert await run.stopped() == 0
        await town.telegram.leaves("Citra", at=time.time() - 3 * HOUR)
        await town.telegram.leaves("Hadi", at=time.time() - HOUR)  # after the close: the vote counts
        await town.discord.leaves("Fajar")
        gita = await town.telegram.person("Gita")
        late = await gita.presses(BLOK_M, town.telegram.group)
        town.makes_due(QUESTION, AGO)

        began = time.monotonic()
        again = await town.guyub()
        truth = Told((2, 3, 0), {"telegram": 3, "discord": 2}, 2)
        for side in town.sides.values():
            assert await result_of(side, QUESTION) == truth
        assert time.monotonic() - began < 5
        answer = await gita.sees_answer(late)
        assert "sudah ditutup" in answer["text"]
        assert TAKEN not in answer["text"]
        await again.stopped()
        await (await town.guyub()).stopped()
        for side in town.sides.values():
            assert await result_of(side, QUESTION) == truth
            post = await post_of(side, QUESTION)
            assert post
            assert not post.buttons


@pytest.mark.promise("R7")
async def test_the_turnout_is_named_though_a_platform_connects_later_than_the_other(
    tmp_path: Path, forks: Forks
) -> None:
    async with found_town(tmp_path, forks, welcome=QUIET) as town:
        run = await town.guyub()
        await put_up(town, QUESTION)
        for name in ("Ayu", "Budi"):
            await presses_on_telegram(town, name, SENOPATI)
        assert await run.stopped() == 0
        town.makes_due(QUESTION, AGO)
        await town.discord.world.trouble.refuses_gateway(0.5)
        await town.guyub()
        for side in town.sides.values():
            await eventually(partial(results_of, side, QUESTION))
            (said,) = await results_of(side, QUESTION)
            assert "anggota memilih" in said.text


@pytest.mark.promise("R1", "R7", "R9")
@pytest.mark.parametrize("platform", ["telegram", "discord"])
async def test_votes_in_the_platforms_own_poll_while_the_program_was_off(
    tmp_path: Path, forks: Forks, platform: str
) -> None:
    async with found_town(tmp_path, forks, platform, welcome=QUIET, polls=OWN) as town:
        run = await town.guyub()
        await put_up(town, QUESTION)
        for name, option in (("Ayu", SENOPATI), ("Budi", KEMANG), ("Citra", BLOK_M)):
            await votes(town, name, option)
        await eventually(partial(_has_noted, town, 3))
        assert await run.stopped() == 0
        await votes(town, "Budi", BLOK_M)
        await votes(town, "Dewi", BLOK_M)
        await takes_back(town, "Ayu", SENOPATI)
        town.makes_due(QUESTION, AGO)
        await passes(town, timedelta(hours=4))

        began = time.monotonic()
        await town.guyub()
        side = town.sides[platform]
        await eventually(lambda: results_of(side, QUESTION), within=5)
        assert time.monotonic() - began < 5
        await eventually(partial(_is_told, side, Told((0, 0, 3), {}, 0)), within=5)


@pytest.mark.promise("R9", "S7")
async def test_who_left_while_discord_could_not_be_heard(tmp_path: Path, forks: Forks) -> None:
    """The session can't be resumed, and nobody tells of those who left."""
    async with found_town(tmp_path, forks, "discord", welcome=QUIET) as town:
        for name in ("Dewi", "Eko", "Fajar"):
            await town.discord.joins(name)
        await town.guyub()
        await put_up(town, QUESTION)
        for name, option in (("Dewi", KEMANG), ("Eko", KEMANG), ("Fajar", BLOK_M)):
            await presses_on_discord(town, name, option)
        async with town.discord.world.gateway_away():
            await town.discord.leaves("Fajar")
            await (await town.discord.person("Eko")).is_banned(town.discord.guild)
        await town.discord.world.connected(within=30)
        await close(town, QUESTION)
        assert await result_of(town.discord, QUESTION) == Told((0, 1, 0), {}, 2)


@pytest.mark.promise("R9")
async def test_votes_in_discords_own_poll_while_it_could_not_be_heard(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "discord", welcome=QUIET, polls=OWN) as town:
        await town.guyub()
        await put_up(town, QUESTION)
        await votes(town, "Ayu", SENOPATI)
        await votes(town, "Budi", KEMANG)
        await eventually(partial(_has_noted, town, 2))
        async with town.discord.world.gateway_away():
            await votes(town, "Citra", KEMANG)
            await votes(town, "Budi", SENOPATI)
            await takes_back(town, "Ayu", SENOPATI)
        await town.discord.world.connected(within=30)
        await close(town, QUESTION)
        assert await result_of(town.discord, QUESTION) == Told((1, 1, 0), {}, 0)


@pytest.mark.promise("R7", "R21")
async def test_both_platforms_are_down_at_the_close(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, welcome=QUIET) as town:
        await town.discord.joins("Dewi")
        run = await town.guyub()
        await put_up(town, QUESTION)
        await presses_on_telegram(town, "Ayu", SENOPATI)
        await presses_on_discord(town, "Dewi", KEMANG)
        assert await run.stopped() == 0
        town.makes_due(QUESTION, timedelta(seconds=-4))
        await town.guyub()
        await goes_down(town)

        async def is_closed() -> bool:
            return town.rows("SELECT state FROM polls") == [("closed",)]

        await eventually(is_closed, within=30)
        assert not [said for side in town.sides.values() for said in await results_of(side, QUESTION)]
        await comes_back(town)
        for side in town.sides.values():
            assert await result_of(side, QUESTION, within=60) == Told((1, 1, 0), {"telegram": 1, "discord": 1}, 0)


# ---------------------------------------------------------------- what people and platforms do


async def presses_on_telegram(town: Town, name: str, option: str) -> None:
    who = await town.telegram.person(name)
    assert TAKEN in (await who.sees_answer(await who.presses(option, town.telegram.group)))["text"]


async def presses_on_discord(town: Town, name: str, option: str) -> None:
    who = await town.discord.person(name)
    act = await who.presses(town.discord.guild["general"], option)

    async def is_taken() -> bool:
        return TAKEN in (await act.now()).text

    await eventually(is_taken)


async def votes(town: Town, name: str, option: str) -> None:
    """In the platform's own poll."""
    if "telegram" in town.sides:
        await (await town.telegram.person(name)).votes(town.telegram.group, option)
    else:
        if name not in town.discord.people:
            await town.discord.joins(name)
        await (await town.discord.person(name)).votes(town.discord.guild["general"], option)


async def takes_back(town: Town, name: str, option: str) -> None:
    if "telegram" in town.sides:
        await (await town.telegram.person(name)).votes(town.telegram.group)
    else:
        await (await town.discord.person(name)).takes_back_vote(town.discord.guild["general"], option)


async def passes(town: Town, time: timedelta) -> None:
    """On the platform, whose own poll ends."""
    if "telegram" in town.sides:
        await town.telegram.world.advance(time.total_seconds())
        assert (await town.telegram.group.poll())["is_closed"]
    else:
        await town.discord.world.pass_time(time.total_seconds())


async def goes_down(town: Town) -> None:
    await town.telegram.world.fault("*", status=502, times=0)
    await town.discord.world.trouble.fails("**", status=503, times=1_000_000)
    await town.discord.world.trouble.refuses_gateway(3600)
    await town.discord.world.trouble.closes_gateway()


async def comes_back(town: Town) -> None:
    await town.telegram.world.clear_faults()
    await town.discord.world.trouble.ends()
    await town.discord.world.trouble.refuses_gateway(0)


async def _has_noted(town: Town, people: int) -> bool:
    return town.rows("SELECT count(*) FROM poll_ballots") == [(people,)]


async def _is_told(side: Side, truth: Told) -> bool:
    """Once, and right by now."""
    results = [Told.of(said.text) for said in await results_of(side, QUESTION)]
    assert len(results) == 1
    return results == [truth]
