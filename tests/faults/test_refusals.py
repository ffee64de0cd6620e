"""Where the bot may not speak it falls silent at once, and whoever can mend it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.sides import greetings_of
from tests.faults.town import Town, eventually, found_town

SILENT = "sudah berhenti mencoba"  # as managers are told


@pytest.mark.promise("R23")
async def test_telegram_takes_the_right_to_write(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "telegram") as town:
        side = town.telegram
        await town.met_before()
        run = await town.guyub()
        await side.group.bot_becomes("restricted", tell=False)
        await side.joins("Ayu0x", via=["service"])
        await eventually(lambda: _told(town, "telegram"))
        for number in range(1, 4):  # more is to be said there, and isn't
            await side.joins(f"Ayu{number}x", via=["service"])
            await side.people[f"Ayu{number}x"].says("/help", side.group)
        await eventually(lambda: _waits(town))
        assert await run.stopped() == 0
        await town.guyub()  # it still knows
        await side.joins("Ayu4x", via=["service"])
        await eventually(lambda: _nobody_waits(town))
        assert len(await _refused_by_telegram(town)) == 1
        assert await _told(town, "telegram") == 1

        await side.group.bot_becomes("admin")
        await side.joins("Budi0x")
        await eventually(lambda: _said(town, "telegram", "Budi0x"))
        assert (await greetings_of(side, ["Budi0x"]))["Budi0x"] == 1


@pytest.mark.promise("R23")
async def test_telegram_throws_the_bot_out(tmp_path: Path, forks: Forks) -> None:
    """Without a word: the first send tells."""
    async with found_town(tmp_path, forks, "telegram") as town:
        side = town.telegram
        await town.guyub()
        await side.joins("Ayu0x")
        await side.joins("Budi0x")
        await side.people["Budi0x"].says("/help", side.group)
        await side.group.bot_becomes("kicked", tell=False)
        [told] = await eventually(side.told_managers)
        assert SILENT in told.text
        await eventually(lambda: _nobody_waits(town))
        assert len(await _refused_by_telegram(town)) <= 1


@pytest.mark.promise("R23")
async def test_discord_takes_the_right_to_write(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "discord") as town:
        side = town.discord
        await town.met_before()
        run = await town.guyub()
        await side.guild["general"].denies_bot("send_messages")
        await side.joins("Ayu0x")
        await eventually(lambda: _told(town, "discord"))
        await side.joins("Ayu1x")
        await eventually(lambda: _waits(town))
        assert await run.stopped() == 0
        await town.guyub()
        await side.joins("Ayu2x")
        await eventually(lambda: _nobody_waits(town))
        calls = await side.world.requests(f"POST /channels/{side.guild['general'].id}/messages")
        assert [call["status"] for call in calls if call["status"] == 403] == [403]
        assert await _told(town, "discord") == 1
        assert (await side.world.stats()).invalid_requests == 1


async def _refused_by_telegram(town: Town) -> list[object]:
    side = town.telegram
    sends = await side.world.requests("sendMessage")
    return [s for s in sends if s["status"] in (400, 403) and str(s["params"]["chat_id"]) == str(side.group.id)]


async def _told(town: Town, platform: str) -> int:
    told = await town.sides[platform].told_managers()
    return sum(SILENT in said.text for said in told)


async def _waits(town: Town) -> bool:
    return bool(town.rows("SELECT id FROM outbox WHERE state = 'queued' AND kind = 'greeting'"))


async def _nobody_waits(town: Town) -> bool:
    """Everybody who joined has been handled, whatever became of their greeting."""
    return not town.rows("SELECT account_id FROM welcome_newcomers WHERE post_key = ''")


async def _said(town: Town, platform: str, name: str) -> int:
    return (await greetings_of(town.sides[platform], [name]))[name]
