"""A program that is told of updates, says so, and never gets done with them; the tests kill it."""

from __future__ import annotations

import asyncio
import sys

from adapters.telegram.adapter import TelegramChat
from bot.core.events import Event
from tests.adapters.ears import State


async def submit(event: Event) -> None:
    print(event.key, flush=True)
    await asyncio.Event().wait()


async def main(url: str, token: str) -> None:
    state = State()
    chat = TelegramChat(token, api_url=url, load_state=state.load, save_state=state.save)
    await chat.start(submit)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
