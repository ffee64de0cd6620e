"""The database can't be used: nothing is changed, the reason is told, and work goes on once it is mended."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from bot.core.stores import Outbox, State
from bot.core.unit import StorageUnavailable, Unit
from storage.database import SqlDatabase
from storage.unit import SqlUnit
from tests.storage.conftest import Desk
from tests.storage.sayings import HELLO, KOPI, NOW

pytestmark = pytest.mark.promise("R25")
NOBODY = 65534


def put(value: str, unit: Unit) -> None:
    unit.store(State).put("a", value)
    unit.post(HELLO, KOPI, kind="greeting", key=value)


async def expect(run: Desk, value: str) -> None:
    assert await run(lambda unit: unit.store(State).get("a")) == value
    assert await run(lambda unit: unit.store(Outbox).counts()) == {"queued": len(value)}


async def test_another_program_writes(run: Desk, file: Path) -> None:
    await run(lambda unit: put("1", unit))
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(2):
        with pytest.raises(StorageUnavailable, match=r"guyub\.db is locked by another program\. Close"):
            await run(lambda unit: put("12", unit))
    other.execute("ROLLBACK")
    await expect(run, "1")
    await run(lambda unit: put("12", unit))
    await expect(run, "12")
    other.close()


async def test_the_disk_is_full(run: Desk) -> None:
    await run(lambda unit: put("1", unit))

    def fill(unit: Unit) -> None:
        connection = cast(SqlUnit, unit).connection
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for n in range(10_000):
            put(str(n), unit)

    with pytest.raises(StorageUnavailable, match=r"the disk is full\. Free some space"):
        await run(fill)
    await expect(run, "1")
    await run(lambda unit: put("12", unit))
    await expect(run, "12")


async def test_the_file_may_not_be_written_to(run: Desk) -> None:
    await run(lambda unit: put("1", unit))

    def forbid(unit: Unit) -> None:
        cast(SqlUnit, unit).connection.exec_driver_sql("PRAGMA query_only = ON")
        put("12", unit)

    with pytest.raises(StorageUnavailable, match=r"can't be written to\. Let the user who runs Guyub"):
        await run(forbid)
    await expect(run, "1")
    await run(lambda unit: put("12", unit))
    await expect(run, "12")


async def test_the_file_is_moved_away_while_it_is_in_use(run: Desk, file: Path) -> None:
    await run(lambda unit: put("1", unit))
    away = file.with_name("away.db")
    file.rename(away)
    with pytest.raises(StorageUnavailable, match="was moved or deleted while it was in use"):
        await run(lambda unit: put("12", unit))
    with pytest.raises(StorageUnavailable, match="can't be opened"):
        await run(lambda unit: put("12", unit))
    assert not file.exists(), "a new, empty database would hide the loss"
    away.rename(file)
    await expect(run, "1")
    await run(lambda unit: put("12", unit))
    await expect(run, "12")


async def test_the_file_is_no_database(file: Path) -> None:
    file.write_text("dear diary " * 1000)
    with pytest.raises(StorageUnavailable, match=r"guyub\.db is not a database"):
        await SqlDatabase(f"sqlite:///{file}").open()
    assert file.read_text().startswith("dear diary")


async def test_its_folder_can_not_be_made(file: Path) -> None:
    file.write_text("a file where a folder should be")
    with pytest.raises(StorageUnavailable, match=r"inside\.db can't be used: Not a directory"):
        await SqlDatabase(f"sqlite:///{file / 'inside.db'}").open()


async def test_its_folder_may_not_be_written_to() -> None:
    with tempfile.TemporaryDirectory() as place, as_an_ordinary_user(Path(place)) as folder:
        database = SqlDatabase(f"sqlite:///{folder / 'guyub.db'}")
        folder.chmod(0o500)
        with pytest.raises(StorageUnavailable, match=r"Permission denied\. Check that the user who runs Guyub"):
            await database.open()
        folder.chmod(0o700)
        async with database:
            await database.run(lambda unit: put("1", unit), NOW)


@contextmanager
def as_an_ordinary_user(place: Path) -> Iterator[Path]:
    """root may write everywhere, so for a while it is somebody else. Yields a folder of that user's own."""
    folder = place / "data"
    folder.mkdir()
    if os.geteuid() != 0:
        yield folder
        return
    place.chmod(0o755)
    os.chown(folder, NOBODY, -1)
    os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        os.seteuid(0)
