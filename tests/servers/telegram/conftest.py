"""One loopback Telegram for each test module here, and python-telegram-bot's Bot on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.servers.telegram import TelegramWorld
from tests.servers.telegram.calling import raw


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[TelegramWorld]:
    """The process."""
    async with TelegramWorld.start() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def tg(world: TelegramWorld) -> TelegramWorld:
    """The same process for every test, without faults, limits and updates left over."""
    await world.clear_faults()
    await world.limits()
    await world.set_privacy(True)
    await raw(world, "deleteWebhook", drop_pending_updates=True)
    await raw(world, "getUpdates", allowed_updates=[])
    return world


@pytest_asyncio.fixture(loop_scope="module")
async def bot(world: TelegramWorld) -> AsyncIterator[Bot]:
    """The library's own, on its own transport."""
    async with Bot(world.token, base_url=world.base_url, request=HTTPXRequest(read_timeout=2)) as started:
        yield started
