"""A chat or a platform that stands still keeps nobody else waiting."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.sides import greetings_of
from tests.faults.town import Town, eventually, found_town

ASKING = 30
MEDIAN, WORST = 0.2, 1.0  # seconds; on a quiet machine the worst stays below 0.2 too


@pytest.mark.promise("R21")
async def test_one_chat_stands_still_and_all_others_are_answered(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks) as town:
        await town.guyub()
        side = town.telegram
        await side.stalls("before")
        await side.joins("Ayu0x")
        await side.stalled()
        await side.joins("Budi0x")  # waits behind, in order
        waits = [await _answered_in_private(town, number) for number in range(ASKING)]
        assert statistics.median(waits) < MEDIAN, sorted(waits)[-5:]
        assert max(waits) < WORST, sorted(waits)[-5:]
        await town.discord.joins("Citra0x")
        await eventually(lambda: _said(town, "discord", "Citra0x"))
        assert (await greetings_of(side, ["Ayu0x", "Budi0x"])).total() == 0
        await side.release()
        await eventually(lambda: _said(town, "telegram", "Budi0x"))
        said = [said.text for said in await side.said()]
        assert ["Ayu0x" in said[0], "Budi0x" in said[-1], len(said)] == [True, True, 2]


async def _answered_in_private(town: Town, number: int) -> float:
    """Seconds until somebody who was never heard before is answered."""
    who = await town.telegram.world.person(f"Sari{number}")
    begun = time.monotonic()
    await who.starts()
    await who.hears(timeout=10)
    return time.monotonic() - begun


@pytest.mark.promise("R21")
@pytest.mark.parametrize("down", ["telegram", "discord"])
async def test_one_platform_is_down_and_the_other_goes_on(tmp_path: Path, forks: Forks, down: str) -> None:
    """Already at the start: its calls are refused, all of them, for as long as it takes."""
    async with found_town(tmp_path, forks) as town:
        await town.met_before()
        up = "discord" if down == "telegram" else "telegram"
        if down == "telegram":
            await town.telegram.world.fault("*", status=502, times=0)
        else:
            await town.discord.world.trouble.fails("**", status=503, times=1_000_000)
            await town.discord.world.trouble.refuses_gateway(3600)
        run = await town.guyub(until=False)
        await town.sides[down].joins("Ayu0x")
        await town.sides[up].joins("Ayu0x")
        await eventually(lambda: _said(town, up, "Ayu0x"), within=15)
        if down == "telegram":
            await town.telegram.world.clear_faults()
        else:
            await town.discord.world.trouble.ends()
            await town.discord.world.trouble.refuses_gateway(0)
        await eventually(lambda: _said(town, down, "Ayu0x"), within=40)
        assert (await greetings_of(town.sides[down], ["Ayu0x"]))["Ayu0x"] == 1
        assert await run.stopped() == 0


async def _said(town: Town, platform: str, name: str) -> int:
    return (await greetings_of(town.sides[platform], [name]))[name]
