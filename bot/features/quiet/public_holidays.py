"""National holidays, from a library that is loaded only where somebody asks.

The first look takes 100 ms and 3.8 MiB; each further country 0.6 MiB, each year 1 ms. A territory that shares the
holidays of another country, as Guam does, has all countries loaded: 9 MiB.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.core.setting_errors import nearest

if TYPE_CHECKING:
    from holidays import HolidayBase

ENGLISH: Final = "en_US"
JOINT_LEAVE: Final = {"ID": ("public", "government")}
"""Where people are off on days that are no holidays by law."""
WEEKEND: Final = frozenset({5, 6})
SEPARATOR: Final = "; "  # of names that fall on one day


def is_country(code: str) -> bool:
    """Whether that is the code (ISO 3166, two letters) of a country whose holidays are known."""
    return any(code == names[1] for names in _registry().values())


def country_named(written: str) -> str:
    """The code, given that or a name, such as "id" or "Indonesia". Raise ValueError with what was probably meant."""
    codes = {name.casefold(): names[1] for names in _registry().values() for name in names}
    wanted = "".join(written.split()).casefold()
    if found := codes.get(wanted):
        return found
    near = nearest(wanted, [names[0] for names in _registry().values()])
    hint = f'did you mean "{codes[near.casefold()]}" ({near})?' if near else "write its two letters, such as ID"
    raise ValueError(f'unknown country "{written.strip()}"; {hint}')


@lru_cache(maxsize=128)
def holidays_of(country: str, year: int, language: str = "en") -> Mapping[date, str]:
    """Names by date; in English where they aren't known in that language. {} for an unknown country."""
    if (calendar := _calendar(country)) is None:
        return {}
    spoken = _spoken(calendar, language)
    return dict(calendar(years=year, language=spoken, categories=JOINT_LEAVE.get(country)).items())


def weekend_of(country: str) -> frozenset[int]:
    """Monday is 0."""
    calendar = _calendar(country)
    return frozenset(calendar.weekend) if calendar else WEEKEND


def _spoken(calendar: type[HolidayBase], language: str) -> str | None:
    known = calendar.supported_languages
    own = [code for code in known if code == language or code.startswith(f"{language}_")]
    return next(iter(own), ENGLISH if ENGLISH in known else calendar.default_language)


def _registry() -> Mapping[str, tuple[str, ...]]:
    """By module: the country's name, its two letters, and its other names."""
    from holidays.registry import COUNTRIES

    return COUNTRIES


@cache
def _calendar(country: str) -> type[HolidayBase] | None:
    """Read from its own file: an import of `holidays.countries.indonesia` loads all 250 countries, 9 MiB."""
    import holidays

    found = next(((module, names[0]) for module, names in _registry().items() if names[1] == country), None)
    if found is None:
        return None
    path = Path(holidays.__file__).parent / "countries" / f"{found[0]}.py"
    spec = spec_from_file_location(f"{__name__}.{found[0]}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    calendar: type[HolidayBase] = getattr(module, found[1])
    return calendar
