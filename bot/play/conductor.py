"""Plays a script line by line and notes which expectations failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.playground.doing import Impossible
from adapters.playground.history import Change, Kind
from adapters.playground.outgoing import plain_text
from bot.core.events import Where
from bot.play.acting import act
from bot.play.patterns import matches
from bot.play.script import Action, Clock, Heard, Line, Offline, Place, Restart, Unheard
from bot.play.stage import Stage

HEARD = (Kind.POSTED, Kind.EDITED, Kind.CLOSED)


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it was heard: posted, or edited into this; a poll once more as it was closed."""

    change: Change
    place: str
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Failure:
    """`expected` in words; `heard`: everything since the last action, which was in line `since` (0: there was none)."""

    line: Line
    expected: str
    heard: tuple[Said, ...]
    since: int


class Conductor:
    """`step` plays a line; expectations look at what came since the last action, and use nothing up."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._before = 0  # the number of the last change before the last action
        self._action: Line | None = None

    async def step(self, line: Line) -> Failure | None:
        match line.step:
            case Clock(until, _):
                await self._stage.advance(until)
            case Offline(until):
                await self._stage.offline(until)
            case Restart():
                await self._stage.restart()
            case Action():
                return await self._act(line, line.step)
            case _:
                return self.check(line)
        return None

    def check(self, line: Line) -> Failure | None:
        """The same for an expectation, which takes no time."""
        match line.step:
            case Heard():
                return self._heard(line, line.step)
            case Unheard():
                return self._unheard(line, line.step)
        return None

    def heard(self, place: Place) -> list[Said]:
        """What was said in a place since the last action."""
        return [said for said in self._since(self._before) if self._stage.places.holds(place, said.change.where)]

    async def _act(self, line: Line, action: Action) -> Failure | None:
        before, last = self._before, self._action
        self._before, self._action = self._stage.world.history.last, line
        try:
            await act(self._stage, action)
        except Impossible as reason:
            failure = Failure(line, f"this to be possible, but {reason}", self._since(before), _number(last))
            await self._stage.settle()
            return failure
        return None

    def _heard(self, line: Line, wanted: Heard) -> Failure | None:
        for said in self.heard(wanted.place):
            if said.who == wanted.who and matches(wanted.pattern, said.words):
                return None
        return self._failure(line, f"{wanted.who} says in {wanted.place}: {wanted.pattern}")

    def _unheard(self, line: Line, unwanted: Unheard) -> Failure | None:
        """What the last action itself said does not count."""
        own = self._action.step.who if self._action and isinstance(self._action.step, Action) else ""
        for said in self.heard(unwanted.place):
            if said.who != own and matches(unwanted.pattern, said.words):
                return self._failure(line, f"nobody says in {unwanted.place}: {unwanted.pattern}")
        return None

    def _failure(self, line: Line, expected: str) -> Failure:
        return Failure(line, expected, self._since(self._before), _number(self._action))

    def _since(self, number: int) -> tuple[Said, ...]:
        changes = self._stage.world.since(number)
        return tuple(self._said(change) for change in changes if change.kind in HEARD)

    def _said(self, change: Change) -> Said:
        assert change.message is not None
        posted = change.message
        words = plain_text(posted.message, posted.counts(), closed=posted.closed)
        return Said(change, self._name(change.where), change.message.author.name, words)

    def _name(self, where: Where) -> str:
        return self._stage.places.name(where)


def _number(line: Line | None) -> int:
    return line.number if line else 0


async def play(stage: Stage, lines: Sequence[Line]) -> list[Failure]:
    """All lines on an open stage; what failed, in order."""
    conductor = Conductor(stage)
    failures = [await conductor.step(line) for line in lines]
    return [failure for failure in failures if failure]
