"""A real discord.py client that remembers what it was told, for the tests of this server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import app_commands

from .client import DiscordWorld

WITHIN = 5.0


class Bot(discord.Client):
    """`told` holds each event with its first argument, in order. `tree` is for commands to try."""

    def __init__(self, intents: discord.Intents | None = None, **how: Any) -> None:
        granted = intents or discord.Intents.all()
        granted.presences = False
        super().__init__(intents=granted, allowed_mentions=discord.AllowedMentions.none(), **how)
        self._connection.guild_ready_timeout = 0.05
        self.told: list[tuple[str, Any]] = []
        self.tree = app_commands.CommandTree(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library waits 5 s before it identifies again; this server need not be spared."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        if event != "socket_event_type":
            self.told.append((event, args[0] if args else None))
        super().dispatch(event, *args, **kwargs)

    def heard(self, event: str) -> list[Any]:
        return [what for name, what in self.told if name == event]

    async def hears(self, event: str, count: int = 1) -> Any:
        """The newest event of that name, once there are so many."""
        async with asyncio.timeout(WITHIN):
            while len(self.heard(event)) < count:
                await asyncio.sleep(0.005)
        return self.heard(event)[-1]


@asynccontextmanager
async def running(dc: DiscordWorld, bot: Bot | None = None) -> AsyncIterator[Bot]:
    bot = bot or Bot()
    task = asyncio.create_task(bot.start(dc.token))
    try:
        await bot.hears("ready")
        yield bot
    finally:
        await bot.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def text_channel(bot: Bot, id: int) -> discord.TextChannel:
    channel = bot.get_channel(id)
    assert isinstance(channel, discord.TextChannel)
    return channel
