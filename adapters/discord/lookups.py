"""What Discord is asked for with many calls: who voted for what, and who of many people is in a guild."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping
from typing import Any

from discord.http import Route

from adapters.discord import incoming
from adapters.discord.rest import Rest
from bot.core.chat import NotSent, Reason, Refusal, Voted

VOTERS_PAGE, MEMBERS_PAGE = 100, 1000
FEW = 10
"""So many members are asked for one by one, which tells of nobody else."""
MOST_PAGES = 60
"""Of members: as many as can be read while somebody waits."""
GAP = 0.1  # seconds between two pages, so that other calls get their turn


# ---------------------------------------------------------------- votes


async def votes(rest: Rest, channel: str, message: str) -> dict[str, Voted]:
    """Every vote in a poll, by account. Raises ChatError."""
    if not message.isdecimal():
        raise Refusal(Reason.MESSAGE_GONE, "that is no message")
    ids = {"channel_id": channel, "message_id": message}
    shown = await rest.call(Route("GET", "/channels/{channel_id}/messages/{message_id}", **ids))
    answers = incoming.answers(shown)
    if not answers:
        raise Refusal(Reason.BAD_MESSAGE, "there is no poll in that message")
    voters = await asyncio.gather(*(_voters(rest, ids, answer) for answer in answers))
    chosen: defaultdict[str, list[int]] = defaultdict(list)
    names: dict[str, str] = {}
    for index, found in enumerate(voters):
        for user in found:
            names[str(user["id"])] = incoming.actor(user).name
            chosen[str(user["id"])].append(index)
    return {account: Voted(names[account], tuple(options)) for account, options in chosen.items()}


async def _voters(rest: Rest, ids: Mapping[str, str], answer: int) -> list[dict[str, Any]]:
    """People who chose an answer, without bots."""
    found: list[dict[str, Any]] = []
    after = "0"
    while True:
        route = Route("GET", "/channels/{channel_id}/polls/{message_id}/answers/{answer_id}", answer_id=answer, **ids)
        told = await rest.call(route, query={"limit": VOTERS_PAGE, "after": after})
        page = told["users"]
        found += [user for user in page if not user.get("bot")]
        if len(page) < VOTERS_PAGE:
            return found
        after = str(page[-1]["id"])


# ---------------------------------------------------------------- members


async def members(rest: Rest, guild: str, size: int, accounts: Collection[str]) -> frozenset[str]:
    """Those of the accounts that are in the guild, which has `size` members. Raises ChatError."""
    wanted = sorted({account for account in accounts if account.isdecimal()}, key=int)
    if len(wanted) <= FEW:
        there = await asyncio.gather(*(_is_there(rest, guild, account) for account in wanted))
        return frozenset(account for account, present in zip(wanted, there, strict=True) if present)
    if min(len(wanted), size // MEMBERS_PAGE + 1) > MOST_PAGES:
        raise NotSent("too many members to look through")
    found: set[str] = set()
    async for page in _pages(rest, guild, [int(account) for account in wanted]):
        found |= page
    return frozenset(found.intersection(wanted))


async def _is_there(rest: Rest, guild: str, account: str) -> bool:
    try:
        await rest.call(Route("GET", "/guilds/{guild_id}/members/{user_id}", guild_id=guild, user_id=account))
    except Refusal as refusal:
        if refusal.reason is Reason.UNREACHABLE:
            return False
        raise
    return True


async def _pages(rest: Rest, guild: str, wanted: list[int]) -> AsyncIterator[set[str]]:
    """Members are listed by id: each page begins at the next one that is wanted, so the gaps are passed over."""
    while wanted:
        query = {"limit": MEMBERS_PAGE, "after": str(wanted[0] - 1)}
        listed = await rest.call(Route("GET", "/guilds/{guild_id}/members", guild_id=guild), query=query)
        page = [str(member["user"]["id"]) for member in listed]
        yield set(page)
        if len(page) < MEMBERS_PAGE:
            return
        last = int(page[-1])
        wanted = [account for account in wanted if account > last]
        await asyncio.sleep(GAP)
