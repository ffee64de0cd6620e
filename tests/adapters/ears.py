"""What every adapter's tests need: somebody in the engine's place, a memory, and patience."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.core.chat import Chat
from bot.core.events import Event

E = TypeVar("E", bound=Event)

PATIENCE = 30.0
"""Seconds after which what was awaited won't happen any more, on a busy machine too."""


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
        async with asyncio.timeout(PATIENCE):
            while len(self.heard(kind)) < count:
                self._heard.clear()
                await self._heard.wait()
        return self.heard(kind)

    async def hear_one(self, kind: type[E], such: Callable[[E], bool] = lambda event: True) -> E:
        """The newest one of that kind, or of such ones."""
        async with asyncio.timeout(PATIENCE):
            while not (told := [event for event in self.heard(kind) if such(event)]):
                self._heard.clear()
                await self._heard.wait()
        return told[-1]


@dataclass
class State:
    """What the program keeps over restarts: short texts by key."""

    kept: dict[str, str] = field(default_factory=dict)

    async def load(self, key: str) -> str | None:
        return self.kept.get(key)

    async def save(self, key: str, value: str) -> None:
        self.kept[key] = value


async def until(true: Callable[[], Any], within: float = PATIENCE) -> None:
    """Wait until something holds here."""
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.005)


async def connected(chat: Chat) -> None:
    await until(lambda: chat.connection().connected)
