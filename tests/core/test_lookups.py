"""Reads that are asked for at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest

from bot.core.clock import SystemClock
from bot.core.lookups import Lookups
from bot.core.stores import State
from bot.core.unit import R, Unit
from storage.database import SqlDatabase


class Counted(SqlDatabase):
    transactions = 0

    async def run(self, work: Callable[[Unit], R], now: datetime) -> R:
        self.transactions += 1
        return await super().run(work, now)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Counted]:
    async with Counted(f"sqlite:///{tmp_path / 'guyub.db'}") as database:
        await database.run(lambda unit: unit.store(State).put("drink", "kopi"), SystemClock().now())
        database.transactions = 0
        yield database


def drink(unit: Unit) -> str:
    return unit.store(State).get("drink")


def spilt(unit: Unit) -> str:
    raise ValueError("spilt")


async def test_a_hundred_of_them_need_a_few_transactions(database: Counted) -> None:
    lookups = Lookups(database, SystemClock())
    assert await asyncio.gather(*(lookups.ask(drink) for _ in range(100))) == ["kopi"] * 100
    assert database.transactions <= 2


async def test_one_that_fails_spoils_no_other(database: Counted) -> None:
    lookups = Lookups(database, SystemClock())
    told = await asyncio.gather(*(lookups.ask(read) for read in (drink, spilt, drink)), return_exceptions=True)
    assert [told[0], told[2]] == ["kopi", "kopi"]
    assert isinstance(told[1], ValueError)


async def test_whoever_stops_waiting_holds_up_nobody(database: Counted) -> None:
    lookups = Lookups(database, SystemClock())
    gone = asyncio.create_task(lookups.ask(drink))
    other = asyncio.create_task(lookups.ask(drink))
    await asyncio.sleep(0)
    gone.cancel()
    assert await other == "kopi"
    assert await lookups.ask(drink) == "kopi"
