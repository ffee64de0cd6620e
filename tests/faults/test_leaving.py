"""Nobody is greeted who has left, or who came long ago."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.sides import greetings_of
from tests.faults.town import Town, eventually, found_town

HOURS = 3600
LONG_WINDOW = 'window = "6s"\nnames = 50\n'


@pytest.mark.promise("R8")
async def test_who_leaves_before_the_greeting_is_not_greeted(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks) as town:
        await town.guyub()
        for side in town.sides.values():
            for name in ("Ayu0x", "Budi0x", "Citra0x"):
                await side.joins(name)
            await side.leaves("Budi0x")
        await _are_greeted(town, "Ayu0x", "Citra0x")
        for side in town.sides.values():
            assert await greetings_of(side, ["Ayu0x", "Budi0x", "Citra0x"]) == {"Ayu0x": 1, "Budi0x": 0, "Citra0x": 1}


@pytest.mark.promise("R8")
async def test_who_leaves_while_the_greeting_waits_to_be_sent_is_not_greeted(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "telegram") as town:
        side = town.telegram
        await town.guyub()
        await side.world.fault("sendMessage", retry_after=2)  # the greeting was asked for, and waits
        await side.joins("Ayu0x")
        await side.joins("Budi0x")
        await side.world.wait("fault_hits", timeout=10)
        await side.leaves("Budi0x")
        await side.leaves("Ayu0x")
        await side.joins("Citra0x")
        await _are_greeted(town, "Citra0x")
        # What was tried may have arrived: who left after that may stand in it, unless it is taken back.
        shown = "".join(message["text"] for message in await side.group.messages())
        assert "Ayu0x" not in shown
        assert "Budi0x" not in shown


@pytest.mark.promise("R8")
async def test_who_leaves_while_the_program_is_off_is_not_greeted(tmp_path: Path, forks: Forks) -> None:
    """Discord tells nobody afterwards, so it is asked."""
    async with found_town(tmp_path, forks, welcome=LONG_WINDOW) as town:
        await town.met_before()
        run = await town.guyub()
        for side in town.sides.values():
            await side.joins("Ayu0x")
            await side.joins("Budi0x")
        await eventually(lambda: _wait_for_a_greeting(town, 4))
        await run.killed()
        for side in town.sides.values():
            await side.leaves("Budi0x")
        await town.guyub()
        await _are_greeted(town, "Ayu0x")
        for side in town.sides.values():
            assert await greetings_of(side, ["Ayu0x", "Budi0x"]) == {"Ayu0x": 1, "Budi0x": 0}


async def _wait_for_a_greeting(town: Town, how_many: int) -> bool:
    return town.rows("SELECT count(*) FROM welcome_newcomers") == [(how_many,)]


@pytest.mark.promise("R8")
async def test_who_joined_hours_before_is_not_greeted(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks) as town:
        await town.met_before()
        await town.telegram.joins("Ayu0x", at=time.time() - 6 * HOURS)
        await town.telegram.joins("Budi0x", at=time.time() - 2 * HOURS)
        await town.guyub()
        now = datetime.now(UTC)
        await town.discord.tells_of_join("Ayu0x", now - timedelta(hours=6))
        await town.discord.tells_of_join("Budi0x", now - timedelta(hours=2))
        for side in town.sides.values():
            await side.joins("Citra0x")
        await _are_greeted(town, "Citra0x")
        for side in town.sides.values():
            assert await greetings_of(side, ["Ayu0x", "Budi0x", "Citra0x"]) == {"Ayu0x": 0, "Budi0x": 0, "Citra0x": 1}


async def _are_greeted(town: Town, *names: str) -> None:
    async def they_are() -> bool:
        return all([all((await greetings_of(side, names)).values()) for side in town.sides.values()])

    await eventually(they_are, within=15)
