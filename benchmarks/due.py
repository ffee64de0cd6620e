"""Due work: a tick among many rows that aren't due, and very many rows that are due at once."""

from __future__ import annotations

import asyncio
import logging
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import insert

from benchmarks.measuring import CpuTime, Figure
from benchmarks.programs import running
from bot.bootstrap import Program
from bot.config.model import Config
from bot.core.events import JobDue
from bot.core.feature import Context, Feature, Job
from bot.core.unit import Unit
from storage.tables.jobs import jobs
from storage.unit import SqlUnit

WAITING, DUE, SCHEDULED, TICKS = 100_000, 10_000, 10_000, 100


@asynccontextmanager
async def longest_lag() -> AsyncIterator[list[float]]:
    """The one item grows to the longest time for which the loop let nobody else run."""
    worst = [0.0]

    async def look() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            worst[0] = max(worst[0], time.perf_counter() - before - 0.001)

    watching = asyncio.create_task(look())
    await asyncio.sleep(0.01)
    try:
        yield worst
        await asyncio.sleep(0.01)
    finally:
        watching.cancel()


def _rows(number: int, due: datetime) -> Callable[[Unit], None]:
    row = {"job": "due.work", "community": "", "data": "{}", "due_at": due}
    row |= {"platform": "telegram", "group_id": "-1001", "channel_id": "", "thread": ""}

    def work(unit: Unit) -> None:
        assert isinstance(unit, SqlUnit)
        unit.connection.execute(insert(jobs), [row | {"key": f"{due}:{n}"} for n in range(number)])

    return work


async def _idle_tick(program: Program) -> float:
    rounds = []
    for _ in range(5):
        with CpuTime() as cpu:
            for _ in range(TICKS):
                await program.tick()
        rounds.append(cpu.seconds / TICKS * 1e6)
    return statistics.median(rounds)


async def _many_at_once(program: Program, done: list[int]) -> tuple[float, float]:
    await program.database.run(_rows(DUE, program.clock.now() - timedelta(seconds=1)), program.clock.now())
    async with longest_lag() as lag:
        began = time.perf_counter()
        await program.tick()
        await program.engine.idle()
        took = time.perf_counter() - began
    assert len(done) == DUE, len(done)
    return took, lag[0]


async def _scheduler() -> tuple[float, float]:
    """One job of APScheduler for each, due at the same moment."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler, left, finished = AsyncIOScheduler(timezone="UTC"), SCHEDULED, asyncio.Event()

    async def work() -> None:
        nonlocal left
        left -= 1
        if not left:
            finished.set()

    at = datetime.now(UTC) + timedelta(seconds=1.5)
    for _ in range(SCHEDULED):
        scheduler.add_job(work, "date", run_date=at, misfire_grace_time=None)
    async with longest_lag() as lag:
        scheduler.start()
        lag[0] = 0.0
        await asyncio.sleep((at - datetime.now(UTC)).total_seconds())
        began = time.perf_counter()
        await finished.wait()
        took = time.perf_counter() - began
    scheduler.shutdown(wait=False)
    return took, lag[0]


async def run(full: bool) -> list[Figure]:
    done: list[int] = []

    def work(event: JobDue, ctx: Context) -> None:
        done.append(1)

    feature = Feature("due", jobs={"work": Job(work)})
    async with running({}, Config(), features=[feature], background=False) as program:
        few = await _idle_tick(program)
        await program.database.run(_rows(WAITING, program.clock.now() + timedelta(days=1)), program.clock.now())
        many = await _idle_tick(program)
        took, lag = await _many_at_once(program, done)
    scheduled, scheduler_lag = await _scheduler()
    beside = f"APScheduler, a job each, {SCHEDULED:,} of them"
    return [
        Figure(f"a tick, nothing due among {WAITING:,}", many, "µs", few, "among none", "≤ 500 µs", many <= 500),
        Figure(f"{DUE:,} due at once: done after", took, "s", scheduled, beside, "≤ 0.5 s", took <= 0.5),
        Figure("… longest stall of the loop", lag * 1e3, "ms", scheduler_lag * 1e3, beside, "≤ 50 ms", lag <= 0.05),
    ]
