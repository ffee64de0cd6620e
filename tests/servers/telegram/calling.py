"""Calls that the tests of this server make: without a library, and for everything that waits."""

from __future__ import annotations

from typing import Any

import aiohttp
from telegram import Bot, Update

from tests.servers.telegram.client import TelegramWorld

EVERYTHING = ["message", "chat_member", "my_chat_member", "chat_join_request", "callback_query", "message_reaction"]


async def raw(world: TelegramWorld, method: str, **arguments: Any) -> dict[str, Any]:
    """The answer as it is, with the HTTP status in it as `http`."""
    address = f"{world.url}/bot{world.token}/{method}"
    async with aiohttp.ClientSession() as http, http.post(address, json=arguments) as answer:
        return dict(await answer.json()) | {"http": answer.status}


async def told(bot: Bot) -> list[Update]:
    """What waits for the bot; confirms it."""
    updates = list(await bot.get_updates(allowed_updates=EVERYTHING))
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1, limit=1)
    return updates
