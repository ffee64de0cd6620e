"""What may be sent next: in order in each place, within the pace, never in a burst."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat import Pace
from bot.core.events import Where
from bot.core.lanes import Lanes
from bot.core.unit import NOTE

A = Where("telegram", "-1", "")
A_TOPIC = Where("telegram", "-1", "topic:5")
B = Where("telegram", "-2", "")
PRIVATE = Where("telegram", "", "7")
FREE = Pace(0.0, 0.0)
STRICT = Pace(gap=0.04, target_gap=1.0, target_per_minute=20, per_group=True)


def sent(lanes: Lanes, until: float, gap: float = 0.0, begin: float = 0.0) -> list[tuple[float, int, Where]]:
    """Everything that goes out until then, each send taking no time."""
    now, out = begin, list[tuple[float, int, Where]]()
    while True:
        for row, where in lanes.take(now):
            lanes.free_at = now + gap
            lanes.started(where, now, 5)
            lanes.done(where, row)
            out.append((round(now, 3), row, where))
        nxt = lanes.next_at()
        if nxt is None or nxt > until:
            return out
        now = max(now, nxt)


def test_places_take_turns_and_keep_their_own_order() -> None:
    lanes = Lanes(FREE)
    for row, where in [(1, A), (2, A), (3, B), (4, B)]:
        lanes.add(row, where, 5)
    assert [row for _, row, where in sent(lanes, 1) if where == A] == [1, 2]
    assert len(lanes) == 0


def test_a_busy_place_waits_and_others_go_on() -> None:
    lanes = Lanes(FREE)
    lanes.add(1, A, 5)
    lanes.add(2, A, 5)
    lanes.add(3, B, 5)
    assert lanes.take(0, limit=9) == [(1, A), (3, B)]
    assert lanes.take(0, limit=9) == []
    lanes.done(A, 1)
    assert lanes.take(0, limit=9) == [(2, A)]


def test_the_most_urgent_goes_first_also_over_places() -> None:
    lanes = Lanes(FREE)
    for row, where, priority in [(1, A, 5), (2, A, 0), (3, B, 3), (4, PRIVATE, 8)]:
        lanes.add(row, where, priority)
    assert [row for _, row, _ in sent(lanes, 1)] == [2, 3, 1, 4]


def test_a_row_is_known_once() -> None:
    lanes = Lanes(FREE)
    for _ in range(3):
        lanes.add(1, A, 5)
    assert [row for _, row, _ in sent(lanes, 1)] == [1]


def test_a_group_is_one_target_over_its_topics_a_private_chat_its_own() -> None:
    lanes = Lanes(STRICT)
    for row, where in enumerate([A, A_TOPIC, A, PRIVATE]):
        lanes.add(row, where, 5)
    group = [at for at, _, where in sent(lanes, 60, STRICT.gap) if where != PRIVATE]
    assert group == [0.0, 1.0, 2.0]


def test_two_topics_taken_at_once_keep_their_groups_gap() -> None:
    lanes = Lanes(STRICT)
    lanes.add(1, A, 5)
    lanes.add(2, A_TOPIC, 5)
    assert lanes.take(0, limit=9) == [(1, A)]


@pytest.mark.promise("R24")
def test_a_group_gets_no_more_a_minute_than_its_platform_allows() -> None:
    lanes = Lanes(STRICT)
    for row in range(70):
        lanes.add(row, A, 5)
    times = [at for at, _, _ in sent(lanes, 600, STRICT.gap)]
    assert len(times) == 70
    assert all(sum(begin <= at < begin + 60 for at in times) <= 20 for begin in times)
    assert times[-1] < 60 * 4


def test_private_chats_have_no_limit_a_minute() -> None:
    lanes = Lanes(STRICT)
    for row in range(30):
        lanes.add(row, PRIVATE, 5)
    assert sent(lanes, 600)[-1][0] == 29.0


def test_notes_wait_for_nobody_in_their_group_and_nobody_waits_for_them() -> None:
    lanes = Lanes(STRICT)
    lanes.add(1, A, 5)
    assert lanes.take(0) == [(1, A)]
    lanes.started(A, 0, 5)
    for row in range(2, 42):
        lanes.add(row, A, NOTE)
    lanes.add(42, A, 5)
    taken = lanes.take(0, limit=99)
    assert sorted(row for row, _ in taken) == [*range(2, 42)]
    for row, where in taken:
        lanes.started(where, 0, 0)
        lanes.done(where, row)
    lanes.done(A, 1)
    assert [(at, row) for at, row, _ in sent(lanes, 9, begin=0.5)] == [(1.0, 42)]


def test_a_note_that_was_put_back_is_still_one() -> None:
    lanes = Lanes(STRICT)
    lanes.add(1, A, NOTE)
    [(row, where)] = lanes.take(0)
    lanes.put_back(where, row, 0, 0.5)
    lanes.add(2, A, 5)
    assert [(at, row) for at, row, _ in sent(lanes, 9)] == [(0, 2), (0.5, 1)]


def test_after_a_pause_there_is_no_burst() -> None:
    """A gap never catches up."""
    lanes = Lanes(Pace(gap=0.1, target_gap=1.0))
    lanes.add(1, A, 5)
    assert sent(lanes, 10, 0.1) == [(0.0, 1, A)]
    for row in range(2, 6):
        lanes.add(row, A, 5)
    assert [at for at, _, _ in sent(lanes, 2000, 0.1, begin=1000)] == [1000.0, 1001.0, 1002.0, 1003.0]


def test_what_was_put_back_is_first_again_when_its_time_has_come() -> None:
    lanes = Lanes(FREE)
    lanes.add(1, A, 5)
    lanes.add(2, A, 5)
    lanes.add(3, B, 5)
    assert lanes.take(0) == [(1, A)]
    lanes.put_back(A, 1, 5, until=30)
    assert [(at, row) for at, row, _ in sent(lanes, 100)] == [(0.0, 3), (30.0, 1), (30.0, 2)]


def test_a_row_waits_for_its_own_time_only() -> None:
    lanes = Lanes(FREE)
    lanes.add(1, A, 5, not_before=10)
    lanes.add(2, B, 5)
    assert [(at, row) for at, row, _ in sent(lanes, 100)] == [(0.0, 2), (10.0, 1)]


@pytest.mark.parametrize("paused", [("-1", None), ("-1", "topic:5")])
def test_paused_places_wait_and_go_on_in_order(paused: tuple[str, str | None]) -> None:
    lanes = Lanes(FREE)
    lanes.resume([paused])
    for row, where in [(1, A_TOPIC), (2, A_TOPIC), (3, B)]:
        lanes.add(row, where, 5)
    assert [row for _, row, _ in sent(lanes, 100)] == [3]
    assert lanes.is_paused(A_TOPIC)
    assert lanes.is_paused(A) == (paused[1] is None)

    lanes.resume([])
    assert [row for _, row, _ in sent(lanes, 100)] == [1, 2]


def test_targets_that_nothing_was_sent_to_for_a_minute_are_forgotten() -> None:
    lanes = Lanes(STRICT)
    lanes.add(1, A, 5)
    sent(lanes, 1)
    lanes.forget_idle_targets(30)
    lanes.add(2, A, 5)
    lanes.started(A, 30, 5)
    assert lanes.take(30.5) == []
    lanes.forget_idle_targets(200)
    assert lanes.take(200) == [(2, A)]


@given(
    st.lists(st.tuples(st.sampled_from([A, A_TOPIC, B, PRIVATE]), st.integers(0, 8)), max_size=40),
    st.sampled_from([FREE, STRICT, Pace(gap=0.01, target_gap=0.5)]),
)
def test_everything_goes_out_once_in_order_and_within_the_pace(rows: list[tuple[Where, int]], pace: Pace) -> None:
    lanes = Lanes(pace)
    for row, (where, priority) in enumerate(rows):
        lanes.add(row, where, priority)
    out = sent(lanes, 10_000, pace.gap)

    assert sorted(row for _, row, _ in out) == list(range(len(rows)))
    assert all(later - earlier >= pace.gap - 1e-6 for (earlier, *_), (later, *_) in itertools.pairwise(out))
    for place in {where for where, _ in rows}:
        here = [(rows[row][1], row) for _, row, where in out if where == place]
        assert here == sorted(here)
        times = [at for at, _, where in out if where == place]
        assert all(later - earlier >= pace.target_gap - 1e-6 for earlier, later in itertools.pairwise(times))
