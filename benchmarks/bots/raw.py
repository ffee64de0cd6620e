"""The least that answers: getUpdates and sendMessage with aiohttp, nothing remembered. {"telegram": …, "answer"}."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import aiohttp

from benchmarks.bots.ending import lines


class Bot:
    def __init__(self, given: dict[str, Any], session: aiohttp.ClientSession) -> None:
        self._url = f"{given['telegram']['url']}/bot{given['telegram']['token']}"
        self._answer = given["answer"]
        self._session = session
        self._sends: set[asyncio.Task[Any]] = set()

    async def call(self, method: str, **parameters: Any) -> Any:
        async with self._session.post(f"{self._url}/{method}", json=parameters) as answer:
            return json.loads(await answer.read())["result"]

    async def poll(self) -> None:
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=25):
                offset = update["update_id"] + 1
                message = update.get("message", {})
                if message.get("text") == "/help":
                    self._begin(message)

    def _begin(self, message: dict[str, Any]) -> None:
        reply = {"message_id": message["message_id"]}
        chat = message["chat"]["id"]
        send = asyncio.create_task(self.call("sendMessage", chat_id=chat, text=self._answer, reply_parameters=reply))
        self._sends.add(send)
        send.add_done_callback(self._sends.discard)


async def main(given: dict[str, Any]) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=512)) as session:
        bot = Bot(given, session)
        await bot.call("getMe")
        polling = asyncio.create_task(bot.poll())
        print("ready", flush=True)
        async for _ in lines():
            pass
        polling.cancel()


asyncio.run(main(json.loads(sys.argv[1])))
