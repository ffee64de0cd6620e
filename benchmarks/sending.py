"""Sending one message to the loopback server, one after the other: CPU time of whoever sends."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from itertools import count

import aiohttp
import discord
from telegram import Bot

from adapters.telegram.adapter import TelegramChat
from benchmarks.discord_message import guyub as discord_guyub
from benchmarks.discord_message import library as discord_library
from benchmarks.measuring import CpuTime, Figure, Round, side_by_side
from benchmarks.telegram_line import nothing_kept
from bot.core.chat import Operation, Outgoing
from bot.core.events import Where
from bot.core.messages import Message, text
from tests.servers.discord import DiscordWorld
from tests.servers.telegram import TelegramWorld

SENDS, ROUNDS = 100, 3
WORDS = "Selamat pagi! Kopi hari ini dari Toraja."
Send = Callable[[str], Awaitable[object]]


def rounds(send: Send) -> Round:
    numbers = count(1)

    async def measure() -> float:
        with CpuTime() as cpu:
            for _ in range(SENDS):
                await send(f"{WORDS} {next(numbers)}")
        return cpu.seconds / SENDS * 1e3

    return measure


async def run(full: bool) -> list[Figure]:
    return [*await _telegram(), *await _discord()]


async def _telegram() -> list[Figure]:
    async with TelegramWorld.start("--no-log") as tg, aiohttp.ClientSession() as session:
        group = await tg.add_group("Kopi")
        chat = TelegramChat(tg.token, api_url=tg.url, load_state=nothing_kept.load, save_state=nothing_kept.save)
        where = Where("telegram", str(group.id), "")

        async def ours(words: str) -> None:
            await chat.perform(Outgoing(Operation.SEND, where, Message(text(words)), words))

        async def raw(words: str) -> None:
            url = f"{tg.base_url}{tg.token}/sendMessage"
            async with session.post(url, json={"chat_id": group.id, "text": words}) as answer:
                assert json.loads(await answer.read())["ok"]

        async with Bot(tg.token, base_url=tg.base_url) as bot:

            async def library(words: str) -> None:
                await bot.send_message(group.id, words)

            taken = await side_by_side(ROUNDS, {"raw": rounds(raw), "library": rounds(library), "guyub": rounds(ours)})
        await chat.stop()
    what, target = "sending one message on Telegram", "≤ 2×"
    met = taken["guyub"] <= 2 * taken["raw"]
    return [
        Figure(what, taken["guyub"], "ms", taken["raw"], "raw aiohttp", target, met),
        Figure("… the same", taken["guyub"], "ms", taken["library"], "python-telegram-bot on httpx"),
    ]


async def _discord() -> list[Figure]:
    async with DiscordWorld.start() as dc:
        guild = await dc.add_guild("Kopi", channels=["general"])
        channel = guild["general"].id
        where = Where("discord", str(guild.id), str(channel))
        numbers = count(1)
        async with discord_library(dc) as client, discord_guyub(dc, guild) as (chat, _):
            target = client.get_channel(channel)
            assert isinstance(target, discord.TextChannel)

            async def ours(words: str) -> None:
                await chat.perform(Outgoing(Operation.SEND, where, Message(text(words)), f"b-{next(numbers)}"))

            taken = await side_by_side(ROUNDS, {"library": rounds(target.send), "guyub": rounds(ours)})
    met = taken["guyub"] <= 1.5 * taken["library"]
    return [
        Figure("sending one message on Discord", taken["guyub"], "ms", taken["library"], "discord.py", "≤ 1.5×", met)
    ]
