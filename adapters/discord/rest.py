"""Discord's REST API. Two ways to it: through discord.py, which keeps the rate limits of the bot's token; and, for
answers to interactions, which need no token and may not wait, straight. Every error is one of the port's.
"""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import aiohttp
import discord
from discord.http import Route

from adapters.discord.errors import from_answer, from_exception
from adapters.discord.outgoing import PICTURE
from bot.core.chat import ChatError, NotSent

Json = dict[str, Any]

log = logging.getLogger(__name__)

T = TypeVar("T")

TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)


class Rest:
    """Calls with the bot's token. `client` gives discord.py's client, None while it is not logged in."""

    def __init__(self, client: Callable[[], discord.Client | None]) -> None:
        self._client = client
        self._running: set[asyncio.Task[Any]] = set()

    async def call(self, route: Route, body: Any = None, *, query: Json | None = None, png: bytes | None = None) -> Any:
        """The answer's JSON. Raises ChatError."""
        client = self._client()
        if client is None:
            raise NotSent("not connected")
        return await self.whole(self._request(client, route, body, query, png))

    async def whole(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to its end what calls discord.py: what is cancelled within it may block all later calls."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return await asyncio.shield(task)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, in case nobody waits for it any more

    async def _request(
        self, client: discord.Client, route: Route, body: Any, query: Json | None, png: bytes | None
    ) -> Any:
        how: dict[str, Any] = {"timeout": TIMEOUT}
        if query:
            how["params"] = query
        try:
            if png is None:
                if body is not None:
                    how["json"] = body
                return await client.http.request(route, **how)
            file = discord.File(io.BytesIO(png), PICTURE)
            return await client.http.request(route, files=[file], form=_parts(body, file.fp), **how)
        except Exception as error:  # noqa: BLE001 – every one becomes one of the port's
            raise _told(error) from None

    async def finish(self, seconds: float) -> None:
        """Wait for what is running."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)


class Straight:
    """Calls without the token, for interactions: no queue, no repeating, `seconds` at most."""

    def __init__(self, seconds: float = 10.0) -> None:
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=5)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(timeout=self._timeout, connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(self, method: str, path: str, body: Any = None, *, png: bytes | None = None) -> Any:
        """The answer's JSON, None where there is none. Raises ChatError."""
        if self._session is None:
            raise NotSent("not started")
        how: dict[str, Any] = {"json": body} if body is not None else {}
        if png is not None:
            how = {"data": _form(body, png)}
        try:
            async with self._session.request(method, Route.BASE + path, **how) as response:
                answer = _parsed(await response.text())
                if response.status < 300:
                    return answer
                raise _refused(response, answer)
        except Exception as error:  # noqa: BLE001 – every one becomes one of the port's
            raise _told(error) from None


def _told(error: Exception) -> ChatError:
    if isinstance(error, (TypeError, LookupError, AttributeError)):  # of ours, not the platform's
        log.error("a call to Discord failed in a way nobody foresaw", exc_info=error)
    return from_exception(error)


def _refused(response: aiohttp.ClientResponse, answer: Any) -> ChatError:
    body = answer if isinstance(answer, dict) else {}
    after = body.get("retry_after")
    text = str(body.get("message", ""))[:200]
    everywhere = bool(body.get("global")) or (response.status == 429 and "Via" not in response.headers)
    return from_answer(response.status, int(body.get("code") or 0), text, after, everywhere)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return None


def _parts(body: Any, picture: Any) -> list[dict[str, Any]]:
    return [
        {"name": "payload_json", "value": json.dumps(body)},
        {"name": "files[0]", "value": picture, "filename": PICTURE, "content_type": "image/png"},
    ]


def _form(body: Any, png: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for part in _parts(body, png):
        form.add_field(**part)
    return form
