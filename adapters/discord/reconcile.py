"""After a session that could not be resumed: who joined meanwhile is found by asking for the members."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from discord.http import Route

from adapters.discord.newcomers import Newcomers
from adapters.discord.rest import Rest
from bot.core.chat import ChatError
from bot.core.clock import Clock
from bot.core.events import MemberJoined

log = logging.getLogger(__name__)

PAGE = 1000
LARGEST = 100_000
"""Discord lists members by id, not by when they came, so all have to be looked through: no more than this many."""
GAP = 0.1  # seconds between two pages, so that other calls get their turn
TRIES = 5


class Reconciler:
    """Works through guilds one after the other. `unchecked` are the names of those that could not be."""

    def __init__(self, rest: Rest, newcomers: Newcomers, clock: Clock, tell: Callable[[MemberJoined], None]) -> None:
        self._rest = rest
        self._newcomers = newcomers
        self._clock = clock
        self._tell = tell
        self._one = asyncio.Lock()
        self.running = 0
        self.unchecked: dict[str, str] = {}

    async def guild(self, guild: str, name: str, size: int, since: datetime) -> None:
        """Tell of every member who may have come since then. A join that was heard before has the same id."""
        self.running += 1
        try:
            async with self._one:
                self.unchecked.pop(guild, None)
                if size > LARGEST or not await self._pages(guild, since):
                    log.warning("who joined %s while the line was down could not be found out", guild)
                    self.unchecked[guild] = name
        finally:
            self.running -= 1

    async def _pages(self, guild: str, since: datetime) -> bool:
        after = "0"
        while True:
            members = await self._page(guild, after)
            if members is None:
                return False
            for member in members:
                after = str(member["user"]["id"])
                event = self._newcomers.found(guild, member, since, self._clock.now())
                if event is not None:
                    self._tell(event)
            if len(members) < PAGE:
                return True
            await asyncio.sleep(GAP)

    async def _page(self, guild: str, after: str) -> list[dict[str, Any]] | None:
        query = {"limit": PAGE, "after": after}
        for attempt in range(TRIES):
            try:
                found = await self._rest.call(Route("GET", "/guilds/{guild_id}/members", guild_id=guild), query=query)
            except ChatError as error:
                log.info("listing the members of %s failed (%s)", guild, type(error).__name__)
                await asyncio.sleep(2.0**attempt / 2)
            else:
                return list(found)
        return None
