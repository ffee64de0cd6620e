"""Who of many accounts is in a group: Telegram tells it of one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator

from telegram import ChatMember
from telegram.error import BadRequest, NetworkError

from adapters.telegram.api import LOOK_UP_TIMEOUT, Api
from adapters.telegram.facts import is_unknown
from adapters.telegram.places import target
from adapters.telegram.transport import FloodWait
from bot.core.events import Where

AT_ONCE = 8
TRIES = 3
_THERE = (ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER)


class Attendance:
    """Raises the library's errors: what could not be asked is never taken for absence."""

    def __init__(self, api: Api, gap: float) -> None:
        self._api = api
        self._gap = gap  # seconds between two look-ups
        self._free_at = 0.0  # by the loop's clock

    async def members(self, where: Where, accounts: Collection[str]) -> frozenset[str]:
        if where.private:
            return frozenset({where.channel} & set(accounts))
        waiting = iter([account for account in dict.fromkeys(accounts) if account.isdecimal()])
        there: set[str] = set()
        askers = [asyncio.ensure_future(self._ask(target(where).chat, waiting, there)) for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*askers)
        finally:
            for asker in askers:
                asker.cancel()
            await asyncio.gather(*askers, return_exceptions=True)
        return frozenset(there)

    async def _ask(self, chat: int | str, waiting: Iterator[str], there: set[str]) -> None:
        for account in waiting:
            for tries in range(1, TRIES + 1):
                await self._turn()
                try:
                    if await self._is_in(chat, int(account)):
                        there.add(account)
                    break
                except (FloodWait, NetworkError) as error:
                    if tries == TRIES or isinstance(error, BadRequest):
                        raise
                    if isinstance(error, FloodWait):
                        self._free_at = max(self._free_at, asyncio.get_running_loop().time() + error.seconds)

    async def _turn(self) -> None:
        """Wait for it."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._free_at)
        self._free_at = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)

    async def _is_in(self, chat: int | str, account: int) -> bool:
        asked = {"chat_id": chat, "user_id": account}
        try:
            member = await self._api.call("getChatMember", asked, LOOK_UP_TIMEOUT)
        except BadRequest as error:
            if is_unknown(error):
                return False
            raise
        status = member["status"]
        return status in _THERE or (status == ChatMember.RESTRICTED and bool(member.get("is_member")))
