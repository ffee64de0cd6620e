"""An event that can't be handled is set aside after three tries; all others are handled as if it weren't there."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.processes import Forks
from tests.faults.sides import greetings_of
from tests.faults.town import Town, eventually, found_town

PEOPLE = [f"Ayu{n}x" for n in range(5)]
MALFORMED: list[dict[str, Any]] = [
    {"raw": '{"update_id": NEXT, "message": {'},
    {"raw": '{"update_id": NEXT, "message": NaN, "x": }'},
    {"raw": '{"update_id": NEXT}'},
    {"raw": "null"},
    {"raw": "[]"},
    {"raw": '{"update_id": "one"}'},
    {"update": {"message": "a text"}},
    {"update": {"message": {"message_id": 7}}},
    {"update": {"chat_member": {"chat": {"id": "x"}, "from": None}}},
    {"update": {"callback_query": {"id": "1"}}},
    {"update": {"what_nobody_knows": {"id": 1}}},
]
MALFORMED_DATA: list[Any] = [{}, {"guild_id": "1"}, {"guild_id": None, "user": {"id": "x"}}, [], "text", None, 7]
EVENTS = ("GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE", "MESSAGE_CREATE", "INTERACTION_CREATE", "GUILD_CREATE")


@pytest.mark.promise("R20")
async def test_a_handler_raises_at_one_of_many(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks) as town:
        await town.met_before()
        for name in (*PEOPLE[:2], "Racun", *PEOPLE[2:]):  # all of them in one batch
            for side in town.sides.values():
                await side.joins(name)
        run = await town.guyub(feature="tests.faults.raising:feature")
        await _are_greeted(town, *PEOPLE)
        for side in town.sides.values():
            assert (await greetings_of(side, ["Racun"]))["Racun"] == 0
        aside = [key for (key,) in town.rows("SELECT key FROM set_aside")]
        assert any("telegram" in key for key in aside)
        assert any("discord" in key for key in aside)
        assert "Racun" not in town.log()  # its words may quote people
        assert await _answered_after(town, "Racun") < 1.0
        assert await run.stopped() == 0
        before = len(aside)
        await town.guyub(feature="tests.faults.raising:feature")
        assert await _answered_after(town, "Rina") < 1.0
        assert len(town.rows("SELECT key FROM set_aside")) == before + 1  # of this run: what Racun said


async def _answered_after(town: Town, poisonous: str) -> float:
    """Seconds from a poisonous message until somebody is answered who came behind it."""
    who = await town.telegram.person(poisonous)
    sari = await town.telegram.world.person("Sari")
    begun = time.monotonic()
    await who.says("halo", town.telegram.group)
    await sari.starts()
    await sari.hears()
    return time.monotonic() - begun


@pytest.mark.promise("R20")
async def test_telegram_sends_what_can_not_be_read(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "telegram") as town:
        await town.guyub()
        world = town.telegram.world
        for number, malformed in enumerate(MALFORMED):
            sari = await world.person(f"Sari{number}")
            await sari.starts()
            await sari.hears()
            begun = time.monotonic()
            raw = malformed.get("raw", "").replace("NEXT", str((await world.stats())["last_update_id"] + 1))
            await world.update(malformed.get("update"), raw=raw or None)
            await sari.says("/help")
            await sari.hears(count=2, timeout=10)
            assert time.monotonic() - begun < 1.5, malformed  # of which 1: between two posts in a chat
        await world.wait("confirmed", timeout=10)


@pytest.mark.promise("R20")
async def test_telegram_sends_what_is_not_even_an_update(tmp_path: Path, forks: Forks) -> None:
    """It can't be told from a broken proxy's answers, so it is asked for a few times more before it is passed over."""
    async with found_town(tmp_path, forks, "telegram") as town:
        await town.guyub()
        world = town.telegram.world
        await town.telegram.joins("Ayu0x")
        await _are_greeted(town, "Ayu0x")
        await world.update(raw="this is no JSON")
        await town.telegram.joins("Budi0x")
        await _are_greeted(town, "Budi0x")
        await world.wait("confirmed", timeout=10)


@pytest.mark.promise("R20")
async def test_discord_sends_what_can_not_be_read(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "discord") as town:
        await town.guyub()
        ayu = await town.discord.person("Ayu0x")
        await ayu.joins(town.discord.guild)
        await town.discord.world.eventually(town.discord.world.commands)
        for event in EVENTS:
            for data in MALFORMED_DATA:
                await town.discord.world.trouble.injects(event, data)
            begun = time.monotonic()
            asked = await ayu.slash(town.discord.guild["general"], "help")
            assert (await asked.answer()).state == "answered"
            assert time.monotonic() - begun < 1.0, event
        await town.discord.joins("Budi0x")
        await _are_greeted(town, "Ayu0x", "Budi0x")
        assert len((await town.discord.world.stats()).identifies) == 1


async def _are_greeted(town: Town, *names: str) -> None:
    async def they_are() -> bool:
        return all([all((await greetings_of(side, names)).values()) for side in town.sides.values()])

    await eventually(they_are, within=15)
