"""What is stored: events in batches, one state change among few and many, due work among much that isn't due."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random

from benchmarks.activity import Activity
from benchmarks.measuring import CpuTime, Figure, Round, side_by_side
from benchmarks.programs import running
from bot.bootstrap import Program
from bot.config.model import Config
from bot.core.membership import Membership, Presence
from bot.core.stores import Members, Seen
from bot.core.unit import Unit
from storage.tables.people import memberships
from storage.unit import SqlUnit
from storage.upsert import upsert

BATCH, BATCHES, ROUNDS = 100, 20, 5
FEW, MANY = 100, 100_000
NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)


async def run(full: bool) -> list[Figure]:
    async with running({}, Config(), listens=True, background=False) as program:
        return [await _events(program), *await _changes(program)]


# ---------------------------------------------------------------- events


async def _events(program: Program) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        raw = _raw(Path(folder) / "raw.db")
        taken = await side_by_side(ROUNDS, {"raw": _raw_events(raw), "guyub": _our_events(program)})
        raw.close()
    raw_, guyub = (seconds / (BATCH * BATCHES) * 1e6 for seconds in taken.values())
    what = "storing an event: once-only check, mark and one activity, by hundreds"
    return Figure(what, guyub, "µs", raw_, "sqlite3 by itself, executemany", "≤ 10 µs an activity", guyub <= 2 * 10)


def _raw(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "CREATE TABLE seen (key TEXT PRIMARY KEY, at INTEGER) WITHOUT ROWID",
        "CREATE TABLE activity (platform TEXT, group_id TEXT, account_id TEXT, at INTEGER)",
    ):
        connection.execute(statement)
    return connection


def _raw_events(connection: sqlite3.Connection) -> Round:
    numbers = count()

    async def measure() -> float:
        with CpuTime() as cpu:
            for _ in range(BATCHES):
                keys = [f"telegram:MessagePosted:1:{next(numbers)}" for _ in range(BATCH)]
                connection.execute("BEGIN IMMEDIATE")
                marks = ",".join("?" * BATCH)
                assert not connection.execute(f"SELECT key FROM seen WHERE key IN ({marks})", keys).fetchall()
                connection.executemany("INSERT INTO seen VALUES (?, 1)", [(key,) for key in keys])
                connection.executemany(
                    "INSERT INTO activity VALUES ('telegram', ?, ?, 1)", [(key[:3], key) for key in keys]
                )
                connection.execute("COMMIT")
        return cpu.seconds

    return measure


def _our_events(program: Program) -> Round:
    numbers = count()

    def work(unit: Unit) -> None:
        keys = [f"telegram:MessagePosted:1:{next(numbers)}" for _ in range(BATCH)]
        assert not unit.store(Seen).among(keys)
        for key in keys:
            unit.store(Activity).note("telegram", key[:3], key, 1)
        unit.store(Seen).add(keys, unit.now)

    async def measure() -> float:
        with CpuTime() as cpu:
            for _ in range(BATCHES):
                await program.database.run(work, NOW)
        return cpu.seconds

    return measure


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
