"""What the program remembers of its own work."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from storage.columns import UtcTime
from storage.tables.row import Placed, Row


class PauseRow(Row, table=True):
    __tablename__ = "pauses"

    platform: str = Field(primary_key=True)
    group_id: str = Field(primary_key=True)
    channel_id: str = Field(primary_key=True)
    thread: str = Field(primary_key=True)
    reason: str
    detail: str
    since: datetime = Field(sa_type=UtcTime)


class FormRow(Placed, table=True):
    """`message_id` is empty until the message stands on the platform.

    Message ids count up within a chat, not a thread, so the thread tells nothing apart.
    """

    __tablename__ = "forms"
    __table_args__: ClassVar[Any] = (Index(None, "platform", "group_id", "message_id"),)

    post_key: str = Field(primary_key=True)
    message_id: str
    command: str
    account_id: str
    given: str
    expires_at: datetime = Field(sa_type=UtcTime, index=True)


class NoticeRow(Row, table=True):
    __tablename__ = "notices"

    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime)


class StateRow(Row, table=True):
    __tablename__ = "program_state"

    key: str = Field(primary_key=True)
    value: str


class InviteRow(Row, table=True):
    __tablename__ = "invites"

    digest: str = Field(primary_key=True)
    expires_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(sa_type=UtcTime)


class HeardRow(Row, table=True):
    """When each platform was heard last."""

    __tablename__ = "heard"

    platform: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime)


class OutageRow(Row, table=True):
    __tablename__ = "outages"

    platform: str = Field(primary_key=True)
    start: datetime = Field(sa_type=UtcTime, primary_key=True)
    end: datetime = Field(sa_type=UtcTime, index=True)


pauses = PauseRow.__table__
forms = FormRow.__table__
notices = NoticeRow.__table__
program_state = StateRow.__table__
invites = InviteRow.__table__
heard = HeardRow.__table__
outages = OutageRow.__table__
