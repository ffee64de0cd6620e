"""A channel's rhythm: what a message and a silence cost; and the detector for a scorer of logs."""

from __future__ import annotations

import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import Figure
from bot.features.quiet.days import Calendar
from bot.features.quiet.rhythm import THRESHOLDS, Rhythm


class Detector:
    """The project's own rhythm as scorers ask for it: seconds in UTC in, scores out."""

    def __init__(self) -> None:
        self.rhythm = Rhythm(Calendar(ZoneInfo("UTC")))

    def observe(self, ts: int, author: str) -> None:
        self.rhythm.observe(datetime.fromtimestamp(ts, UTC))

    def offline(self, begin: int, end: int) -> None:
        self.rhythm.offline(datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC))

    def score(self, nows: Iterable[int]) -> NDArray[np.float64]:
        return np.array([self.rhythm.score(datetime.fromtimestamp(int(now), UTC)) for now in nows])


factory = Detector


DAYS, TALKS_A_DAY = 100, 8
NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
OFTEN = THRESHOLDS[1.5]


def talk(seed: int = 7) -> list[datetime]:
    """A lively group: some forty messages a day in bursts, mostly in the evening."""
    chance, said = random.Random(seed), []
    for day in range(DAYS):
        for _ in range(TALKS_A_DAY):
            start = NOON + timedelta(days=day, minutes=chance.triangular(-240, 720, 480))
            said += [start + timedelta(minutes=chance.expovariate(0.1)) for _ in range(chance.randint(1, 9))]
    return sorted(said)


def _each(work: Callable[[], object], times: int, rounds: int = 7) -> float:
    """Microseconds of one call."""
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        for _ in range(times):
            work()
        taken.append((time.process_time() - began) / times * 1e6)
    return statistics.median(taken)


def _learned(said: list[datetime]) -> tuple[Rhythm, float]:
    """… and the microseconds of each message."""
    taken, calendar = [], Calendar(ZoneInfo("Asia/Jakarta"))
    rhythm = Rhythm(calendar)
    for _ in range(5):
        rhythm = Rhythm(calendar)
        began = time.process_time()
        for at in said:
            rhythm.observe(at)
        taken.append((time.process_time() - began) / len(said) * 1e6)
    return rhythm, statistics.median(taken)


def _kept(make: Callable[[], object], count: int = 200) -> float:
    """Bytes of one of them."""
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = [make() for _ in range(count)]
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return (after - before) / len(kept)


async def run(full: bool) -> list[Figure]:
    said = talk()
    rhythm, message = _learned(said)
    calendar, state, last = Calendar(ZoneInfo("Asia/Jakarta")), rhythm.to_bytes(), said[-1]
    due = rhythm.due_at(OFTEN)
    assert due is not None

    def fresh() -> None:
        rhythm.rest()
        rhythm.due_at(OFTEN)

    def again() -> None:
        rhythm.observe(last)
        rhythm.due_at(OFTEN)

    def by_polling() -> None:
        rhythm.observe(last)
        at = last + timedelta(minutes=20)
        while rhythm.score(at) < OFTEN:
            at += timedelta(minutes=10)

    recent = [at.timestamp() for at in said if last - at < timedelta(days=91)]
    first, then, polled = _each(fresh, 50), _each(again, 200), _each(by_polling, 100)
    memory = _kept(lambda: Rhythm.from_bytes(state, calendar))
    moments = _kept(lambda: [value + 0 for value in recent], 20)
    beside = "its moments in a list"
    return [
        Figure("a message", message, "µs", target="≤ 2 µs", met=message <= 2),
        Figure(
            "when a silence would be a lull, asked once", then, "µs", polled, "looking every ten minutes until then"
        ),
        Figure("… the first of the day, with an ordinary week", first, "µs", target="≤ 1,000 µs", met=first <= 1000),
        Figure("a later look at the same silence", _each(lambda: rhythm.score(due), 2000), "µs"),
        Figure("its reasons", _each(lambda: rhythm.why(due), 500), "µs"),
        Figure("state to bytes", _each(rhythm.to_bytes, 500), "µs"),
        Figure("… and back", _each(lambda: Rhythm.from_bytes(state, calendar), 500), "µs"),
        Figure("a channel in memory", memory, "B", moments, beside, "≤ 3,000 B", memory <= 3000),
        Figure("a channel in storage", float(len(state)), "B", target="≤ 2,048 B", met=len(state) <= 2048),
    ]
