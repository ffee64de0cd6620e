"""What the sender takes out of the outbox, and what it reports back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, exists, func, select, update

from bot.core.chat import Operation
from bot.core.events import Where
from bot.core.stores import OutboxRow
from bot.core.unit import Queued
from storage.outbox_rows import AsRead, as_outbox_row, has_expired
from storage.placing import as_columns, as_where
from storage.post_changes import PostChanges
from storage.tables.outbox import buttons, outbox
from storage.unit import SqlUnit

_WAITING = (
    select(outbox.c.id, outbox.c.platform, outbox.c.group_id, outbox.c.channel_id, outbox.c.thread)
    .add_columns(outbox.c.priority, outbox.c.not_before)
    .where(outbox.c.platform == bindparam("p"), outbox.c.state == "queued")
    .order_by(outbox.c.priority, outbox.c.id)
)
_ROWS = select(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_SENDING = (
    update(outbox)
    .where(outbox.c.id == bindparam("the_id"))
    .values(state="sending", attempts=outbox.c.attempts + 1, message_id=bindparam("its_message"))
)
_FINISH = update(outbox).where(outbox.c.id == bindparam("the_id"))
_MESSAGE_ID = (
    select(outbox.c.message_id)
    .where(outbox.c.key == bindparam("the_key"), outbox.c.is_change.is_(False), outbox.c.state == "sent")
    .where(outbox.c.message_id != "")
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_LAST_SAID = (
    select(outbox.c.ended_at, outbox.c.created_at)
    .where(
        outbox.c.platform == bindparam("p"), outbox.c.group_id == bindparam("g"), outbox.c.channel_id == bindparam("c")
    )
    .where(outbox.c.operation == Operation.SEND, outbox.c.kind.not_in(("answer", "notice")))
    .where(outbox.c.state.in_(("queued", "sending", "sent", "uncertain")))
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_AT_ONCE = 512  # ids in one query; databases limit its parameters


class SqlOutbox:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit
        self._changes = PostChanges(unit)

    def waiting_rows(self, platform: str) -> list[tuple[int, Where, int, datetime | None]]:
        found = self._unit.connection.execute(_WAITING, {"p": platform})
        return [(row.id, as_where(row), row.priority, row.not_before) for row in found]

    def claim(self, ids: Sequence[int], now: datetime) -> list[OutboxRow]:
        claimed: list[OutboxRow] = []
        for row in self._rows(ids):
            if row.state != "queued":
                continue
            if has_expired(row, now):
                self._expire(row)
                continue
            message_id = self._changes.target(row)
            if message_id is not None:
                self._unit.is_withdrawn(row.id)
                claimed.append(as_outbox_row(row, message_id=message_id, attempts=row.attempts + 1))
        if claimed:
            sending = [{"the_id": row.id, "its_message": row.message_id} for row in claimed]
            self._unit.connection.execute(_SENDING, sending)
        return claimed

    def finish(self, id: int, state: str, message_id: str, error: str, now: datetime) -> OutboxRow | None:
        """The row that is returned still has its message; the stored one loses it when it was sent."""
        found = next(iter(self._rows([id])), None)
        if found is None or found.state != "sending":
            return None
        message_id = message_id or found.message_id
        changes = {"state": state, "message_id": message_id, "error": error, "ended_at": now}
        if state == "sent":
            changes["payload"] = ""
            if found.kind == "answer":
                changes |= {"account_id": "", "handle": ""}  # whose press was answered need not be kept
        self._unit.connection.execute(_FINISH, {"the_id": id, **changes})
        if state == "sent" and found.operation == Operation.DELETE:
            self._changes.was_deleted(found.key, found.message_id)
        settled = as_outbox_row(found, message_id=message_id)
        if found.kind != "answer" or settled.message.buttons:  # nobody changes an answer that can't be pressed
            self._changes.may_go_on(found)
        return settled

    def requeue(self, ids: Sequence[int]) -> None:
        for row in self._rows(ids):
            if row.state == "sending":
                self._set_state(row.id, "queued")
                self._announce(row, as_where(row))

    def interrupted(self, platform: str) -> list[OutboxRow]:
        query = select(outbox).where(outbox.c.platform == platform, outbox.c.state == "sending")
        return [as_outbox_row(row) for row in self._unit.connection.execute(query.order_by(outbox.c.id))]

    def wait_for_private(self, id: int) -> None:
        for row in self._rows([id]):
            if row.state in ("sending", "queued"):
                self._set_state(id, "waiting")

    def release(self, platform: str, account: str, now: datetime) -> int:
        """They go to the private chat, wherever they were asked for."""
        waiting = select(outbox).where(
            outbox.c.platform == platform, outbox.c.state == "waiting", outbox.c.account_id == account
        )
        where = Where(platform, "", account)
        released = 0
        for row in self._unit.connection.execute(waiting.order_by(outbox.c.id)).all():
            if has_expired(row, now):
                self._expire(row)
                continue
            changes = {"state": "queued", **as_columns(where)}
            self._unit.connection.execute(update(outbox).where(outbox.c.id == row.id), changes)
            self._announce(row, where)
            released += 1
        return released

    def counts(self) -> dict[str, int]:
        query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        return {row[0]: row[1] for row in self._unit.connection.execute(query)}

    def found(self, key: str, message_id: str) -> None:
        uncertain = update(outbox).where(
            outbox.c.key == key, outbox.c.is_change.is_(False), outbox.c.state == "uncertain"
        )
        self._unit.connection.execute(uncertain, {"state": "sent", "message_id": message_id, "payload": ""})

    def message_id(self, key: str) -> str:
        return self._unit.connection.execute(_MESSAGE_ID, {"the_key": key}).scalar() or "" if key else ""

    def last_said(self, where: Where) -> datetime | None:
        place = {"p": where.platform, "g": where.group, "c": where.channel}
        row = self._unit.connection.execute(_LAST_SAID, place).first()
        return (row.ended_at or row.created_at) if row else None

    def expire(self, now: datetime) -> int:
        """End what nobody came for in time: its words go."""
        late = outbox.c.state.in_(("queued", "waiting")) & (outbox.c.expires_at <= now)
        rows = list(self._unit.connection.execute(select(outbox).where(late)))
        for row in rows:
            self._expire(row)
        return len(rows)

    def forget(self, before: datetime) -> int:
        """Remove rows that ended before; posts whose buttons still work stay, since a press may edit them."""
        has_buttons = exists().where(buttons.c.post_key == outbox.c.key, outbox.c.key != "")
        statement = delete(outbox).where(outbox.c.ended_at < before, ~has_buttons)
        return self._unit.connection.execute(statement).rowcount

    def _rows(self, ids: Sequence[int]) -> list[AsRead]:
        """In the order of `ids`."""
        found: dict[int, AsRead] = {}
        for start in range(0, len(ids), _AT_ONCE):
            chunk = list(ids[start : start + _AT_ONCE])
            found.update((row.id, row) for row in self._unit.connection.execute(_ROWS, {"ids": chunk}))
        return [found[id] for id in dict.fromkeys(ids) if id in found]

    def _set_state(self, id: int, state: str) -> None:
        self._unit.connection.execute(update(outbox).where(outbox.c.id == id), {"state": state})

    def _expire(self, row: AsRead) -> None:
        changes = {"state": "expired", "payload": "", "ended_at": self._unit.now}
        self._unit.connection.execute(update(outbox).where(outbox.c.id == row.id), changes)
        self._changes.may_go_on(row)

    def _announce(self, row: AsRead, where: Where) -> None:
        self._unit.is_queued(Queued(row.id, where, row.priority, row.not_before))
