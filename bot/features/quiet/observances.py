"""What a community's days and hours are like because of holidays, fasting and prayer. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.quiet.days import Calendar, DayKind
from bot.features.quiet.public_holidays import holidays_of, ramadan, weekend_of
from bot.features.quiet.sun import Place, SunTimes, place_of, sun_times

RAMADAN: Final = "ramadan"
BEFORE_SUNSET, AFTER_SUNSET = timedelta(minutes=10), timedelta(minutes=45)
"""People break their fast, and pray."""
BEFORE_NOON, AFTER_NOON = timedelta(minutes=20), timedelta(minutes=75)
"""Friday's prayer begins about noon by the sun."""
DAWN, SUNSET = time(4, 30), time(18, 15)
"""By the clock, where it is not known where the community lives."""
FRIDAY: Final = 4
_REMEMBERED = 1024


def country_of(timezone: str) -> str:
    """The country (ISO 3166) in which a time zone lies; empty for one that lies in none, such as UTC."""
    from babel.core import get_global

    found = get_global("zone_territories").get(timezone, "")
    return found if len(found) == 2 else ""


@dataclass(frozen=True)
class Observances:
    """`country`: whose public holidays are kept, if any; `city`: whose sun counts, that of the zone if it is empty."""

    zone: ZoneInfo
    country: str = ""
    ramadan: bool = False
    city: str = ""
    maghrib_pause: bool = False
    friday_pause: bool = False
    _kinds: dict[date, DayKind] = field(default_factory=dict, compare=False, repr=False)

    def holiday(self, day: date, language: str = "en") -> str:
        """Its name, empty on other days. Days on which nearly everybody has leave count, too."""
        return holidays_of(self.country, day.year, language).get(day, "") if self.country else ""

    def is_ramadan(self, day: date) -> bool:
        return self.ramadan and any(first <= day <= last for first, last in ramadan(day.year, self.country))

    def is_fasting(self, at: datetime) -> bool:
        """Whether people who fast neither eat nor drink at that moment."""
        local = at.astimezone(self.zone)
        if not self.is_ramadan(local.date()):
            return False
        sun = self._sun(local.date())
        if sun is None or sun.dawn is None or sun.sunset is None:
            return DAWN <= local.time() < SUNSET
        return sun.dawn <= at < sun.sunset

    def pause(self, local: datetime) -> str:
        """ "maghrib" or "friday" where nothing is to be said at that local time, else empty."""
        if self.maghrib_pause and self._around_sunset(local):
            return "maghrib"
        if self.friday_pause and local.weekday() == FRIDAY and self._around_noon(local):
            return "friday"
        return ""

    def kind_of(self, day: date) -> DayKind:
        """A holiday is lived like a weekend; fasting days have a rhythm of their own."""
        kind = self._kinds.get(day)
        if kind is None:
            if len(self._kinds) > _REMEMBERED:
                self._kinds.clear()
            season = RAMADAN if self.is_ramadan(day) else ""
            kind = self._kinds[day] = DayKind(free=bool(self.holiday(day)), season=season)
        return kind

    def calendar(self) -> Calendar:
        weekend = weekend_of(self.country) if self.country else frozenset({5, 6})
        return Calendar(self.zone, weekend, self.kind_of)

    def __hash__(self) -> int:
        return hash((self.zone.key, self.country, self.ramadan, self.city, self.maghrib_pause, self.friday_pause))

    # ------------------------------------------------------------------ the sun

    @cached_property
    def _place(self) -> Place | None:
        return place_of(self.city or self.zone.key.rpartition("/")[2].replace("_", " "))

    def _sun(self, day: date) -> SunTimes | None:
        return sun_times(self._place, day) if self._place else None

    def _around_sunset(self, local: datetime) -> bool:
        sun = self._sun(local.date())
        sunset = sun.sunset if sun else datetime.combine(local.date(), SUNSET, self.zone)
        return sunset is not None and sunset - BEFORE_SUNSET <= local <= sunset + AFTER_SUNSET

    def _around_noon(self, local: datetime) -> bool:
        sun = self._sun(local.date())
        noon = sun.noon if sun else datetime.combine(local.date(), time(12), self.zone)
        return noon - BEFORE_NOON <= local <= noon + AFTER_NOON
