"""Fetches updates, and confirms them only when they are done: Telegram itself keeps what is not.

While one update waits for a slow look-up, Telegram tells it with each call anew, at most 100 at a time; all others
are handled meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Callable, Sequence
from typing import Any

from telegram.error import Conflict, TelegramError

from adapters.telegram.api import Api
from adapters.telegram.incoming import KINDS
from adapters.telegram.line import Line, Timing
from adapters.telegram.transport import UnreadableAnswer
from adapters.telegram.window import Window
from bot.core.clock import Clock

log = logging.getLogger(__name__)

MOST = 100  # updates in one answer; Telegram gives no more
GIVEN_UP_AFTER = 5  # unreadable answers to a call for a single update
_UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d+)')

Raw = dict[str, Any]
Take = Callable[[Raw], Sequence["asyncio.Future[None]"]]
"""Begins to handle an update; it is done when all of these are. May raise for one that can't be read."""


class Fetching:
    """The getUpdates loop. `run` ends only when cancelled; then `settle` finishes what is under way."""

    def __init__(self, api: Api, line: Line, clock: Clock, timing: Timing, take: Take) -> None:
        self._api = api
        self._line = line
        self._clock = clock
        self._timing = timing
        self._take = take
        self._window = Window()
        self._pause = asyncio.Event()
        self._limit = MOST
        self._good_answers = 0
        self._unreadable = 0
        self._confirmed: int | None = None
        self.caught_up = False
        """Whether all that waited at the start has been heard."""

    async def run(self) -> None:
        while True:
            try:
                await self._round()
            except TelegramError as error:
                await self._trouble(error)
            except Exception:
                log.exception("fetching updates failed in a way nobody foresaw")
                await asyncio.sleep(self._timing.first_retry)

    async def settle(self) -> None:
        """Wait for what is under way, then confirm it."""
        with contextlib.suppress(TimeoutError, TelegramError):
            async with asyncio.timeout(self._timing.finish):
                while self._window.running:
                    await self._next_pause()
                if self._window.offset is not None and self._window.offset != self._confirmed:
                    await self._ask(wait=0, limit=1)

    async def _round(self) -> None:
        began = asyncio.get_running_loop().time()
        try:
            updates = await self._ask(self._timing.poll if self.caught_up else 0, self._limit)
        except UnreadableAnswer as answer:
            await self._narrow_down(answer)
            return
        self._line.heard(self._clock.now())
        self._readable(bool(updates))
        if not updates:
            self._window.all_confirmed()
            took = asyncio.get_running_loop().time() - began
            if self.caught_up and took < min(self._timing.first_retry, self._timing.poll / 2):
                await asyncio.sleep(self._timing.first_retry)  # some servers don't hold a call while nothing is new
        asked = self._window.offset
        for raw in updates:
            self._admit(raw)
        if updates and not self._window.open and self._window.offset == asked:
            await asyncio.sleep(self._timing.first_retry)  # nothing in it can be confirmed: it is told again at once
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timing.again):
                while self._window.open:
                    await self._next_pause()
        self.caught_up = self.caught_up or len(updates) < self._limit

    async def _ask(self, wait: int, limit: int) -> list[Any]:
        offset = self._window.offset
        parameters: Raw = {"timeout": wait, "limit": limit, "allowed_updates": KINDS}
        if offset is not None:
            parameters["offset"] = offset
        updates = await self._api.call("getUpdates", parameters, read_timeout=wait + self._grace())
        self._confirmed = offset
        return updates if isinstance(updates, list) else []

    def _grace(self) -> float:
        return max(self._timing.silence - self._timing.poll, 0.1)

    # ------------------------------------------------------------- one update

    def _admit(self, raw: Any) -> None:
        number = raw.get("update_id") if isinstance(raw, dict) else None
        if not isinstance(number, int):
            self._set_aside(None if self._window.newest is None else self._window.newest + 1, "without an id")
            return
        if not self._window.admit(number):
            return
        try:
            parts = self._take(raw)
        except Exception as error:  # noqa: BLE001 - no text of it is told: it may be what people said
            _report(number, type(error).__name__)
            self._window.finish(number)
            return
        _Handling(self._window, number, parts, self._ended)

    def _ended(self) -> None:
        if not self._window.running:
            self._pause.set()

    async def _next_pause(self) -> None:
        """Until nothing is under way."""
        self._pause.clear()
        await self._pause.wait()

    # ------------------------------------------------------------- what can't be read

    def _readable(self, any_updates: bool) -> None:
        self._unreadable = 0
        self._good_answers += 1
        if not any_updates or self._good_answers >= MOST:
            self._limit, self._good_answers = MOST, 0

    async def _narrow_down(self, answer: UnreadableAnswer) -> None:
        """Ask for one update at a time until the one that can't be read is found, and pass over it."""
        self._good_answers = 0
        if self._limit > 1:
            self._limit = 1
            return
        self._unreadable += 1
        found = _UPDATE_ID.search(answer.payload)
        newest = self._window.newest
        if found:
            self._set_aside(int(found[1]), "no JSON")
        elif self._unreadable >= GIVEN_UP_AFTER and newest is not None:
            self._set_aside(newest + 1, "no JSON, nor an id in it")
        else:
            await asyncio.sleep(self._line.failed(answer))

    def _set_aside(self, number: int | None, why: str) -> None:
        _report(number, why)
        if number is not None and self._window.admit(number):
            self._window.finish(number)

    # ------------------------------------------------------------- trouble

    async def _trouble(self, error: TelegramError) -> None:
        if isinstance(error, Conflict) and "webhook" in error.message.casefold():
            try:
                await remove_webhook(self._api)
            except TelegramError as failure:
                error = failure
            else:
                return
        await asyncio.sleep(self._line.failed(error))


class _Handling:
    """One update under way: done when all its events are."""

    __slots__ = ("_ended", "_failed", "_left", "_number", "_window")

    def __init__(
        self, window: Window, number: int, parts: Sequence[asyncio.Future[None]], ended: Callable[[], None]
    ) -> None:
        self._window, self._number, self._ended = window, number, ended
        self._left, self._failed = len(parts), False
        if not parts:
            window.finish(number)
        for part in parts:
            part.add_done_callback(self._part_done)

    def _part_done(self, part: asyncio.Future[None]) -> None:
        self._left -= 1
        if part.cancelled() or part.exception() is not None:
            self._failed = True
        if self._left:
            return
        if self._failed:
            log.error("update %d was not handled; it will be told again", self._number)
            self._window.fail(self._number)
        else:
            self._window.finish(self._number)
        self._ended()


def _report(number: int | None, why: str) -> None:
    log.error("update %s can't be read (%s) and is set aside", "?" if number is None else number, why)


async def remove_webhook(api: Api) -> None:
    """A webhook keeps updates away from getUpdates. What waits is kept."""
    info = await api.call("getWebhookInfo", {})
    if isinstance(info, dict) and info.get("url"):
        log.warning("a webhook is set for this bot: it is removed, for updates are fetched now; none is dropped")
        await api.delete_webhook(drop_pending_updates=False)
