"""W4: however often and in whichever order a join is told, somebody arrives once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.membership import (
    CAPTCHA_GRACE,
    Change,
    Membership,
    Presence,
    away_for,
    joined,
    left,
)

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


class Member:
    """Somebody, and everything that was noticed about them."""

    def __init__(self) -> None:
        self.known = Membership()
        self.noticed: list[Change] = []

    def join(self, seconds: float, pending: bool | None = False) -> Change:
        self.known, change = joined(self.known, at(seconds), pending)
        return self._note(change)

    def leave(self, seconds: float, banned: bool = False) -> Change:
        self.known, change = left(self.known, at(seconds), banned)
        return self._note(change)

    def _note(self, change: Change) -> Change:
        self.noticed.append(change)
        return change

    def times(self, change: Change) -> int:
        return self.noticed.count(change)


@pytest.mark.promise("S7")
@pytest.mark.parametrize("ban_at", [4, 5, 6])
@pytest.mark.parametrize("ban_first", [True, False])
def test_a_ban_that_is_told_as_a_leaving_too_is_a_ban(ban_at: float, ban_first: bool) -> None:
    ayu = Member()
    ayu.join(0)
    for banned in (ban_first, not ban_first):
        ayu.leave(ban_at if banned else 5, banned)
    assert ayu.known.presence is Presence.ABSENT
    assert ayu.known.banned
    assert ayu.times(Change.LEFT) == 1


@pytest.mark.promise("S7")
def test_a_ban_ends_when_they_come_back_and_is_not_told_anew() -> None:
    ayu = Member()
    ayu.join(0)
    ayu.leave(5, banned=True)
    ayu.join(10)
    assert not ayu.known.banned
    ayu.leave(20)
    ayu.leave(5, banned=True)
    assert not ayu.known.banned


@pytest.mark.promise("R2")
@given(st.lists(st.sampled_from([None, False]), min_size=1, max_size=8))
def test_two_sources_of_one_join_are_one_arrival(sources: list[bool | None]) -> None:
    ayu = Member()
    for source in sources:
        ayu.join(0, source)
    assert ayu.times(Change.ARRIVED) == 1
    assert ayu.known.presence is Presence.PRESENT


@given(st.lists(st.sampled_from([None, True]), min_size=1, max_size=8), st.integers(1, 8))
def test_who_has_to_wait_arrives_once_let_in(sources: list[bool | None], repeats: int) -> None:
    """Held back again by another bot's captcha, the first arrival is withdrawn (HELD)."""
    ayu = Member()
    for source in sources:
        ayu.join(0, source)
    for _ in range(repeats):
        ayu.join(20, pending=False)
    assert ayu.times(Change.ARRIVED) - ayu.times(Change.HELD) == 1
    assert ayu.known.presence is Presence.PRESENT


def test_who_waits_is_not_let_in_by_a_source_that_cannot_tell() -> None:
    ayu = Member()
    assert ayu.join(0, pending=True) is Change.NONE
    assert ayu.join(0, pending=None) is Change.NONE
    assert ayu.known.presence is Presence.PENDING
    assert ayu.join(30, pending=False) is Change.ARRIVED


def test_who_waits_and_leaves_never_arrived() -> None:
    ayu = Member()
    ayu.join(0, pending=True)
    ayu.leave(60)
    assert ayu.times(Change.ARRIVED) == 0
    ayu.join(120)
    assert away_for(Membership(), at(120)) is None
    assert ayu.times(Change.ARRIVED) == 1


def test_a_restriction_long_after_the_arrival_is_no_captcha() -> None:
    ayu = Member()
    ayu.join(0)
    assert ayu.join(CAPTCHA_GRACE.total_seconds(), pending=True) is Change.HELD
    budi = Member()
    budi.join(0)
    assert budi.join(CAPTCHA_GRACE.total_seconds() + 1, pending=True) is Change.NONE


def test_an_old_join_told_after_the_leaving_is_none() -> None:
    ayu = Member()
    ayu.join(0)
    assert ayu.leave(10) is Change.LEFT
    assert ayu.join(0, pending=None) is Change.NONE
    assert ayu.known.presence is Presence.ABSENT


def test_an_old_leaving_told_after_the_return_is_none() -> None:
    ayu = Member()
    ayu.join(0)
    ayu.leave(10)
    assert ayu.join(20) is Change.ARRIVED
    assert ayu.leave(10) is Change.NONE
    assert ayu.known.presence is Presence.PRESENT


def test_a_leaving_told_twice_is_one() -> None:
    ayu = Member()
    ayu.join(0)
    ayu.leave(10)
    ayu.leave(10)
    ayu.leave(11)
    assert ayu.times(Change.LEFT) == 1


def test_coming_and_going_is_noticed_each_time() -> None:
    ayu = Member()
    for day in range(5):
        assert ayu.join(day * 86400) is Change.ARRIVED
        assert ayu.leave(day * 86400 + 60) is Change.LEFT


def test_who_comes_back_was_away() -> None:
    ayu = Member()
    ayu.join(0)
    assert away_for(ayu.known, at(5)) is None
    ayu.leave(60)
    assert away_for(ayu.known, at(3660)) == timedelta(hours=1)


def test_who_was_there_before_us_and_left_comes_back_too() -> None:
    ayu = Member()
    assert ayu.leave(0) is Change.NONE
    assert away_for(ayu.known, at(60)) == timedelta(minutes=1)


def test_who_was_let_in_after_a_captcha_did_not_come_back() -> None:
    ayu = Member()
    ayu.join(0)
    ayu.join(1, pending=True)
    assert away_for(ayu.known, at(20)) is None


TELLINGS = st.lists(
    st.tuples(
        st.sampled_from(["join", "leave"]),
        st.integers(0, 600),
        st.sampled_from([True, False, None]),
    ),
    max_size=20,
)


@given(TELLINGS)
def test_presence_and_what_was_noticed_agree(tellings: list[tuple[str, int, bool | None]]) -> None:
    ayu = Member()
    for what, seconds, pending in tellings:
        before = ayu.known.presence
        change = ayu.join(seconds, pending) if what == "join" else ayu.leave(seconds, banned=bool(pending))
        after = ayu.known.presence
        assert (change is Change.ARRIVED) == (after is Presence.PRESENT and before is not Presence.PRESENT)
        assert (change is Change.HELD) == (before is Presence.PRESENT and after is Presence.PENDING)
        assert (change is Change.LEFT) == (before is not Presence.ABSENT and after is Presence.ABSENT)
        assert (ayu.known.since is None) == (after is Presence.ABSENT)


@given(TELLINGS)
def test_telling_the_last_thing_again_changes_nothing(tellings: list[tuple[str, int, bool | None]]) -> None:
    ayu = Member()
    for what, seconds, pending in tellings:
        changes = [ayu.join(seconds, pending) if what == "join" else ayu.leave(seconds) for _ in range(2)]
        assert changes[1] is Change.NONE
