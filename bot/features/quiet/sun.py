"""When the sun rises and sets where a community lives: dawn, noon and sunset of a day, for times of prayer.

Computed by astral, which also knows the world's larger cities; those of Indonesia are listed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import Final

from bot.core.setting_errors import nearest

DAWN_BELOW: Final = 20.0
"""Degrees that the sun is below the horizon at Subuh, as Indonesia's ministry of religion has it."""

INDONESIA: Final[dict[str, tuple[float, float]]] = {
    "Ambon": (-3.66, 128.19),
    "Balikpapan": (-1.27, 116.83),
    "Banda Aceh": (5.55, 95.32),
    "Bandar Lampung": (-5.43, 105.26),
    "Bandung": (-6.91, 107.61),
    "Banjarmasin": (-3.32, 114.59),
    "Batam": (1.08, 104.03),
    "Bekasi": (-6.24, 106.99),
    "Bengkulu": (-3.80, 102.26),
    "Bogor": (-6.60, 106.80),
    "Cirebon": (-6.73, 108.55),
    "Denpasar": (-8.65, 115.22),
    "Depok": (-6.40, 106.82),
    "Gorontalo": (0.54, 123.06),
    "Jakarta": (-6.18, 106.83),
    "Jambi": (-1.61, 103.61),
    "Jayapura": (-2.53, 140.72),
    "Kendari": (-3.99, 122.51),
    "Kupang": (-10.17, 123.58),
    "Makassar": (-5.14, 119.41),
    "Malang": (-7.98, 112.63),
    "Manado": (1.47, 124.84),
    "Mataram": (-8.58, 116.12),
    "Medan": (3.59, 98.67),
    "Padang": (-0.95, 100.35),
    "Palangka Raya": (-2.21, 113.92),
    "Palembang": (-2.99, 104.76),
    "Palu": (-0.90, 119.87),
    "Pangkal Pinang": (-2.13, 106.11),
    "Pekanbaru": (0.53, 101.45),
    "Pontianak": (-0.03, 109.34),
    "Samarinda": (-0.50, 117.15),
    "Semarang": (-6.97, 110.42),
    "Serang": (-6.12, 106.15),
    "Solo": (-7.57, 110.83),
    "Sorong": (-0.88, 131.26),
    "Surabaya": (-7.26, 112.75),
    "Surakarta": (-7.57, 110.83),
    "Tangerang": (-6.18, 106.63),
    "Tanjung Pinang": (0.92, 104.45),
    "Tarakan": (3.30, 117.63),
    "Ternate": (0.79, 127.38),
    "Yogyakarta": (-7.80, 110.37),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class SunTimes:
    """Of a local date, in UTC; None where the sun doesn't do that on that day."""

    dawn: datetime | None
    noon: datetime
    sunset: datetime | None


def city_named(name: str) -> str:
    """The city as it is written here. Raise ValueError with the nearest one that is known."""
    wanted = name.strip().casefold()
    if found := next((city for city in _cities() if city.casefold() == wanted), None):
        return found
    near = nearest(name.strip(), _cities())
    hint = f'; did you mean "{near}"?' if near else "; write a larger one near it, such as Jakarta"
    raise ValueError(f'unknown city "{name.strip()}"{hint}')


def place_of(city: str) -> Place | None:
    return _cities().get(city)


@cache
def _cities() -> dict[str, Place]:
    from astral.geocoder import all_locations, database  # loaded only where somebody asks for a city

    world = {city.name: Place(city.latitude, city.longitude) for city in all_locations(database())}
    return world | {name: Place(*at) for name, at in INDONESIA.items()}


@lru_cache(maxsize=512)
def sun_times(place: Place, day: date) -> SunTimes:
    from astral import Observer
    from astral.sun import dawn, noon, sunset

    here = Observer(place.latitude, place.longitude)

    def unless_never(when: object) -> datetime | None:
        try:
            found = when()  # type: ignore[operator]
        except ValueError:
            return None
        assert isinstance(found, datetime)
        return found

    return SunTimes(
        dawn=unless_never(lambda: dawn(here, day, DAWN_BELOW, tzinfo=UTC)),
        noon=noon(here, day, tzinfo=UTC),
        sunset=unless_never(lambda: sunset(here, day, tzinfo=UTC)),
    )
