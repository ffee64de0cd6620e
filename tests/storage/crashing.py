"""Run by test_crash.py as a process of its own, which ends without any farewell."""

from __future__ import annotations

import asyncio
import os
import sys

from bot.core.unit import Unit
from storage.database import SqlDatabase
from tests.storage.sayings import NOW
from tests.storage.test_crash import ENDED, step


def dies(unit: Unit) -> None:
    step("second", unit)
    os._exit(ENDED)


async def main(file: str, killed: str) -> None:
    database = SqlDatabase(f"sqlite:///{file}")
    await database.open()
    await database.run(lambda unit: step("first", unit), NOW)
    if killed == "before the commit":
        await database.run(dies, NOW)
    await database.run(lambda unit: step("second", unit), NOW)
    os._exit(ENDED)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
