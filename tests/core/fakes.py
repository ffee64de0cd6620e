"""A platform, a database and time, all in one hand: nothing here waits for the real clock.

def test_something() -> None:
    async def story() -> None:
        async with town(FEATURE) as here:
            await here.says("Ayu", "/note hello")
            assert here.chat.words() == ["noted: hello"]

    play(story())
"""

from __future__ import annotations

import asyncio
import selectors
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from bot.config.load import loads
from bot.config.serving import service
from bot.core.chat import (
    ButtonLimits,
    Capabilities,
    Chat,
    ChatError,
    Connection,
    GroupFacts,
    Operation,
    Outgoing,
    Pace,
    Reason,
    Refusal,
    Submit,
    Voted,
)
from bot.core.commands import Command
from bot.core.delivery import Delivery
from bot.core.dispatch import Dispatcher
from bot.core.engine import Effects, Engine
from bot.core.events import Actor, CommandInvoked, Event, MessagePosted, Standing, Where
from bot.core.feature import Feature
from bot.core.messages import plain
from bot.core.resolve import Resolver
from bot.core.unit import R, StorageUnavailable, Unit
from storage.ballot_key import BallotKey
from storage.registry import all_stores
from storage.schema import bring_up_to_date
from storage.unit import SqlUnit

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
GROUP = Where("telegram", "-1001000000001", "")
MANAGERS = Where("telegram", "-1001000000009", "")
SERVER = Where("discord", "200000000000000001", "200000000000000002")
CONFIG = f"""
[communities.kopi]
name = "Kopi"
language = "en"
[[communities.kopi.groups]]
platform = "telegram"
id = "{GROUP.group}"
[[communities.kopi.groups]]
platform = "discord"
id = "{SERVER.group}"
main = "{SERVER.channel}"
[communities.kopi.managers]
telegram = "{MANAGERS.group}"
"""


# ---------------------------------------------------------------- time


class _Jumping(selectors.SelectSelector):
    """Where a loop would sleep, time jumps."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits for something that nobody will do"
        self.now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now


def play(story: Coroutine[Any, Any, None]) -> None:
    """Run it under virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(story)


class LoopClock:
    """Tells the loop's time, plus `ahead`."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=asyncio.get_running_loop().time()) + self.ahead


# ---------------------------------------------------------------- database


class InlineDatabase:
    """The real tables and stores, in memory and on the loop itself. `broken`: why it can't be used now."""

    def __init__(self) -> None:
        engine = create_engine("sqlite://", poolclass=StaticPool)
        self._connection = engine.connect()
        with self._connection.begin():
            bring_up_to_date(self._connection, "memory", quickly=True)
        self._stores = all_stores()
        self._ballot_key = BallotKey(None)
        self.broken = ""

    async def run(self, work: Callable[[Unit], R], now: datetime) -> R:
        await asyncio.sleep(0)
        if self.broken:
            raise StorageUnavailable(self.broken)
        with self._connection.begin():
            unit = SqlUnit(self._connection, self._stores, now, ballot_key=self._ballot_key)
            done = work(unit)
            unit.finish()
            return done

    def close(self) -> None:
        self._connection.close()
        self._connection.engine.dispose()


