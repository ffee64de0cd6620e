"""The libraries, imported and nothing more."""

from __future__ import annotations

import asyncio

import discord  # noqa: F401
import sqlmodel  # noqa: F401
import telegram.ext  # noqa: F401

from benchmarks.bots.ending import lines


async def main() -> None:
    print("ready", flush=True)
    async for _ in lines():
        pass


asyncio.run(main())
