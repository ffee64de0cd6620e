"""The unit of work: what a handler reads and writes, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.core.chat import Operation
from bot.core.events import Where
from bot.core.messages import Message

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Queued:
    """A row that was put into the outbox, as much of it as the sender must know to order its work."""

    id: int
    where: Where
    priority: int
    not_before: datetime | None = None


PRIORITY = {
    "answer": 0,
    "statement": 1,
    "tidy": 2,  # edits and removals
    "notice": 3,  # to managers and admins
    "poll": 4,
    "result": 4,
    "announcement": 5,
    "greeting": 5,
    "reminder": 6,
    "spotlight": 6,
    "thanks": 6,
    "introduction": 6,
    "celebration": 6,
    "prompt": 7,
    "digest": 8,
}
"""What goes first, by kind of post."""
NOTE = -1
"""Goes before all: an answer that its asker alone sees, given back to the press or command itself. It is no message in
the group, so it waits behind none of them, and no limit of the group counts it.
"""


def priority_of(kind: str) -> int:
    """Lower goes first; an unknown kind goes like a greeting."""
    return PRIORITY.get(kind, PRIORITY["greeting"])


class Unit(Protocol):
    """One transaction. Everything asked for here happens after it is committed, or not at all."""

    now: datetime

    def store(self, protocol: type[T]) -> T:
        """The store that implements a Protocol declared by the core or a feature."""
        ...

    def post(
        self,
        message: Message,
        to: Where,
        *,
        kind: str,
        key: str = "",
        community: str = "",
        expires: datetime | None = None,
        not_before: datetime | None = None,
        why: str = "",
        handle: str = "",
        instead_of: str = "",
    ) -> int:
        """Ask for something to be said; return the outbox row's id.

        `key` names the post for later edits and in `Delivered`/`Refused`; a second post under a key that is still
        waiting replaces it (answers excepted: each has a key of its own). After `expires` it is not sent any more.
        `handle`: it answers that event; `instead_of`: by editing the message with that id.
        """
        ...

    def edit(self, key: str, message: Message) -> None:
        """The state that a post should have; a newer edit replaces one that waits."""
        ...

    def delete(self, key: str) -> None:
        """Remove a post, or don't send it if it still waits. `key` as given to `post`."""
        ...

    def close_poll(self, key: str) -> None:
        """Have the platform's own poll that was posted under the key take no more votes."""
        ...

    def perform(self, operation: Operation, where: Where, *, message_id: str = "", emoji: str = "") -> None:
        """React to, pin or delete a message that isn't ours, or leave a group."""
        ...

    def schedule(
        self,
        job: str,
        at: datetime,
        *,
        key: str,
        community: str = "",
        where: Where | None = None,
        data: Mapping[str, Any] | None = None,
        keep: bool = False,
        sooner: bool = False,
    ) -> None:
        """Have `job` ("feature.job") done at `at`. One row a key: a second call moves it, or with `keep` leaves it.

        With `sooner` it is moved only if it was planned for later; asking that often costs next to nothing.
        """
        ...

    def unschedule(self, job: str, key: str) -> None: ...

    def queued(self) -> list[Queued]:
        """The outbox rows added or changed so far."""
        ...


class StorageUnavailable(Exception):
    """The database can't be used now (locked, full, read-only, gone). Nothing was changed; try again later."""


class Database(Protocol):
    async def run(self, work: Callable[[Unit], R], now: datetime) -> R:
        """Run `work` in one transaction on the writer; commit it, or roll back and raise what it raised."""
        ...
