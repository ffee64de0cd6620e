"""The program under test, as a process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Forks:
    """Starts programs that were imported beforehand; see forking.py."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @classmethod
    @contextmanager
    def ready(cls) -> Iterator[Forks]:
        command = [sys.executable, "-m", "tests.faults.forking"]
        with subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment({})
        ) as process:
            assert process.stdin is not None
            try:
                yield cls(process)
            finally:
                process.stdin.close()
                process.wait(10)

    def start(self, folder: Path, env: Mapping[str, str], extra: Mapping[str, Any]) -> int:
        """Returns the pid of a new program."""
        log = str(folder / "guyub.log")
        order = {"argv": _arguments(), "cwd": str(folder), "env": dict(env), "log": log, "extra": dict(extra)}
        return int(self._ask(order)["pid"])

    def exit_code(self, pid: int) -> int:
        """Of a program that has ended."""
        return int(self._ask({"wait": pid})["code"])

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@dataclass(slots=True)
class Running:
    """A program that was started; `code` once it has ended: negative for a signal."""

    pid: int
    forks: Forks | None
    popen: subprocess.Popen[bytes] | None = None
    code: int | None = None

    async def ends(self, within: float = 15.0) -> int:
        """Wait for its end; returns the exit code, negative for a signal. Raises TimeoutError."""
        if self.code is None:
            await _until_gone(self.pid, within)
        if self.code is None:  # nobody else who waited has asked for it
            if self.popen is not None:
                self.code = self.popen.wait()
            else:
                assert self.forks is not None
                self.code = self.forks.exit_code(self.pid)
        return self.code

    async def killed(self) -> None:
        """`kill -9`, however it is."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            await self.ends()

    async def stopped(self, within: float = 15.0) -> int:
        """`kill`: a polite end."""
        os.kill(self.pid, signal.SIGTERM)
        return await self.ends(within)

    @property
    def memory(self) -> int:
        """Bytes held now."""
        pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


def start_plainly(folder: Path, env: Mapping[str, str], *options: str) -> Running:
    """As an admin starts it, with a Python of its own. `options` of `guyub run`."""
    with (folder / "guyub.log").open("ab") as log:
        popen = subprocess.Popen(
            [sys.executable, "-m", "bot", *_arguments(), *options],
            cwd=folder,
            env=_environment({**env, "PYTHONPATH": str(ROOT)}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    return Running(popen.pid, None, popen)


async def _until_gone(pid: int, within: float) -> None:
    gone = asyncio.Event()
    descriptor = os.pidfd_open(pid)
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, gone.set)
    try:
        async with asyncio.timeout(within):
            await gone.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def _arguments() -> Sequence[str]:
    return ("run", "--config", "community.toml", "--port", str(_free_port()))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Ours without what might reach a real platform."""
    ours = ("TELEGRAM_", "DISCORD_", "DATABASE_", "GUYUB_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | dict(more)
