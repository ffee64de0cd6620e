"""Times as people read them, and what is offered to somebody who is typing one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.core.day_words import AHEAD, CLOCKS, DAYS, MONTHS, WEEKDAYS, names_of, zone_name
from bot.core.messages import Span, Text
from bot.core.recurring import Weekly
from bot.locale import _, translate


def moment_text(moment: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """ "tomorrow 09:00 WIB", "Jumat 9 Januari, 18.00 WIB": a local time, with the year if it is another."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    ahead = (local.date() - today).days
    if ahead in (0, 1):
        pattern = _("today {time}") if ahead == 0 else _("tomorrow {time}")
    elif local.year == today.year:
        pattern = _("{weekday} {day} {month}, {time}")
    else:
        pattern = _("{weekday} {day} {month} {year}, {time}")
    return translate(language, pattern).format(
        weekday=_in(DAYS, language)[local.weekday()],
        day=local.day,
        month=_in(MONTHS, language)[local.month - 1],
        year=local.year,
        time=f"{_in(CLOCKS, language).format(local)} {zone_name(local)}",
    )


def moment_span(moment: datetime, now: datetime, zone: ZoneInfo, language: str) -> Text:
    """The same, as text that a platform may show in each reader's own zone instead."""
    return (Span(moment_text(moment, now, zone, language), moment=moment),)


def weekly_text(weekly: Weekly, zone: ZoneInfo, language: str) -> str:
    """ "every Friday 17:00 WIB". A zone with summer time goes by its key: a short name is wrong half the year."""
    names = names_of(zone)
    at = f"{_in(CLOCKS, language).format(weekly.at)} {names[0] if len(names) == 1 else zone.key}"
    if len(weekly.days) == 7:
        return translate(language, _("every day {time}")).format(time=at)
    days = [_in(DAYS, language)[day] for day in sorted(weekly.days)]
    *first, last = days
    named = translate(language, _("{days} and {last}")).format(days=", ".join(first), last=last) if first else last
    pattern = _("every Sunday {time}") if weekly.days == {6} else _("every {days} {time}")
    return translate(language, pattern).format(days=named, time=at)


T = TypeVar("T")


def _in(tables: Mapping[str, T], language: str) -> T:
    return tables.get(language, tables["en"])


# ---------------------------------------------------------------------- while somebody types

MOST_SUGGESTIONS = 10
_OFTEN = {
    "en": "1h|3h|1d|3d|1w|tonight|tomorrow 09:00|friday 18:00|today 18:00|next week",
    "id": "1 jam|3 jam|1 hari|3 hari|1 minggu|malam ini|besok 09.00|jumat 18.00|hari ini 18.00|lusa 09.00",
}
_LENGTHS = {"en": ("{}h", "{}d", "{}m", "{}w"), "id": ("{} jam", "{} hari", "{} menit", "{} minggu")}
_SOON = {"en": ("today", "tomorrow", "tonight", "next week"), "id": ("hari ini", "besok", "lusa", "malam ini")}
_USUAL = {"en": ("18:00", "09:00", "12:00", "20:00"), "id": ("18.00", "09.00", "12.00", "20.00")}
_EVERY = {"en": ("every {}", "every day"), "id": ("setiap {}", "setiap hari")}
_HOUR = re.compile(r"(?P<before>(?:[^0-9]* )?)(?P<hour>[0-9]{1,2})(?P<ends>[:.]?)")
_WORDS_OF_DAYS = {*WEEKDAYS, *AHEAD, "ini", "day", "hari"}


def suggest_moments(typed: str, language: str = "en") -> list[str]:
    """What somebody who has typed this may want to say, each readable by `parse_moment`; from memory."""
    if not typed.strip():
        return _OFTEN["id" if language == "id" else "en"].split("|")
    return _beginning_with(typed, _moments(typed.strip(), language))


def suggest_weekly(typed: str, language: str = "en") -> list[str]:
    """The same for `parse_weekly`."""
    return _beginning_with(typed, _weeklies(typed.strip(), language))


def _beginning_with(typed: str, offers: Iterator[str]) -> list[str]:
    start = _start(typed)
    found = (offer for offer in offers if offer.startswith(start))
    return list(dict.fromkeys([*_full_hours(start), *found]))[:MOST_SUGGESTIONS]


def _start(typed: str) -> str:
    return " ".join(typed.casefold().split())


def _both(language: str) -> tuple[str, str]:
    return ("id", "en") if language == "id" else ("en", "id")


def _moments(typed: str, language: str) -> Iterator[str]:
    number = typed.split(" ")[0].rstrip("hjdmw")
    if number.isascii() and number.isdigit() and 0 < int(number[:5]) < 1000:
        for known in _both(language):
            yield from (length.format(int(number)) for length in _LENGTHS[known])
    for known in _both(language):
        yield from _OFTEN[known].split("|")
        days = (*_SOON[known], *_weekday_names(known))
        yield from days
        yield from (f"{day} {at}" for day in days if day not in _SOON[known][3:] for at in _USUAL[known])


def _weeklies(typed: str, language: str) -> Iterator[str]:
    for known in _both(language):
        one, daily = _EVERY[known]
        days = _weekday_names(known)
        every = (*(one.format(day) for day in days), daily)
        yield from (f"{each} {at}" for at in _USUAL[known] for each in every)
        yield from (f"{day} {at}" for day in days for at in _USUAL[known])


def _weekday_names(language: str) -> tuple[str, ...]:
    return tuple(day.lower() for day in DAYS[language])


def _full_hours(start: str) -> Iterator[str]:
    """ "besok 1" → "besok 10:00" and so on, "besok 7" → 07:00 and 19:00: what may be meant if a day stands before."""
    match = _HOUR.fullmatch(start)
    if match is None or not (_WORDS_OF_DAYS & set(match["before"].split())):
        return
    typed, ends = match["hour"], match["ends"] or ":"
    hours = [n for n in range(24) if f"{n:02}".startswith(typed) or n in (int(typed), int(typed) + 12)]
    yield from (f"{match['before']}{n:02}{ends}00" for n in hours if n or typed == "0" * len(typed))
