"""Spans of time, hours of the day, zones and languages as people write them in settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainSerializer, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from bot.core.setting_errors import SettingError, nearest

_UNITS = {
    "s": "s sec secs second seconds detik dtk",
    "m": "m min mins minute minutes menit mnt",
    "h": "h hr hrs hour hours jam j",
    "d": "d day days hari",
    "w": "w week weeks minggu pekan",
}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_PART = re.compile(r"\s*([0-9]{1,9}(?:[.,][0-9]{1,3})?)\s*([a-z]+)")
_LONGEST = timedelta(days=36525)
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_SPAN = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*[-–—]\s*([0-9]{1,2})(?:[:.]([0-9]{2}))?")
_LOCAL_NAMES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}


def parse_duration(value: object) -> timedelta:
    """ "30s", "45m", "2h", "3 hari", "1h30m" → timedelta. Raises SettingError; a bare number has no unit and is one."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise SettingError("duration_unit", value=value)
    if not isinstance(value, str):
        raise SettingError("duration", value=value)
    if _NUMBER.fullmatch(value.strip()):
        raise SettingError("duration_unit", value=value.strip())
    return timedelta(seconds=_seconds(value))


def _seconds(text: str) -> float:
    rest, total, seen = text.strip().lower(), 0.0, set[str]()
    while rest:
        part = _PART.match(rest)
        unit = _UNIT_OF.get(part[2]) if part else None
        if part is None or unit is None or unit in seen:
            raise SettingError("duration", value=text)
        seen.add(unit)
        total += float(part[1].replace(",", ".")) * _SECONDS[unit]
        rest = rest[part.end() :].strip()
    if not seen:
        raise SettingError("duration", value=text)
    if total > _LONGEST.total_seconds():
        raise SettingError("at_most", value=text, limit="100 years")
    return total


def format_duration(duration: timedelta) -> str:
    """The shortest text that parse_duration reads back, such as "1h30m"."""
    left = round(duration.total_seconds())
    parts = []
    for unit in "dhms":
        count, left = divmod(left, _SECONDS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\s*[0-9].*[A-Za-z]\s*$", "examples": ["30s", "45m", "2h", "3 hari"]}
    ),
]


@dataclass(frozen=True, slots=True)
class LocalSpan:
    """Hours of a local day, such as 21:30-08:00; one that ends before it begins runs past midnight."""

    start: time
    end: time

    def contains(self, moment: time) -> bool:
        """Whether a local time is in the span; the start is, the end is not."""
        if self.start < self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    @classmethod
    def parse(cls, value: object) -> "LocalSpan":
        if isinstance(value, LocalSpan):
            return value
        found = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
        if found is None:
            raise SettingError("span", value=value)
        try:
            span = cls(_clock(found[1], found[2]), _clock(found[3], found[4]))
        except ValueError:
            raise SettingError("span", value=value) from None
        if span.start == span.end:
            raise SettingError("span_empty", value=value)
        return span

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        printing = core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema())
        return core_schema.no_info_plain_validator_function(cls.parse, serialization=printing)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\s*[0-9]{1,2}([:.][0-9]{2})?\s*-", "examples": ["21:30-08:00"]}


def _clock(hour: str, minute: str | None) -> time:
    hours, minutes = int(hour), int(minute or 0)
    return time(0) if (hours, minutes) == (24, 0) else time(hours, minutes)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "posixrules"})


def parse_zone(value: object) -> str:
    """A name of the IANA database, as it is written there. Raises SettingError with the nearest name."""
    if not isinstance(value, str):
        raise SettingError("zone", value=value)
    if value in _zones():
        return value
    near = _nearest_zone(value.strip().replace(" ", "_"))
    raise SettingError("zone_near", value=value, nearest=near) if near else SettingError("zone", value=value)


def _nearest_zone(name: str) -> str | None:
    if name.casefold() in _LOCAL_NAMES:
        return _LOCAL_NAMES[name.casefold()]
    cities = {zone.rpartition("/")[2]: zone for zone in sorted(_zones(), reverse=True)}
    whole, city = nearest(name, _zones()), nearest(name.rpartition("/")[2], cities)
    if whole and ("/" in name or whole.casefold() == name.casefold()):
        return whole
    return cities[city] if city else whole


ZoneName = Annotated[str, BeforeValidator(parse_zone), WithJsonSchema({"type": "string", "examples": ["Asia/Jakarta"]})]

LANGUAGES = ("id", "en")


def _language(value: object) -> object:
    if value not in LANGUAGES:
        raise SettingError("language", value=value)
    return value


Language = Annotated[Literal["id", "en"], BeforeValidator(_language)]


def _localised(value: object) -> object:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or not value or not all(isinstance(text, str) for text in value.values()):
        raise SettingError("localised", value=value)
    for language in value:
        _language(language)
    return value


_TEXT = {"type": "string"}
_BY_LANGUAGE = {"type": "object", "properties": dict.fromkeys(LANGUAGES, _TEXT), "additionalProperties": False}

Localised = Annotated[
    str | dict[str, str],
    BeforeValidator(_localised),
    WithJsonSchema({"anyOf": [_TEXT, _BY_LANGUAGE]}),
]
"""A text for everybody, or one for each language: `{ id = "…", en = "…" }`."""


def in_language(text: str | Mapping[str, str], language: str) -> str:
    """The text for readers of a language; where it has none for them, the first it has."""
    if isinstance(text, str):
        return text
    return next((words for known, words in text.items() if known == language), next(iter(text.values()), ""))
