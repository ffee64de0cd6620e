"""Shows a conversation as it runs: for people to read, or as one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from adapters.playground import snapshot
from adapters.playground.history import Change, Kind, Posted
from adapters.playground.outgoing import plain_lines, plain_text
from bot.core.events import ButtonPressed, Event, Where
from bot.play.conductor import Failure
from bot.play.places import Places
from bot.play.script import Clock, Line, Offline, Restart

Write = Callable[[str], None]
"""Takes one line, without its end."""

_MESSAGES = (Kind.POSTED, Kind.EDITED, Kind.DELETED, Kind.REACTED, Kind.VOTED, Kind.CLOSED, Kind.PINNED)
_COMINGS = {
    Kind.JOINED: "joins",
    Kind.WAITING: "joins and waits to be let in",
    Kind.LEFT: "leaves",
    Kind.BANNED: "is banned",
    Kind.OPENED: "opens a private chat",
    Kind.BLOCKED: "blocks the bot",
}


class Report(Protocol):
    def line(self, line: Line) -> None:
        """A line of the script is about to be played."""

    def event(self, event: Event) -> None: ...

    def change(self, change: Change) -> None: ...

    def failure(self, failure: Failure) -> None: ...


class Readable:
    """Local time, place, name and words; continued lines are set in."""

    def __init__(self, places: Places, file: str, write: Write) -> None:
        self._places = places
        self._file = file
        self._write = write
        self._zone = ZoneInfo("UTC")
        self._day = ""

    def line(self, line: Line) -> None:
        match line.step:
            case Clock(_, zone):
                self._zone = zone
            case Offline(until):
                self._write(f"--------  the bot is offline until {until.astimezone(self._zone):%H:%M:%S}")
            case Restart():
                self._write("--------  the bot is killed and starts again")

    def event(self, event: Event) -> None:
        """All but presses shows in the changes."""
        if isinstance(event, ButtonPressed):
            self._tell(event.at, event.where, [f"* {event.actor.name} presses [{self._places.label(event)}]"])

    def change(self, change: Change) -> None:
        if told := self._told(change):
            self._tell(change.at, change.where, told)

    def _tell(self, when: datetime, where: Where, told: list[str]) -> None:
        at = when.astimezone(self._zone)
        self._new_day(at)
        head = f"{at:%H:%M:%S}  {self._places.name(where)}  "
        self._write(head + told[0])
        for more in told[1:]:
            self._write(" " * len(head) + "  " + more)

    def failure(self, failure: Failure) -> None:
        self._write(f"--------  FAILED {self._file}:{failure.line.number}: expected: {failure.expected}")

    def _new_day(self, at: datetime) -> None:
        day = f"{at:%A} {at.day} {at:%B %Y}, {self._zone.key}"
        if day != self._day:
            self._day = day
            self._write(f"— {day} —")

    def _told(self, change: Change) -> list[str]:
        if change.kind in _COMINGS and change.who:
            return [f"* {change.who.name} {_COMINGS[change.kind]}"]
        posted = change.message
        if posted is None:
            return []
        if change.kind in (Kind.POSTED, Kind.EDITED):
            first, *more = plain_lines(posted.message, posted.counts(), closed=posted.closed) or [""]
            return [f"{posted.author.name}{self._aside(change, posted)}: {first}", *more]
        if change.kind is Kind.CLOSED:
            return [f"* the poll closes: {self._quoted(posted)}"]
        return [self._about(change, posted)]

    def _aside(self, change: Change, posted: Posted) -> str:
        asides = ["edited"] if change.kind is Kind.EDITED else []
        if posted.reply_to and not posted.author.bot:
            asides.append("in reply")
        if posted.only:
            reader = self._places.reader(posted.author.face, posted.only)
            asides.append(f"a note to {reader}" if posted.note else f"only to {reader}")
        return f" ({', '.join(asides)})" if asides else ""

    def _about(self, change: Change, posted: Posted) -> str:
        who = change.who.name if change.who else "somebody"
        verbs = {Kind.DELETED: "deletes", Kind.PINNED: "pins", Kind.VOTED: "votes on"}
        verb = verbs.get(change.kind) or f"reacts {change.detail} to"
        return f"* {who} {verb} {self._quoted(posted)}"

    def _quoted(self, posted: Posted) -> str:
        words = plain_text(posted.message, posted.counts(), closed=posted.closed)
        return f"“{posted.author.name}: {words if len(words) <= 60 else words[:59] + '…'}”"


class JsonLines:
    """`{"event": kind, …}`, `{"post": …}` with its `change`, and `{"failed": …}`."""

    def __init__(self, places: Places, file: str, write: Write) -> None:
        self._places = places
        self._file = file
        self._write = write

    def line(self, line: Line) -> None:
        """Only what comes of it is told."""

    def event(self, event: Event) -> None:
        fields = TypeAdapter(type(event)).dump_python(event, mode="json")
        self._put({"event": type(event).__name__, "place": self._places.name(event.where), **fields})

    def change(self, change: Change) -> None:
        if change.kind in _MESSAGES and change.message:
            told = snapshot.change_json(change)
            place = self._places.name(change.where)
            self._put({"post": told["message"], "change": told["kind"], "place": place, "at": told["at"]})

    def failure(self, failure: Failure) -> None:
        heard = [{"place": said.place, "who": said.who, "words": said.words} for said in failure.heard]
        where = {"file": self._file, "line": failure.line.number, "text": failure.line.text}
        self._put({"failed": {**where, "expected": failure.expected, "heard": heard}})

    def _put(self, what: dict[str, Any]) -> None:
        self._write(json.dumps(what, ensure_ascii=False))


def explain(failure: Failure, file: str, zone: ZoneInfo) -> str:
    """A failed expectation with everything that was heard instead."""
    lines = [f"{file}:{failure.line.number}: {failure.line.text}", f"  expected: {failure.expected}"]
    since = f"since line {failure.since}" if failure.since else "so far"
    lines.append(f"  heard {since}:" if failure.heard else f"  heard {since}: nothing")
    for said in failure.heard:
        lines.append(f"    {said.change.at.astimezone(zone):%H:%M:%S}  {said.place}< {said.who}: {said.words}")
    return "\n".join(lines)
