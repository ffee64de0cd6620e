"""A database to work on, in a file, as everybody but the power-loss tests needs it: without waiting for the disk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest

from bot.core.unit import R, Unit
from storage.database import SqlDatabase
from tests.storage.sayings import NOW

Run = Callable[..., object]


class Desk:
    """Runs work on the database at a time of its own."""

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database
        self.now: datetime = NOW

    async def __call__(self, work: Callable[[Unit], R]) -> R:
        return await self.database.run(work, self.now)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "guyub.db"


@pytest.fixture
async def run(file: Path) -> AsyncIterator[Desk]:
    async with SqlDatabase(f"sqlite:///{file}", durable=False, patience=0.05) as database:
        yield Desk(database)
