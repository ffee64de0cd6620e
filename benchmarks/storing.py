"""What is stored: that people spoke, in batches; one state change among few and many."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from random import Random

from sqlalchemy.schema import CreateTable

from benchmarks.measuring import CpuTime, Figure, Round, side_by_side
from benchmarks.programs import running
from bot.bootstrap import Program
from bot.config.model import Config
from bot.core.activity import Activity, Spoken
from bot.core.events import Where
from bot.core.membership import Membership, Presence
from bot.core.stores import Members, Seen
from bot.core.unit import Unit
from storage.stores.activity import AT_ONCE, COLUMNS
from storage.tables.activity import activity
from storage.tables.people import memberships
from storage.unit import SqlUnit
from storage.upsert import upsert

BATCH, BATCHES, ROUNDS = 100, 20, 5
FEW, MANY = 100, 100_000
NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)
GROUPS = [str(-1_001_000_000_001 - number) for number in range(20)]
ACCOUNTS = [str(1_000_000 + number) for number in range(500)]
PAGE = 4096  # bytes


async def run(full: bool) -> list[Figure]:
    async with running({}, Config(), background=False) as program:
        return [*await _said(program), await _marked(program), *await _changes(program)]


# ---------------------------------------------------------------- what people say


async def _said(program: Program) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        raw = _raw(Path(folder) / "raw.db")
        taken = await side_by_side(ROUNDS, {"raw": _raw_rows(raw), "guyub": _our_rows(program)})
        raw.close()
    raw_, guyub = (seconds / (BATCH * BATCHES) * 1e6 for seconds in taken.values())
    on = "sqlite3 by itself, executemany"
    return [
        Figure("storing that somebody spoke, by hundreds", guyub, "µs", raw_, on, "≤ 10 µs", guyub <= 10),
        *await _forgotten(program),
    ]


def _raw(file: Path) -> sqlite3.Connection:
    """The same table, set up in the same way."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(str(CreateTable(activity)))
    return connection


def _raw_rows(connection: sqlite3.Connection) -> Round:
    columns = ("id", *COLUMNS)
    insert = f"INSERT INTO activity ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    numbers = count()

    async def measure() -> float:
        with CpuTime() as cpu:
            for _ in range(BATCHES):
                rows = [
                    (n, "telegram", GROUPS[n % 20], "", "", n, str(n), ACCOUNTS[n % 500], "", "", False)
                    for n in islice(numbers, BATCH)
                ]
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(insert, rows)
                connection.execute("COMMIT")
        return cpu.seconds

    return measure


def _our_rows(program: Program) -> Round:
    numbers = count()
    places = [Where("telegram", group, "") for group in GROUPS]

    def work(unit: Unit) -> None:
        for n in islice(numbers, BATCH):
            at = NOW + timedelta(microseconds=n)
            unit.store(Activity).add(Spoken(places[n % 20], str(n), ACCOUNTS[n % 500], at))

    async def measure() -> float:
        with CpuTime() as cpu:
            for _ in range(BATCHES):
                await program.database.run(work, NOW)
        return cpu.seconds

    return measure


async def _forgotten(program: Program) -> list[Figure]:
    """How large rows are with ids as long as Discord's, and how long everybody waits while many are removed."""
    place = Where("discord", "112233445566778899", "223344556677889900")

    def write(unit: Unit) -> int:
        assert isinstance(unit, SqlUnit)
        before = _pages(unit)
        for n in range(2 * AT_ONCE):
            id = str(1_450_000_000_000_000_000 + n)
            answered = id if n % 4 == 0 else ""
            unit.store(Activity).add(Spoken(place, id, id, NOW + timedelta(seconds=n), answered, answered))
        unit.finish()
        return _pages(unit) - before

    def forget(unit: Unit) -> int:
        return unit.store(Activity).forget(NOW + timedelta(days=9))

    while await program.database.run(forget, NOW):
        pass
    pages = await program.database.run(write, NOW)
    began = time.perf_counter()
    gone = await program.database.run(forget, NOW)
    held = time.perf_counter() - began
    return [
        Figure("… a row with its index, ids as long as Discord's", pages * PAGE / (2 * AT_ONCE), "B"),
        Figure(f"… {gone:,} of them forgotten in one go", held * 1e3, "ms", target="≤ 500 ms", met=held <= 0.5),
    ]


def _pages(unit: SqlUnit) -> int:
    """That are in use."""
    number, free = (
        unit.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("page_count", "freelist_count")
    )
    return int(number or 0) - int(free or 0)


async def _marked(program: Program) -> Figure:
    numbers = count()

    def work(unit: Unit) -> None:
        keys = [f"telegram:CommandInvoked:{n}" for n in islice(numbers, BATCH)]
        assert not unit.store(Seen).among(keys)
        unit.store(Seen).add(keys, unit.now)

    async def measure() -> float:
        with CpuTime() as cpu:
            for _ in range(BATCHES):
                await program.database.run(work, NOW)
        return cpu.seconds

    taken = await side_by_side(ROUNDS, {"guyub": measure})
    return Figure("marking that something was handled, by hundreds", taken["guyub"] / (BATCH * BATCHES) * 1e6, "µs")


# ---------------------------------------------------------------- one state change


async def _changes(program: Program) -> list[Figure]:
    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in (FEW, MANY):
            await program.database.run(_populate(size), NOW)
            contenders = {
                "file": _file_change(Path(folder) / "accounts.json", size),
                "guyub": _our_changes(program, size),
            }
            taken[size] = await side_by_side(3, contenders)
    return [
        Figure(
            f"one state change among {size:,} members, committed by hundreds",
            taken[size]["guyub"] * 1e3,
            "ms",
            taken[size]["file"] * 1e3,
            "one JSON file rewritten",
            "≤ 1 ms, flat",
            taken[size]["guyub"] <= min(1e-3, 1.5 * taken[FEW]["guyub"]),
        )
        for size in (FEW, MANY)
    ]


def _populate(size: int) -> Callable[[Unit], None]:
    def work(unit: Unit) -> None:
        assert isinstance(unit, SqlUnit)
        row = {"platform": "telegram", "group_id": str(size), "presence": Presence.PRESENT, "since": NOW}
        row |= {"joined_at": NOW, "left_at": None, "banned": False}
        rows = [row | {"account_id": str(number)} for number in range(size)]
        unit.connection.execute(upsert(unit.dialect, memberships), rows)

    return work


def _file_change(file: Path, size: int) -> Round:
    accounts = {str(number): {"present": True, "since": NOW.isoformat(), "balance": 1} for number in range(size)}
    random = Random(1)

    async def measure() -> float:
        with CpuTime() as cpu:
            accounts[str(random.randrange(size))]["balance"] += 1  # type: ignore[operator]
            beside = file.with_suffix(".new")
            with beside.open("w") as to:
                json.dump(accounts, to)
                to.flush()
                os.fsync(to.fileno())
            beside.replace(file)
        return cpu.seconds

    return measure


def _our_changes(program: Program, size: int) -> Round:
    random, after = Random(1), count(1)

    def work(unit: Unit) -> None:
        members = unit.store(Members)
        for _ in range(BATCH):
            account = str(random.randrange(size))
            before = members.get("telegram", str(size), account)
            left = NOW + timedelta(seconds=next(after))
            members.put("telegram", str(size), account, Membership(before.presence, before.since, NOW, left))

    async def measure() -> float:
        with CpuTime() as cpu:
            for _ in range(5):
                await program.database.run(work, NOW)
        return cpu.seconds / (5 * BATCH)

    return measure
