"""The messages of a world, as they stand now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from adapters.playground.history import Change, History, Kind, Person, Posted
from bot.core.events import Where
from bot.core.messages import Message


class Board:
    """`prefix` stands before every message's id, so that ids of another world on the same database differ."""

    def __init__(self, history: History, prefix: str = "") -> None:
        self._history = history
        self._prefix = prefix
        self._posted: dict[str, Posted] = {}
        self._open_polls: dict[str, Posted] = {}

    def get(self, id: str) -> Posted | None:
        """None when it never was or was deleted."""
        posted = self._posted.get(id)
        return None if posted is None or posted.deleted else posted

    def all(self) -> list[Posted]:
        """Everything that still stands, oldest first."""
        return [posted for posted in self._posted.values() if not posted.deleted]

    def newest(self, fits: Callable[[Posted], bool]) -> Posted | None:
        return next((posted for posted in reversed(self._posted.values()) if not posted.deleted and fits(posted)), None)

    def post(
        self,
        where: Where,
        author: Person,
        at: datetime,
        message: Message,
        *,
        reply_to: str = "",
        only: str = "",
        note: bool = False,
        closes_at: datetime | None = None,
    ) -> Posted:
        id = f"{self._prefix}{len(self._posted) + 1}"
        posted = Posted(id, where, author, at, message, reply_to, only, note, closes_at=closes_at)
        self._keep(posted)
        self._tell(Kind.POSTED, posted, at, author)
        return posted

    def edit(self, posted: Posted, message: Message, at: datetime) -> None:
        self._change(Kind.EDITED, replace(posted, message=message, edited=True), at, posted.author)

    def delete(self, posted: Posted, who: Person, at: datetime) -> None:
        self._change(Kind.DELETED, replace(posted, deleted=True), at, who)

    def pin(self, posted: Posted, who: Person, at: datetime) -> None:
        self._change(Kind.PINNED, replace(posted, pinned=True), at, who)

    def react(self, posted: Posted, who: Person, emoji: str, at: datetime, *, present: bool = True) -> bool:
        """False when it was so already."""
        accounts = posted.reactions.get(emoji, frozenset())
        after = accounts | {who.id} if present else accounts - {who.id}
        if after == accounts:
            return False
        reactions = {**posted.reactions, emoji: after}
        kept = MappingProxyType({emoji: accounts for emoji, accounts in reactions.items() if accounts})
        self._change(Kind.REACTED, replace(posted, reactions=kept), at, who, emoji)
        return True

    def vote(self, posted: Posted, who: Person, options: tuple[int, ...], at: datetime) -> bool:
        """No options: the vote is taken back. False when nothing changed."""
        if posted.votes.get(who.id, ()) == options:
            return False
        votes = {**posted.votes, who.id: options}
        kept = MappingProxyType({account: chosen for account, chosen in votes.items() if chosen})
        self._change(Kind.VOTED, replace(posted, votes=kept), at, who)
        return True

    def close(self, posted: Posted, who: Person, at: datetime) -> Posted:
        """Its poll takes no more votes."""
        closed = replace(posted, closed=True)
        self._change(Kind.CLOSED, closed, at, who)
        return closed

    def open_polls(self, face: str) -> list[Posted]:
        """Those that take votes, or are due to be closed."""
        return [posted for posted in self._open_polls.values() if posted.where.platform == face]

    def _change(self, kind: Kind, posted: Posted, at: datetime, who: Person, detail: str = "") -> None:
        self._keep(posted)
        self._tell(kind, posted, at, who, detail)

    def _keep(self, posted: Posted) -> None:
        self._posted[posted.id] = posted
        if posted.message.poll and not (posted.closed or posted.deleted):
            self._open_polls[posted.id] = posted
        else:
            self._open_polls.pop(posted.id, None)

    def _tell(self, kind: Kind, posted: Posted, at: datetime, who: Person, detail: str = "") -> None:
        self._history.add(Change(0, kind, at, posted.where, who, posted, detail))
