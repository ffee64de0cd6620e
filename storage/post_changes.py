"""Edits and removals of posts by key: which message they mean, and when they can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update

from bot.core.unit import Queued
from storage.outbox_rows import AsRead
from storage.placing import as_where
from storage.posting import Posting
from storage.tables.outbox import outbox

if TYPE_CHECKING:
    from storage.unit import SqlUnit

_CHANGES = (
    select(outbox)
    .where(outbox.c.key == bindparam("the_key"), outbox.c.is_change.is_(True), outbox.c.state == "queued")
    .order_by(outbox.c.id)
)


class PostChanges:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit
        self._posting = Posting(unit)

    def target(self, row: AsRead) -> str | None:
        """The id of the message that a row is about, empty for one that is new. None: the row isn't to be sent now."""
        if not row.is_change:
            return str(row.message_id)
        post = self._posting.live(row.key)
        if post is None:
            self._posting.withhold(row.id)
            return None
        # One that waits for its post is told to the sender again once that is settled.
        return str(post.message_id) if post.state == "sent" else None

    def may_go_on(self, settled: AsRead) -> None:
        """A post was sent, or never will be: tell the sender of the changes that waited for it."""
        if settled.is_change or not settled.key:
            return
        for row in self._unit.connection.execute(_CHANGES, {"the_key": settled.key}):
            self._unit.is_queued(Queued(row.id, as_where(row), row.priority, row.not_before))

    def was_deleted(self, key: str, message_id: str) -> None:
        """A post that stands no longer on the platform can't be edited."""
        if key:
            gone = update(outbox).where(
                outbox.c.key == key, outbox.c.is_change.is_(False), outbox.c.message_id == message_id
            )
            self._unit.connection.execute(gone, {"message_id": ""})
