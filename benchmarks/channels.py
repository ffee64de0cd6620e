"""A hundred thousand channels with a rhythm each: a tick, a thousand looks at once, memory and the start."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import psutil  # type: ignore[import-untyped]
from sqlalchemy import insert

from benchmarks.due import longest_lag
from benchmarks.measuring import CpuTime, Figure
from benchmarks.rhythm import talk
from bot.bootstrap import Program
from bot.config.model import Config
from bot.core.unit import Unit
from bot.features.quiet.days import Calendar
from bot.features.quiet.rhythm import Rhythm
from storage.database import SqlDatabase
from storage.features.quiet import channels
from storage.tables.activity import activity
from storage.tables.jobs import jobs
from storage.tables.places import communities, groups
from storage.unit import SqlUnit

CHANNELS, DUE, TICKS, PIECE = 100_000, 1_000, 200, 10_000


class Noon:
    """A Monday noon, long after the talk: it stands still."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def _fill(first: int, count: int, state: bytes, last: datetime) -> Callable[[Unit], None]:
    """Communities of one group each, looked at last when somebody had spoken last; their next look is far away."""
    numbers = range(first, first + count)
    later = last + timedelta(days=30)

    def place(n: int) -> dict[str, str]:
        return {"platform": "telegram", "group_id": str(-1000 - n)}

    def work(unit: Unit) -> None:
        assert isinstance(unit, SqlUnit)
        run = unit.connection.execute
        run(
            insert(communities),
            [{"slug": f"c{n}", "name": "Kopi", "language": "id", "timezone": "Asia/Jakarta"} for n in numbers],
        )
        served = {"title": "Kopi", "state": "served", "main": "", "announced": True, "problems": ""}
        run(insert(groups), [place(n) | served | {"community": f"c{n}"} for n in numbers])
        looked = {"channel_id": "", "rhythm": state, "heard_until": last, "ignored": 0}
        looked |= {"lull_at": None, "lull_of": None, "rests_until": None}
        run(insert(channels), [place(n) | looked for n in numbers])
        planned = {"job": "quiet.look", "data": "{}", "due_at": later, "channel_id": "", "thread": ""}
        run(
            insert(jobs),
            [place(n) | planned | {"key": f"telegram/{-1000 - n}", "community": f"c{n}"} for n in numbers],
        )
        said = {"channel_id": "", "thread": "", "at": last, "message_id": "1", "account_id": "a"}
        said |= {"reply_to": "", "reply_to_account": "", "asks": False}
        run(insert(activity), [place(n) | said for n in numbers])

    return work


def _make_due(count: int, at: datetime) -> Callable[[Unit], None]:
    def work(unit: Unit) -> None:
        assert isinstance(unit, SqlUnit)
        statement = jobs.update().where(jobs.c.id.in_(range(1, count + 1)))
        unit.connection.execute(statement, {"due_at": at})

    return work


async def _idle_tick(program: Program) -> float:
    rounds = []
    for _ in range(5):
        with CpuTime() as cpu:
            for _ in range(TICKS):
                await program.tick()
        rounds.append(cpu.seconds / TICKS * 1e6)
    return statistics.median(rounds)


async def _looks(program: Program, now: datetime) -> tuple[float, float]:
    """Seconds until a thousand are looked at, and the loop's longest stall."""
    await program.database.run(_make_due(DUE, now - timedelta(seconds=1)), now)
    async with longest_lag() as lag:
        began = time.perf_counter()
        await program.tick()
        await program.engine.idle()
        took = time.perf_counter() - began
    return took, lag[0]


def _start(file: Path) -> tuple[float, float]:
    """CPU seconds and MiB of a fresh process that starts on the database."""
    script = (
        "import asyncio, os, sys, time, psutil\n"
        "from random import Random\n"
        "from bot.bootstrap import Program\n"
        "from bot.config.model import Config\n"
        "from bot.core.clock import SystemClock\n"
        "from storage.database import SqlDatabase\n"
        "async def main():\n"
        "    program = Program(Config(), SqlDatabase('sqlite:///' + sys.argv[1]), {}, SystemClock(), Random(0))\n"
        "    await program.start(background=False)\n"
        "    await program.engine.idle()\n"
        "    print(time.process_time(), psutil.Process().memory_info().rss / 2**20)\n"
        "    await program.kill()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True)
    cpu, memory = map(float, done.stdout.split())
    return cpu, memory


async def run(full: bool) -> list[Figure]:
    said = talk()
    rhythm = Rhythm(Calendar(ZoneInfo("Asia/Jakarta")))
    for moment in said:
        rhythm.observe(moment)
    state, last = rhythm.to_bytes(), said[-1]
    now = datetime.combine(last.date() + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=5)
    with tempfile.TemporaryDirectory(prefix="guyub-bench-") as folder:
        file = Path(folder) / "guyub.db"
        empty = Path(folder) / "empty.db"
        async with SqlDatabase(f"sqlite:///{empty}"):
            pass
        beside_cpu, beside_memory = await asyncio.to_thread(_start, empty)
        program = Program(Config(), SqlDatabase(f"sqlite:///{file}"), {}, Noon(now), Random(0))
        await program.start(background=False)
        few = await _idle_tick(program)
        for first in range(0, CHANNELS, PIECE):
            await program.database.run(_fill(first, PIECE, state, last), now)
        many = await _idle_tick(program)
        before = psutil.Process().memory_info().rss
        took, lag = await _looks(program, now)
        grown = (psutil.Process().memory_info().rss - before) / 2**20
        await program.stop()
        size = file.stat().st_size / CHANNELS
        cpu, memory = await asyncio.to_thread(_start, file)
    on, empty_one = "among no channels", "an empty database"
    return [
        Figure(f"a tick, nothing due among {CHANNELS:,} channels", many, "µs", few, on, "≤ 500 µs", many <= 500),
        Figure(
            f"{DUE:,} silences looked at, due at once: done after", took, "s", note=f"{took / DUE * 1e3:.2f} ms each"
        ),
        Figure("… longest stall of the loop", lag * 1e3, "ms", target="≤ 50 ms", met=lag <= 0.05),
        Figure("… memory that they leave behind", grown, "MiB"),
        Figure(
            f"start on {CHANNELS:,} channels, CPU", cpu, "s", beside_cpu, "an empty database", "≤ 1.5 s", cpu <= 1.5
        ),
        Figure("… memory", memory, "MiB", beside_memory, empty_one),
        Figure("a channel in the database, all tables", size, "B"),
    ]
