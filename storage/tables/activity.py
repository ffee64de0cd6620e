"""Who spoke where and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.columns import AutoId, UtcTime
from storage.tables.row import Placed


class ActivityRow(Placed, table=True):
    """Rows come nearly in the order of time, so the oldest are found at the lowest ids."""

    __tablename__ = "activity"
    __table_args__: ClassVar[Any] = (UniqueConstraint("platform", "group_id", "channel_id", "at", "message_id"),)

    id: int = Field(primary_key=True, sa_type=AutoId)
    at: datetime = Field(sa_type=UtcTime)
    message_id: str
    account_id: str
    reply_to: str
    reply_to_account: str
    asks: bool


activity = ActivityRow.__table__
