"""However often the program starts, it begins no more sessions than its budget allows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.budget import KEY, Allowance, IdentifyBudget, wait
from tests.adapters.ears import State

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
pytestmark = pytest.mark.promise("R22")


@dataclass
class FakeClock:
    at: datetime = START

    def now(self) -> datetime:
        return self.at


async def crash_loop(state: State, clock: FakeClock, lasts: timedelta, each: timedelta) -> list[datetime]:
    """A process that dies at once and is started again; each one knows only what was stored."""
    begun = []
    ends = clock.at + lasts
    while clock.at < ends:
        budget = IdentifyBudget(state.load, state.save, clock)
        if await budget.wait() <= timedelta(0):
            await budget.spend()
            begun.append(clock.at)
        clock.at += each
    return begun


@pytest.mark.parametrize("each", [timedelta(seconds=3), timedelta(minutes=1), timedelta(minutes=29)])
async def test_a_crash_loop_of_three_days(each: timedelta) -> None:
    begun = await crash_loop(State(), FakeClock(), timedelta(days=3), each)
    for first in begun:
        assert sum(first <= at < first + timedelta(days=1) for at in begun) <= 50
    longest = max(later - earlier for earlier, later in itertools.pairwise(begun))
    assert longest <= timedelta(hours=1)  # and it is never long before it is tried again


async def test_the_first_restarts_wait_for_nothing() -> None:
    state, clock = State(), FakeClock()
    assert len(await crash_loop(state, clock, timedelta(seconds=30), timedelta(seconds=3))) == 10


async def test_it_is_noted_before_it_happens() -> None:
    state = State()
    await IdentifyBudget(state.load, state.save, FakeClock()).spend()
    assert state.kept == {KEY: START.isoformat()}


async def test_a_clock_that_was_put_back_locks_nobody_out() -> None:
    state, clock = State(), FakeClock()
    await crash_loop(state, clock, timedelta(hours=1), timedelta(seconds=3))
    clock.at = START - timedelta(days=365)
    assert await IdentifyBudget(state.load, state.save, clock).wait() <= timedelta(hours=1)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 7200), max_size=300),
    st.integers(1, 12),
    st.integers(13, 60),
)
def test_no_day_ever_has_more(gaps: list[int], free: int, per_day: int) -> None:
    allowance = Allowance(free, per_day)
    now, begun = START, list[datetime]()
    for gap in gaps:
        now += timedelta(seconds=gap)
        if wait(begun, now, allowance) <= timedelta(0):
            begun.append(now)
    for first in begun:
        assert sum(first <= at < first + timedelta(days=1) for at in begun) <= per_day
