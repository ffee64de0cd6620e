"""Local times that come again, computed once a local date: what a clock on the wall shows, through summer time too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Weekly:
    """A time of day on some days of the week (0 is Monday), at least one."""

    days: frozenset[int]
    at: time

    def next_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first instant after `moment` (aware), in UTC. Strictly after, and at most once a local date."""
        day = moment.astimezone(zone).date()
        for ahead in range(-1, 9):  # from the day before: a date that was skipped is made up for on the next
            candidate = day + timedelta(days=ahead)
            if candidate.weekday() in self.days and (instant := instant_of(candidate, self.at, zone)) > moment:
                return instant
        raise AssertionError("a week has seven days")


def instant_of(day: date, at: time, zone: tzinfo) -> datetime:
    """When a local time is on a local date, in UTC.

    Where the clock goes back and the time comes twice it is the first; where it goes forward and leaves the time out
    it is as long after the change as the time would have been.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)
