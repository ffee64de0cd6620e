"""How requests travel to the Bot API: aiohttp, HTTP/1.1, connections kept alive.

What aiohttp raises holds the address, and the address holds the token: so its errors end here, and errors that take
their place are raised outside of the `except`, without them in their context.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, NoReturn

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

CONNECT_TIMEOUT = 10.0  # seconds, waiting for a free connection included
READ_TIMEOUT = 20.0
MOST_CONNECTIONS = 512
KEEP_ALIVE = 30.0  # seconds; shorter than the server's, so that hardly a request meets a connection that just ends
JSON_HEADERS = {"Content-Type": "application/json"}


class NotConnected(NetworkError):
    """The request was never written."""


class FloodWait(TelegramError):
    """429. The library's own RetryAfter warns each time that it is made."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests: retry after {seconds:g} s")
        self.seconds = seconds


class UnreadableAnswer(TelegramError):
    """The answer is no JSON. `payload` is what came: for finding ids in it, not for the log."""

    def __init__(self, payload: bytes) -> None:
        super().__init__("the answer is no JSON")
        self.payload = payload


class AiohttpRequest(BaseRequest):
    """python-telegram-bot's way out to the network. Opens its session at the first request."""

    __slots__ = ("_read_timeout", "_session", "_timeouts", "_urls")

    def __init__(self, read_timeout: float = READ_TIMEOUT) -> None:
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None
        self._urls: dict[str, URL] = {}
        self._timeouts: dict[float, aiohttp.ClientTimeout] = {}

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=300),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept-Encoding", "Accept"),
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body. Of the timeouts only `read_timeout` counts: how long the server may be silent."""
        seconds = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else float(read_timeout or 0)
        body, headers = _body(request_data)
        failure: TelegramError
        try:
            status, answer = await self._exchange(method, url, body, headers, seconds)
        except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            failure = told(error)
        else:
            if status == 429:
                raise FloodWait(_retry_after(answer))
            if status == 413:
                raise BadRequest("Request Entity Too Large")
            return status, answer
        raise failure

    async def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | aiohttp.FormData | None,
        headers: dict[str, str] | None,
        seconds: float,
    ) -> tuple[int, bytes]:
        if self._session is None:
            await self.initialize()
        assert self._session is not None
        address = self._urls.get(url) or self._urls.setdefault(url, URL(url, encoded=True))
        timeout = self._timeouts.get(seconds) or self._timeouts.setdefault(
            seconds, aiohttp.ClientTimeout(total=None, connect=CONNECT_TIMEOUT, sock_read=seconds)
        )
        async with self._session.request(
            method, address, data=body, headers=headers, timeout=timeout, allow_redirects=False
        ) as answer:
            return answer.status, await answer.read()

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """As the library's, but what can't be read is not logged: it may be what people said."""
        try:
            return json.loads(payload)
        except ValueError:
            pass
        raise UnreadableAnswer(payload)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __reduce__(self) -> NoReturn:
        raise TypeError("holds addresses with the token in them")


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str] | None]:
    if data is None:
        return None, None
    if not data.contains_files:
        return json.dumps(data.parameters, separators=(",", ":")).encode(), JSON_HEADERS
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, None


def told(error: BaseException) -> TelegramError:
    """Only what surely happened before the request was written is NotConnected."""
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return NotConnected(f"no connection ({type(error).__name__})")
    if isinstance(error, TimeoutError):
        return TimedOut(f"no answer in time ({type(error).__name__})")
    return NetworkError(f"the connection broke off ({type(error).__name__})")


def _retry_after(answer: bytes) -> float:
    try:
        return float(json.loads(answer)["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return 5.0
