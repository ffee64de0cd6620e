"""What happened in the world, in order; nothing in it is ever changed or taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from bot.core.events import Where
from bot.core.messages import Message


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's account on one face. Who is on both faces has two, under the same name."""

    face: str
    id: str
    name: str
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """A message as it stands in a place. `only`: the account that alone sees it; `note`: it shows for a moment only.

    `closes_at`: when its poll closes by itself; `closed`: it takes no more votes.
    """

    id: str
    where: Where
    author: Person
    at: datetime
    message: Message
    reply_to: str = ""
    only: str = ""
    note: bool = False
    edited: bool = False
    deleted: bool = False
    pinned: bool = False
    reactions: MappingProxyType[str, frozenset[str]] = field(
        default_factory=lambda: MappingProxyType({})
    )  # emoji → accounts
    votes: MappingProxyType[str, tuple[int, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )  # account → options
    closes_at: datetime | None = None
    closed: bool = False

    def visible_to(self, account: str) -> bool:
        return not self.deleted and self.only in ("", account)

    def counts(self) -> tuple[int, ...]:
        """Votes by option; empty when it isn't a poll."""
        options = range(len(self.message.poll.options)) if self.message.poll else ()
        return tuple(sum(option in chosen for chosen in self.votes.values()) for option in options)

    @property
    def hides_results(self) -> bool:
        """Whether nobody sees yet how many voted for what."""
        return bool(self.message.poll and self.message.poll.hides_results and not self.closed)

    def takes_votes(self, at: datetime) -> bool:
        late = self.closes_at is not None and at >= self.closes_at
        return self.message.poll is not None and not (self.closed or self.deleted or late)


class Kind(StrEnum):
    POSTED = "posted"
    EDITED = "edited"
    DELETED = "deleted"
    REACTED = "reacted"
    VOTED = "voted"
    CLOSED = "closed"  # a poll takes no more votes
    PINNED = "pinned"
    JOINED = "joined"
    WAITING = "waiting"  # joined, but has to be let in first
    LEFT = "left"
    BANNED = "banned"
    RIGHTS = "rights"  # somebody became a manager, or the bot may write again or not any more
    OPENED = "opened"  # a private chat with the bot
    BLOCKED = "blocked"
    GROUP = "group"  # a group or channel came into being, or the bot came or went


@dataclass(frozen=True, slots=True)
class Change:
    """`who` did it, to whom it happened if it is about membership; `message` as it stood then; `detail`: an emoji."""

    number: int
    kind: Kind
    at: datetime
    where: Where
    who: Person | None = None
    message: Posted | None = None
    detail: str = ""


Listener = Callable[[Change], None]


class History:
    """Numbers run from 1 without gaps, so whoever saw number n asks for `since(n)`."""

    def __init__(self) -> None:
        self._changes: list[Change] = []
        self._listeners: list[Listener] = []

    @property
    def last(self) -> int:
        return len(self._changes)

    def since(self, number: int) -> list[Change]:
        return self._changes[number:]

    def add(self, change: Change) -> Change:
        """Number it, keep it, tell everybody who listens."""
        numbered = replace(change, number=self.last + 1)
        self._changes.append(numbered)
        for listener in tuple(self._listeners):
            listener(numbered)
        return numbered

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have every later change told at once; what is returned ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
