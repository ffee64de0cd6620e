"""Connections that end or fall silent are noticed and made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.sides import greetings_of
from tests.faults.town import Town, eventually, found_town


@pytest.mark.promise("R22")
@pytest.mark.parametrize("status", [401, 404, 502])
async def test_telegram_refuses_once(tmp_path: Path, forks: Forks, status: int) -> None:
    async with found_town(tmp_path, forks, "telegram") as town:
        await town.guyub()
        await town.telegram.world.fault("getUpdates", status=status)
        await town.telegram.joins("Ayu0x")  # ends the call that stands; the next one is refused
        await town.telegram.joins("Budi0x")
        await _is_greeted(town, "Budi0x", within=10)
        assert (await town.telegram.world.stats())["fault_hits"] == 1


@pytest.mark.promise("R22")
@pytest.mark.parametrize("code", [None, 1000, 4009])
async def test_discord_ends_the_connection(tmp_path: Path, forks: Forks, code: int | None) -> None:
    async with found_town(tmp_path, forks, "discord") as town:
        await town.guyub()
        await town.discord.joins("Ayu0x")
        await town.discord.world.trouble.closes_gateway(code)
        await town.discord.joins("Budi0x")
        await _is_greeted(town, "Ayu0x", "Budi0x", within=30)
        assert len((await town.discord.world.stats()).identifies) <= 2


@pytest.mark.promise("R22")
async def test_both_fall_silent(tmp_path: Path, forks: Forks) -> None:
    """No call is answered, no heartbeat is acknowledged, and no connection ends."""
    async with found_town(tmp_path, forks) as town:
        await town.guyub()
        await town.telegram.world.fault("getUpdates", kind="stall")
        await town.telegram.joins("Ayu0x")  # ends the call that stands; the next one stalls for good
        await town.telegram.world.wait("held", timeout=10)
        await town.discord.world.trouble.stops_acks()
        resumed = await _sessions(town)
        await town.telegram.joins("Budi0x")
        await eventually(lambda: _another_session(town, resumed), within=40)
        await town.discord.world.order("heartbeats", acks=True)
        await town.discord.joins("Ayu0x")
        await town.discord.joins("Budi0x")
        await _is_greeted(town, "Ayu0x", "Budi0x", within=40)


async def _sessions(town: Town) -> int:
    stats = await town.discord.world.stats()
    return len(stats.identifies) + (stats.resumes if isinstance(stats.resumes, int) else len(stats.resumes))


async def _another_session(town: Town, before: int) -> bool:
    return await _sessions(town) > before


async def _is_greeted(town: Town, *names: str, within: float) -> None:
    async def they_are() -> bool:
        return all([all((await greetings_of(side, names)).values()) for side in town.sides.values()])

    await eventually(they_are, within)
    for side in town.sides.values():
        assert set((await greetings_of(side, names)).values()) == {1}
