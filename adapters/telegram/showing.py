"""Sends and changes messages; what a server or a group doesn't take is said in words."""

from __future__ import annotations

from typing import Any

from telegram.error import BadRequest

from adapters.telegram import outgoing
from adapters.telegram.api import Api
from adapters.telegram.errors import has_no_text, knows_no_times, takes_no_pictures
from bot.core.clock import Clock
from bot.core.messages import Message

UPLOAD_TIMEOUT = 60.0  # seconds


class Showing:
    """Raises the library's errors."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._shows_times = True  # until the server says that it can't

    async def post(self, message: Message, place: outgoing.Parameters) -> Any:
        """The message as Telegram tells it."""
        try:
            return await self._call(outgoing.posting(message, self._clock.now()), message, place)
        except BadRequest as error:
            if message.picture is None or not takes_no_pictures(error):
                raise
        return await self.post(outgoing.in_words(message), place)

    async def change(self, message: Message, which: outgoing.Parameters) -> None:
        try:
            await self._call(outgoing.editing(message), message, which)
        except BadRequest as error:
            if message.picture is None and has_no_text(error):
                call = outgoing.editing_caption(message)
            elif message.picture is not None and takes_no_pictures(error):
                message = outgoing.in_words(message)
                call = outgoing.editing(message)
            else:
                raise
            await self._call(call, message, which)

    async def _call(self, call: outgoing.Call, message: Message, place: outgoing.Parameters) -> Any:
        timeout = UPLOAD_TIMEOUT if message.picture else None
        if not any(span.moment for span in message.text):
            return await self._api.call(call.method, place | call.parameters, timeout)
        if self._shows_times:
            try:
                return await self._api.call(call.method, place | call.parameters, timeout)
            except BadRequest as error:
                if not knows_no_times(error):
                    raise
                self._shows_times = False
        return await self._api.call(call.method, place | outgoing.without_times(call.parameters), timeout)
