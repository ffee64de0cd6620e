"""Reads that are asked for at the same time share a transaction: a thread is entered once, not once for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bot.core.clock import Clock
from bot.core.unit import Database, Unit

R = TypeVar("R")
Read = Callable[[Unit], Any]


class Lookups:
    """While one transaction is under way, whatever else is asked for gathers for the next."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._asked: list[tuple[Read, asyncio.Future[Any]]] = []
        self._running: asyncio.Task[None] | None = None

    async def ask(self, read: Callable[[Unit], R]) -> R:
        """What `read` returns or raises."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._asked.append((read, answer))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, []
            try:
                answers = await self._together([read for read, _ in asked])
            except Exception:  # noqa: BLE001 - whoever asked for what can't be read is told below
                for read, waiting in asked:
                    await self._alone(read, waiting)
                continue
            for (_, waiting), answer in zip(asked, answers, strict=True):
                if not waiting.done():
                    waiting.set_result(answer)

    async def _alone(self, read: Read, waiting: asyncio.Future[Any]) -> None:
        try:
            [answer] = await self._together([read])
        except Exception as error:  # noqa: BLE001 - told to whoever asked
            if not waiting.done():
                waiting.set_exception(error)
        else:
            if not waiting.done():
                waiting.set_result(answer)

    async def _together(self, reads: Sequence[Read]) -> list[Any]:
        return await self._database.run(lambda unit: [read(unit) for read in reads], self._clock.now())
