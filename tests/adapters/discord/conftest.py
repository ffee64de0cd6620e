"""A Discord of our own, the adapter connected to it, and somebody who takes down what the engine is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.discord.adapter import DiscordChat
from adapters.discord.budget import Allowance
from adapters.discord.gateway import Timing
from bot.core.chat import Operation, Outgoing
from bot.core.events import Where
from bot.core.messages import Message
from tests.adapters.ears import Ears, State, connected, until
from tests.servers.discord import Channel, DiscordWorld, Guild, Person
from tests.servers.discord.client import ROOT

QUICK = Timing(
    check=0.05, probe_after=0.1, dead_after=0.4, open_within=3.0, longest_backoff=0.2, new_session=0.01, slow=0.05
)


@dataclass
class Clock:
    """Stands wherever it is put; real time by default."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Bot:
    """Makes adapters for one world; they share the state that outlives them."""

    dc: DiscordWorld
    ears: Ears = field(default_factory=Ears)
    state: State = field(default_factory=State)
    clock: Clock = field(default_factory=Clock)

    def chat(self, *, token: str = "", **how: Any) -> DiscordChat:
        """Not started."""
        chosen: dict[str, Any] = {"allowance": Allowance(free=1000, per_day=2000), "timing": QUICK} | how
        return DiscordChat(
            token or self.dc.token,
            self.dc.api_url,
            self.dc.gateway_url,
            clock=self.clock,
            load_state=self.state.load,
            save_state=self.state.save,
            **chosen,
        )

    @asynccontextmanager
    async def runs(self, **how: Any) -> AsyncIterator[DiscordChat]:
        """Started and connected until the block ends."""
        chat = self.chat(**how)
        await chat.start(self.ears.submit)
        try:
            await connected(chat)
            await until(lambda: not any(guild.unavailable for guild in chat._line.client.guilds))  # type: ignore[union-attr]
            yield chat
        finally:
            await chat.stop()


def where_is(place: Guild | Channel | Person) -> Where:
    if isinstance(place, Guild):
        return Where("discord", str(place.id), "")
    if isinstance(place, Person):
        return Where("discord", "", str(place.id))
    return Where("discord", str(place.guild), str(place.id))


Place = Guild | Channel | Person | Where


def sending(place: Place, message: Message, nonce: str = "n-1", handle: str = "") -> Outgoing:
    where = place if isinstance(place, Where) else where_is(place)
    return Outgoing(Operation.SEND, where, message, nonce, handle=handle)


@pytest.fixture(scope="session")
def discord_process() -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "tests.servers.discord", "--until-stdin-closes"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.stdin.close()


@pytest.fixture
async def dc(discord_process: dict[str, str]) -> AsyncIterator[DiscordWorld]:
    """An empty world."""
    addresses = discord_process
    async with DiscordWorld.connect(addresses["api_url"], addresses["gateway_url"], addresses["token"]) as world:
        await world.begin_anew()
        yield world
        await world.check()


@pytest.fixture
def bot(dc: DiscordWorld) -> Bot:
    return Bot(dc)


@pytest.fixture
def ears(bot: Bot) -> Ears:
    return bot.ears


@pytest.fixture
async def kopi(dc: DiscordWorld) -> Guild:
    return await dc.add_guild("Kopi", channels=["general", "helpers"])


@pytest.fixture
async def chat(bot: Bot, kopi: Guild) -> AsyncIterator[DiscordChat]:
    async with bot.runs() as chat:
        yield chat
