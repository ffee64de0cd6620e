"""Which days resemble each other, on the community's own calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.recurring import instant_of
from bot.features.quiet.slots import SLOT, SLOTS_A_DAY

COMPARED_DAYS: Final = 56
SAME_WEEKDAY, SAME_CLASS, OTHER, OTHER_SEASON = 1.0, 0.3, 0.08, 0.15
HALF_LIFE = 60.0  # days
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class DayKind:
    """What sets a day apart. `free`: a holiday, lived like a weekend and like other holidays.

    `season`: a time with a rhythm of its own, "ramadan" say; its days hardly resemble those outside.
    `counts`: False for a day that is no example for any other, say one on which the group moved house.
    """

    free: bool = False
    season: str = ""
    counts: bool = True


ORDINARY = DayKind()


def _ordinary(day: date) -> DayKind:
    return ORDINARY


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a day teaches about another. `twin`: the same weekday in an ordinary week of the last six."""

    weight: float
    twin: bool


@dataclass(slots=True)
class Calendar:
    """A community's time zone and days; all of its channels share one."""

    zone: ZoneInfo
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    kind_of: Callable[[date], DayKind] = _ordinary
    _midnights: dict[date, int] = field(default_factory=dict, repr=False)
    _likenesses: dict[date, tuple[Likeness, ...]] = field(default_factory=dict, repr=False)

    def local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at, self.zone)

    def midnight(self, day: date) -> int:
        """The slot in which a local day begins."""
        if (slot := self._midnights.get(day)) is None:
            if len(self._midnights) > 4 * COMPARED_DAYS:
                self._midnights.clear()
            slot = self._midnights[day] = int(instant_of(day, time(), self.zone).timestamp()) // SLOT
        return slot

    def earlier(self, at: int, slot: int, days: int) -> int:
        """What `slot`, which begins about `at`, is on the clock of some days before: a slot."""
        today = self.local(at)
        before = today.date() - timedelta(days=days)
        if self.midnight(today.date()) - self.midnight(before) == days * SLOTS_A_DAY:
            shift = 0
        else:
            then = instant_of(before, today.time(), self.zone).timestamp()
            shift = round((at - days * 86400 - then) / SLOT)
        return slot - days * SLOTS_A_DAY - shift

    def likenesses(self, today: date) -> tuple[Likeness, ...]:
        """Of the day before `today`, the day before that, and so on, for eight weeks."""
        if (found := self._likenesses.get(today)) is None:
            if len(self._likenesses) > COMPARED_DAYS:
                self._likenesses.clear()
            ages = range(1, COMPARED_DAYS + 1)
            found = tuple(self._likeness(today, today - timedelta(days=age)) for age in ages)
            self._likenesses[today] = found
        return found

    def seasonal(self, today: date, other: date) -> float:
        """How much `other` tells about the hours of `today`."""
        kind = self.kind_of(other)
        if not kind.counts:
            return 0.0
        return 1.0 if kind.season == self.kind_of(today).season else OTHER_SEASON

    def _likeness(self, today: date, other: date) -> Likeness:
        weight, twin = self._alike(today, other)
        season = self.seasonal(today, other)
        age = (today - other).days
        return Likeness(weight * season * 0.5 ** (age / HALF_LIFE), twin and season == 1.0 and age <= 42)

    def _alike(self, today: date, other: date) -> tuple[float, bool]:
        mine, its = self.kind_of(today).free, self.kind_of(other).free
        if mine and its:
            return SAME_WEEKDAY, False
        if mine == its and today.weekday() == other.weekday():
            return SAME_WEEKDAY, True
        same_class = (mine or today.weekday() in self.weekend) == (its or other.weekday() in self.weekend)
        return (SAME_CLASS if same_class else OTHER), False
