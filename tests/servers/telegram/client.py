"""The tests' side of the loopback Telegram: starts the process, orders faults, reads the truth."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.servers.telegram.handles import Group, Person

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[3]
ANY_ANSWER = aiohttp.ClientTimeout(total=None)


class WorldError(AssertionError):
    """What a test asked for can't be done, or did not happen in time; the text says what there is instead."""


class TelegramWorld:
    """A running server. `url` is TELEGRAM_API_URL, `base_url` is for python-telegram-bot, `token` the bot's."""

    def __init__(self, ready: Json, http: aiohttp.ClientSession, pid: int) -> None:
        self.url: str = ready["url"]
        self.base_url: str = ready["base_url"]
        self.token: str = ready["token"]
        self.bot_id: int = ready["bot_id"]
        self.username: str = ready["username"]
        self.pid = pid
        self._http = http

    @classmethod
    @asynccontextmanager
    async def start(cls, *options: str) -> AsyncIterator[TelegramWorld]:
        """Starts it on a free port, with `options` of `python -m tests.servers.telegram`; ends it at the end."""
        command = [sys.executable, "-m", "tests.servers.telegram", "--with-stdin", *options]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            line = await process.stdout.readline()
            if not line:
                raise WorldError("the loopback Telegram did not start; see its standard error")
            connector = aiohttp.TCPConnector(limit=0)
            async with aiohttp.ClientSession(timeout=ANY_ANSWER, connector=connector) as http:
                yield cls(json.loads(line), http, process.pid)
        finally:
            process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), 5)
            except TimeoutError:
                process.kill()
                await process.wait()

    async def ask(self, action: str, **words: Any) -> Any:
        """One control action; raises WorldError with the server's own words."""
        given = {name: value for name, value in words.items() if value is not None}
        async with self._http.post(f"{self.url}/_/{action}", json=given) as answer:
            body = await answer.json()
        if not body["ok"]:
            raise WorldError(body["error"])
        return body["result"]

    # ------------------------------------------------------------- who and where
    async def add_group(self, title: str, kind: str = "supergroup", bot: str = "admin", **words: Any) -> Group:
        """`kind`: group, supergroup, forum, channel. `bot`: admin (with `rights=[…]`), member, restricted, absent.

        Further words: id, username, owner, announce (tell the bot that it was added), unseen_members,
        join_by_request, hidden_members, permissions={right: bool}, linked (a channel's id).
        """
        made = await self.ask("group", title=title, kind=kind, bot=bot, **words)
        return Group(self, made["id"], title)

    async def person(self, name: str, *, language_code: str | None = None, **words: Any) -> Person:
        """Further words: id, last_name, username, is_bot, is_premium, deactivated."""
        made = await self.ask("person", first_name=name, language_code=language_code, **words)
        return Person(self, made["id"], name)

    async def set_privacy(self, on: bool) -> None:
        """Privacy mode hides ordinary group messages from a bot that is no admin; on is Telegram's default."""
        await self.ask("bot", token=self.token, privacy=on)

    async def update(self, update: Json | None = None, *, raw: str | None = None) -> int:
        """Queues an update as it is, or literal text where an update should be; returns its update_id."""
        return int(await self.ask("update", update=update, raw=raw))

    # ------------------------------------------------------------- what goes wrong
    async def fault(self, method: str = "*", *, kind: str = "status", **words: Any) -> None:
        """The next `times` (1; 0 for all) calls fail: status, stall, reset, malformed, drop.

        `status` (500) or `retry_after` (a 429); `when`: "before" or "after" the effect; `skip`: let so many pass first;
        `seconds` of a stall (0: until released); `chat_id`; `description`.
        """
        await self.ask("fault", method=method, kind=kind, **words)

    async def clear_faults(self) -> None:
        """Ends all faults and lets go of calls that stand still."""
        await self.ask("clear_faults")

    async def release(self) -> None:
        """Lets go of calls that stand still."""
        await self.ask("release")

    async def limits(self, per_second: int = 0, per_chat_second: int = 0, per_group_minute: int = 0) -> None:
        """Real 429s in sliding windows; 0 is no limit."""
        words = {"per_second": per_second, "per_chat_second": per_chat_second, "per_group_minute": per_group_minute}
        await self.ask("limits", **words)

    async def advance(self, seconds: float) -> None:
        """Telegram's own clock runs ahead: polls close, presses grow old."""
        await self.ask("clock", seconds=seconds)

    # ------------------------------------------------------------- what happened
    async def messages(self, **choice: Any) -> list[Json]:
        """Everywhere: `by` ("bot", "people"), `pattern`, `after` (an id), `deleted`, `service`; see truth.shown."""
        return list(await self.ask("messages", **choice))

    async def requests(self, method: str | None = None, after: int = 0) -> list[Json]:
        """The log: at, method, params, status, answer, fault, seconds. getUpdates only when named."""
        return list(await self.ask("requests", method=method, after=after))

    async def stats(self) -> Json:
        """Counts, rates, 429s, and how far updates were confirmed."""
        return dict(await self.ask("stats"))

    async def duplicates(self) -> list[Json]:
        """What the bot said twice."""
        return list(await self.ask("duplicates"))

    async def menus(self) -> list[Json]:
        """The command menus that the bot published."""
        return list(await self.ask("commands"))

    async def wait(self, what: str, *, count: int = 1, timeout: float = 5, **words: Any) -> Any:
        """Until one of the conditions in waiting.py holds: messages, requests, confirmed, held, answer, fed …"""
        return await self.ask("wait", what=what, count=count, timeout=timeout, **words)
