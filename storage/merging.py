"""What becomes of two rows of one group, when the group's new id was met before its move was known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.core.membership import Presence


def merged_group(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The old row knows the community; that the old id was left is no news, since nobody is there any more."""
    served = "served" in (old["state"], new["state"])
    return {
        "community": old["community"] or new["community"],
        "title": new["title"] or old["title"],
        "state": "served" if served else new["state"],
        "main": old["main"] or new["main"],
        "announced": old["announced"] or new["announced"],
        "problems": new["problems"],
    }


def merged_membership(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    if new["presence"] == Presence.ABSENT:
        # Who left the new group is gone; an absence that nobody saw begin says nothing.
        return {"joined_at": _earlier(old["joined_at"], new["joined_at"])} if new["left_at"] else _state(old)
    if old["presence"] == Presence.ABSENT:
        return {"joined_at": new["joined_at"] or old["joined_at"], "left_at": new["left_at"] or old["left_at"]}
    present = Presence.PRESENT in (old["presence"], new["presence"])
    return {
        "presence": Presence.PRESENT if present else Presence.PENDING,
        "since": _earlier(old["since"], new["since"]),
        "joined_at": _earlier(old["joined_at"], new["joined_at"]),
        "left_at": new["left_at"] or old["left_at"],
    }


def _state(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("presence", "since", "joined_at", "left_at", "banned")}


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)
