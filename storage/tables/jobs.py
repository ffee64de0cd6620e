"""What is to be done later."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from storage.columns import AutoId, UtcTime
from storage.tables.row import Placed


class JobRow(Placed, table=True):
    """`platform` is empty for a job that belongs to no place."""

    __tablename__ = "jobs"
    # An id is the event id of a JobDue: if it were used again, the second job would count as handled.
    __table_args__: ClassVar[Any] = (UniqueConstraint("job", "key"), {"sqlite_autoincrement": True})

    id: int = Field(primary_key=True, sa_type=AutoId)
    job: str
    key: str
    community: str
    data: str
    due_at: datetime = Field(sa_type=UtcTime, index=True)


jobs = JobRow.__table__
