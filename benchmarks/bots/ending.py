"""What is said to a bot on its standard input, until that ends."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator


async def lines() -> AsyncIterator[str]:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield line.decode().strip()
