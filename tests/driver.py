"""Tests speak as people do on the playground: `await ayu.joins("telegram")`, `telegram.shows("…Ayu…")`.

    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await ayu.joins("telegram")
        await talk.clock.advance(seconds=40)
        talk.place("telegram").shows("…Ayu…")

Places and patterns are those of scripted conversations (docs/scripted-conversations.md), and so is what counts as
heard: what came since somebody acted last. Everything runs through the real program, on a virtual clock.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config.load import loads
from bot.play.community import BUILT_IN, SETTINGS, scene_of
from bot.play.conductor import Conductor, Failure
from bot.play.grammar import read_place
from bot.play.report import explain
from bot.play.script import (
    Act,
    Action,
    Clock,
    DeleteLast,
    Heard,
    Join,
    Leave,
    Line,
    Offline,
    Place,
    Press,
    React,
    Reply,
    Restart,
    Say,
    Start,
    Step,
    TakeBackVote,
    Unheard,
    Vote,
)
from bot.play.stage import Stage

MONDAY_MORNING = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)  # 9 o'clock in Jakarta


@asynccontextmanager
async def conversation(config: str = BUILT_IN, at: datetime = MONDAY_MORNING) -> AsyncIterator[Conversation]:
    """The program on a playground; `config` is the text of a community.toml."""
    async with Stage(scene_of(loads(config, SETTINGS)), at) as stage:
        yield Conversation(stage)


class Conversation:
    """`stage` is there for what people can't do: closing channels, looking into the world's history."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.clock = VirtualHours(self)
        self._conductor = Conductor(stage)

    def person(self, name: str, *, manager: bool = False) -> Speaker:
        """`manager`: administers every group in which they act."""
        return Speaker(self, name, manager)

    def place(self, name: str) -> Room:
        return Room(self, read_place(name))

    async def goes_offline(self, **span: float) -> None:
        """The bot is stopped for a while: hours=2."""
        await self.do(Offline(self.stage.clock.now() + timedelta(**span)))

    @asynccontextmanager
    async def is_offline(self) -> AsyncIterator[None]:
        """The bot is stopped as long as this lasts: nobody tells it what people do meanwhile, however long it takes."""
        async with self.stage.away():
            yield

    async def restarts(self) -> None:
        """The bot is killed and starts again."""
        await self.do(Restart())

    async def do(self, step: Step) -> None:
        _fail_on(await self._conductor.step(Line(0, str(step), step)))

    def heard(self, place: Place, who: str) -> list[str]:
        """All that somebody said in a place since the last act."""
        return [said.words for said in self._conductor.heard(place) if said.who == who]

    def check(self, step: Heard | Unheard) -> None:
        _fail_on(self._conductor.check(Line(0, str(step), step)))


@dataclass(frozen=True)
class VirtualHours:
    _talk: Conversation

    def now(self) -> datetime:
        return self._talk.stage.clock.now()

    async def advance(self, **span: float) -> None:
        """hours=1; what falls due on the way is done at its time."""
        await self.reaches(self.now() + timedelta(**span))

    async def reaches(self, moment: datetime) -> None:
        """Until just then."""
        await self._talk.do(Clock(moment, self._talk.stage.scene.community.zone))


@dataclass(frozen=True)
class Speaker:
    """A person. Every act returns once the bot has said what it has to say at once."""

    _talk: Conversation
    name: str
    manager: bool

    async def joins(self, place: str) -> None:
        await self._act(place, Join())

    async def leaves(self, place: str) -> None:
        await self._act(place, Leave())

    async def is_banned(self, place: str) -> None:
        await self._act(place, Leave(banned=True))

    async def starts(self, platform: str) -> None:
        """Opens the private chat with the bot."""
        await self._act(f"{platform}@{self.name}", Start())

    async def says(self, place: str, text: str) -> None:
        await self._act(place, Say(text))

    async def writes(self, platform: str, text: str) -> None:
        """In the private chat with the bot."""
        await self._act(f"{platform}@{self.name}", Say(text))

    async def links(self, one: str = "telegram", other: str = "discord") -> None:
        """With `/link`, as everybody does: both accounts are one person's from then on."""
        await self.starts(one)
        await self.writes(one, "/link")
        code = self._talk.place(f"{one}@{self.name}").finds(r"/link (\w{4}-\w{4})")
        await self.writes(other, f"/link {code}")

    async def replies(self, place: str, to: str, text: str, saying: str = "…") -> None:
        """To the newest message by somebody, or the newest one that fits the pattern."""
        await self._act(place, Reply(to, text, saying))

    async def presses(self, place: str, label: str) -> None:
        await self._act(place, Press(label))

    async def votes(self, place: str, option: str) -> None:
        """On the newest poll or button with that option."""
        await self._act(place, Vote(option))

    async def takes_back_the_vote(self, place: str) -> None:
        await self._act(place, TakeBackVote())

    async def reacts(self, place: str, emoji: str, to: str) -> None:
        await self._act(place, React(emoji, to))

    async def deletes_the_last_message(self, place: str) -> None:
        await self._act(place, DeleteLast())

    async def _act(self, place: str, act: Act) -> None:
        await self._talk.do(Action(read_place(place), self.name, self.manager, act))


@dataclass(frozen=True)
class Room:
    _talk: Conversation
    _place: Place

    def shows(self, pattern: str, by: str = "Guyub") -> None:
        """Since the last act somebody said this; the bot, unless told otherwise."""
        self._talk.check(Heard(self._place, by, pattern))

    def finds(self, pattern: str) -> str:
        """The first group of a regular expression, in the newest message of the bot since the last act that has it."""
        said = [words for words in self._talk.heard(self._place, "Guyub") if re.search(pattern, words)]
        assert said, f"nobody said {pattern}"
        found = re.search(pattern, said[-1])
        assert found is not None
        return found[1]

    def does_not_show(self, pattern: str = "…") -> None:
        """Since the last act nobody said this (or anything), the act itself aside."""
        self._talk.check(Unheard(self._place, pattern))


def _fail_on(failure: Failure | None) -> None:
    if failure:
        raise AssertionError(explain(failure, "conversation", ZoneInfo("UTC")))
