"""What is to be done later."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from bot.core.events import NOBODY, JobDue
from storage.columns import load
from storage.placing import as_where
from storage.tables.jobs import jobs
from storage.unit import SqlUnit

_DUE = (
    select(jobs)
    .where(jobs.c.due_at <= bindparam("now", type_=jobs.c.due_at.type))
    .order_by(jobs.c.due_at, jobs.c.id)
    .limit(bindparam("most"))
)
_TAKE = delete(jobs).where(
    jobs.c.id == bindparam("the_id"), jobs.c.due_at <= bindparam("now", type_=jobs.c.due_at.type)
)
_NEXT = select(func.min(jobs.c.due_at))


class SqlJobs:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def due(self, now: datetime, limit: int) -> list[JobDue]:
        found = self._unit.connection.execute(_DUE, {"now": now, "most": limit})
        return [
            JobDue(str(row.id), row.due_at, as_where(row), NOBODY, row.job, row.key, row.community, load(row.data))
            for row in found
        ]

    def take(self, id: int) -> bool:
        return self._unit.connection.execute(_TAKE, {"the_id": id, "now": self._unit.now}).rowcount == 1

    def next_due(self) -> datetime | None:
        at: datetime | None = self._unit.connection.execute(_NEXT).scalar()
        return at
