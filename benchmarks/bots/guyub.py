"""Guyub on loopback servers.

{"telegram": {token, url}, "discord": {token, api, gateway}, "groups": {platform: ids}, "database", "free"}

`free`: no pace. A line "post" on standard input asks for one post to each group.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
from random import Random
from typing import Any

from benchmarks.bots.ending import lines
from benchmarks.programs import serving
from bot.bootstrap import Program
from bot.core.chat import Chat, Pace
from bot.core.clock import SystemClock
from bot.core.events import Where
from bot.core.messages import Message, text
from bot.core.stores import State
from bot.core.unit import Unit
from storage.database import SqlDatabase

FREE = Pace(gap=0, target_gap=0)


def chats(given: dict[str, Any], database: SqlDatabase) -> dict[str, Chat]:
    clock = SystemClock()

    async def load(key: str) -> str:
        return await database.run(lambda unit: unit.store(State).get(key), clock.now())

    async def save(key: str, value: str) -> None:
        await database.run(lambda unit: unit.store(State).put(key, value), clock.now())

    made: dict[str, Chat] = {}
    if on := given.get("telegram"):
        from adapters.telegram.adapter import TelegramChat

        made["telegram"] = TelegramChat(on["token"], api_url=on["url"], clock=clock, load_state=load, save_state=save)
    if on := given.get("discord"):
        from adapters.discord.adapter import DiscordChat

        made["discord"] = DiscordChat(
            on["token"], on["api"], on["gateway"], clock=clock, load_state=load, save_state=save
        )
    for chat in made.values():
        if given.get("free"):
            chat.pace = FREE
    return made


def posting(groups: dict[str, list[int]]) -> Any:
    """One post to each group, asked for in one transaction."""

    def work(unit: Unit) -> None:
        for platform, ids in groups.items():
            for id in ids:
                words = Message(text(f"Kabar untuk semua, nomor {id}"))
                unit.post(words, Where(platform, str(id), ""), kind="prompt", key=f"all:{id}")

    return work


async def main(given: dict[str, Any]) -> None:
    logging.basicConfig(level=logging.WARNING)
    database = SqlDatabase(f"sqlite:///{given['database']}")
    groups = given.get("groups", {})
    program = Program(serving(groups), database, chats(given, database), SystemClock(), Random(0))
    await program.start()
    while not all(chat.connection().connected for chat in program.chats.values()):
        await asyncio.sleep(0.02)
    gc.collect()
    print("ready", flush=True)
    async for line in lines():
        if line == "post":
            await program.unasked(posting(groups))
    await program.stop()


asyncio.run(main(json.loads(sys.argv[1])))
