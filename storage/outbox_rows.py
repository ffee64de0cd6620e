"""Rows of the outbox as the core knows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.core.messages import Message, from_json
from bot.core.stores import OutboxRow
from storage.placing import as_where

AsRead = Row[Any]
"""A whole row of the table `outbox`."""


def as_outbox_row(row: AsRead, *, message_id: str | None = None, attempts: int | None = None) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        where=as_where(row),
        operation=row.operation,
        kind=row.kind,
        key=row.key,
        message=from_json(row.payload) if row.payload else Message(),
        message_id=row.message_id if message_id is None else message_id,
        handle=row.handle,
        emoji=row.emoji,
        created_at=row.created_at,
        expires_at=row.expires_at,
        attempts=row.attempts if attempts is None else attempts,
        community=row.community,
    )


def has_expired(row: AsRead, now: datetime) -> bool:
    return row.expires_at is not None and bool(row.expires_at <= now)
