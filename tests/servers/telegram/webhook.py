"""Delivers updates to a bot that set a webhook: in order, each until it is accepted."""

from __future__ import annotations

import asyncio
import json

import aiohttp

from tests.servers.telegram.access import Call
from tests.servers.telegram.arguments import Args
from tests.servers.telegram.methods import METHODS
from tests.servers.telegram.refusals import Refused
from tests.servers.telegram.world import Bot, World

AGAIN_AFTER = 0.2  # seconds


async def deliver(world: World) -> None:
    """Runs for as long as the server does."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
        while True:
            if not any(bot.webhook for bot in world.bots.values()):
                await asyncio.sleep(AGAIN_AFTER)
                continue
            busy = [await _first(world, http, bot) for bot in list(world.bots.values()) if bot.webhook]
            if not any(busy):
                await world.change(AGAIN_AFTER)


async def _first(world: World, http: aiohttp.ClientSession, bot: Bot) -> bool:
    """Posts the oldest update; True when it was accepted and is gone."""
    if not bot.queue.waiting:
        return False
    update_id, _, text = bot.queue.waiting[0]
    hook = bot.webhook
    headers = {"Content-Type": "application/json"}
    if hook["secret_token"]:
        headers["X-Telegram-Bot-Api-Secret-Token"] = hook["secret_token"]
    try:
        async with http.post(hook["url"], data=text.encode(), headers=headers) as answer:
            body = await answer.read()
            wrong = None if answer.status < 300 else f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except (aiohttp.ClientError, TimeoutError) as failed:
        wrong, body = f"Connection failed: {type(failed).__name__}", b""
    if wrong is not None:
        hook |= {"last_error_date": int(world.now()), "last_error_message": wrong}
        await asyncio.sleep(AGAIN_AFTER)
        return False
    bot.queue.confirm(update_id + 1)
    world.changed()
    _run_reply(world, bot, body)
    return True


def _run_reply(world: World, bot: Bot, body: bytes) -> None:
    """A webhook may answer with a method call; its outcome is told to nobody."""
    try:
        given = json.loads(body)
        method = METHODS[given.pop("method").lower()]
    except (ValueError, KeyError, AttributeError, TypeError):
        return
    try:
        method(Call(world, bot, Args(given)))
    except Refused:
        return
