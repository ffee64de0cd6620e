"""Lines that say what time does. The whole time-line is known from the file alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.durations import parse_zone
from bot.core.setting_errors import SettingError
from bot.play.script import Clock, Offline, Restart

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SPAN = re.compile(r"(\d{1,9})\s*([smhd])")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)\s+(\d{1,2}:\d\d(?::\d\d)?)(?:\s+(\S+))?")
_BEGINS = re.compile(r"\+|until\b|offline\b|restart\b|\d{4}-")

FIRST = "the first line that acts says when it is"
EXAMPLE = "write it like: 2026-01-05 09:00 Asia/Jakarta"


class Mistaken(Exception):
    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def is_moment(line: str) -> bool:
    return bool(_BEGINS.match(line))


class Timeline:
    """Follows the clock lines of a file, in their order."""

    def __init__(self) -> None:
        self.now: datetime | None = None
        self.zone = ZoneInfo("UTC")

    def read(self, line: str) -> Clock | Offline | Restart:
        """Raise Mistaken."""
        try:
            return self._read(line)
        except OverflowError:
            raise Mistaken("that is further away than the calendar goes") from None

    def _read(self, line: str) -> Clock | Offline | Restart:
        if line[0].isdigit():
            return self._date(line)
        if self.now is None:
            raise Mistaken(FIRST, EXAMPLE)
        word, _, rest = line.partition(" ")
        if word == "restart":
            if rest:
                raise Mistaken(f"nothing may stand behind restart, but there is {rest!r}")
            return Restart()
        if word == "offline":
            return Offline(self._move(self.now + _span(rest.strip(), "offline 2h")))
        if word == "until":
            return Clock(self._move(self._next(rest.strip())), self.zone)
        return Clock(self._move(self.now + _span(line[1:].strip(), "+40s, +10m, +2h or +3d")), self.zone)

    def _date(self, line: str) -> Clock:
        found = _DATE.fullmatch(line)
        if found is None:
            raise Mistaken("this is not a date with a time and a time zone", EXAMPLE)
        if found[5] is None:
            raise Mistaken("the time zone is missing", EXAMPLE)
        zone = _zone(found[5])
        try:
            day = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=zone)
        except ValueError:
            raise Mistaken("there is no such day", EXAMPLE) from None
        at = datetime.combine(day.date(), _time(found[4]), zone).astimezone(UTC)
        if self.now is not None and at < self.now:
            raise Mistaken("time does not run backwards", f"it is {self.now.astimezone(self.zone):%Y-%m-%d %H:%M:%S}")
        self.zone = zone
        return Clock(self._move(at), zone)

    def _next(self, words: str) -> datetime:
        """When the clock on the wall shows that time next."""
        assert self.now is not None
        wanted, day = _time(words), self.now.astimezone(self.zone).date()
        at = datetime.combine(day, wanted, self.zone).astimezone(UTC)
        if at > self.now:
            return at
        return datetime.combine(day + timedelta(days=1), wanted, self.zone).astimezone(UTC)

    def _move(self, at: datetime) -> datetime:
        self.now = at
        return at


def _span(words: str, example: str) -> timedelta:
    found = _SPAN.fullmatch(words)
    if found is None:
        raise Mistaken(f"{words!r} is not a span of time", f"write it like {example}")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def _time(words: str) -> time:
    found = re.fullmatch(r"(\d{1,2}):(\d\d)(?::(\d\d))?", words)
    try:
        if found:
            return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        pass
    raise Mistaken(f"{words!r} is not a time of day", "write it like 18:00")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(parse_zone(name))
    except SettingError as error:
        raise Mistaken(error.message, error.hint) from None
