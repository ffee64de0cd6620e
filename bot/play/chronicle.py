"""What happened in each place, as it stands now: the playground's history folded for reading."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.playground.history import Change, Kind, Person, Posted
from bot.core.events import Where

NOTICES = (Kind.JOINED, Kind.WAITING, Kind.LEFT, Kind.BANNED, Kind.OPENED, Kind.BLOCKED)
CHANGES = (Kind.EDITED, Kind.DELETED, Kind.REACTED, Kind.VOTED, Kind.CLOSED, Kind.PINNED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A message, or somebody's coming or going. `number` is that of the change which began it."""

    number: int
    kind: Kind
    at: datetime
    who: Person
    posted: Posted | None = None


class Chronicle:
    """Is told every change, in order."""

    def __init__(self) -> None:
        self._entries: dict[Where, list[Entry]] = {}
        self._posted: dict[str, tuple[list[Entry], int]] = {}  # by message id: where its entry is

    def add(self, change: Change) -> None:
        if change.kind in CHANGES:
            self._replace(change)
        elif change.who is not None and (change.kind is Kind.POSTED or change.kind in NOTICES):
            entries = self._entries.setdefault(change.where, [])
            if change.message is not None:
                self._posted[change.message.id] = (entries, len(entries))
            entries.append(Entry(change.number, change.kind, change.at, change.who, change.message))

    def of(self, places: Collection[Where]) -> list[Entry]:
        """All of some places, in the order in which it happened."""
        entries = [entry for place in places for entry in self._entries.get(place, ())]
        return sorted(entries, key=lambda entry: entry.number)

    def posted(self, id: str) -> Posted | None:
        """A message as it stands, also one that was deleted."""
        if id not in self._posted:
            return None
        entries, index = self._posted[id]
        return entries[index].posted

    def _replace(self, change: Change) -> None:
        if change.message is None or change.message.id not in self._posted:
            return
        entries, index = self._posted[change.message.id]
        entries[index] = replace(entries[index], posted=change.message)
