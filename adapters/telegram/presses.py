"""Each press is answered exactly once: until then the button looks busy, and Telegram takes no second answer."""

from __future__ import annotations

from collections import OrderedDict

from telegram.error import TelegramError

from adapters.telegram.api import Api
from adapters.telegram.errors import translate
from bot.core.chat import NotSent, Reason, Refusal, Unauthorised

_REMEMBERED = 4096
_GLANCE = 80  # characters; a longer note stays until it is dismissed


class Presses:
    def __init__(self, api: Api) -> None:
        self._api = api
        self._answered: OrderedDict[str, None] = OrderedDict()

    async def acknowledge(self, query: str) -> None:
        """Only take note of the press. One that is too old is nobody's concern."""
        try:
            await self.tell(query, "")
        except Refusal as refusal:
            if refusal.reason is not Reason.TOO_LATE:
                raise

    async def tell(self, query: str, text: str) -> None:
        """Show a note to whoever pressed; raise Refusal(TOO_LATE) if the press was answered or is too old."""
        if query in self._answered:
            raise Refusal(Reason.TOO_LATE, "the press was answered already")
        self._answered[query] = None
        while len(self._answered) > _REMEMBERED:
            self._answered.popitem(last=False)
        answer = {"callback_query_id": query}
        failure = None
        try:
            await self._api.call(
                "answerCallbackQuery", answer | {"text": text, "show_alert": len(text) > _GLANCE} if text else answer
            )
        except TelegramError as error:
            failure = translate(error)
        if isinstance(failure, NotSent | Unauthorised):
            self._answered.pop(query, None)
        if failure is not None:
            raise failure
