"""What Telegram knows about a group and its members, and what keeps the bot from working well there."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from telegram import ChatFullInfo, ChatMember, ChatMemberRestricted
from telegram.error import BadRequest

from adapters.telegram.api import LOOK_UP_TIMEOUT, Api
from adapters.telegram.membership import is_present, standing
from adapters.telegram.places import target
from bot.core.chat import GroupFacts, Problem, Reason, Refusal
from bot.core.clock import Clock
from bot.core.events import Standing, Where

FRESH_FOR = timedelta(seconds=30)
_UNKNOWN = (
    "participant_id_invalid",
    "user not found",
    "member not found",
    "user_not_participant",
    "invalid user_id specified",
)
_ADMINISTRATORS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


class GroupFactsBook:
    """Facts of groups, kept for a short while. Raises the library's errors."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._known: dict[str, tuple[datetime, GroupFacts]] = {}

    def forget(self, group: str) -> None:
        """The bot's standing there has changed."""
        self._known.pop(group, None)

    async def facts(self, where: Where) -> GroupFacts:
        now = self._clock.now()
        known = self._known.get(where.group)
        if known and timedelta(0) <= now - known[0] < FRESH_FOR:
            return known[1]
        facts = await self._ask(where)
        self._known = {group: kept for group, kept in self._known.items() if now - kept[0] < FRESH_FOR}
        self._known[where.group] = (now, facts)
        return facts

    async def standing(self, where: Where, account: str) -> Standing:
        """Asked each time: how old an answer may be is the engine's to say."""
        if where.private:
            return Standing(present=where.channel == account)
        if not account.removeprefix("-").isdecimal():
            return Standing(present=False)
        try:
            member = await self._api.get_chat_member(target(where).chat, int(account), read_timeout=LOOK_UP_TIMEOUT)
        except BadRequest as error:
            if is_unknown(error):
                return Standing(present=False)
            raise
        return standing(member)

    async def _ask(self, where: Where) -> GroupFacts:
        chat_id = target(where).chat
        chat, count, me = await asyncio.gather(
            self._api.get_chat(chat_id, read_timeout=LOOK_UP_TIMEOUT),
            self._api.get_chat_member_count(chat_id, read_timeout=LOOK_UP_TIMEOUT),
            # Asked anew: privacy mode may have been switched off meanwhile.
            self._api.get_me(read_timeout=LOOK_UP_TIMEOUT),
        )
        own = await self._api.get_chat_member(chat_id, me.id, read_timeout=LOOK_UP_TIMEOUT)
        if not is_present(own):
            raise Refusal(Reason.GONE, "the bot is not in this group")
        return GroupFacts(chat.title or "", count, problems(chat, own, bool(me.can_read_all_group_messages)))


def is_unknown(error: BadRequest) -> bool:
    """Telegram knows no such account there."""
    return any(text in error.message.casefold() for text in _UNKNOWN)


def problems(chat: ChatFullInfo, own: ChatMember, reads_all: bool) -> tuple[Problem, ...]:
    """What somebody in the group should mend."""
    if own.status in _ADMINISTRATORS:
        return ()
    found = [] if reads_all else [Problem("privacy_mode")]
    found.append(Problem("not_admin"))
    held_back = isinstance(own, ChatMemberRestricted) and not own.can_send_messages
    if held_back or (chat.permissions is not None and not chat.permissions.can_send_messages):
        found.append(Problem("cannot_write"))
    return tuple(found)
