"""A Telegram of our own, the adapter connected to it, and somebody who takes down what the engine is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pytest

from adapters.telegram.adapter import TelegramChat
from adapters.telegram.line import Timing
from bot.core.chat import Operation, Outgoing
from bot.core.events import Event, Where
from bot.core.messages import Message
from tests.adapters.telegram.state import State
from tests.servers.telegram.client import TelegramWorld
from tests.servers.telegram.handles import Group, Person

E = TypeVar("E", bound=Event)

QUICK = Timing(poll=1, silence=1.5, again=0.02, first_retry=0.01, longest_retry=0.05, refused=0.05, finish=2)


@dataclass
class Ears:
    """Stands in for the engine. `hold` keeps events from being done until `let_go`."""

    events: list[Event] = field(default_factory=list)
    _held: Callable[[Event], bool] = lambda event: False
    _released: asyncio.Event = field(default_factory=asyncio.Event)
    _heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(self, event: Event) -> None:
        self.events.append(event)
        self._heard.set()
        if self._held(event):
            await self._released.wait()

    def hold(self, which: Callable[[Event], bool]) -> None:
        self._held, self._released = which, asyncio.Event()

    def let_go(self) -> None:
        self._held = lambda event: False
        self._released.set()

    def heard(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    async def hear(self, kind: type[E], count: int = 1) -> list[E]:
        """Wait until so many of that kind were told."""
        async with asyncio.timeout(5):
            while len(self.heard(kind)) < count:
                self._heard.clear()
                await self._heard.wait()
        return self.heard(kind)

    async def hear_one(self, kind: type[E]) -> E:
        return (await self.hear(kind))[-1]


@dataclass
class Sending:
    """Says what the outbox would."""

    chat: TelegramChat

    async def to(self, place: Group | Person | Where, message: Message, handle: str = "") -> str:
        return await self.does(Operation.SEND, place, message, handle=handle)

    async def does(
        self,
        operation: Operation,
        place: Group | Person | Where,
        message: Message | None = None,
        *,
        message_id: str = "",
        emoji: str = "",
        handle: str = "",
    ) -> str:
        where = place if isinstance(place, Where) else where_is(place)
        task = Outgoing(operation, where, message or Message(), "n-1", message_id, handle, emoji)
        return await self.chat.perform(task)


def where_is(place: Group | Person, topic: int | None = None) -> Where:
    if isinstance(place, Person):
        return Where("telegram", "", str(place.id))
    return Where("telegram", str(place.id), "" if topic is None else f"topic:{topic}")


def adapter(world: TelegramWorld, state: State | None = None, token: str = "", **timing: float) -> TelegramChat:
    """Not started. `timing` differs from QUICK."""
    state = state or State()
    return TelegramChat(
        token or world.token,
        api_url=world.url,
        load_state=state.load,
        save_state=state.save,
        timing=replace(QUICK, **timing),  # type: ignore[arg-type]
    )


async def connected(chat: TelegramChat) -> None:
    """Wait until it is."""
    async with asyncio.timeout(5):
        while not chat.connection().connected:
            await asyncio.sleep(0.005)


@pytest.fixture
async def world() -> AsyncIterator[TelegramWorld]:
    async with TelegramWorld.start() as world:
        yield world


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
async def chat(world: TelegramWorld, ears: Ears, state: State) -> AsyncIterator[TelegramChat]:
    chat = adapter(world, state)
    await chat.start(ears.submit)
    await connected(chat)
    yield chat
    await chat.stop()


@pytest.fixture
def send(chat: TelegramChat) -> Sending:
    return Sending(chat)
