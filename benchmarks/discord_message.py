"""One Discord message: a frame of the gateway → committed effects, beside discord.py by itself.

Both are connected to the loopback Discord; the frames are handed to their WebSockets out of memory.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.adapter import DiscordChat
from adapters.discord.budget import Allowance
from benchmarks.measuring import CpuTime, Figure, Round, side_by_side
from benchmarks.programs import running, serving
from benchmarks.telegram_line import WORDS
from bot.bootstrap import Program
from bot.core.clock import SystemClock
from bot.core.feature import Feature
from bot.features import ALL
from tests.servers.discord import DiscordWorld, Guild

Json = dict[str, Any]
MESSAGES, ROUNDS, AT_ONCE = 2000, 7, 100
INTENTS = discord.Intents(guilds=True, members=True, guild_messages=True, message_content=True)


class Frames:
    """MESSAGE_CREATE as Discord writes it, each with an id of its own."""

    def __init__(self, guild: Guild) -> None:
        self._guild = str(guild.id)
        self._channels = [str(channel.id) for channel in guild.channels.values()]
        self._number = count(1)

    def more(self) -> list[str]:
        return [self._frame(next(self._number)) for _ in range(MESSAGES)]

    def _frame(self, number: int) -> str:
        author: Json = {"id": str(700_000_000_000_000_000 + number % 500), "username": "ayul", "global_name": "Ayu"}
        author |= {"discriminator": "0", "avatar": "3f1d0a1c2b", "public_flags": 0, "clan": None}
        member: Json = {"roles": [], "nick": None, "joined_at": "2025-03-01T04:00:00.000000+00:00", "mute": False}
        member |= {"deaf": False, "premium_since": None, "pending": False, "flags": 0, "avatar": None}
        data: Json = {"id": str(1_450_000_000_000_000_000 + (number << 12)), "type": 0, "guild_id": self._guild}
        data |= {"channel_id": self._channels[number % len(self._channels)], "author": author, "member": member}
        data |= {"content": WORDS[number % len(WORDS)], "tts": False, "pinned": False}
        data |= {"timestamp": datetime.now(UTC).isoformat(), "edited_timestamp": None, "flags": 0, "nonce": None}
        data |= {name: [] for name in ("mentions", "mention_roles", "attachments", "embeds", "components")}
        data |= {"mention_everyone": False, "channel_type": 0}
        return json.dumps({"t": "MESSAGE_CREATE", "s": 1000 + number, "op": 0, "d": data})


class Alone(discord.Client):
    """discord.py with one handler that does nothing."""

    heard = 0

    async def on_message(self, message: discord.Message) -> None:
        self.heard += 1


@asynccontextmanager
async def library(dc: DiscordWorld) -> AsyncIterator[Alone]:
    Route.BASE = dc.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(dc.gateway_url)
    client = Alone(intents=INTENTS)
    task = asyncio.create_task(client.start(dc.token))
    while not client.is_ready():
        await asyncio.sleep(0.02)
    yield client
    await client.close()
    await task


@asynccontextmanager
async def guyub(
    dc: DiscordWorld, guild: Guild, features: Sequence[Feature] = ALL
) -> AsyncIterator[tuple[DiscordChat, Program]]:
    kept: dict[str, str] = {}

    async def load(key: str) -> str:
        return kept.get(key, "")

    async def save(key: str, value: str) -> None:
        kept[key] = value

    chat = DiscordChat(
        dc.token, dc.api_url, dc.gateway_url, clock=SystemClock(), load_state=load, save_state=save,
        allowance=Allowance(free=1000, per_day=2000),
    )  # fmt: skip
    async with running({"discord": chat}, serving({"discord": [guild.id]}), features=features) as program:
        while not chat.connection().connected:
            await asyncio.sleep(0.02)
        yield chat, program


def of_library(client: Alone, frames: Frames) -> Round:
    async def measure() -> float:
        some, until = frames.more(), client.heard + MESSAGES
        assert isinstance(client.ws, DiscordWebSocket)
        with CpuTime() as cpu:
            for number, frame in enumerate(some):
                await client.ws.received_message(frame)
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
            while client.heard < until:
                await asyncio.sleep(0)
        return cpu.seconds

    return measure


def of_guyub(chat: DiscordChat, program: Program, frames: Frames) -> Round:
    async def measure() -> float:
        some = frames.more()
        socket = chat._line._ws
        assert socket is not None
        with CpuTime() as cpu:
            for number, frame in enumerate(some):
                await socket.received_message(frame)
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
            await chat._hearing.backlog.finish(30)
        return cpu.seconds

    return measure


async def run(full: bool) -> list[Figure]:
    logging.getLogger("discord").setLevel(logging.WARNING)
    async with DiscordWorld.start() as dc:
        guild = await dc.add_guild("Kopi", channels=["general", "kopi", "resep"])
        frames = Frames(guild)
        async with (
            library(dc) as client,
            guyub(dc, guild, features=()) as (bare, recording),
            guyub(dc, guild) as (whole, hearing),
        ):
            before = recording.engine.handled
            taken = await side_by_side(
                ROUNDS,
                {
                    "library": of_library(client, frames),
                    "recorded": of_guyub(bare, recording, frames),
                    "heard": of_guyub(whole, hearing, frames),
                },
            )
            assert recording.engine.handled - before >= MESSAGES * (ROUNDS + 1)
    alone, recorded, heard = (value / MESSAGES * 1e6 for value in taken.values())
    on, target = "discord.py alone", "≤ 1.5×"
    return [
        Figure("Discord message, recorded", recorded, "µs", alone, on, target, recorded <= 1.5 * alone),
        Figure("… with all features", heard, "µs", alone, on, target, heard <= 1.5 * alone),
    ]
