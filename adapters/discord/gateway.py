"""Keeps the line to Discord's gateway open, whatever happens to it.

discord.py parses frames and beats the heart; which connection is opened when is decided here, because its own loop
ignores how many sessions may be begun, ends at a frame it can't read, and may wait for a quarter of an hour.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Coroutine, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any, NoReturn, Protocol

import discord
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import Route

from adapters.discord.budget import IdentifyBudget
from adapters.discord.client import Client, Json, Receive
from bot.core.chat import Problem

log = logging.getLogger(__name__)

REFUSED_TOKEN, MISSING_INTENTS = 4004, 4014
TRY_ELSEWHERE, GIVE_UP_SESSION = 3, 20
"""Failures in a row after which the address that the session came with, and then the session, is no longer used."""
ORDERLY, RESUMABLE = 1000, 4000  # close codes: the session ends, or may be resumed


@dataclass(frozen=True, slots=True)
class Timing:
    """In seconds. A line on which nothing is heard is asked for a sign, then given up."""

    check: float = 5.0
    probe_after: float = 10.0
    dead_after: float = 25.0
    open_within: float = 30.0
    longest_backoff: float = 15.0
    new_session: float = 2.0  # Discord asks for a pause after a session that was declared invalid
    slow: float = 60.0  # between tries that only a person can make succeed


class Backlog(Protocol):
    """What was heard and is not handled yet."""

    @property
    def full(self) -> bool: ...

    async def room(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Session:
    """What is needed to go on where a connection broke off."""

    id: str
    sequence: int | None
    gateway: yarl.URL


class Silent(Exception):
    """Nothing was heard for too long."""


class Line:
    """One bot's connection. `client` is set while its HTTP side can be used, also when the gateway is down."""

    def __init__(
        self,
        token: str,
        receive: Receive,
        budget: IdentifyBudget,
        backlog: Backlog,
        gateway_url: str | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._token = token
        self._receive = receive
        self._budget = budget
        self._backlog = backlog
        self._fixed = yarl.URL(gateway_url) if gateway_url else None
        self._timing = timing or Timing()
        self._gateway = DiscordWebSocket.DEFAULT_GATEWAY
        self._roots: Iterator[str] | None = None
        self._session: Session | None = None
        self._ws: DiscordWebSocket | None = None
        self._opened: DiscordWebSocket | None = None
        self._heard_at = 0.0
        self._failures = 0
        self._closing: set[asyncio.Task[None]] = set()
        self._websocket = _websocket_of(self)
        self.client: Client | None = None
        self.connected = False
        self.problem: Problem | None = None

    # ------------------------------------------------------------------ what others see

    @property
    def lag(self) -> float | None:
        """Seconds since the gateway was last heard."""
        return asyncio.get_running_loop().time() - self._heard_at if self._heard_at else None

    @property
    def mark(self) -> str:
        """Names the event that is being read: the same when Discord sends it again on resuming."""
        return f"{self._ws.session_id}:{self._ws.sequence}" if self._ws else ""

    def heard(self) -> None:
        self._heard_at = asyncio.get_running_loop().time()

    # ------------------------------------------------------------------ life

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                delay = await self._one_connection()
            except Exception:
                log.exception("the line to Discord failed in a way nobody foresaw")
                delay = self._timing.slow
            await asyncio.sleep(delay)

    async def close(self) -> None:
        """After `run` was cancelled."""
        if self._closing:
            await asyncio.wait(self._closing, timeout=5)
        await self._drop_client()

    async def _one_connection(self) -> float:
        """From its beginning to its end; then how long to wait before the next."""
        try:
            await self._connection()
        except Exception as error:  # noqa: BLE001 – whatever ends a connection, the next one follows
            return await self._after(error)

    async def _connection(self) -> NoReturn:
        client = self.client or await self._log_in()
        session = self._session
        if session is None:
            await self._until_identify(client)
        ws = await self._open(client, session)
        await self._hold(client, ws)

    async def _after(self, error: Exception) -> float:
        """What to do about the end of a connection; how long to wait before the next."""
        self._failures += 1
        code = error.code if isinstance(error, discord.ConnectionClosed) else 0
        if isinstance(error, discord.LoginFailure) or code == REFUSED_TOKEN:
            await self._refused()
            return self._timing.slow
        if code == MISSING_INTENTS:
            await self._until_intents()
            return 0.0
        if isinstance(error, ReconnectWebSocket):
            return self._backoff() if error.resume else self._timing.new_session
        self._report(Problem("disconnected"), f"the line to Discord is down ({_named(error)}); trying again")
        if code or self._failures > GIVE_UP_SESSION:
            self._session = None
        return self._timing.slow if code else self._backoff()

    def _backoff(self) -> float:
        return min(self._timing.longest_backoff, 2.0 ** (self._failures - 2)) if self._failures > 1 else 0.0

    def _report(self, problem: Problem, words: str, level: int = logging.WARNING) -> None:
        """Once for each problem in the log; for as long as it lasts in `problem`."""
        if problem != self.problem:
            log.log(level, "%s", words)
        self.problem = problem

    # ------------------------------------------------------------------ logging in

    async def _log_in(self) -> Client:
        client = Client(self._budget.spend, self.receive)
        try:
            await asyncio.wait_for(client.login(self._token), self._timing.open_within)
        except BaseException as error:
            await client.http.close()
            if isinstance(error, discord.NotFound):  # the address may have been given without the end of its path
                self._roots = self._roots or cycle([Route.BASE + end for end in ("/v10", "/api/v10", "")])
                Route.BASE = next(self._roots)
            raise
        self.client = client
        return client

    async def _refused(self) -> None:
        words = "Discord refuses the token. Put a valid one into DISCORD_TOKEN (Developer Portal → Bot → Reset Token)."
        self._report(Problem("token_refused"), words, logging.ERROR)
        self._session = None
        await self._drop_client()

    async def _drop_client(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            await client.close()

    async def _until_intents(self) -> None:
        """Discord tells which switches are off, so a session is begun only when they are on (or after a while)."""
        self._session = None
        for _ in range(15):
            missing = await self._switched_off()
            if missing == []:
                return
            names = ", ".join(missing or ["Server Members Intent", "Message Content Intent"])
            words = f"Switched off: {names}. Switch it on in Discord's Developer Portal → your application → Bot."
            self._report(Problem("missing_intents", names), words, logging.ERROR)
            await asyncio.sleep(self._timing.slow)

    async def _switched_off(self) -> list[str] | None:
        """None when that can't be found out."""
        try:
            assert self.client is not None
            flags = (await self.client.application_info()).flags
        except Exception as error:  # noqa: BLE001 – it is only asked for the sake of a better hint
            log.warning("can't see which intents are switched off (%s)", _named(error))
            return None
        missing = []
        if not (flags.gateway_guild_members or flags.gateway_guild_members_limited):
            missing.append("Server Members Intent")
        if not (flags.gateway_message_content or flags.gateway_message_content_limited):
            missing.append("Message Content Intent")
        return missing

    # ------------------------------------------------------------------ one connection

    async def _until_identify(self, client: Client) -> None:
        """Wait until a new session may be begun, by Discord's count and by ours."""
        while True:
            answer = await client.http.request(Route("GET", "/gateway/bot"))
            self._gateway = self._fixed or yarl.URL(answer["url"])
            limit = answer.get("session_start_limit") or {}  # proxies may leave it out
            wait = (await self._budget.wait()).total_seconds()
            if limit.get("remaining", 1000) <= 1:
                wait = max(wait, limit.get("reset_after", 0) / 1000, 1.0)
            if wait <= 0:
                return
            words = f"too many sessions were begun today; the next one in {wait:.0f} s"
            self._report(Problem("identify_budget", f"{-(-wait // 60):.0f} min"), words)
            await asyncio.sleep(min(wait, self._timing.slow))

    async def _open(self, client: Client, session: Session | None) -> DiscordWebSocket:
        self._opened = None
        try:
            coro = self._websocket.from_client(
                client,
                gateway=session.gateway if session and self._failures <= TRY_ELSEWHERE else self._gateway,
                session=session.id if session else None,
                sequence=session.sequence if session else None,
                resume=session is not None,
            )
            return await asyncio.wait_for(coro, self._timing.open_within)
        except BaseException:
            if self._opened is not None:
                self._discard(self._opened, RESUMABLE)
            raise

    async def _hold(self, client: Client, ws: DiscordWebSocket) -> NoReturn:
        self._ws = client.ws = ws
        self.heard()
        code = ORDERLY  # unless the connection ends by itself
        tasks = {asyncio.create_task(self._poll(ws)), asyncio.create_task(self._watch(ws))}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            code = RESUMABLE
            for task in done:
                task.result()
            raise Silent
        finally:
            for task in tasks:
                task.cancel()
            self.connected = False
            self._session = Session(ws.session_id, ws.sequence, self._fixed or ws.gateway) if ws.session_id else None
            self._discard(ws, code)
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _poll(self, ws: DiscordWebSocket) -> NoReturn:
        while True:
            await ws.poll_event()
            if self._backlog.full:  # what is not read now, Discord keeps for a while
                log.warning("events come faster than they are stored; reading pauses")
                await self._backlog.room()

    async def _watch(self, ws: DiscordWebSocket) -> NoReturn:
        opened = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(self._timing.check)
            now = asyncio.get_running_loop().time()
            if self._backlog.full:
                self.heard()
            silent = now - self._heard_at
            if silent > self._timing.dead_after or (not self.connected and now - opened > self._timing.open_within):
                raise Silent
            if silent > self._timing.probe_after and ws._keep_alive:
                await asyncio.wait_for(ws.send_heartbeat(ws._keep_alive.beat()), self._timing.probe_after)

    def receive(self, name: str, data: Json) -> None:
        """Every event passes here first."""
        if name in ("READY", "RESUMED"):
            self._failures, self.connected, self.problem = 0, True, None
        self._receive(name, data)

    def opened(self, ws: DiscordWebSocket) -> None:
        self._opened = ws

    def _discard(self, ws: DiscordWebSocket, code: int) -> None:
        """Close in the background: a dead line would keep us waiting for its farewell."""
        task = asyncio.get_running_loop().create_task(_within(ws.close(code), 4.0))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _within(work: Coroutine[Any, Any, None] | Awaitable[None], seconds: float) -> None:
    try:
        await asyncio.wait_for(work, seconds)
    except Exception as error:  # noqa: BLE001 – it is given up anyway
        log.debug("closing a connection failed (%s)", type(error).__name__)


def _named(error: Exception) -> str:
    """No more than the kind of error: its words may hold an address with a token."""
    code = getattr(error, "status", None) or (error.code if isinstance(error, discord.ConnectionClosed) else None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, IndexError)


def _websocket_of(line: Line) -> type[DiscordWebSocket]:
    """discord.py's WebSocket, which tells the line that it hears, and passes over a frame that it can't read."""

    class WebSocket(DiscordWebSocket):
        def __init__(self, socket: Any, *, loop: asyncio.AbstractEventLoop) -> None:
            super().__init__(socket, loop=loop)
            line.opened(self)

        async def received_message(self, msg: Any, /) -> None:
            line.heard()
            try:
                await super().received_message(msg)
            except _UNREADABLE:
                log.exception("a frame of the gateway could not be read; it is passed over")

    return WebSocket
