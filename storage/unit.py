"""The unit of work on one SQL connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Insert, bindparam, delete, insert

from bot.core.chat import Operation
from bot.core.events import Where
from bot.core.messages import Message
from bot.core.unit import Queued
from storage.ballot_key import BallotKey
from storage.columns import dump
from storage.placing import as_columns
from storage.posting import Address, Posting
from storage.tables.jobs import jobs
from storage.upsert import insert_new, insert_or

T = TypeVar("T")

_UNSCHEDULE = delete(jobs).where(jobs.c.job == bindparam("the_job"), jobs.c.key == bindparam("the_key"))
_SCHEDULE = insert(jobs).inline()
_NOWHERE = Where("", "", "")


@cache
def _sooner(dialect: str) -> Insert:
    """Insert jobs; one that is planned for later is moved."""
    statement = insert_or(dialect, jobs)
    return statement.on_conflict_do_update(
        index_elements=[jobs.c.job, jobs.c.key],
        set_={"due_at": statement.excluded.due_at},
        where=jobs.c.due_at > statement.excluded.due_at,
    )


class PlacesVersion:
    """Grows when groups, communities or managers' settings are written, and when that may have been undone."""

    number = 0

    def grow(self) -> None:
        self.number += 1


class SqlUnit:
    """Implements bot.core.unit.Unit. Valid within its transaction only, on the thread that runs it."""

    def __init__(
        self,
        connection: Connection,
        stores: StoreFactories,
        now: datetime,
        places: PlacesVersion | None = None,
        ballot_key: BallotKey | None = None,
    ) -> None:
        self.connection = connection
        self.dialect = connection.dialect.name
        self.now = now
        self.places_version = places or PlacesVersion()
        self.ballot_key = ballot_key or BallotKey(None)
        self._stores = stores
        self._made: dict[type, object] = {}
        self._queued: dict[int, Queued] = {}
        self._posting = Posting(self)
        self._at_the_end: list[Callable[[], None]] = []
        self._sooner: dict[tuple[str, str], dict[str, Any]] = {}

    def at_the_end(self, write: Callable[[], None]) -> None:
        """Have a store write what it gathered, in one statement, when all work of this unit is done. It may be called
        before that too, and more than once.
        """
        self._at_the_end.append(write)

    def finish(self) -> None:
        """Write what was gathered: before the commit, and before rows are changed that are perhaps not there yet."""
        if self._sooner:
            self.connection.execute(_sooner(self.dialect), list(self._sooner.values()))
            self._sooner.clear()
        for write in self._at_the_end:
            write()

    def store(self, protocol: type[T]) -> T:
        made = self._made.get(protocol)
        if made is None:
            factory = self._stores.get(protocol)
            if factory is None:
                raise LookupError(f"No store implements {protocol.__module__}.{protocol.__qualname__}")
            made = self._made[protocol] = factory(self)
        return cast(T, made)

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
        address = Address(to, kind, key, community, expires, not_before, why, handle, instead_of)
        return self._posting.post(message, address)

    def edit(self, key: str, message: Message) -> None:
        self._posting.edit(key, message)

    def delete(self, key: str) -> None:
        self._posting.delete(key)

    def close_poll(self, key: str) -> None:
        self._posting.close_poll(key)

    def perform(self, operation: Operation, where: Where, *, message_id: str = "", emoji: str = "") -> None:
        self._posting.perform(operation, where, message_id, emoji)

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
        if sooner and (planned := self._sooner.get((job, key))):
            planned["due_at"] = min(planned["due_at"], at)
            return
        row = {"job": job, "key": key, "community": community, "data": dump(data or {}), "due_at": at}
        row |= as_columns(where or _NOWHERE)
        if sooner:
            self._sooner[job, key] = row
            return
        self._sooner.pop((job, key), None)  # what is said last holds
        if keep:
            self.connection.execute(insert_new(self.dialect, jobs), row)
            return
        # A moved job is a new row: under its old id it may be known as handled.
        self.unschedule(job, key)
        self.connection.execute(_SCHEDULE, row)

    def unschedule(self, job: str, key: str) -> None:
        self._sooner.pop((job, key), None)
        self.connection.execute(_UNSCHEDULE, {"the_job": job, "the_key": key})

    def queued(self) -> list[Queued]:
        return list(self._queued.values())

    def is_queued(self, queued: Queued) -> None:
        """A row waits for the sender now, or does so in another way than before."""
        self._queued[queued.id] = queued

    def is_withdrawn(self, id: int) -> None:
        """A row doesn't wait for the sender any more."""
        self._queued.pop(id, None)


StoreFactory = Callable[[SqlUnit], object]
StoreFactories = Mapping[type, StoreFactory]
"""What implements a Protocol declared by the core or a feature, made anew for each unit."""
