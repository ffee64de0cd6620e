"""Trouble on the gateway, and events that no person caused."""

from __future__ import annotations

import asyncio
from typing import Any

from ..gateway import RECONNECT
from ..intents import PRIVILEGED
from ..sessions import dumps
from ..state import Json
from .verbs import Control, verb


@verb
async def close_gateway(control: Control, *, code: int | None = None) -> Json:
    """Close every connection with a code, or cut it without a word."""
    connections = list(control.gateway.connections)
    for connection in connections:
        if code is None:
            connection.abort()
        else:
            await connection.close(code)
    return {"closed": len(connections)}


@verb
async def reconnect(control: Control) -> Json:
    """Op 7: please reconnect and resume."""
    for connection in list(control.gateway.connections):
        await connection.send_op(RECONNECT)
    return {}


@verb
async def invalid_session(control: Control, *, resumable: bool = False) -> Json:
    """Op 9. Not resumable: the sessions are gone, of bots that are away as well."""
    for connection in list(control.gateway.connections):
        await connection.invalidate(resumable=resumable)
    if not resumable:
        control.world.sessions.alive.clear()
    return {}


@verb
def heartbeats(control: Control, *, acks: bool | None = None, interval_ms: int | None = None) -> Json:
    """Stop or start ACKing heartbeats; the interval holds for later connections."""
    if acks is not None:
        control.gateway.acks = acks
    if interval_ms is not None:
        control.gateway.heartbeat_ms = interval_ms
    return {"heard": control.gateway.heartbeats}


@verb
def refuse_gateway(control: Control, *, seconds: float) -> Json:
    """Answer gateway connections with 503 for a while; 0 ends it."""
    control.gateway.refuse_until = asyncio.get_running_loop().time() + seconds
    return {}


@verb
def inject(control: Control, *, event: str, data: Any) -> Json:
    """Send any event to every session, sequence counted, however malformed."""
    for session in control.world.sessions.alive.values():
        session.push(event, dumps(data))
    return {}


@verb
async def send_raw(control: Control, *, text: str) -> Json:
    """Send any frame as it is."""
    for connection in list(control.gateway.connections):
        await connection.send(text)
    return {}


@verb
def set_portal(control: Control, *, enabled: list[str]) -> Json:
    """The privileged intents that are switched on in the developer portal: members, message_content, presences."""
    unknown = set(enabled) - set(PRIVILEGED)
    if unknown:
        raise ValueError(f"no privileged intent is called {', '.join(unknown)}")
    control.world.portal = set(enabled)
    return {}


@verb
def set_budget(
    control: Control, *, remaining: int, total: int = 1000, max_concurrency: int = 1, pace: bool = False
) -> Json:
    """How many IDENTIFYs are left today. With `pace`, a second one within 5 s gets an invalid session."""
    sessions = control.world.sessions
    sessions.spend(control.world.now())
    sessions.budget, sessions.budget_total, sessions.max_concurrency = remaining, total, max_concurrency
    control.gateway.identify_pace = pace
    return {}


@verb
def reset_token(control: Control, *, token: str | None = None) -> Json:
    """The token stops working, or is replaced."""
    control.world.token_reset = token is None
    control.world.token = token or control.world.token
    return {}
