"""Which events were handled, and which couldn't be."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field

from storage.columns import AutoId, UtcTime
from storage.tables.row import Placed, Row


class SeenRow(Row, table=True):
    __tablename__ = "seen"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcTime, index=True)


class SetAsideRow(Placed, table=True):
    __tablename__ = "set_aside"

    id: int = Field(primary_key=True, sa_type=AutoId)
    key: str = Field(unique=True)
    traceback: str
    at: datetime = Field(sa_type=UtcTime)


seen = SeenRow.__table__
set_aside = SetAsideRow.__table__
