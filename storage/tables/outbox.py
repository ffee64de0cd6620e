"""What is to be said, and the buttons under it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from storage.columns import AutoId, UtcTime
from storage.tables.row import Placed


class OutboxTableRow(Placed, table=True):
    """`payload`: the message as JSON, empty once it was sent. `account_id`: the only reader, if there is only one.

    `is_change`: edits or removes the post that was asked for under the same key, and isn't that post itself.
    """

    __tablename__ = "outbox"
    # An id is the nonce under which a platform knows the post, so it must never be used again.
    __table_args__: ClassVar[Any] = (
        Index(None, "platform", "state"),
        Index(None, "platform", "group_id", "channel_id"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(primary_key=True, sa_type=AutoId)
    state: str
    operation: str
    kind: str
    priority: int
    key: str = Field(index=True)
    is_change: bool
    payload: str
    account_id: str
    community: str
    message_id: str
    handle: str
    emoji: str
    why: str
    error: str
    attempts: int
    created_at: datetime = Field(sa_type=UtcTime)
    not_before: datetime | None = Field(sa_type=UtcTime)
    expires_at: datetime | None = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(sa_type=UtcTime, index=True)


class ButtonRow(Placed, table=True):
    """What a press of the token means. The label stays with the platform: names may stand in it."""

    __tablename__ = "buttons"

    token: str = Field(primary_key=True)
    action: str
    data: str
    community: str
    account_id: str
    post_key: str = Field(index=True)
    expires_at: datetime = Field(sa_type=UtcTime, index=True)


outbox = OutboxTableRow.__table__
buttons = ButtonRow.__table__
