"""The process itself: it starts, outlives a bot that is killed, and ends with whoever started it."""

from __future__ import annotations

import asyncio
import signal
import sys

import aiohttp
import pytest

from tests.servers.discord import DiscordWorld
from tests.servers.discord.client import ROOT

BOT = """
import asyncio, sys, aiohttp
async def main(url, gateway, token, channel):
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {token}"}) as http:
        socket = await http.ws_connect(gateway)
        await socket.send_json({"op": 2, "d": {"token": token, "intents": 513, "properties": {}}})
        await http.post(f"{url}/channels/{channel}/messages", json={"content": "alive", "nonce": "1"})
        await asyncio.sleep(3600)
asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_killed_bot_leaves_its_session_and_what_it_said(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    where = str(kopi["general"].id)
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOT, dc.api_url, dc.gateway_url, dc.token, where, cwd=ROOT
    )
    await dc.eventually(kopi["general"].posts, within=10)
    bot.send_signal(signal.SIGKILL)
    await bot.wait()
    await dc.eventually(lambda: _gone(dc))
    await kopi.owner.says(kopi["general"], "anyone there?")
    [session] = (await dc.stats()).sessions
    async with aiohttp.ClientSession() as http, http.ws_connect(dc.gateway_url) as socket:
        await socket.receive_json()
        resume = {"token": dc.token, "session_id": session["id"], "seq": session["seq"] - 1}
        await socket.send_json({"op": 6, "d": resume})
        missed, resumed = await socket.receive_json(), await socket.receive_json()
        assert (missed["d"]["content"], resumed["t"]) == ("", "RESUMED")
        assert (missed["t"], missed["s"]) == ("MESSAGE_CREATE", session["seq"])


async def _gone(dc: DiscordWorld) -> bool:
    return int((await dc.stats()).connected) == 0


async def test_a_process_of_ones_own_ends_with_its_block() -> None:
    async with DiscordWorld.start() as own:
        assert (await own.stats()).requests == 0
    with pytest.raises(aiohttp.ClientError):
        async with DiscordWorld.connect(own.api_url, own.gateway_url, own.token) as again:
            await again.stats()
