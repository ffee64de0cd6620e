"""The control side for tests: starts the server and speaks to it as people do."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import aiohttp

from .handles import Act, Channel, Guild, Person
from .seen import Answer, Json, Posted
from .trouble import Trouble

ROOT = Path(__file__).resolve().parents[3]
READY_WITHIN = 20.0
DEFAULT_TOKEN = "loopback.discord.token"
T = TypeVar("T")


class OrderRefused(AssertionError):
    """The server says that people could not do this: no such button, say."""


class ServerBroken(AssertionError):
    """The loopback server itself raised; the text is its traceback."""


class DiscordWorld:
    """One loopback Discord. `api_url`, `gateway_url` and `token` are for the bot; `trouble` orders faults.

    async with DiscordWorld.start() as dc:
        kopi = await dc.add_guild("Kopi", channels=["general"])
        ayu = await dc.person("Ayu")
        await ayu.joins(kopi)
        assert "Ayu" in (await dc.eventually(lambda: dc.posts(kopi)))[0].text
    """

    def __init__(self, api_url: str, gateway_url: str, token: str, http: aiohttp.ClientSession) -> None:
        self.api_url = api_url
        self.gateway_url = gateway_url
        self.token = token
        self.trouble = Trouble(self)
        self._http = http
        self._control = api_url.removesuffix("/api/v10") + "/_/"

    @classmethod
    @asynccontextmanager
    async def start(cls, token: str = DEFAULT_TOKEN) -> AsyncIterator[DiscordWorld]:
        """Run the server as its own process on a free port until the block ends, whatever becomes of the bot.

        Raises ServerBroken at the end if the server had a fault of its own.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.servers.discord", "--token", token, "--until-stdin-closes",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            ready = json.loads(await asyncio.wait_for(process.stdout.readline(), READY_WITHIN))
            async with cls.connect(ready["api_url"], ready["gateway_url"], ready["token"]) as world:
                yield world
                await world.check()
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.wait()

    @classmethod
    @asynccontextmanager
    async def connect(cls, api_url: str, gateway_url: str, token: str) -> AsyncIterator[DiscordWorld]:
        """Control a server that already runs."""
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout()
        ) as http:
            yield cls(api_url, gateway_url, token, http)

    async def begin_anew(self) -> None:
        """Forget everything, for the next test on the same process."""
        await self.order("begin_anew")

    async def check(self) -> None:
        """Raise ServerBroken if the server had a fault of its own."""
        broken = (await self.stats()).server_errors
        if broken:
            raise ServerBroken("\n".join(broken))

    async def order(self, verb: str, **arguments: Any) -> Json:
        """Call a control verb by name (`control/`). Raises OrderRefused."""
        async with self._http.post(self._control + verb, json=arguments) as response:
            body: Json = await response.json()
        if response.status != 200:
            raise OrderRefused(f"{verb}: {body.get('error')}")
        return body

    async def add_guild(self, name: str, channels: list[str] | None = None, **how: Any) -> Guild:
        """A guild with the bot in it. `how`: member_count, screening, locale, with_bot."""
        made = await self.order("add_guild", name=name, channels=channels, **how)
        rooms = {title: Channel(self, id, title, made["id"]) for title, id in made["channels"].items()}
        return Guild(self, made["id"], name, rooms, Person(self, made["owner"], f"owner of {name}"))

    async def person(self, name: str, **how: Any) -> Person:
        """Somebody. `how`: username, locale (en-US), bot, dms_open."""
        return Person(self, (await self.order("person", name=name, **how))["id"], name)

    async def posts(self, guild: Guild | None = None) -> list[Posted]:
        """The bot's messages that others can see, oldest first; deleted ones are left out."""
        found = await self.order("posts", guild=None if guild is None else guild.id)
        return [Posted.of(message) for message in found["messages"]]

    async def answers(self, acts: Iterable[Act]) -> list[Answer]:
        """What the invokers of many interactions see at this moment."""
        told = {found["id"]: found for found in (await self.order("interactions_of"))["interactions"]}
        return [Answer.of(told[act.id]) for act in acts]

    @asynccontextmanager
    async def gateway_away(self, *, resumable: bool = False) -> AsyncIterator[None]:
        """Until the block ends the bot hears nothing, and then only what a resumed session is told again."""
        await self.trouble.refuses_gateway(3600)
        await (self.trouble.closes_gateway() if resumable else self.trouble.invalidates_session())
        await self.eventually(self._nobody_connected)
        try:
            yield
        finally:
            await self.trouble.refuses_gateway(0)

    async def _nobody_connected(self) -> bool:
        return not await self._connections()

    async def stats(self) -> Any:
        """The counters of `control/truth.py: stats`, as attributes."""
        return SimpleNamespace(**await self.order("stats"))

    async def requests(self, pattern: str = "**", since: float = 0.0) -> list[Json]:
        """REST calls, by `METHOD /path` (`*` one segment, `**` anything): at, method, path, status."""
        found: list[Json] = (await self.order("requests", pattern=pattern, since=since))["requests"]
        return found

    async def commands(self, guild: Guild | None = None) -> list[Json]:
        """The application commands that the bot registered, globally or in a guild."""
        found: list[Json] = (await self.order("commands", guild=None if guild is None else guild.id))["commands"]
        return found

    async def pass_time(self, seconds: float) -> None:
        """Move Discord's clock ahead."""
        await self.order("pass_time", seconds=seconds)

    async def eventually(self, look: Callable[[], Awaitable[T | None]], *, within: float = 5.0) -> T:
        """Look again and again until what is seen is truthy. Raises TimeoutError with what was seen last."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + within
        while True:
            seen = await look()
            if seen:
                return seen
            if loop.time() > ends:
                raise TimeoutError(f"not within {within} s; last seen: {seen!r}")
            await asyncio.sleep(0.01)

    async def connected(self, *, within: float = 10.0) -> None:
        """Wait until a bot's gateway session is up."""
        await self.eventually(lambda: self._connections(), within=within)

    async def _connections(self) -> int:
        return int((await self.stats()).connected)
