from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

import pytest

from adapters.playground.adapter import PlaygroundChat
from adapters.playground.groups import Group
from adapters.playground.history import Person
from adapters.playground.world import World
from bot.core.chat import Operation, Outgoing
from bot.core.events import Event, Where
from bot.core.messages import Message, text

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOW


@dataclass
class Scene:
    """A face with one group in it, and the bot's ear."""

    chat: PlaygroundChat
    group: Group
    told: list[Event] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def world(self) -> World:
        return self.chat.world

    @property
    def here(self) -> Where:
        return self.group.where

    def person(self, name: str) -> Person:
        return self.world.people.named(self.chat.name, name)

    def private(self, name: str) -> Where:
        return Where(self.chat.name, "", self.person(name).id)

    def heard(self, *kinds: type) -> list[Event]:
        return [event for event in self.told if isinstance(event, kinds)]

    async def send(self, where: Where, message: Message | str, handle: str = "", nonce: str = "") -> str:
        said = Message(text(message)) if isinstance(message, str) else message
        return await self.chat.perform(
            Outgoing(Operation.SEND, where, said, nonce or f"n{next(self.numbers)}", handle=handle)
        )

    async def listen(self, event: Event) -> None:
        self.told.append(event)


@pytest.fixture
def make() -> Callable[[str], Scene]:
    def scene(face: str, world: World | None = None) -> Scene:
        world = world or World()
        group = world.groups.get(face, "-100") or world.groups.add(Group(face, "-100", face, "Kopi"), NOW)
        return Scene(PlaygroundChat(face, world, Noon()), group)

    return scene


@pytest.fixture
async def telegram(make: Callable[[str], Scene]) -> Scene:
    scene = make("telegram")
    await scene.chat.start(scene.listen)
    return scene


@pytest.fixture
async def discord(make: Callable[[str], Scene]) -> Scene:
    scene = make("discord")
    await scene.chat.start(scene.listen)
    return scene
