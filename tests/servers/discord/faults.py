"""Faults that a test orders for REST calls: what, for which route, how often, before or after the effect."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from dataclasses import dataclass
from typing import Literal

from aiohttp import web

Kind = Literal["429", "status", "stall", "reset"]


@dataclass(slots=True)
class Fault:
    """One order. `pattern` is `METHOD /path` below `/api/v10`: `*` is a segment, `**` anything; `skip` calls pass.

    kind "429": `retry_after` and `scope` (user, global, shared); "status": answer with `status`;
    "stall": wait `seconds`, or until released, then go on; "reset": cut the connection.
    """

    pattern: str
    kind: Kind
    times: int = 1
    skip: int = 0
    when: Literal["before", "after"] = "before"
    status: int = 503
    seconds: float = 3600.0
    retry_after: float = 1.0
    scope: Literal["user", "global", "shared"] = "user"
    hit: int = 0

    def matches(self, call: str) -> bool:
        expression = re.escape(self.pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
        return re.fullmatch(expression, call) is not None


class Faults:
    """The orders still open, oldest first, and the stalls that wait to be released."""

    def __init__(self) -> None:
        self.open: list[Fault] = []
        self.stalled = 0
        self._released = asyncio.Event()

    def take(self, call: str) -> Fault | None:
        """The fault for this call (`METHOD /path`), counted off; None in good weather."""
        for fault in self.open:
            if fault.matches(call):
                if fault.skip > 0:
                    fault.skip -= 1
                    return None
                fault.times -= 1
                fault.hit += 1
                if fault.times <= 0:
                    self.open.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Forget every order and let stalled calls go on."""
        self.open.clear()
        self.release()

    def release(self) -> None:
        self._released.set()
        self._released = asyncio.Event()

    async def stall(self, seconds: float) -> None:
        self.stalled += 1
        try:
            async with asyncio.timeout(seconds):
                await self._released.wait()
        except TimeoutError:
            pass
        finally:
            self.stalled -= 1


def cut(request: web.BaseRequest) -> None:
    """Reset the connection (RST), as a crashed proxy does."""
    transport = request.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
