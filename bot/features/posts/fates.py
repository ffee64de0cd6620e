"""What became of what was posted."""

from __future__ import annotations

from dataclasses import replace

from bot.core.events import Delivered, Refused
from bot.core.feature import Context
from bot.core.interruptions import Decisions, Fate, Kind

COUNTED = frozenset(str(kind) for kind in Kind)


def on_delivered(event: Delivered, ctx: Context) -> None:
    """It counts for the day on which it was said."""
    if event.kind not in COUNTED:
        return
    store = ctx.unit.store(Decisions)
    decision = store.get(event.post_key)
    if decision and decision.fate is Fate.UNDER_WAY:
        store.put(replace(decision, fate=Fate.POSTED, told_at=event.at, message_id=event.message_id))


def on_refused(event: Refused, ctx: Context) -> None:
    """What surely wasn't said doesn't count; what may have been does."""
    if event.kind not in COUNTED:
        return
    store = ctx.unit.store(Decisions)
    decision = store.get(event.post_key)
    if decision is None or decision.fate is not Fate.UNDER_WAY:
        return
    if event.reason == "uncertain":
        store.put(replace(decision, fate=Fate.POSTED, told_at=event.at))
    else:
        store.put(replace(decision, fate=Fate.FAILED))
