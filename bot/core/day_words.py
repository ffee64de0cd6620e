"""Days, months, parts of the day and zones as people write them, in both languages at once."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.core.durations import parse_zone
from bot.core.setting_errors import SettingError

DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
}
MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
}
CLOCKS = {"en": "{:%H:%M}", "id": "{:%H.%M}"}


def _numbered(*rows: str) -> dict[str, int]:
    return {word: n for n, row in enumerate(rows) for word in row.split()}


WEEKDAYS = _numbered(
    "monday mon senin sen",
    "tuesday tue tues selasa sel",
    "wednesday wed rabu rab",
    "thursday thu thur thurs kamis kam",
    "friday fri jumat jum",
    "saturday sat sabtu sab",
    "sunday sun minggu ming ahad",
)
MONTH_WORDS = _numbered(
    "",
    "january jan januari",
    "february feb februari pebruari",
    "march mar maret",
    "april apr",
    "may mei",
    "june jun juni",
    "july jul juli",
    "august aug agustus agu agt ags",
    "september sep sept",
    "october oct oktober okt",
    "november nov nopember nop",
    "december dec desember des",
)
AHEAD = {"today": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "besok": 1, "esok": 1, "lusa": 2}
DAYS_LONG = dict.fromkeys(["day", "days", "hari"], 1) | dict.fromkeys(["week", "weeks", "minggu", "pekan"], 7)
GONE = frozenset(["yesterday", "kemarin", "kemaren", "now", "sekarang"])

# A part of the day: the hour meant if none is said, and the hours that it has. Those from 24 on are the next date's.
_PARTS = {
    "pagi morning": (9, range(1, 12)),
    "subuh": (5, range(3, 7)),
    "dini": (3, range(6)),
    "siang": (12, range(10, 16)),
    "afternoon": (15, range(12, 19)),
    "sore petang": (16, range(14, 20)),
    "evening": (20, range(16, 24)),
    "malam night tonight": (20, range(18, 29)),
}
PARTS = {word: part for words, part in _PARTS.items() for word in words.split()}
HALVES = {"am": 0, "pm": 12}
HOURS = {"noon": 12, "midday": 12, "midnight": 24}
MIDDLES = {"hari": 12, "malam": 24}  # "tengah malam"
BEFORE_AN_HOUR = frozenset(["at", "jam", "pukul", "pkl"])
FILLING = BEFORE_AN_HOUR | frozenset(
    ["on", "by", "the", "of", "in", "pada", "hari", "t", "until", "till", "sampai", "hingga"]
)

_NUMBERS = _numbered("", "a an one satu", "two dua", "three tiga", "four empat", "five lima", "six enam", "seven tujuh")
_NUMBERS |= {"eight": 8, "delapan": 8, "nine": 9, "sembilan": 9, "ten": 10, "sepuluh": 10}
IN_FIGURES = {word: str(n) for word, n in _NUMBERS.items()}
IN_FIGURES |= {"sejam": "1 jam", "sehari": "1 hari", "seminggu": "1 minggu", "sepekan": "1 pekan", "semenit": "1 menit"}

_ZONES = {
    "wib": "Asia/Jakarta",
    "wita": "Asia/Makassar",
    "wit": "Asia/Jayapura",
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
}
_ANY_YEAR = 2026


def zone_named(word: str, home: ZoneInfo | None) -> tzinfo | None:
    """The zone that a folded word behind a time means. `home` may go by the names it has in summer or in winter."""
    if home and word in {home.key.casefold(), *map(str.casefold, names_of(home))}:
        return home
    if word[:4] in ("utc+", "utc-", "gmt+", "gmt-"):
        hours, _, minutes = word[4:].partition(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-offset if word[3] == "-" else offset) if offset < timedelta(hours=24) else None
    if "/" in word:
        return _zone_at(word)
    return ZoneInfo(_ZONES[word]) if word in _ZONES else None


def _zone_at(place: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(parse_zone(place))
    except SettingError as error:
        near = str(error.data.get("nearest", ""))
        return ZoneInfo(near) if near.casefold() == place else None


def names_of(zone: ZoneInfo) -> list[str]:
    """What it is called in the two halves of a year: one name, or two."""
    return sorted({zone_name(datetime(_ANY_YEAR, month, 1, tzinfo=zone)) for month in (1, 7)})


def zone_name(moment: datetime) -> str:
    """ "WIB", or "UTC+3" where the zone has a number only."""
    name = moment.tzname() or ""
    if name.isalpha():
        return name
    minutes = round((moment.utcoffset() or timedelta(0)).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
