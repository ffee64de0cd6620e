"""Times as people write them: "45m", "besok 19.00", "fri 6pm", "9 Januari 17.00 WITA", "tiap Jumat 17.00".

What is left open means what most people mean by it:
- a span ("2h", "3 hari", "besok", "lusa", "next week") keeps the time of day that it is now;
- a named day ("jumat", "9 jan", "today") lasts until its end, 23:59; a part of a day has an hour: pagi and morning
  09:00, siang 12:00, afternoon 15:00, sore 16:00, malam, evening and tonight 20:00;
- a time alone is the next such time; a weekday is the next one, today too if that is not over; "next friday" and
  "jumat depan" are in the week after this one, which begins on Monday; "malam minggu" is the evening before Sunday;
- 9/1 is the ninth of January; a date without a year is the next such date.
What could be two things ("jam 7", "minggu depan") is asked about rather than guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.day_words import HALVES, IN_FIGURES, PARTS, WEEKDAYS
from bot.core.durations import parse_duration
from bot.core.moment_texts import moment_span, moment_text, suggest_moments, suggest_weekly, weekly_text
from bot.core.recurring import Weekly, instant_of
from bot.core.setting_errors import SettingError
from bot.core.spoken_time import MomentError, Said, Token, cleaned, read_moment, read_time, tokens_of

__all__ = [
    "MomentError",
    "moment_span",
    "moment_text",
    "parse_moment",
    "parse_weekly",
    "suggest_moments",
    "suggest_weekly",
    "weekly_text",
]

FURTHEST = timedelta(days=36525)
_DAY = 24 * 60  # minutes, as all times of day here
_LAST_MINUTE = _DAY - 1
_BEFORE_SPAN = ("in ", "dalam ", "for ", "selama ", "after ", "setelah ")
_AFTER_SPAN = (" lagi", " from now", " later", " ke depan", " kedepan")


def parse_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant (aware, UTC, after `now`) that a text means for people in a zone. Raises MomentError."""
    words = cleaned(text)
    span = _span(words)
    if span is not None:
        moment = now + span
    else:
        said = read_moment(tokens_of(words), zone)
        moment = _resolve(said, words, now, zone)
    if moment <= now:
        raise MomentError("past", words)
    return moment.astimezone(UTC)


def _span(words: str) -> timedelta | None:
    """Of a text that is a duration and nothing else."""
    bare = words.casefold()
    for before in _BEFORE_SPAN:
        bare = bare.removeprefix(before)
    for after in _AFTER_SPAN:
        bare = bare.removesuffix(after)
    bare = bare.replace("setengah jam", "30 menit").replace("half an hour", "30 minutes").replace(", ", " ")
    figures = " ".join(IN_FIGURES.get(word, word) for word in bare.split() if word not in ("and", "dan"))
    try:
        return parse_duration(figures)
    except SettingError as error:
        if error.code == "at_most":
            raise MomentError("too_far", words) from None
        return None


# ---------------------------------------------------------------------- when that is


