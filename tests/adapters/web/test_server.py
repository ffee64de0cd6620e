"""The server starts and stops beside the other parts of the program."""

from __future__ import annotations

import asyncio
import signal
import socket

import aiohttp
import pytest

from adapters.web import server as serving
from adapters.web.metrics import Metrics
from adapters.web.server import CannotListen, WebServer
from bot.play.live import PlaygroundStage
from tests.adapters.web.browser import Browser


def a_server(stage: PlaygroundStage, port: int | None = None) -> WebServer:
    return WebServer.for_playground(stage, Metrics(), port=port)


async def test_a_port_that_was_asked_for_is_had_or_refused(stage: PlaygroundStage) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=rf"127\.0\.0\.1:{port}.*--port"):
            await a_server(stage, port).start()


async def test_without_a_port_the_next_free_one_is_taken(
    stage: PlaygroundStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(serving, "FIRST_PORT", port)
        server = a_server(stage)
        await server.start()
        found = int(server.url.rstrip("/").rpartition(":")[2])
        await server.stop()
    assert port < found < port + serving.PORTS_TRIED


async def test_signals_stay_with_the_program(stage: PlaygroundStage) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    server = a_server(stage, 0)
    await server.start()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
    await server.stop()


async def test_stopping_ends_what_browsers_watch(stage: PlaygroundStage) -> None:
    server = a_server(stage, 0)
    await server.start()
    async with aiohttp.ClientSession() as session, Browser(server.url, session).watches() as events:
        async with asyncio.timeout(3):
            await server.stop()
        with pytest.raises((EOFError, aiohttp.ClientError)):
            await events.next()


async def test_a_browser_that_leaves_is_not_told_any_more(stage: PlaygroundStage, server: WebServer) -> None:
    async with aiohttp.ClientSession() as session, Browser(server.url, session).watches():
        assert stage.watched
    async with asyncio.timeout(5):
        while stage.watched:
            await stage.newcomer("telegram")


async def test_only_so_many_may_watch(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.web.pages.WATCHERS", 1)
    async with (
        aiohttp.ClientSession() as session,
        Browser(server.url, session).watches(),
        session.get(f"{server.url}events") as answer,
    ):
        assert answer.status == 503
