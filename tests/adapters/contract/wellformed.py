"""What holds for every event, whichever platform tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from bot.core.events import Event

PLAIN = (str, int, bool, type(None))


def check(events: list[Event], platform: str) -> None:
    """Aware UTC, of this platform, its place named as agreed, nothing of a vendor's in it, and no two of one key."""
    for event in events:
        assert event.at.utcoffset() == timedelta(0), event
        assert event.where.platform == platform, event
        assert event.where.group or event.where.channel, event
        assert event.event_id, event
        check_plain(event)
    told: dict[str, Event] = {}
    for event in events:  # one that is told again is the same in every way
        assert told.setdefault(event.key, event) == event


def check_plain(value: Any) -> None:
    """Only what can be written down: an event may be kept, compared, told twice."""
    if type(value) in PLAIN or isinstance(value, datetime | Enum):
        return
    if is_dataclass(value):
        assert type(value).__module__.startswith("bot.core."), value
        for field in fields(value):
            check_plain(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, held in value.items():
            check_plain(key)
            check_plain(held)
    else:
        assert type(value) in (tuple, frozenset), f"{value!r} is a {type(value)}"
        for held in value:
            check_plain(held)
