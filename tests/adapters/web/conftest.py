"""A playground on a real server on a free port, and a visitor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from random import Random

import aiohttp
import pytest

from adapters.web.metrics import Metrics
from adapters.web.server import WebServer
from bot.config.model import Config
from bot.play.live import PlaygroundStage, playable
from tests.adapters.web.browser import Browser

MONDAY = datetime(2026, 1, 5, 1, tzinfo=UTC)


class FixedClock:
    def now(self) -> datetime:
        return MONDAY


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def stage(metrics: Metrics) -> AsyncIterator[PlaygroundStage]:
    """Its time stands still but for what somebody lets run."""
    stage = PlaygroundStage(playable(Config()), FixedClock(), Random(1), metrics)
    await stage.begin()
    yield stage
    await stage.end()


@pytest.fixture
async def server(stage: PlaygroundStage, metrics: Metrics) -> AsyncIterator[WebServer]:
    server = WebServer.for_playground(stage, metrics, port=0)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def rina(server: WebServer) -> AsyncIterator[Browser]:
    """A visitor, who is the manager Rina as long as nothing else is chosen."""
    jar = aiohttp.CookieJar(unsafe=True)  # takes cookies of an address without a name
    async with aiohttp.ClientSession(headers={"origin": server.url.rstrip("/")}, cookie_jar=jar) as session:
        yield Browser(server.url, session)
