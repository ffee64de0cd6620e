"""Discord as a platform of the core: its life, and what the core asks of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import discord
from discord.http import Route

from adapters.discord import commands, limits, lookups, outgoing, places, redaction
from adapters.discord.budget import ELSEWHERE, Allowance, IdentifyBudget, LoadState, SaveState
from adapters.discord.errors import PollOver, from_exception, of_operation
from adapters.discord.gateway import Line, Timing
from adapters.discord.hearing import Hearing
from adapters.discord.interactions import Handle, Interactions
from adapters.discord.rest import Rest, Straight
from adapters.discord.rights import Rights
from bot.core.chat import (
    Capabilities,
    ChatError,
    Connection,
    GroupFacts,
    NotSent,
    Operation,
    Outgoing,
    Problem,
    RateLimited,
    Reason,
    Refusal,
    Submit,
    Voted,
)
from bot.core.clock import Clock
from bot.core.commands import Command
from bot.core.events import Standing, Where
from bot.core.messages import AudienceKind

log = logging.getLogger(__name__)

API = "https://discord.com/api/v10"
DMS_REMEMBERED = 1000
STOP_WITHIN = 8.0  # seconds


class DiscordChat:
    """`load_state` and `save_state` keep a few facts over restarts: sessions begun, when Discord was last heard.

    `language(where)` tells from memory what a place speaks; without it forms follow the guild's own setting.
    """

    name = limits.NAME
    pace = limits.PACE

    def __init__(
        self,
        token: str,
        api_url: str | None = None,
        gateway_url: str | None = None,
        *,
        clock: Clock,
        load_state: LoadState,
        save_state: SaveState,
        language: Callable[[Where], str] | None = None,
        allowance: Allowance | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._token = token
        self._clock = clock
        self._api = (api_url or API).rstrip("/")
        self._straight = Straight()
        self._interactions = Interactions(self._straight, clock, language)
        self._rest = Rest(lambda: self._line.client)
        self._rights = Rights()
        self._hearing = Hearing(self._rest, self._interactions, clock, load_state, save_state)
        allowance = allowance or (ELSEWHERE if gateway_url else None)
        budget = IdentifyBudget(load_state, save_state, clock, allowance)
        self._line = Line(token, self._hear, budget, self._hearing.backlog, gateway_url, timing)
        self._hearing.line = self._line
        self._task: asyncio.Task[None] | None = None
        self._wanted: list[dict[str, Any]] | None = None
        self._publish_problem: Problem | None = None
        self._was_there = False
        self._dms: OrderedDict[str, str] = OrderedDict()

    # ------------------------------------------------------------------ life

    async def start(self, submit: Submit) -> None:
        redaction.hide(self._token)
        Route.BASE = self._api
        await self._straight.open()
        self._hearing.submit = submit
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        await self._hearing.restore()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._line.run())
            group.create_task(self._hearing.keep_notes())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        await self._hearing.finish(STOP_WITHIN)
        await self._rest.finish(STOP_WITHIN)
        await self._line.close()
        await self._straight.close()

    def _hear(self, name: str, data: dict[str, Any]) -> None:
        if name == "READY":
            log.info("connected to Discord as %s", data["user"]["username"])
        if name == "READY" and self._wanted is not None:
            self._hearing.backlog.add(self._publish())
        self._hearing.hear(name, data)

    # ------------------------------------------------------------------ what the core asks

    def capabilities(self, where: Where) -> Capabilities:
        return self._rights.capabilities(self._line.client, where)

    def connection(self) -> Connection:
        user = self._line.client.user if self._line.client else None
        problems = [problem for problem in (self._line.problem, self._publish_problem) if problem]
        problems += [Problem("members_unchecked", name) for name in self._hearing.unchecked]
        return Connection(
            connected=self._line.connected,
            account=user.display_name if user else "",
            account_id=str(user.id) if user else "",
            lag=self._line.lag,
            unbroken_since=self._hearing.unbroken_since if self._line.connected else self._clock.now(),
            catching_up=not self._is_there(),
            problems=tuple(problems),
        )

    def _is_there(self) -> bool:
        """Whether it has been told of all its servers since the start."""
        client = self._line.client
        if not self._was_there and client is not None:
            self._was_there = self._line.connected and not any(guild.unavailable for guild in client.guilds)
        return self._was_there

    async def standing(self, where: Where, account: str) -> Standing:
        if where.private:
            return Standing()
        guild = self._guild(where.group)
        if not account.isdecimal():
            return Standing(present=False)
        try:
            return places.standing(await self._rest.whole(guild.fetch_member(int(account))))
        except discord.NotFound as error:
            if error.code in (10007, 10013):  # unknown member, unknown user
                return Standing(present=False)
            raise from_exception(error) from None
        except Exception as error:  # noqa: BLE001 – every one becomes one of the port's
            raise from_exception(error) from None

    async def facts(self, where: Where) -> GroupFacts:
        return places.facts(self._guild(where.group), where)

    async def members(self, where: Where, accounts: Collection[str]) -> frozenset[str]:
        if where.private:
            return frozenset(accounts)
        size = self._guild(where.group).member_count or 0
        return await lookups.members(self._rest, where.group, size, accounts)

    async def votes(self, where: Where, message_id: str) -> Mapping[str, Voted]:
        return await lookups.votes(self._rest, await self._channel(where), message_id)

    async def publish_commands(self, offered: Sequence[Command]) -> None:
        """Registered as soon as there is a connection, and only if Discord has others."""
        self._interactions.offer(offered)
        self._wanted = commands.payload(offered)
        if self._line.client is not None:
            await self._publish()

    async def _publish(self) -> None:
        client = self._line.client
        if client is None or self._wanted is None:
            return
        path = f"/applications/{client.application_id}/commands"
        try:
            registered = await self._rest.call(Route("GET", path), query={"with_localizations": "true"})
            if not commands.same(self._wanted, registered):
                await self._rest.call(Route("PUT", path), self._wanted)
        except ChatError as error:
            log.error("registering commands with Discord failed: %s", error)  # noqa: TRY400
            self._publish_problem = Problem("commands_not_published", str(error))
        else:
            self._publish_problem = None

    async def acknowledge(self, handle: str) -> None:
        await self._interactions.withdraw(Handle.read(handle))

    # ------------------------------------------------------------------ acting

    async def perform(self, outgoing: Outgoing) -> str:
        try:
            return await self._perform(outgoing)
        except ChatError as error:
            if self._was_removed(error, outgoing.where):
                raise Refusal(Reason.GONE, str(error)) from None
            if lacking := self._lacking(error, outgoing):
                raise Refusal(Reason.BAD_MESSAGE, f"may not post {lacking} here") from None
            raise of_operation(error, outgoing.operation) from None
        except Exception as error:
            log.exception("performing %s failed in a way nobody foresaw", outgoing.operation)
            raise from_exception(error) from None

    def _was_removed(self, error: ChatError, where: Where) -> bool:
        """Discord says no more than "missing access" of a server that the bot is no longer in."""
        if self._line.client is None or where.private or not self._line.connected:
            return False
        denied = isinstance(error, Refusal) and error.reason is Reason.NO_RIGHT
        return denied and where.group.isdecimal() and self._known(where.group) is None

    def _lacking(self, error: ChatError, asked: Outgoing) -> str:
        """What of a refused message was one right too many: without it, something can be said there."""
        guild = self._known(asked.where.group)
        denied = isinstance(error, Refusal) and error.reason is Reason.NO_RIGHT
        return places.lacks_right(guild, asked.where, asked.message) if denied and guild else ""

    async def _perform(self, asked: Outgoing) -> str:
        if asked.operation is Operation.SEND:
            return await self._send(asked)
        if asked.operation is Operation.EDIT and asked.message.poll:
            raise Refusal(Reason.BAD_MESSAGE, "Discord lets nobody change a poll")
        if asked.operation is Operation.EDIT and asked.handle:
            return await self._interactions.replace(Handle.read(asked.handle), asked.message)
        if asked.operation is Operation.LEAVE:
            await self._rest.call(Route("DELETE", "/users/@me/guilds/{guild_id}", guild_id=asked.where.group))
            return ""
        path = "/channels/{channel_id}/messages/{message_id}"
        ids = {"channel_id": await self._channel(asked.where), "message_id": asked.message_id}
        if asked.operation is Operation.EDIT:
            png = asked.message.picture.data if asked.message.picture else None
            await self._rest.call(Route("PATCH", path, **ids), outgoing.body(asked.message), png=png)
        elif asked.operation is Operation.DELETE:
            await self._rest.call(Route("DELETE", path, **ids))
        elif asked.operation is Operation.CLOSE_POLL:
            await self._close_poll(ids)
        elif asked.operation is Operation.REACT:
            await self._rest.call(Route("PUT", path + "/reactions/{emoji}/@me", emoji=asked.emoji, **ids))
        else:
            await self._rest.call(Route("PUT", "/channels/{channel_id}/messages/pins/{message_id}", **ids))
        return asked.message_id

    async def _close_poll(self, ids: Mapping[str, str]) -> None:
        with contextlib.suppress(PollOver):
            await self._rest.call(Route("POST", "/channels/{channel_id}/polls/{message_id}/expire", **ids))

    async def _send(self, asked: Outgoing) -> str:
        if asked.handle:
            return await self._interactions.answer(Handle.read(asked.handle), asked.message, asked.nonce)
        audience = asked.message.audience
        if audience.kind is AudienceKind.PERSON and asked.where != Where(self.name, "", audience.account):
            raise Refusal(Reason.BAD_MESSAGE, "unasked, nobody can be written to alone in a channel")
        png = asked.message.picture.data if asked.message.picture else None
        body = outgoing.post(asked.message, asked.nonce)
        channel = await self._channel(asked.where)
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        sent = await self._rest.call(route, body, png=png)
        return str(sent["id"])

    async def _channel(self, where: Where) -> str:
        if where.private:
            return await self._dm(where.channel)
        if where.thread or where.channel:
            return where.thread or where.channel
        channel = places.speaking_channel(self._guild(where.group))
        if not channel:
            raise Refusal(Reason.NO_RIGHT, "there is no channel that I may write in")
        return channel

    async def _dm(self, account: str) -> str:
        if account not in self._dms:
            opened = await self._rest.call(Route("POST", "/users/@me/channels"), {"recipient_id": account})
            self._dms[account] = str(opened["id"])
            while len(self._dms) > DMS_REMEMBERED:
                self._dms.popitem(last=False)
        return self._dms[account]

    def _known(self, group: str) -> discord.Guild | None:
        client = self._line.client
        return client.get_guild(int(group)) if client and group.isdecimal() else None

    def _guild(self, group: str) -> discord.Guild:
        client = self._line.client
        if client is None or not (client.guilds or self._line.connected):
            raise NotSent("not connected")
        guild = self._known(group)
        if guild is None:
            raise Refusal(Reason.GONE, "I am not in that server")
        if guild.unavailable:
            raise RateLimited(5.0)  # an outage of this server alone: nobody else has to wait for it
        return guild
