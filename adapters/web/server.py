"""Serves the web face in the running event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import uvicorn

from adapters.web.app import build
from adapters.web.guard import hosts_for
from adapters.web.health import HealthPages
from adapters.web.metrics import Metrics
from adapters.web.pages import Playground
from adapters.web.stage import Stage
from bot.core.vitals import Health

FIRST_PORT = 8080
PORTS_TRIED = 50
LEAVING = 1  # seconds that open answers may take when the server stops
WAITING = 128  # connections that may wait to be taken


class CannotListen(Exception):
    """The address or port can't be had; the message says why and what to do."""


class LiveStage(Stage, Health, Protocol):
    """A stage that also tells how the program behind it is."""


class WebServer:
    """`start`, then `url` tells where it is; `stop` ends it within about a second, open pages too.

    Without a port: the first free one from 8080.
    """

    def __init__(
        self, health: HealthPages, playground: Playground | None, *, host: str = "127.0.0.1", port: int | None = None
    ) -> None:
        self._playground = playground
        self._host = host
        self._port = port
        self._app = build(health, playground, hosts_for(host))
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.url = ""

    @classmethod
    def for_playground(
        cls, stage: LiveStage, metrics: Metrics | None = None, *, host: str = "127.0.0.1", port: int | None = None
    ) -> WebServer:
        """The playground as front page."""
        return cls(HealthPages(stage, metrics or Metrics()), Playground(stage), host=host, port=port)

    @classmethod
    def for_bot(
        cls,
        health: Health,
        metrics: Metrics,
        language: str = "en",
        *,
        host: str = "127.0.0.1",
        port: int | None = None,
    ) -> WebServer:
        """A plain front page that says how the bot is. `metrics`: the observer that the program was given."""
        return cls(HealthPages(health, metrics, language), None, host=host, port=port)

    async def start(self) -> None:
        """Listen. Raises CannotListen."""
        listening = _listen(self._host, self._port)
        self.url = _url(self._host, listening)
        config = uvicorn.Config(
            self._app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,  # would stand still: it is renewed in the loop that we do without
            proxy_headers=False,
            timeout_graceful_shutdown=LEAVING,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        ready = asyncio.create_task(self._server.ready.wait())
        await asyncio.wait({ready, self._serving}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()

    async def stop(self) -> None:
        if self._playground:
            self._playground.close()
        if self._server and self._serving:
            self._server.leaving.set()
            await self._serving


class _Server(uvicorn.Server):
    """Signals stay with the program, which stops the server among its other parts."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.leaving = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        """Without waking up ten times a second to look whether it is over."""
        await self.leaving.wait()


def _listen(host: str, port: int | None) -> socket.socket:
    ports = range(FIRST_PORT, FIRST_PORT + PORTS_TRIED) if port is None else (port,)
    problem: OSError | None = None
    for candidate in ports:
        try:
            return _bound(host, candidate)
        except OSError as error:
            problem = error
    where = f"{host}:{port}" if port is not None else f"{host}, on any port from {ports[0]} to {ports[-1]}"
    reason = problem.strerror if problem else ""
    raise CannotListen(f"The web pages can't be served at {where}: {reason}. Choose others with --host and --port.")


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(WAITING)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def _url(host: str, listening: socket.socket) -> str:
    port = listening.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"
