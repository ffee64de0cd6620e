"""What a unit of work asks to be said, changed and removed, as rows of the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, bindparam, insert, select, update

from bot.core.chat import Operation
from bot.core.events import Where
from bot.core.messages import AudienceKind, Message, to_json
from bot.core.unit import NOTE, PRIORITY, Queued, priority_of
from storage.placing import as_columns, as_where
from storage.tables.outbox import outbox
from storage.tokens import Tokens

if TYPE_CHECKING:
    from storage.unit import SqlUnit

_LIVE_POST = (
    select(outbox)
    .where(
        outbox.c.key == bindparam("post_key"),
        outbox.c.is_change.is_(False),
        outbox.c.state.in_(("queued", "waiting", "sending", "sent")),
    )
    .order_by(outbox.c.id.desc())
    .limit(5)
)
_WAITING_CHANGE = select(outbox.c.id).where(
    outbox.c.key == bindparam("post_key"),
    outbox.c.is_change.is_(True),
    outbox.c.operation == bindparam("the_operation"),
    outbox.c.state == "queued",
)
_CLOSED = (
    select(outbox.c.id)
    .where(
        outbox.c.key == bindparam("post_key"),
        outbox.c.is_change.is_(True),
        outbox.c.operation == Operation.CLOSE_POLL,
        outbox.c.state.in_(("queued", "sending", "sent")),
    )
    .limit(1)
)
_INSERT = insert(outbox)
_NOT_SENT = ("queued", "waiting")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a post goes and what is known of it besides its content."""

    where: Where
    kind: str
    key: str = ""
    community: str = ""
    expires: datetime | None = None
    not_before: datetime | None = None
    why: str = ""
    handle: str = ""
    instead_of: str = ""


def _reader(message: Message, where: Where) -> str:
    if message.audience.kind is AudienceKind.PERSON:
        return message.audience.account
    return where.channel if where.private else ""


def _is_note(message: Message, address: Address) -> bool:
    """Whether it is given back to a press or command in a group, for its asker alone."""
    apart = address.handle and address.where.group and not address.instead_of
    return bool(apart) and message.audience.kind is AudienceKind.PERSON


class Posting:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit
        self._tokens = Tokens(unit)

    def post(self, message: Message, address: Address) -> int:
        before = None if address.kind == "answer" else self.live(address.key)  # an event is answered once
        message = self._tokens.put_on(
            message, address.where, address.community, address.key, address.expires, is_new=before is None
        )
        operation = Operation.EDIT if address.instead_of else Operation.SEND
        priority = NOTE if _is_note(message, address) else priority_of(address.kind)
        row = self._row(operation, priority, message, address)
        if before is not None and before.state in _NOT_SENT:
            return self._change(before.id, row)
        return self._add(row)

    def edit(self, key: str, message: Message) -> None:
        """Nothing happens when there is no post under the key (any more): nothing is left to be changed."""
        before = self.live(key)
        if before is None:
            return
        address = Address(as_where(before), before.kind, key, before.community)
        message = self._tokens.put_on(message, address.where, address.community, key, before.expires_at)
        if before.state in _NOT_SENT and not before.attempts:
            self._replace_content(before, message)
            return
        # What was tried may have arrived; its repeat would be recognised, and the old content would stay.
        row = self._row(Operation.EDIT, PRIORITY["tidy"], message, address) | {"is_change": True}
        waiting = self._waiting(key, Operation.EDIT)
        if waiting is None:
            self._add(row)
        else:
            self._change(waiting, row)

    def delete(self, key: str) -> None:
        before = self.live(key)
        if before is None:
            return
        edit = self._waiting(key, Operation.EDIT)
        if edit is not None:
            self.withhold(edit)
        if before.state in _NOT_SENT:
            self.withhold(before.id)
        elif self._waiting(key, Operation.DELETE) is None:
            address = Address(as_where(before), before.kind, key, before.community)
            self._add(self._row(Operation.DELETE, PRIORITY["tidy"], None, address) | {"is_change": True})

    def close_poll(self, key: str) -> None:
        """A poll that was never shown isn't any more. One that may have been is closed as soon as it is known where."""
        before = self.live(key)
        if before is None:
            return
        if before.state in _NOT_SENT and not before.attempts:
            self.withhold(before.id)
        elif self._unit.connection.execute(_CLOSED, {"post_key": key}).first() is None:
            address = Address(as_where(before), before.kind, key, before.community)
            self._add(self._row(Operation.CLOSE_POLL, PRIORITY["tidy"], None, address) | {"is_change": True})

    def perform(self, operation: Operation, where: Where, message_id: str, emoji: str) -> None:
        # A farewell is said before the group is left.
        priority = max(PRIORITY.values()) if operation is Operation.LEAVE else PRIORITY["tidy"]
        row = self._row(operation, priority, None, Address(where, str(operation)))
        self._add(row | {"message_id": message_id, "emoji": emoji})

    def _replace_content(self, post: Row[Any], message: Message) -> None:
        changes = {"payload": to_json(message), "account_id": _reader(message, as_where(post))}
        self._unit.connection.execute(update(outbox).where(outbox.c.id == post.id), changes)
        if post.state == "queued":
            self._unit.is_queued(Queued(post.id, as_where(post), post.priority, post.not_before))

    def withhold(self, id: int) -> None:
        """Never send a row that still waits."""
        changes = {"state": "withheld", "payload": "", "ended_at": self._unit.now}
        self._unit.connection.execute(update(outbox).where(outbox.c.id == id), changes)
        self._unit.is_withdrawn(id)

    def live(self, key: str) -> Row[Any] | None:
        """The newest post under a key that waits, is being sent, or stands on the platform."""
        if not key:
            return None
        found = self._unit.connection.execute(_LIVE_POST, {"post_key": key})
        return next((row for row in found if row.state != "sent" or row.message_id), None)

    def _waiting(self, key: str, operation: Operation) -> int | None:
        found = self._unit.connection.execute(_WAITING_CHANGE, {"post_key": key, "the_operation": operation})
        id: int | None = found.scalar()
        return id

    def _row(self, operation: Operation, priority: int, message: Message | None, address: Address) -> dict[str, Any]:
        return {
            **as_columns(address.where),
            "state": "queued",
            "operation": operation,
            "kind": address.kind,
            "priority": priority,
            "key": address.key,
            "is_change": False,
            "payload": to_json(message) if message else "",
            "account_id": _reader(message, address.where) if message else "",
            "community": address.community,
            "message_id": address.instead_of,
            "handle": address.handle,
            "emoji": "",
            "why": address.why,
            "error": "",
            "attempts": 0,
            "created_at": self._unit.now,
            "not_before": address.not_before,
            "expires_at": address.expires,
            "ended_at": None,
        }

    def _add(self, row: dict[str, Any]) -> int:
        result = self._unit.connection.execute(_INSERT, row)
        assert result.inserted_primary_key is not None
        return self._announce(int(result.inserted_primary_key[0]), row)

    def _change(self, id: int, row: dict[str, Any]) -> int:
        self._unit.connection.execute(update(outbox).where(outbox.c.id == id), row)
        return self._announce(id, row)

    def _announce(self, id: int, row: dict[str, Any]) -> int:
        where = Where(row["platform"], row["group_id"], row["channel_id"], row["thread"])
        self._unit.is_queued(Queued(id, where, row["priority"], row["not_before"]))
        return id
