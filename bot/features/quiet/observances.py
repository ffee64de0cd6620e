"""What a community's days and hours are like because of holidays, fasting and prayer. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from bot.features.quiet.days import Calendar, DayKind
from bot.features.quiet.places import Place, place_of, zone_place
from bot.features.quiet.public_holidays import ENGLISH, WEEKEND, holidays_of, weekend_of
from bot.features.quiet.ramadan import FEAST, Month, months
from bot.features.quiet.sun import sun_times

RAMADAN: Final = "ramadan"
# All in minutes, of the clock on the wall.
BEFORE_SUNSET, AFTER_SUNSET = 10, 45
"""People break their fast, and pray."""
BEFORE_NOON, AFTER_NOON = 20, 75
"""Friday's prayer begins about noon by the sun, with a sermon; people go there before."""
DAWN, NOON, SUNSET = 4 * 60 + 30, 12 * 60, 18 * 60 + 15
"""Where it is not known where the community lives, or the sun doesn't rise or set there that day."""
FEAST_DAYS: Final = timedelta(days=2)
"""Of Idul Fitri, if the country's holidays don't say more."""
FRIDAY: Final = 4
_REMEMBERED: Final = 1024  # days

T = TypeVar("T")
Span = tuple[int, int, str]  # from and until which minute of the day, and what for


def country_of(timezone: str) -> str:
    """The country (ISO 3166) in which a time zone lies; empty for one that lies in none, such as UTC."""
    known = zone_place(timezone)
    return known.country if known else ""


@dataclass(frozen=True)
class Observances:
    """`country`: whose public holidays are kept, if any; `city`: whose sun counts, that of the zone if it is empty.

    Make one for a community and its settings and keep it: it remembers its days. ValueError: the city is unknown.
    """

    zone: ZoneInfo
    country: str = ""
    ramadan: bool = False
    city: str = ""
    maghrib_pause: bool = False
    friday_pause: bool = False
    _kinds: dict[date, DayKind] = field(default_factory=dict, init=False, compare=False, repr=False)
    _pauses: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.city:
            place_of(self.city)

    def holiday(self, day: date, language: str = "en") -> str:
        """Its name, empty on other days. Days on which nearly everybody has leave count, too."""
        return holidays_of(self.country, day.year, language).get(day, "") if self.country else ""

    def is_ramadan(self, day: date) -> bool:
        """Never where it isn't observed."""
        return self.ramadan and self.kind_of(day).season == RAMADAN

    def is_fasting(self, at: datetime) -> bool:
        """Whether people who fast neither eat nor drink at that moment, which is aware."""
        local = at.astimezone(self.zone)
        if not self.is_ramadan(local.date()):
            return False
        dawn, _noon, sunset = self._prayers(local.date())
        return dawn <= local.hour * 60 + local.minute < sunset

    def pause(self, local: datetime) -> str:
        """ "maghrib" or "friday" where nothing is to be said at that local time, else empty."""
        if not (self.maghrib_pause or self.friday_pause):
            return ""
        minute = local.hour * 60 + local.minute
        for begin, end, why in _kept(self._pauses, local.date(), self._pauses_of):
            if begin <= minute < end:
                return why
        return ""

    def kind_of(self, day: date) -> DayKind:
        """A holiday is lived like a weekend; days of fasting have a rhythm of their own.

        Idul Fitri and the leave around it are examples for no other day: everybody is on the road or with their
        family, and eight weeks of weekends would be held against a silence that comes once a year.
        """
        return _kept(self._kinds, day, self._kind)

    def calendar(self) -> Calendar:
        return Calendar(self.zone, weekend_of(self.country) if self.country else WEEKEND, self.kind_of)

    # ------------------------------------------------------------------ worked out once a day

    def _kind(self, day: date) -> DayKind:
        season = RAMADAN if self.ramadan and any(day in month for month in self._months(day)) else ""
        return DayKind(free=bool(self.holiday(day)), season=season, counts=not self._is_feast(day))

    def _is_feast(self, day: date) -> bool:
        if self.country and FEAST in holidays_of(self.country, day.year, ENGLISH).get(day, ""):
            return True
        feasts = (month.feast for month in self._months(day)) if self.ramadan else ()
        return any(feast <= day < feast + FEAST_DAYS for feast in feasts)

    def _months(self, day: date) -> tuple[Month, ...]:
        """By the country's days even where its holidays aren't kept."""
        return months(day.year, self.country or country_of(self.zone.key))

    def _pauses_of(self, day: date) -> tuple[Span, ...]:
        _dawn, noon, sunset = self._prayers(day)
        maghrib = (sunset - BEFORE_SUNSET, sunset + AFTER_SUNSET, "maghrib")
        friday = (noon - BEFORE_NOON, noon + AFTER_NOON, "friday")
        return (
            *((maghrib,) if self.maghrib_pause else ()),
            *((friday,) if self.friday_pause and day.weekday() == FRIDAY else ()),
        )

    def _prayers(self, day: date) -> tuple[int, int, int]:
        """Dawn, noon and sunset."""
        if self._place is None:
            return DAWN, NOON, SUNSET
        sun = sun_times(self._place, day, self.zone)
        dawn = DAWN if sun.dawn is None else sun.dawn
        return dawn, sun.noon, SUNSET if sun.sunset is None else sun.sunset

    @cached_property
    def _place(self) -> Place | None:
        if self.city:
            return place_of(self.city)
        known = zone_place(self.zone.key)
        return known.place if known else None


def _kept(known: dict[date, T], day: date, worked_out: Callable[[date], T]) -> T:
    if (found := known.get(day)) is None:
        if len(known) >= _REMEMBERED:
            known.clear()
        found = known[day] = worked_out(day)
    return found
