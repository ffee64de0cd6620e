"""One loopback process for all tests here, an empty world for each, and discord.py pointed at it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from .client import ROOT, DiscordWorld


@pytest.fixture(scope="session")
def discord_process() -> Iterator[dict[str, str]]:
    """The addresses of the process. Not tied to an event loop, so that every test may have its own."""
    command = [sys.executable, "-m", "tests.servers.discord", "--until-stdin-closes"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.stdin.close()


@pytest.fixture
async def dc(discord_process: dict[str, str]) -> AsyncIterator[DiscordWorld]:
    """An empty world."""
    addresses = discord_process
    async with DiscordWorld.connect(addresses["api_url"], addresses["gateway_url"], addresses["token"]) as world:
        await world.begin_anew()
        yield world
        await world.check()


@pytest.fixture(autouse=True)
def _point_discord_py_at_it(dc: DiscordWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", dc.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(dc.gateway_url))
