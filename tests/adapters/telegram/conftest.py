"""A Telegram of our own, the adapter connected to it, and somebody who takes down what the engine is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from adapters.telegram.adapter import TelegramChat
from adapters.telegram.line import Timing
from bot.core.chat import Operation, Outgoing
from bot.core.events import Where
from bot.core.messages import Message
from tests.adapters.ears import Ears, State, connected
from tests.servers.telegram.client import TelegramWorld
from tests.servers.telegram.handles import Group, Person

QUICK = Timing(poll=1, silence=1.5, again=0.02, first_retry=0.01, longest_retry=0.05, refused=0.05, finish=2)


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
