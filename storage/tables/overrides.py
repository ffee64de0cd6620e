"""What managers set in the chat, and what it was before."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from storage.columns import AutoId, UtcTime
from storage.tables.row import Row


class OverrideRow(Row, table=True):
    __tablename__ = "overrides"

    community: str = Field(primary_key=True)
    feature: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    value: str  # JSON


class OverrideChangeRow(Row, table=True):
    """`before` and `after` are JSON; None: nothing was set."""

    __tablename__ = "override_changes"
    # An id is what a manager undoes by: it must never come to mean another change.
    __table_args__: ClassVar[Any] = (Index(None, "community", "feature", "key"), {"sqlite_autoincrement": True})

    id: int = Field(primary_key=True, sa_type=AutoId)
    community: str
    feature: str
    key: str
    before: str | None
    after: str | None
    changed_by: str
    changed_at: datetime = Field(sa_type=UtcTime)
    undone_by: str
    undone_at: datetime | None = Field(sa_type=UtcTime)


overrides = OverrideRow.__table__
override_changes = OverrideChangeRow.__table__
