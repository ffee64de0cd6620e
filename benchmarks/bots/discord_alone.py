"""discord.py's client with the intents that Guyub has, its caches as they come. {"discord": {token, api, gateway}}."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.client import INTENTS
from benchmarks.bots.ending import lines


async def main(given: dict[str, Any]) -> None:
    on = given["discord"]
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = on["api"], yarl.URL(on["gateway"])
    client = discord.Client(intents=INTENTS, chunk_guilds_at_startup=False)
    running = asyncio.create_task(client.start(on["token"]))
    while not client.is_ready():
        await asyncio.sleep(0.05)
    gc.collect()
    print("ready", flush=True)
    async for _ in lines():
        pass
    await client.close()
    await running


asyncio.run(main(json.loads(sys.argv[1])))
