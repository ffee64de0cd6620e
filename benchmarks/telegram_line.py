"""Answers of the Bot API out of memory: what the network would have brought, without the network."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterable
from itertools import islice
from typing import Any

from telegram.request import BaseRequest, RequestData

from adapters.telegram.adapter import TelegramChat
from bot.core.clock import SystemClock

TOKEN = "123456789:AAExample-benchmarks"
AT_ONCE = 100  # updates in one answer, as many as Telegram gives
KNOWN: dict[str, Any] = {
    "getMe": {"id": 123456789, "is_bot": True, "first_name": "Guyub", "username": "guyub_bot"},
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "setMyCommands": True,
}


WORDS = (
    "Kopi pagi ini enak sekali, aku mau ke pasar dulu ya",
    "Siap, ketemu di sana jam sepuluh",
    "Kemarin saya coba biji dari Gayo, manis dan tidak terlalu asam",
    "Wah enak banget, ada yang tau beli di mana?",
)
"""What people say, one in four a question."""


def message(number: int, group: int, date: int) -> Any:
    """An update as Telegram writes it: somebody says something in a supergroup, at a time in seconds since 1970."""
    someone = {"id": 1_000_000 + number % 500, "is_bot": False, "first_name": "Ayu", "last_name": "Lestari"}
    chat = {"id": group, "title": "Kopi Nusantara", "username": "kopinusantara", "type": "supergroup"}
    said = {"message_id": number, "from": someone | {"username": "ayul", "language_code": "id"}, "chat": chat}
    return {"update_id": number, "message": said | {"date": date, "text": WORDS[number % len(WORDS)]}}


def messages(first: int, count: int, groups: list[int]) -> list[bytes]:
    """So many messages, round robin over the groups, all of this second."""
    now = int(time.time())
    return [json.dumps(message(first + n, groups[n % len(groups)], now)).encode() for n in range(count)]


def answer(updates: Iterable[bytes]) -> bytes:
    """As getUpdates gives them."""
    return b'{"ok":true,"result":[' + b",".join(updates) + b"]}"


class Replay(BaseRequest):
    """Keeps updates until they are confirmed, as Telegram does; `finish` returns when all are."""

    __slots__ = ("_confirmed", "_first", "_more", "_waiting")

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._first = 0  # the id of the first that waits
        self._more = asyncio.Event()
        self._confirmed = asyncio.Event()

    async def finish(self, updates: list[bytes], first: int) -> None:
        """`first`: the id of the first of them; the others follow it."""
        self._waiting.extend(updates)
        self._first = first
        self._confirmed.clear()
        self._more.set()
        await self._confirmed.wait()

    @property
    def read_timeout(self) -> float:
        return 20.0

    async def initialize(self) -> None: ...
    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        if name == "getUpdates":
            return 200, await self._updates(request_data)
        if name not in KNOWN:
            return 400, b'{"ok": false, "error_code": 400, "description": "Bad Request: chat not found"}'
        return 200, json.dumps({"ok": True, "result": KNOWN[name]}).encode()

    async def _updates(self, data: RequestData | None) -> bytes:
        asked = data.parameters if data else {}
        while self._waiting and self._first < int(str(asked.get("offset") or 0)):
            self._waiting.popleft()
            self._first += 1
        if not self._waiting:
            self._confirmed.set()
        while not self._waiting and asked.get("timeout"):
            self._more.clear()
            await self._more.wait()
        return answer(islice(self._waiting, AT_ONCE))


class NothingKept:
    """Forgets what an adapter wants to keep over restarts."""

    async def load(self, key: str) -> str:
        return ""

    async def save(self, key: str, value: str) -> None: ...


nothing_kept = NothingKept()


def chat_on(replay: Replay) -> TelegramChat:
    """Guyub's Telegram, whole but for the network."""
    chat = TelegramChat(TOKEN, load_state=nothing_kept.load, save_state=nothing_kept.save, clock=SystemClock())
    chat._api._request = (replay, replay)
    return chat
