"""Which poll was sent where: votes and totals name the poll by Telegram's own id, and no place."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

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

    def find(self, poll: str) -> SentPoll | None:
        return self._known.get(poll)

    async def look_up(self, poll: str) -> None:
        """Have `find` find it, if it was ever sent."""
        stored = await self._load(_key(poll))
        if stored is not None:
            group, channel, message_id = stored.split("/")
            self._remember(poll, SentPoll(Where(PLATFORM, group, channel), message_id))

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
