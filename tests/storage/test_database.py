"""Transactions on the one writer, and what happens to them when something else gives way."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from pathlib import Path
from typing import cast

import pytest

from bot.core.stores import Outbox, State
from bot.core.unit import StorageUnavailable, Unit
from storage.database import SqlDatabase
from storage.errors import CannotOpen
from storage.unit import SqlUnit
from tests.storage.conftest import Desk
from tests.storage.sayings import HELLO, KOPI, NOW


async def test_what_the_work_returns_is_returned(run: Desk) -> None:
    assert await run(lambda unit: unit.now) == NOW


async def test_work_that_raises_leaves_nothing(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.store(State).put("a", "b")
        unit.post(HELLO, KOPI, kind="greeting")
        raise ZeroDivisionError("of the handler's")

    with pytest.raises(ZeroDivisionError, match="of the handler's"):
        await run(work)
    assert await run(lambda unit: unit.store(State).get("a")) == ""
    assert await run(lambda unit: unit.store(Outbox).counts()) == {}


async def test_a_fault_of_the_work_is_not_taken_for_one_of_the_database(run: Desk) -> None:
    """An OSError and what derives from it (TimeoutError) may come from anywhere."""

    def work(unit: Unit) -> None:
        raise TimeoutError("of the handler's")

    with pytest.raises(TimeoutError, match="of the handler's"):
        await run(work)


async def test_a_commit_waits_for_the_disk_unless_it_is_only_played(file: Path) -> None:
    def pragmas(unit: Unit) -> tuple[object, object]:
        connection = cast(SqlUnit, unit).connection
        journal, synchronous = (
            connection.exec_driver_sql(f"PRAGMA {name}") for name in ("journal_mode", "synchronous")
        )
        return journal.scalar(), synchronous.scalar()

    full, off = 2, 0
    async with SqlDatabase(f"sqlite:///{file}") as database:
        assert await database.run(pragmas, NOW) == ("wal", full)
    async with SqlDatabase(f"sqlite:///{file}", durable=False) as database:
        assert await database.run(pragmas, NOW) == ("wal", off)


async def test_work_is_done_one_after_the_other_on_one_thread(run: Desk) -> None:
    threads: set[str] = set()

    def count(unit: Unit) -> None:
        threads.add(threading.current_thread().name)
        state = unit.store(State)
        state.put("n", str(int(state.get("n") or 0) + 1))

    await asyncio.gather(*(run(count) for _ in range(50)))
    assert await run(lambda unit: unit.store(State).get("n")) == "50"
    assert len(threads) == 1
    assert threading.current_thread().name not in threads


async def test_who_stops_waiting_doesnt_stop_the_transaction(run: Desk) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(unit: Unit) -> None:
        unit.store(State).put("a", "1")
        begun.set()
        go_on.wait(10)
        unit.store(State).put("b", "2")

    task = asyncio.create_task(run(work))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    both = await run(lambda unit: (unit.store(State).get("a"), unit.store(State).get("b")))
    assert both == ("1", "2")


async def test_closing_finishes_what_was_begun(run: Desk) -> None:
    tasks = [asyncio.create_task(run(lambda unit: unit.store(State).put("a", "1"))) for _ in range(20)]
    await asyncio.sleep(0)
    await run.database.close()
    await asyncio.gather(*tasks)
    with pytest.raises(StorageUnavailable, match="is closed"):
        await run(lambda unit: None)
    await run.database.open()
    assert await run(lambda unit: unit.store(State).get("a")) == "1"


async def test_a_conversation_can_be_played_in_memory() -> None:
    async with SqlDatabase("sqlite://", durable=False) as database:
        await database.run(lambda unit: unit.store(State).put("a", "1"), NOW)
        with contextlib.suppress(ZeroDivisionError):
            await database.run(lambda unit: 1 // 0, NOW)
        assert await database.run(lambda unit: unit.store(State).get("a"), NOW) == "1"


async def test_an_error_of_ours_shows_no_content(run: Desk) -> None:
    class Unstorable:
        def __str__(self) -> str:
            return "Zulaikha"

    def work(unit: Unit) -> None:
        unit.store(State).put("secret of Zulaikha", Unstorable())  # type: ignore[arg-type]

    with pytest.raises(Exception, match="Unstorable") as raised:
        await run(work)
    assert "Zulaikha" not in str(raised.value)


def test_another_database_than_sqlite_is_turned_down_in_words() -> None:
    with pytest.raises(CannotOpen, match="SQLite only"):
        SqlDatabase("postgresql+psycopg://u:p@h/n")
