"""A poll before, at and after its close, on platforms that can be told what to keep and what to lose."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.chat import ChatError, Connection, NotSent, Operation, PollLimits, Voted
from bot.core.events import (
    NOBODY,
    Actor,
    ActorKind,
    ButtonPressed,
    MemberLeft,
    PollTallied,
    PollVoted,
    Standing,
    Where,
)
from bot.core.stores import Jobs
from bot.features.polls import feature as polls
from bot.features.polls.model import Outcome, Poll, Polls
from tests.core.fakes import CONFIG, SERVER, FakeChat, Town, town

HOUR = timedelta(hours=1)
SECRETS = pytest.mark.parametrize("flags", ["", "--secret"], ids=["visible", "secret"])
OWN = PollLimits(10, 300, 55, HOUR, timedelta(days=32), HOUR, hides_results=False, keeps_votes=True)
ALONE = f"""
[communities.kopi]
name = "Kopi"
language = "en"
[[communities.kopi.groups]]
platform = "discord"
id = "{SERVER.group}"
main = "{SERVER.channel}"
[communities.kopi.managers]
discord = "200000000000000009"
[communities.kopi.polls]
count_leavers = true
"""


class Line(FakeChat):
    """Keeps votes in polls of its own (`record`, or an error while they can't be looked up); may have been deaf."""

    unbroken_since: datetime | None = None
    record: Mapping[str, Voted] | ChatError = NotSent()

    def connection(self) -> Connection:
        return Connection(True, "Guyub", "1", unbroken_since=self.unbroken_since)

    async def votes(self, where: Where, message_id: str) -> Mapping[str, Voted]:
        if isinstance(self.record, ChatError):
            raise self.record
        return self.record


class Story:
    """A town in which Rina asks on Discord; people are accounts there."""

    def __init__(self, here: Town) -> None:
        self.here = here
        self.line = here.chats["discord"]
        assert isinstance(self.line, Line)
        self.line.standings[SERVER.group, "Rina"] = Standing(administrator=True)

    async def asks(self, flags: str = "", closes: str = "2h") -> None:
        self.line.next_at.clear()
        await self.here.says("Rina", f'/poll new "Where?" A | B --closes {closes} {flags}', SERVER)

    async def passes(self, **span: float) -> None:
        """What falls due on the way is done at its time."""
        until = self.here.clock.now() + timedelta(**span)
        while (due := await self.here.do(lambda unit: unit.store(Jobs).next_due())) and due <= until:
            self.here.clock.ahead += max(due - self.here.clock.now(), timedelta(0))
            now = self.here.clock.now()
            for event in await self.here.do(lambda unit, now=now: unit.store(Jobs).due(now, 100)):  # type: ignore[misc]
                await self.here.happens(event)
        self.here.clock.ahead += max(until - self.here.clock.now(), timedelta(0))

    async def presses(self, who: str, label: str, ago: timedelta = timedelta(0), where: Where = SERVER) -> str:
        """The answer; the platform dates the press `ago`."""
        sent = [a.outgoing.message for a in self.here.chats[where.platform].delivered if a.outgoing.message.buttons]
        tokens = [b.token for message in sent for row in message.buttons for b in row if b.label == label]
        at = self.here.clock.now() - ago
        id = self.here.next_id()
        await self.here.happens(ButtonPressed(id, at, where, Actor(who, who), tokens[-1], handle=id))
        return self.here.chats[where.platform].words()[-1]

    async def leaves(self, who: str, ago: timedelta = timedelta(0)) -> None:
        group, at = replace(SERVER, channel=""), self.here.clock.now() - ago
        await self.here.happens(MemberLeft(self.here.next_id(), at, group, Actor(who, who)))

    async def votes(self, who: str, option: int, chosen: bool = True, kind: ActorKind = ActorKind.PERSON) -> PollVoted:
        """In the platform's own poll."""
        now, poll = self.here.clock.now(), await self.message()
        event = PollVoted(self.here.next_id(), now, SERVER, Actor(who, who, kind), poll, (option,), chosen)
        await self.here.happens(event)
        return event

    async def tallies(self, *counts: int) -> None:
        now = self.here.clock.now()
        await self.here.happens(
            PollTallied(self.here.next_id(), now, SERVER, NOBODY, await self.message(), counts, closed=True)
        )

    async def message(self) -> str:
        return (await self.here.do(lambda unit: unit.store(Polls).posts(1)))[0].message_id

    async def poll(self) -> Poll:
        found = await self.here.do(lambda unit: unit.store(Polls).get(1))
        assert found
        return found

    async def outcome(self) -> Outcome:
        outcome = (await self.poll()).outcome
        assert outcome
        return outcome

    def results(self, platform: str = "discord") -> list[str]:
        """The result as it was told, and told anew."""
        return [words for words in self.here.chats[platform].words() if "wins" in words or "tie:" in words]

    def performed(self, operation: Operation, platform: str = "discord") -> int:
        return sum(a.outgoing.operation is operation for a in self.here.chats[platform].delivered)


@asynccontextmanager
async def story(config: str = CONFIG, own: PollLimits | None = None) -> AsyncIterator[Story]:
    chats = [FakeChat("telegram"), Line("discord", polls=own, toast=200)]
    async with town(polls, config=config, chats=chats) as here:
        yield Story(here)
