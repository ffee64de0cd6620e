"""Who joins: told apart from the many other changes of members, though no member is kept.

GUILD_MEMBER_UPDATE comes for every role and nickname. It means a join only for somebody who waited for membership
screening, or who may have: one that came within the hour and of whom this process has not heard yet.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.discord import incoming
from bot.core.events import MemberJoined

RECENT = timedelta(minutes=60)
REMEMBERED = 4096
STORED = 500

Key = tuple[str, str]  # guild, user


class Newcomers:
    """Remembers, up to a limit, who waits for screening and who is known to be in. One process, no database."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Key, None] = OrderedDict()
        self._in: OrderedDict[Key, None] = OrderedDict()
        self.changed = False  # whether who waits is other than when it was last stored

    def added(self, data: Mapping[str, Any]) -> MemberJoined:
        """GUILD_MEMBER_ADD."""
        guild, pending = str(data["guild_id"]), bool(data.get("pending"))
        event = incoming.joined(guild, data, pending=pending)
        self._note((guild, event.actor.id), pending)
        return event

    def updated(self, data: Mapping[str, Any], now: datetime) -> MemberJoined | None:
        """GUILD_MEMBER_UPDATE: an event if they have just passed screening, or may have."""
        guild = str(data["guild_id"])
        key = (guild, str(data["user"]["id"]))
        if key in self._waiting and data.get("pending") is False:
            self._note(key, False)
            came = data.get("joined_at") or now.isoformat()  # it may be null here
            return incoming.joined(guild, {**data, "joined_at": came}, pending=False, at=now)
        if "pending" not in data or not data.get("joined_at"):
            return None
        if data["pending"]:
            self._note(key, True)
            return None
        if key in self._in or now - incoming.time(data["joined_at"]) > RECENT:
            return None
        self._note(key, False)
        return incoming.joined(guild, data, pending=False)

    def found(self, guild: str, member: Mapping[str, Any], since: datetime, now: datetime) -> MemberJoined | None:
        """A member in a list that was asked for: an event if they may have come since then."""
        if not member.get("joined_at") or member["user"].get("bot"):
            return None
        key, pending = (guild, str(member["user"]["id"])), bool(member.get("pending"))
        waited = key in self._waiting
        if incoming.time(member["joined_at"]) < since and not (waited and not pending):
            return None
        self._note(key, pending)
        return incoming.joined(guild, member, pending=pending, at=now if waited and not pending else None)

    def gone(self, guild: str, user: str) -> None:
        self._in.pop((guild, user), None)
        if (guild, user) in self._waiting:
            del self._waiting[guild, user]
            self.changed = True

    def _note(self, key: Key, pending: bool) -> None:
        mine, other = (self._waiting, self._in) if pending else (self._in, self._waiting)
        self.changed = self.changed or (pending and key not in mine) or (not pending and key in other)
        other.pop(key, None)
        mine[key] = None
        mine.move_to_end(key)
        while len(mine) > REMEMBERED:
            mine.popitem(last=False)

    def stored(self) -> str:
        """Who waits, for the next process."""
        self.changed = False
        return json.dumps(list(self._waiting)[-STORED:])

    def restore(self, text: str | None) -> None:
        for guild, user in json.loads(text or "[]"):
            self._waiting.setdefault((guild, user), None)
