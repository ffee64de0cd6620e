"""Bots as processes of their own, with what they take of the machine."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psutil  # type: ignore[import-untyped]


class Bot:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._seen = psutil.Process(process.pid)

    @property
    def cpu(self) -> float:
        """Seconds, of all its threads, since it began."""
        times = self._seen.cpu_times()
        return float(times.user + times.system)

    @property
    def memory(self) -> int:
        """Bytes that are in use (RSS)."""
        return int(self._seen.memory_info().rss)

    async def ready(self) -> None:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line == b"ready\n", line

    async def quiet(self) -> float:
        """Wait until it has nothing to do; returns the CPU time that it took for that."""
        began = before = self.cpu
        while True:
            await asyncio.sleep(1)
            if self.cpu - before < 0.03:
                return before - began
            before = self.cpu

    def say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())

    async def kill(self) -> None:
        """As by a power cut."""
        self._process.kill()
        await self._process.wait()

    async def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 15)
        except TimeoutError:
            await self.kill()


@asynccontextmanager
async def bot(name: str, **given: Any) -> AsyncIterator[Bot]:
    """`benchmarks/bots/<name>.py`, ready."""
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-m", f"benchmarks.bots.{name}", json.dumps(given)]
    made = Bot(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe))
    try:
        await made.ready()
        yield made
    finally:
        await made.end()