# ---------------------------------------------------------------- platform


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request to the platform, in seconds since the beginning."""

    at: float
    outgoing: Outgoing

    @property
    def words(self) -> str:
        return plain(self.outgoing.message.text)


class FakeChat:
    """Does what it is told: `next_at[place]` are errors to raise next, `takes[place]` is how long a send takes."""

    def __init__(self, name: str = "telegram", pace: Pace | None = None, **capabilities: Any) -> None:
        self.name = name
        self.pace = pace or Pace(gap=0.0, target_gap=0.0)
        self.limits = replace(Capabilities(4096, buttons=ButtonLimits(20, 5, 64)), **capabilities)
        self.attempts: list[Attempt] = []
        self.delivered: list[Attempt] = []
        self.next_at: defaultdict[Where, deque[ChatError]] = defaultdict(deque)
        self.takes: defaultdict[Where, float] = defaultdict(float)
        self.standings: dict[tuple[str, str], Standing] = {}
        self.looked_up: list[tuple[Where, str]] = []
        self.look_up_takes = 0.0
        self.gone: set[tuple[str, str]] = set()
        self.look_up_fails: ChatError | None = None

    def words(self, where: Where | None = None) -> list[str]:
        """What was said, in order."""
        said = (attempt for attempt in self.delivered if attempt.outgoing.operation in (Operation.SEND, Operation.EDIT))
        return [attempt.words for attempt in said if where in (None, attempt.outgoing.where)]

    def capabilities(self, where: Where) -> Capabilities:
        return self.limits

    def connection(self) -> Connection:
        return Connection(connected=True, account="Guyub", account_id="1")

    async def start(self, submit: Submit) -> None: ...

    async def stop(self) -> None: ...

    async def perform(self, outgoing: Outgoing) -> str:
        attempt = Attempt(asyncio.get_running_loop().time(), outgoing)
        self.attempts.append(attempt)
        if self.takes[outgoing.where]:
            await asyncio.sleep(self.takes[outgoing.where])
        if self.next_at[outgoing.where]:
            raise self.next_at[outgoing.where].popleft()
        self.delivered.append(attempt)
        return f"m{len(self.delivered)}"

    async def acknowledge(self, handle: str) -> None: ...

    async def standing(self, where: Where, account: str) -> Standing:
        self.looked_up.append((where, account))
        if self.look_up_takes:
            await asyncio.sleep(self.look_up_takes)
        if self.look_up_fails:
            raise self.look_up_fails
        return self.standings.get((where.group, account), Standing(present=False))

    async def facts(self, where: Where) -> GroupFacts:
        if self.look_up_fails:
            raise Refusal(Reason.GONE)
        return GroupFacts("Kopi", 7)

    async def members(self, where: Where, accounts: Collection[str]) -> frozenset[str]:
        if self.look_up_fails:
            raise self.look_up_fails
        return frozenset(account for account in accounts if (where.group, account) not in self.gone)

    async def votes(self, where: Where, message_id: str) -> Mapping[str, Voted]:
        raise Refusal(Reason.BAD_MESSAGE, "no record is kept")

    async def publish_commands(self, commands: Sequence[Command]) -> None: ...


# ---------------------------------------------------------------- the program's middle


class Town:
    """Engine, resolver and senders around fake platforms."""

    def __init__(self, features: Sequence[Feature], config: str, chats: Sequence[FakeChat]) -> None:
        self.clock = LoopClock()
        self.database = InlineDatabase()
        self.chats = {chat.name: chat for chat in chats}
        ports: dict[str, Chat] = dict(self.chats)
        settings = {feature.name: feature.settings for feature in features if feature.settings}
        served = service(loads(config, settings), features, lambda where: self.chats[where.platform].limits)
        self.resolver = Resolver(served, self.database, ports, self.clock)
        self.effects: list[Effects] = []
        self.engine = self._engine()
        self._running: asyncio.Task[None] | None = None
        self.deliveries = {name: self.sender(chat) for name, chat in self.chats.items()}
        self._ids = 0

    @property
    def chat(self) -> FakeChat:
        return next(iter(self.chats.values()))

    @property
    def delivery(self) -> Delivery:
        return self.deliveries[self.chat.name]

    async def restarts(self) -> None:
        """The program ends and starts again on what is in the database."""
        await self.stop()
        self.engine = self._engine()
        self.deliveries = {name: self.sender(chat) for name, chat in self.chats.items()}
        self.start()
        for delivery in self.deliveries.values():
            await delivery.recover()

    def start(self) -> None:
        self._running = asyncio.create_task(self.engine.run())

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def _engine(self) -> Engine:
        dispatcher = Dispatcher(self.resolver, Random(0))
        return Engine(dispatcher, self.resolver, self.database, self.clock, self._committed)

    def sender(self, chat: FakeChat) -> Delivery:
        loop = asyncio.get_running_loop()
        return Delivery(chat, self.database, self.clock, lambda event: self.engine.submit(event), "inst", loop.time)

    def _committed(self, effects: Effects) -> None:
        self.effects.append(effects)
        for delivery in self.deliveries.values():
            delivery.enqueue(effects.queued)

    # ------------------------------------------------------------------ acts

    def next_id(self) -> str:
        self._ids += 1
        return str(self._ids)

    def command(self, who: str, text: str, where: Where = GROUP, **more: Any) -> CommandInvoked:
        name, _, rest = text.lstrip("/").partition(" ")
        actor = more.pop("actor", Actor(who, who))
        return CommandInvoked(self.next_id(), self.clock.now(), where, actor, name, rest, **more)

    def message(self, who: str, text: str, where: Where = GROUP, **more: Any) -> MessagePosted:
        return MessagePosted(self.next_id(), self.clock.now(), where, Actor(who, who), self.next_id(), text, **more)

    async def happens(self, event: Event) -> None:
        """It is handled, and what is said about it was sent."""
        await self.engine.submit(event)
        await self.settle()

    async def says(self, who: str, text: str, where: Where = GROUP, **more: Any) -> None:
        make = self.command if text.startswith("/") else self.message
        await self.happens(make(who, text, where, **more))

    async def settle(self) -> None:
        await self.engine.idle()
        while any([await delivery.drain() for delivery in self.deliveries.values()]):
            await self.engine.idle()

    async def do(self, work: Callable[[Unit], R]) -> R:
        """Something that no event asked for, committed and told to the senders."""

        def and_tell(unit: Unit) -> tuple[R, Effects]:
            result = work(unit)
            return result, Effects(unit.queued(), ())

        result, effects = await self.database.run(and_tell, self.clock.now())
        self._committed(effects)
        return result


@asynccontextmanager
async def town(*features: Feature, config: str = CONFIG, chats: Sequence[FakeChat] = ()) -> AsyncIterator[Town]:
    here = Town(features, config, chats or (FakeChat("telegram"), FakeChat("discord")))
    here.start()
    try:
        yield here
    finally:
        await here.stop()
        here.database.close()
