"""Faults of REST calls, limits, and the clock."""

from __future__ import annotations

from typing import Any

from .. import polls
from ..faults import Fault
from ..state import Json
from .verbs import Control, verb


@verb
def fault(control: Control, *, pattern: str, kind: str, **how: Any) -> Json:
    """Order a fault; the arguments are those of `faults.Fault`."""
    if kind not in ("429", "status", "stall", "reset"):
        raise ValueError(f"no fault is called {kind!r}")
    control.faults.open.append(Fault(pattern, kind, **how))  # type: ignore[arg-type]
    return {}


@verb
def clear_faults(control: Control) -> Json:
    control.faults.clear()
    return {}


@verb
def release(control: Control) -> Json:
    """Let stalled calls go on."""
    waiting = control.faults.stalled
    control.faults.release()
    return {"released": waiting}


@verb
def faults_open(control: Control) -> Json:
    """Orders not used up yet, and how many calls are stalled right now."""
    return {
        "open": [{"pattern": f.pattern, "left": f.times} for f in control.faults.open],
        "stalled": control.faults.stalled,
    }


@verb
def strict_limits(
    control: Control,
    *,
    per_second: int | None = 50,
    per_channel: int | None = 5,
    channel_seconds: float = 5.0,
    ban_after: int = 10_000,
) -> Json:
    """Enforce 50 calls a second in all and 5 messages per 5 s in a channel; None leaves one of them off."""
    control.limits.per_second = per_second
    control.limits.per_channel = None if per_channel is None else (per_channel, channel_seconds)
    control.limits.ban_after = ban_after
    return {}


@verb
def pass_time(control: Control, *, seconds: float) -> Json:
    """Move the server's clock ahead: nonces are forgotten, interaction tokens expire, polls end."""
    control.world.ahead += seconds
    polls.end_due(control.world)
    return {"now": control.world.now()}


@verb
def begin_anew(control: Control) -> Json:
    """Forget everything: a new application in an empty world, the same token. Bots of the old one are cut off."""
    for connection in list(control.gateway.connections):
        connection.abort()
    control.faults.clear()
    control.begin_anew()
    return {}


@verb
def set_nonce_window(control: Control, *, seconds: float) -> Json:
    control.world.nonce_window = seconds
    return {}
