"""Has charts drawn by short-lived processes: what draws weighs 100 MB and would hold up the loop."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from bot.core.messages import Chart, Picture

AT_ONCE = 2
SECONDS = 20.0  # that a drawing may take
_HOUSE = Path(__file__).parents[2]
_DRAW = (sys.executable, "-m", "adapters.charts")
_BEGINS = {"png": b"\x89PNG\r\n\x1a\n", "svg": b"<?xml"}


class NotDrawn(Exception):
    """There is no picture; the reason holds nobody's words."""


class Drawer:
    """`draw(chart)` is a picture. Nothing is left running or in memory; `close` removes what drawing keeps on disk."""

    def __init__(self, command: Sequence[str] = _DRAW, seconds: float = SECONDS, at_once: int = AT_ONCE) -> None:
        self._command = command
        self._seconds = seconds
        self._places = asyncio.Semaphore(at_once)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    async def __call__(self, chart: Chart) -> Picture:
        return Picture(await self.drawn(chart, "png"), chart.description or chart.title)

    async def drawn(self, chart: Chart, format: str) -> bytes:
        """PNG or SVG. Raises NotDrawn."""
        asked = json.dumps({"chart": asdict(chart), "format": format}).encode()
        async with self._places:
            process = await self._begin()
            try:
                async with asyncio.timeout(self._seconds):
                    picture, problem = await process.communicate(asked)
            except TimeoutError:
                raise NotDrawn(f"it took more than {self._seconds:g} seconds") from None
            finally:
                await _end(process)
        if process.returncode or not picture.startswith(_BEGINS[format]):
            raise NotDrawn(problem[-200:].decode(errors="replace") or f"the process ended with {process.returncode}")
        return picture

    async def _begin(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        try:
            return await asyncio.create_subprocess_exec(
                *self._command,
                cwd=_HOUSE,
                env=self._environment(),
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                start_new_session=True,  # so that it can be ended with all that it has begun
            )
        except OSError as error:
            raise NotDrawn(f"no process can be begun: {error.strerror}") from error

    def _environment(self) -> dict[str, str]:
        """Nothing of ours but where programs are: no token, and a folder of its own for what matplotlib keeps."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="guyub-charts-")
        return {"PATH": os.environ.get("PATH", os.defpath), "MPLCONFIGDIR": self._folder.name}

    def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


async def _end(process: asyncio.subprocess.Process) -> None:
    """It, and what it has begun."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
