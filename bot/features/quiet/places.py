"""Where cities and time zones lie: Indonesia's cities are listed here, all others are from libraries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from bot.core.setting_errors import nearest


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees north and east."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class ZonePlace:
    """The country (ISO 3166) of a time zone and where its principal city lies."""

    country: str
    place: Place


def city_named(name: str) -> str:
    """The city as it is written here. Raise ValueError with the nearest one that is known.

    For a city outside Indonesia 0.5 MiB is loaded.
    """
    wanted = " ".join(name.split()).casefold()
    if found := _INDONESIAN.get(wanted) or _folded().get(wanted):
        return found
    near = nearest(wanted, _cities())
    hint = f'; did you mean "{near}"?' if near else "; write a larger one near it, such as Jakarta"
    raise ValueError(f'unknown city "{name.strip()}"{hint}')


def place_of(city: str) -> Place:
    """Raise ValueError as `city_named` does."""
    name = city_named(city)
    return INDONESIA.get(name) or _cities()[name]


@lru_cache(maxsize=64)
def zone_place(timezone: str) -> ZonePlace | None:
    """As the time zone database has it, by its older names too; None for a zone that lies nowhere, such as UTC."""
    return next((row for name, row in _zones() if name == timezone), None) or _renamed(timezone)


def _renamed(timezone: str) -> ZonePlace | None:
    links = (line.split() for line in _database("tzdata.zi") if line.startswith("L "))
    name = next((target for _, target, alias in links if alias == timezone), "")
    return next((row for known, row in _zones() if known == name), None)


def _zones() -> Iterator[tuple[str, ZonePlace]]:
    for line in _database("zone.tab"):
        if not line.startswith("#"):
            country, position, name = line.split("\t")[:3]
            yield name, ZonePlace(country, _place(position))


def _database(name: str) -> list[str]:
    return files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8").splitlines()


def _place(position: str) -> Place:
    """From `-0610+10648`, degrees and minutes, or with seconds."""
    middle = max(position.rfind("+"), position.rfind("-"))
    return Place(_degrees(position[:middle], 2), _degrees(position[middle:], 3))


def _degrees(written: str, digits: int) -> float:
    sign, whole, minutes = written[0], written[1 : digits + 1], written[digits + 1 :]
    degrees = int(whole) + int(minutes[:2]) / 60 + int(minutes[2:] or 0) / 3600
    return -degrees if sign == "-" else degrees


@cache
def _cities() -> Mapping[str, Place]:
    """By name; with the region where several are called so."""
    from astral.geocoder import all_locations, database

    called: dict[str, dict[Place, str]] = defaultdict(dict)
    for city in all_locations(database()):
        called[city.name].setdefault(Place(city.latitude, city.longitude), city.region)
    world = {
        name if len(places) == 1 else f"{name}, {region}": place
        for name, places in called.items()
        for place, region in places.items()
    }
    zones = {name.rpartition("/")[2].replace("_", " "): row.place for name, row in _zones()}
    return world | zones | INDONESIA


@cache
def _folded() -> Mapping[str, str]:
    return {name.casefold(): name for name in _cities()}


INDONESIA: Final[dict[str, Place]] = {
    "Aceh": Place(5.55, 95.32),
    "Ambon": Place(-3.66, 128.19),
    "Balikpapan": Place(-1.27, 116.83),
    "Banda Aceh": Place(5.55, 95.32),
    "Bandar Lampung": Place(-5.43, 105.26),
    "Bandung": Place(-6.91, 107.61),
    "Banjarbaru": Place(-3.44, 114.83),
    "Banjarmasin": Place(-3.32, 114.59),
    "Banyuwangi": Place(-8.21, 114.37),
    "Batam": Place(1.08, 104.03),
    "Baubau": Place(-5.47, 122.6),
    "Bekasi": Place(-6.24, 106.99),
    "Bengkulu": Place(-3.8, 102.26),
    "Biak": Place(-1.18, 136.08),
    "Binjai": Place(3.6, 98.49),
    "Bitung": Place(1.44, 125.19),
    "Bogor": Place(-6.6, 106.8),
    "Bontang": Place(0.13, 117.5),
    "Bukittinggi": Place(-0.31, 100.37),
    "Cilegon": Place(-6.0, 106.02),
    "Cimahi": Place(-6.87, 107.54),
    "Cirebon": Place(-6.73, 108.55),
    "Denpasar": Place(-8.65, 115.22),
    "Depok": Place(-6.4, 106.82),
    "Dumai": Place(1.67, 101.45),
    "Garut": Place(-7.22, 107.91),
    "Gorontalo": Place(0.54, 123.06),
    "Gresik": Place(-7.16, 112.65),
    "Jakarta": Place(-6.18, 106.83),
    "Jambi": Place(-1.61, 103.61),
    "Jayapura": Place(-2.53, 140.72),
    "Jember": Place(-8.17, 113.7),
    "Jogja": Place(-7.8, 110.37),
    "Jogjakarta": Place(-7.8, 110.37),
    "Karawang": Place(-6.3, 107.3),
    "Kediri": Place(-7.82, 112.01),
    "Kendari": Place(-3.99, 122.51),
    "Kudus": Place(-6.8, 110.84),
    "Kupang": Place(-10.17, 123.58),
    "Labuan Bajo": Place(-8.49, 119.89),
    "Lhokseumawe": Place(5.18, 97.15),
    "Madiun": Place(-7.63, 111.52),
    "Magelang": Place(-7.47, 110.22),
    "Makassar": Place(-5.14, 119.41),
    "Malang": Place(-7.98, 112.63),
    "Mamuju": Place(-2.68, 118.89),
    "Manado": Place(1.47, 124.84),
    "Manokwari": Place(-0.86, 134.06),
    "Mataram": Place(-8.58, 116.12),
    "Medan": Place(3.59, 98.67),
    "Merauke": Place(-8.49, 140.4),
    "Nabire": Place(-3.37, 135.5),
    "Nusantara": Place(-0.97, 116.7),
    "Padang": Place(-0.95, 100.35),
    "Palangka Raya": Place(-2.21, 113.92),
    "Palembang": Place(-2.99, 104.76),
    "Palopo": Place(-3.0, 120.2),
    "Palu": Place(-0.9, 119.87),
    "Pangkal Pinang": Place(-2.13, 106.11),
    "Parepare": Place(-4.01, 119.62),
    "Pasuruan": Place(-7.65, 112.9),
    "Pekalongan": Place(-6.89, 109.68),
    "Pekanbaru": Place(0.53, 101.45),
    "Pematangsiantar": Place(2.96, 99.07),
    "Pontianak": Place(-0.03, 109.34),
    "Probolinggo": Place(-7.75, 113.22),
    "Purwokerto": Place(-7.43, 109.24),
    "Salatiga": Place(-7.33, 110.51),
    "Samarinda": Place(-0.5, 117.15),
    "Semarang": Place(-6.97, 110.42),
    "Serang": Place(-6.12, 106.15),
    "Sidoarjo": Place(-7.45, 112.72),
    "Singkawang": Place(0.91, 108.98),
    "Solo": Place(-7.57, 110.83),
    "Sorong": Place(-0.88, 131.26),
    "Sukabumi": Place(-6.92, 106.93),
    "Surabaya": Place(-7.26, 112.75),
    "Surakarta": Place(-7.57, 110.83),
    "Tangerang": Place(-6.18, 106.63),
    "Tangerang Selatan": Place(-6.29, 106.72),
    "Tanjung Pinang": Place(0.92, 104.45),
    "Tarakan": Place(3.3, 117.63),
    "Tasikmalaya": Place(-7.33, 108.22),
    "Tegal": Place(-6.87, 109.14),
    "Ternate": Place(0.79, 127.38),
    "Timika": Place(-4.55, 136.89),
    "Wamena": Place(-4.1, 138.95),
    "Yogyakarta": Place(-7.8, 110.37),
}
_INDONESIAN: Final = {name.casefold(): name for name in INDONESIA}
