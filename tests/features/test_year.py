"""The simulated year of benchmarks/year.py, on a toy channel: it does what its description says, always the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from benchmarks.year import KINDS, PAUSE, Community, Told, awake, by_day, guyub, thinned, timer

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def evenings(weeks: int) -> list[datetime]:
    days = (BEGIN + timedelta(days=day, hours=19) for day in range(7 * weeks) if day % 9)
    return [evening + timedelta(minutes=minute) for evening in days for minute in (0, 9, 20)]


def community(seed: int = 1) -> Community:
    return Community(evenings(30), KINDS["stable"], Random(seed))


def test_conversations_stay_or_go_as_a_whole() -> None:
    said = evenings(30)
    kept = thinned(said, KINDS["dying"], Random(1))
    assert 0 < len(kept) < len(said)
    assert len(kept) % 3 == 0
    assert thinned(said, KINDS["stable"], Random(1)) == said
    assert said[1] - said[0] < PAUSE


def test_quiet_hours_are_waited_out() -> None:
    late = BEGIN + timedelta(hours=23)
    assert not by_day(late)
    assert awake(late) == BEGIN + timedelta(days=1, hours=8)


def test_a_year_is_the_same_each_time() -> None:
    assert guyub(community()) == guyub(community())
    assert timer(community(), 12) == timer(community(), 12)


def test_guyub_asks_about_missed_evenings_and_a_timer_about_every_day() -> None:
    ours, theirs = guyub(community()), timer(community(), 12)
    assert 0 < ours.posted < theirs.posted / 3
    assert ours.at_night == 0
    assert ours.nuisance <= theirs.nuisance


def test_what_is_ignored_in_a_row_is_counted() -> None:
    told = Told()
    for people in (0, 0, 1, 0, 3):
        told.note(people, nuisance=False, at_night=False)
    assert (told.posted, told.revived, told.ignored_in_a_row) == (5, 1, 2)
