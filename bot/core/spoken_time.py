"""What a text says about a time, word by word, before anyone asks when that is: day, hour, part of the day, zone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from bot.core.day_words import (
    AHEAD,
    BEFORE_AN_HOUR,
    DAYS_LONG,
    FILLING,
    GONE,
    HALVES,
    HOURS,
    MIDDLES,
    MONTH_WORDS,
    PARTS,
    WEEKDAYS,
    zone_named,
)
from bot.core.setting_errors import nearest

LONGEST_TEXT = 100  # characters
SURELY = 0.7  # how alike a slip and its word are: "jumt" is "jumat", "abis" isn't "kamis"

_TOKEN = re.compile(
    r"(?P<iso>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9]))"
    r"|(?P<date>[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{4})?(?![0-9/])|[0-9]{1,2}(?:-[0-9]{1,2}-|\.[0-9]{1,2}\.)[0-9]{4}(?![0-9]))"
    r"|(?P<clock>[0-9]{1,2}[:.][0-9]{2}(?![0-9]))"
    r"|(?P<zone>(?:utc|gmt)[+-][0-9]{1,2}(?::[0-9]{2})?(?![0-9])|[a-z_]+/[a-z_+/-]+)"
    r"|(?P<number>[0-9]+)|(?P<word>[^\W\d_]+)|(?P<space>\s+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTES = dict.fromkeys(map(ord, "\"'`´‘’‚‛“”„‟«»"))
_HALF_OF_DAY = re.compile(r"\b([ap])\.\s?m\b\.?", re.IGNORECASE)
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_BEFORE_A_DATE = frozenset({"tanggal", "tgl", "the"})
_NEXT, _THIS = frozenset({"depan"}), frozenset({"ini", "besok", "mendatang"})


class MomentError(ValueError):
    """Words that are no time to come. `found` is the wrong part of them, `code` what is wrong with it:

    "empty", "unknown", "twice" (two days or two times), "ambiguous", "no_such_date", "no_such_time", "weekday" (the
    date is on another), "past", "too_far", "zone" (not the community's), "no_day" and "no_time" (of weekly times).
    """

    def __init__(self, code: str, found: str = "") -> None:
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = found

    @property
    def near(self) -> str:
        """The word that was most likely meant by an unknown one, or none."""
        known = [word for word in (*WEEKDAYS, *MONTH_WORDS, *AHEAD, *DAYS_LONG, *PARTS) if len(word) > 3]
        return (nearest(self.found, known, SURELY) or "") if self.code == "unknown" else ""


class Token(NamedTuple):
    kind: str
    shown: str
    word: str  # folded


@dataclass(slots=True)
class Said:
    """`date` is year, month, day, with 0 for what was not said. `which`: "next" or "this" week's day. `minutes`: the
    time of day; `loose`: the words, if that might be in either half of the day.
    """

    weekday: int | None = None
    which: str = ""
    ahead: int | None = None  # days
    date: tuple[int, int, int] | None = None
    minutes: int | None = None
    loose: str = ""
    part: str | None = None
    half: str | None = None
    later: bool = False  # "nanti"
    zone: tzinfo | None = None
    shown_day: str = ""
    shown_time: str = ""

    def put(self, field: str, value: Any, token: Token) -> None:
        if getattr(self, field) is not None:
            raise MomentError("twice", token.shown)
        setattr(self, field, value)

    @property
    def has_day(self) -> bool:
        return (self.weekday, self.ahead, self.date) != (None, None, None)


def cleaned(text: str) -> str:
    """Plain digits, single spaces, no quotes."""
    plain = unicodedata.normalize("NFKC", text[: 4 * LONGEST_TEXT]).translate(_QUOTES)
    plain = _HALF_OF_DAY.sub(r"\1m", " ".join(plain.split())).strip(" .,;!?")
    if not plain:
        raise MomentError("empty")
    if len(plain) > LONGEST_TEXT:
        raise MomentError("unknown", plain[:LONGEST_TEXT] + "…")
    return plain


def tokens_of(text: str) -> list[Token]:
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind != "space":
            yield Token(kind, match[0], match[0].casefold())


def read_moment(tokens: list[Token], home: ZoneInfo) -> Said:
    """What was said about one moment."""
    return _read(tokens, home, _MOMENT)


def read_time(tokens: list[Token], home: ZoneInfo | None) -> Said:
    """What was said about a time of day."""
    return _read(tokens, home, _TIME) if tokens else Said()


# ---------------------------------------------------------------------- readers

Reader = Callable[[Said, list[Token], int], int]
"""Takes in what stands at an index, and says how many tokens that was; 0: nothing for this reader."""


def _read(tokens: list[Token], home: ZoneInfo | None, readers: tuple[Reader, ...]) -> Said:
    said, at = Said(), 0
    while at < len(tokens):
        taken = _zone(said, tokens[at], home) or _first(said, tokens, at, readers)
        if not taken:
            raise _wrong(tokens, at)
        at += taken
    return said


def _wrong(tokens: list[Token], at: int) -> MomentError:
    """What is wrong with a token that says nothing; "3 hri" is wrong together."""
    if tokens[at].word in GONE:
        return MomentError("past", tokens[at].shown)
    if tokens[at].kind != "number":
        return MomentError("unknown", tokens[at].shown)
    if at + 1 < len(tokens) and tokens[at + 1].kind == "word" and not _is_known(tokens[at + 1]):
        return MomentError("unknown", tokens[at + 1].shown)
    return MomentError("ambiguous", tokens[at].shown)


def _is_known(token: Token) -> bool:
    words = (WEEKDAYS, MONTH_WORDS, AHEAD, DAYS_LONG, PARTS, HALVES, HOURS, FILLING, _NEXT, _THIS, _BEFORE_A_DATE)
    return token.word == "nanti" or any(token.word in some for some in words) or bool(zone_named(token.word, None))


def _first(said: Said, tokens: list[Token], at: int, readers: tuple[Reader, ...]) -> int:
    for reader in readers:
        if taken := reader(said, tokens, at):
            return taken
    return 0


def _word(tokens: list[Token], at: int) -> str:
    return tokens[at].word if 0 <= at < len(tokens) else ""


def _number(tokens: list[Token], at: int) -> int | None:
    """Of at most four digits."""
    if not (0 <= at < len(tokens)) or tokens[at].kind != "number" or len(tokens[at].word) > 4:
        return None
    return int(tokens[at].word)


def _shown(tokens: list[Token], start: int, count: int) -> str:
    return " ".join(token.shown for token in tokens[max(start, 0) : start + count])


def _zone(said: Said, token: Token, home: ZoneInfo | None) -> int:
    zone = zone_named(token.word, home) if token.kind in ("zone", "word") else None
    if zone is None:
        return 0
    said.put("zone", zone, token)
    return 1


def _put_date(said: Said, year: int, month: int, day: int, tokens: list[Token], at: int, count: int) -> int:
    said.put("date", (year, month, day), tokens[at])
    said.shown_day = _shown(tokens, at, count)
    return count


def _full_date(said: Said, tokens: list[Token], at: int) -> int:
    """2026-01-09, 9/1, 9/1/2026, 9.1.2026."""
    if tokens[at].kind not in ("iso", "date"):
        return 0
    numbers = [int(number) for number in re.split(r"[-/.]", tokens[at].word)]
    day, month, year = (*(numbers[::-1] if tokens[at].kind == "iso" else numbers), 0)[:3]
    return _put_date(said, year, month, day, tokens, at, 1)


def _day_of_month(said: Said, tokens: list[Token], at: int) -> int:
    """9 jan, 9th of January 2026, tanggal 9."""
    day = _number(tokens, at)
    if day is None:
        return 0
    count = 1
    while _word(tokens, at + count) in _ORDINALS | {"of"}:
        count += 1
    month = MONTH_WORDS.get(_word(tokens, at + count))
    if month is not None:
        year = _year(tokens, at + count + 1)
        return _put_date(said, year, month, day, tokens, at, count + (2 if year else 1))
    if count > 1 or _word(tokens, at - 1) in _BEFORE_A_DATE:
        return _put_date(said, 0, 0, day, tokens, at, count)
    return 0


def _month(said: Said, tokens: list[Token], at: int) -> int:
    """Jan 9, January 9th 2026."""
    month, day = MONTH_WORDS.get(tokens[at].word), _number(tokens, at + 1)
    if month is None or day is None:
        return 0
    count = 3 if _word(tokens, at + 2) in _ORDINALS else 2
    while _word(tokens, at + count) == ",":
        count += 1
    year = _year(tokens, at + count)
    return _put_date(said, year, month, day, tokens, at, count + (1 if year else 0))


def _year(tokens: list[Token], at: int) -> int:
    return (_number(tokens, at) or 0) if len(_word(tokens, at)) == 4 else 0


def _clock(said: Said, tokens: list[Token], at: int) -> int:
    """18:00, 17.00."""
    if tokens[at].kind != "clock":
        return 0
    hour, minute = (int(number) for number in re.split(r"[:.]", tokens[at].word))
    return _put_time(said, hour, minute, tokens, at, 1)


def _hour(said: Said, tokens: list[Token], at: int) -> int:
    """6pm, 6 sore, 6 in the evening, jam 6."""
    hour = _number(tokens, at)
    behind = next((token.word for token in tokens[at + 1 : at + 4] if token.word not in FILLING | {"the"}), "")
    told = behind in HALVES or behind in PARTS
    if hour is None or not (told or _word(tokens, at - 1) in BEFORE_AN_HOUR):
        return 0
    if 1 <= hour < 12:
        said.loose = _shown(tokens, at - 1, 2) if _word(tokens, at - 1) in BEFORE_AN_HOUR else tokens[at].shown
    return _put_time(said, hour, 0, tokens, at, 1)


def _half_hour(said: Said, tokens: list[Token], at: int) -> int:
    """Setengah 6 is 5:30."""
    hour = _number(tokens, at + 1)
    if tokens[at].word != "setengah" or hour is None:
        return 0
    said.loose = _shown(tokens, at, 2)
    return _put_time(said, hour - 1 if hour > 1 else hour + 11, 30, tokens, at, 2)


def _middle(said: Said, tokens: list[Token], at: int) -> int:
    """Noon, tengah malam."""
    word, behind = tokens[at].word, _word(tokens, at + 1)
    if word in HOURS:
        return _put_time(said, HOURS[word], 0, tokens, at, 1)
    if word == "tengah" and behind in MIDDLES:
        return _put_time(said, MIDDLES[behind], 0, tokens, at, 2)
    return 0


def _put_time(said: Said, hour: int, minute: int, tokens: list[Token], at: int, count: int) -> int:
    said.shown_time = _shown(tokens, at, count)
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise MomentError("no_such_time", said.shown_time)
    said.put("minutes", hour * 60 + minute, tokens[at])
    return count


def _half(said: Said, tokens: list[Token], at: int) -> int:
    if tokens[at].word not in HALVES or said.minutes is None:
        return 0
    said.put("half", tokens[at].word, tokens[at])
    return 1


def _part(said: Said, tokens: list[Token], at: int) -> int:
    """Sore, this evening, malam ini, tonight, malam minggu."""
    word, behind = tokens[at].word, _word(tokens, at + 1)
    if word == "this" and behind in PARTS:
        said.put("ahead", 0, tokens[at])
        return 1
    if word not in PARTS:
        return 0
    said.put("part", word, tokens[at])
    if word == "malam" and behind in WEEKDAYS:
        if said.minutes is not None:  # "jam 7 malam jumat": Friday's evening or the one before?
            raise MomentError("ambiguous", _shown(tokens, at, 2))
        said.put("weekday", (WEEKDAYS[behind] - 1) % 7, tokens[at + 1])
        return 2
    if word == "tonight" or behind == "ini":
        said.put("ahead", 0, tokens[at])
    return 2 if behind == "ini" else 1


def _weekday(said: Said, tokens: list[Token], at: int) -> int:
    """Friday, next friday, jumat depan, hari minggu."""
    first = 1 if tokens[at].word in ("next", "this", "coming") else 0
    day = WEEKDAYS.get(_word(tokens, at + first))
    if day is None:
        return 0
    behind = _word(tokens, at + first + 1)
    which = {"next": "next", "this": "this"}.get(tokens[at].word, "")
    count = first + 1
    if behind in _NEXT | _THIS:
        which, count = "next" if behind in _NEXT else "this", count + 1
    if tokens[at].word == "minggu" and which and _word(tokens, at - 1) != "hari":  # the week, or the Sunday?
        raise MomentError("ambiguous", _shown(tokens, at, count))
    said.put("weekday", day, tokens[at])
    said.which, said.shown_day = which, said.shown_day or _shown(tokens, at, count)
    return count


def _ahead(said: Said, tokens: list[Token], at: int) -> int:
    """Besok, hari ini, next week, 3 hari lagi (with a time behind)."""
    word, behind = tokens[at].word, _word(tokens, at + 1)
    days, count = AHEAD.get(word), 1
    if (word, behind) in (("next", "week"), ("pekan", "depan")):
        days, count = 7, 2
    elif (word, behind) == ("hari", "ini"):
        days, count = 0, 2
    elif (number := _number(tokens, at)) is not None and behind in DAYS_LONG:
        days, count = number * DAYS_LONG[behind], 3 if _word(tokens, at + 2) == "lagi" else 2
    if days is None:
        return 0
    said.put("ahead", days, tokens[at])
    said.shown_day = _shown(tokens, at, count)
    return count


def _filling(said: Said, tokens: list[Token], at: int) -> int:
    """Words that say nothing by themselves; "nanti" says that it is today."""
    word = tokens[at].word
    if word == "nanti":
        said.later = True
    return 1 if word in FILLING | _BEFORE_A_DATE | {"nanti", ",", "@"} else 0


_TIME: tuple[Reader, ...] = (_clock, _hour, _half_hour, _middle, _half, _part, _filling)
_MOMENT: tuple[Reader, ...] = (
    _ahead,
    _full_date,
    _day_of_month,
    _month,
    _clock,
    _hour,
    _half_hour,
    _middle,
    _half,
    _part,
    _weekday,
    _filling,
)
