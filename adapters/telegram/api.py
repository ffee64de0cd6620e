"""python-telegram-bot's `Bot`, without its traps: no token in logs or repr, the hot calls without building objects."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from telegram import Bot

from adapters.telegram.lenient import completed_answer
from adapters.telegram.transport import READ_TIMEOUT, AiohttpRequest

# The library's own logger tells addresses (with the token in them) and everything that people say, at DEBUG.
_quiet = logging.getLogger(f"{__name__}.calls")
_quiet.setLevel(logging.INFO)

LOOK_UP_TIMEOUT = 5.0  # seconds; the engine waits no longer either


class Api(Bot):
    """The Bot API for one token. Raises `telegram.error`s; `errors.translate` makes them the port's."""

    _LOGGER = _quiet
    __slots__ = ()

    def __init__(self, token: str, url: str, read_timeout: float = READ_TIMEOUT) -> None:
        root = url.rstrip("/").removesuffix("/bot")  # some write it as the library's base_url
        super().__init__(
            token,
            base_url=lambda key: f"{root}/bot{key}",
            base_file_url=lambda key: f"{root}/file/bot{key}",
            request=AiohttpRequest(read_timeout),
            # Polling has connections of its own: stalled sends can never keep it from one.
            get_updates_request=AiohttpRequest(),
        )

    async def call(self, method: str, parameters: Mapping[str, Any], read_timeout: float | None = None) -> Any:
        """The raw `result`. Building the library's Message of every answer would cost more than all the rest."""
        if read_timeout is None:
            return await self._post(method, dict(parameters))
        return await self._post(method, dict(parameters), read_timeout=read_timeout)

    async def _post(self, endpoint: str, *args: Any, **kwargs: Any) -> Any:
        return completed_answer(endpoint, await super()._post(endpoint, *args, **kwargs))

    async def close_connections(self) -> None:
        """At the end; a later call would open new ones."""
        for request in self._request:
            await request.shutdown()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"
