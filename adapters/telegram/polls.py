"""Which poll was sent where: votes and totals name the poll by Telegram's own id, and no place."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace

from adapters.telegram.incoming import SentPoll
from adapters.telegram.places import PLATFORM
from bot.core.events import Where

log = logging.getLogger(__name__)

LoadState = Callable[[str], Awaitable[str | None]]
SaveState = Callable[[str, str], Awaitable[None]]

_REMEMBERED = 1024


class SentPolls:
    """In memory the newest, in the program's state all."""

    def __init__(self, load: LoadState, save: SaveState) -> None:
        self._load = load
        self._save = save
        self._known: OrderedDict[str, SentPoll] = OrderedDict()
        self._looking: dict[str, asyncio.Task[None]] = {}

    def find(self, poll: str) -> SentPoll | None:
        return self._known.get(poll)

    async def look_up(self, poll: str) -> None:
        """Have `find` find it, if it was ever sent. Whoever asks meanwhile goes on in the order of asking."""
        if poll not in self._looking:
            self._looking[poll] = task = asyncio.ensure_future(self._look_up(poll))
            task.add_done_callback(lambda _: self._looking.pop(poll))
        await self._looking[poll]

    async def _look_up(self, poll: str) -> None:
        stored = await self._load(_key(poll))
        if stored is not None:
            group, channel, message_id = stored.split("/")
            while group and (successor := await self._load(_successor(group))):
                group = successor
            self._remember(poll, SentPoll(Where(PLATFORM, group, channel), message_id))

    def moved(self, group: str, successor: str) -> None:
        """The group goes on under another id: from now on its polls are found there."""
        for poll, sent in self._known.items():
            if sent.where.group == group:
                self._known[poll] = replace(sent, where=replace(sent.where, group=successor))

    async def keep_successor(self, group: str, successor: str) -> None:
        """So that they are after a restart too."""
        await self._save(_successor(group), successor)

    async def add(self, poll: str, sent: SentPoll) -> None:
        """It is sent already: that it can't be kept for after a restart must not look like a failure to send."""
        self._remember(poll, sent)
        try:
            await self._save(_key(poll), f"{sent.where.group}/{sent.where.channel}/{sent.message_id}")
        except Exception:
            log.exception("where poll %s is could not be kept", poll)

    def _remember(self, poll: str, sent: SentPoll) -> None:
        self._known[poll] = sent
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)


def _key(poll: str) -> str:
    return f"{PLATFORM}:poll:{poll}"


def _successor(group: str) -> str:
    return f"{PLATFORM}:successor:{group}"
