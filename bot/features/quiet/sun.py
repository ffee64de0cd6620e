"""When the sun rises and sets where a community lives: dawn, noon and sunset of a day, for times of prayer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from bot.features.quiet.places import Place
from bot.features.quiet.places import city_named as city_named  # for settings.py

DAWN_BELOW: Final = 20.0
"""Degrees that the sun is below the horizon at Subuh, as Indonesia's ministry of religion has it."""
_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class SunTimes:
    """Minutes after a date's midnight, on the clock on the wall; None where the sun doesn't do that on that day.

    In the far north, dawn can be before midnight, and sunset after the next one.
    """

    dawn: int | None
    noon: int
    sunset: int | None


@lru_cache(maxsize=512)
def sun_times(place: Place, day: date, zone: ZoneInfo) -> SunTimes:
    """Of a local date. Computed by astral: 3 ms and 0.2 MiB the first time."""
    from astral import Observer
    from astral.sun import dawn, noon, sunset

    here = Observer(place.latitude, place.longitude)
    middle = _minute(noon(here, day, zone))
    begins = _unless_never(lambda: dawn(here, day, DAWN_BELOW, zone))
    ends = _unless_never(lambda: sunset(here, day, zone))
    return SunTimes(
        dawn=begins - _DAY if begins is not None and begins > middle else begins,
        noon=middle,
        sunset=ends + _DAY if ends is not None and ends < middle else ends,
    )


def _unless_never(when: Callable[[], datetime]) -> int | None:
    try:
        return _minute(when())
    except ValueError:
        return None


def _minute(local: datetime) -> int:
    """Only the time of day is believed: astral takes a neighbouring date in some zones."""
    return local.hour * 60 + local.minute
