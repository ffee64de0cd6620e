"""A send of which it isn't known whether it arrived: Telegram is not asked twice, Discord recognises the repeat."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.sides import Side, greetings_of
from tests.faults.town import eventually, found_town

SILENCE = 1.0  # seconds after which a send counts as unanswered here; 20 outside tests
UNSURE = "Sambungan putus"  # as managers are told


@pytest.mark.promise("R5")
@pytest.mark.parametrize("how", ["502", "reset", "stall"])
async def test_telegram_takes_a_greeting_and_does_not_say_so(tmp_path: Path, forks: Forks, how: str) -> None:
    async with found_town(tmp_path, forks, "telegram") as town:
        side = town.telegram
        first = await town.guyub(send_silence=SILENCE)
        if how == "stall":
            await side.stalls("after")
        else:
            await side.fails(how)
        await side.joins("Ayu0x")
        [told] = await eventually(side.told_managers)
        assert UNSURE in told.text
        assert town.states("telegram") == {"uncertain": 1}
        assert await first.stopped() == 0
        await town.guyub()
        await side.joins("Budi0x")
        await eventually(lambda: _greeted(side, "Budi0x"))
        assert await greetings_of(side, ["Ayu0x", "Budi0x"]) == {"Ayu0x": 1, "Budi0x": 1}
        assert len(await side.told_managers()) == 1


@pytest.mark.promise("R4")
@pytest.mark.parametrize("how", ["500", "503", "reset"])
async def test_discord_takes_a_greeting_and_does_not_say_so(tmp_path: Path, forks: Forks, how: str) -> None:
    async with found_town(tmp_path, forks, "discord") as town:
        side = town.discord
        await town.guyub()
        await side.fails(how)
        await side.fails(how)
        await side.joins("Ayu0x")

        async def is_settled() -> bool:
            return town.states("discord") == {"sent": 1}

        await eventually(is_settled, within=20)
        assert (await greetings_of(side, ["Ayu0x"]))["Ayu0x"] == 1
        assert await side.told_managers() == []


async def _greeted(side: Side, name: str) -> int:
    return (await greetings_of(side, [name]))[name]