def _resolve(said: Said, words: str, now: datetime, home: ZoneInfo) -> datetime:
    zone = said.zone or home
    local = now.astimezone(zone)
    minutes = _minutes(said)
    if not said.has_day and minutes is None and said.part is None:
        raise MomentError("unknown", words)
    for day in _days(said, local.date()):
        for at in _times(said, minutes, day, local):
            moment = instant_of(day + timedelta(days=at // _DAY), time(*divmod(at % _DAY, 60)), zone)
            if moment > now:
                return moment
    raise MomentError("past", words)


def _minutes(said: Said) -> int | None:
    """The time of day that was said; from 24 hours on it is the next date's."""
    if said.minutes is None:
        return None
    shown = said.shown_time
    hour, minute = divmod(said.minutes, 60)
    if said.half:
        if hour > 12 and said.half == "am":
            raise MomentError("no_such_time", f"{shown} {said.half}")
        return (hour if hour > 12 else hour % 12 + HALVES[said.half]) * 60 + minute
    if said.part:
        hours = PARTS[said.part][1]
        fitting = [full for full in (hour, hour + 12, hour + 24) if full in hours and (full < 24 or hour < 13)]
        if not fitting:
            raise MomentError("no_such_time", f"{shown} {said.part}")
        if fitting[0] > 24 and said.has_day:  # "jumat jam 1 malam": Friday's first hours, or Saturday's?
            raise MomentError("ambiguous", f"{shown} {said.part}")
        return fitting[0] * 60 + minute
    if said.loose:
        raise MomentError("ambiguous", said.loose)
    return said.minutes


def _times(said: Said, minutes: int | None, day: date, local: datetime) -> tuple[int, ...]:
    """Times of day that may be meant, the likelier first."""
    if minutes is not None:
        return (minutes if said.has_day or said.later else minutes % _DAY,)
    if said.part:
        usual = PARTS[said.part][0] * 60
        today = day == local.date() and (said.has_day or said.later)
        return (usual, _LAST_MINUTE) if today else (usual,)
    return (local.hour * 60 + local.minute,) if said.ahead else (_LAST_MINUTE,)


def _days(said: Said, today: date) -> Iterator[date]:
    """Dates that may be meant, the nearest first."""
    if said.date is not None and said.ahead is not None:
        raise MomentError("twice", said.shown_day)
    if said.date is not None:
        days = _dates(said, said.date, today)
    elif said.ahead is not None:
        if said.ahead > FURTHEST.days:
            raise MomentError("too_far", said.shown_day)
        days = iter([today + timedelta(days=said.ahead)])
    elif said.weekday is not None:
        days = _weekdays(said.weekday, said.which, today)
    else:
        days = (today + timedelta(days=ahead) for ahead in ((0,) if said.later else (0, 1, 2)))
    for day in days:
        if said.weekday is not None and day.weekday() != said.weekday:  # "kamis 9 januari" is a Friday
            raise MomentError("weekday", said.shown_day)
        yield day


def _weekdays(weekday: int, which: str, today: date) -> Iterator[date]:
    first = today + timedelta(days=(weekday - today.weekday()) % 7)
    if which == "next":
        yield today + timedelta(days=7 - today.weekday() + weekday)
        return
    yield first
    if not which:
        yield first + timedelta(days=7)


def _dates(said: Said, written: tuple[int, int, int], today: date) -> Iterator[date]:
    year, month, day = written
    if year and not today.year - 1 <= year <= today.year + 100:
        raise MomentError("past" if year < today.year else "too_far", said.shown_day)
    years = [year] if year else range(today.year, today.year + 9)  # the 29th of February may be eight years off
    months = [month] if month else range(1, 13)
    found = [date(y, m, day) for y in years for m in months if _exists(y, m, day)]
    if not found:
        raise MomentError("no_such_date", said.shown_day)
    yield from found if year else [one for one in found if one >= today][: 1 if month else 2]


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


# ---------------------------------------------------------------------- each week

_EVERY = frozenset(["every", "each", "tiap", "setiap"])
_SETS = {
    "daily": range(7),
    "everyday": range(7),
    "harian": range(7),
    "weekdays": range(5),
    "weekday": range(5),
    "weekend": range(5, 7),
    "weekends": range(5, 7),
}
_PAIRS = {
    ("every", "day"): range(7),
    ("each", "day"): range(7),
    ("tiap", "hari"): range(7),
    ("setiap", "hari"): range(7),
    ("hari", "kerja"): range(5),
    ("akhir", "pekan"): range(5, 7),
}
_A_DAY = frozenset({"day", "hari"})  # every day, where "every" is said already
_KINDS_OF_DAY = frozenset({"kerja"})
_TO = frozenset({"-", "–", "—", "to", "sampai", "hingga", "through"})
_BETWEEN = frozenset({",", "and", "dan", "&", "+", "hari", "on", "pada", "week", "pekan"}) | _EVERY


def parse_weekly(text: str, zone: ZoneInfo | None = None) -> Weekly:
    """ "friday 17:00", "tiap senin dan kamis 09.00", "every day 9am". Raises MomentError.

    A zone may stand behind if it is the one given. "Tiap minggu 17.00" is each Sunday.
    """
    words = cleaned(text)
    days, rest = _weekly_days(tokens_of(words))
    said = read_time(rest, zone)
    minutes = PARTS[said.part][0] * 60 if said.part and said.minutes is None else _minutes(said)
    if not days:
        raise MomentError("no_day", words)
    if minutes is None:
        raise MomentError("no_time", words)
    if said.zone is not None and said.zone != zone:
        raise MomentError("zone", words)
    if minutes >= _DAY:  # midnight, or later in the night: the next date's
        days = {(day + 1) % 7 for day in days}
    return Weekly(frozenset(days), time(*divmod(minutes % _DAY, 60)))


def _weekly_days(tokens: list[Token]) -> tuple[set[int], list[Token]]:
    """The days that are named, and what else was said."""
    words = [token.word for token in tokens]
    days: set[int] = set()
    rest: list[Token] = []
    at = 0
    while at < len(words):
        some, count = _some_days(words, at)
        days.update(some)
        if not count and words[at] in _BETWEEN:
            count = 1
        if not count:
            rest.append(tokens[at])
        at += count or 1
    return days, rest


def _some_days(words: list[str], at: int) -> tuple[Collection[int], int]:
    """The days that are named at an index, and by how many words."""
    word, behind, third = (*words[at : at + 3], "", "")[:3]
    if at == 0 and word in _A_DAY and behind not in _KINDS_OF_DAY and _day(behind) is None:
        return range(7), 1
    if (word, behind) in _PAIRS and _day(third) is None and third != "kerja":  # not "setiap hari jumat"
        return _PAIRS[word, behind], 2
    if word in _SETS:
        return _SETS[word], 1
    if word == "malam" and (day := _day(behind)) is not None:  # "malam minggu" is Saturday's evening
        return {(day - 1) % 7}, 0
    day = _day(word)
    if day is None or words[at - 1 : at] == ["malam"]:
        return (), 0 if day is None else 1
    last = _day(third) if behind in _TO else None
    if last is not None:
        return {(day + n) % 7 for n in range((last - day) % 7 + 1)}, 3
    week = word == "minggu" and words[at - 1 : at] in (["tiap"], ["setiap"])
    return () if week and (behind == "hari" or _day(behind) is not None) else {day}, 1


def _day(word: str) -> int | None:
    return WEEKDAYS.get(word, WEEKDAYS.get(word.removesuffix("s")))
