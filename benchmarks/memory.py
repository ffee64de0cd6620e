"""Memory and the start: both platforms and storage ready and idle; what each further group and guild takes."""

from __future__ import annotations

import asyncio
import gc
import tempfile
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from benchmarks.measuring import Figure
from benchmarks.processes import bot
from benchmarks.programs import running
from benchmarks.telegram_line import Replay, chat_on, messages
from bot.config.model import Config
from tests.servers.discord import DiscordWorld
from tests.servers.telegram import TelegramWorld

GUILDS, MEMBERS = 2500, 200  # `MEMBERS`: how many Discord says there are in each
GROUPS = 20_000
SETTLED = 2.0  # seconds until what is told at the start has been taken in


async def run(full: bool) -> list[Figure]:
    return [*await _idle(), *await _guilds(), await _groups()]


async def _idle() -> list[Figure]:
    async with bot("imports") as libraries:
        beside, beside_cpu = libraries.memory / 2**20, libraries.cpu
    async with TelegramWorld.start() as tg, DiscordWorld.start() as dc:
        await dc.add_guild("Kopi")
        with tempfile.TemporaryDirectory() as folder:
            given: dict[str, Any] = _discord(dc) | {"telegram": {"token": tg.token, "url": tg.url}}
            given |= {"database": str(Path(folder) / "guyub.db")}
            async with bot("guyub", **given) as guyub:
                first = guyub.cpu
            async with bot("guyub", **given) as guyub:
                cpu = guyub.cpu
                await asyncio.sleep(SETTLED)
                rss = guyub.memory / 2**20
    on = "python-telegram-bot, discord.py, SQLModel imported"
    return [
        Figure("memory, both platforms and storage ready", rss, "MiB", beside, on, "≤ 110 MiB", rss <= 110),
        Figure("start until both are connected, CPU", cpu, "s", beside_cpu, on, "≤ 1.5 s", cpu <= 1.5),
        Figure("… the first start, which makes the database", first, "s", beside_cpu, on),
    ]


def _discord(dc: DiscordWorld) -> dict[str, Any]:
    return {"discord": {"token": dc.token, "api": dc.api_url, "gateway": dc.gateway_url}}


async def _guilds() -> list[Figure]:
    ours = [await _with_guilds("guyub", count) for count in (1, GUILDS)]
    library = [await _with_guilds("discord_alone", count) for count in (1, GUILDS)]
    each, beside = ((many - one) / (GUILDS - 1) / 1024 for one, many in (ours, library))
    what = f"memory for each of {GUILDS:,} Discord guilds"
    return [Figure(what, each, "KiB", beside, "discord.py alone", "≤ 20 KiB", each <= 20)]


async def _with_guilds(name: str, count: int) -> int:
    async with DiscordWorld.start() as dc:
        await dc.order("many_guilds", count=count, member_count=MEMBERS)
        with tempfile.TemporaryDirectory() as folder:
            async with bot(name, database=str(Path(folder) / "guyub.db"), **_discord(dc)) as running_:
                await asyncio.sleep(SETTLED)
                return running_.memory


async def _groups() -> Figure:
    """In each group, none of which is served, something is said once, and nothing from then on."""
    replay, me = Replay(), psutil.Process()
    async with running({"telegram": chat_on(replay)}, Config()):
        await replay.finish(messages(1, 5000, [-1000]), 1)
        gc.collect()
        before = me.memory_info().rss
        first = 5001
        for start in range(0, GROUPS, 5000):
            groups = [-1_001_000_000_000 - start - n for n in range(5000)]
            await replay.finish(messages(first, 5000, groups), first)
            first += 5000
        gc.collect()
        each = (me.memory_info().rss - before) / GROUPS
    return Figure(f"memory for each of {GROUPS:,} idle Telegram groups", each, "B", target="≤ 300 B", met=each <= 300)
