"""Who waits for a greeting, and what a group was greeted with last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, RowMapping, UniqueConstraint, and_, delete, insert, select, update
from sqlmodel import Field

from bot.features.welcome.model import Greeted, Newcomer, Newcomers
from storage.chunks import chunks
from storage.columns import AutoId, UtcTime
from storage.placing import in_group
from storage.tables.row import Row
from storage.unit import SqlUnit
from storage.upsert import upsert


class NewcomerRow(Row, table=True):
    __tablename__ = "welcome_newcomers"
    __table_args__: ClassVar[Any] = (UniqueConstraint("platform", "group_id", "account_id"),)

    id: int = Field(primary_key=True, sa_type=AutoId)  # in the order of joining: platforms' times are whole seconds
    platform: str
    group_id: str
    account_id: str
    name: str
    joined_at: datetime = Field(sa_type=UtcTime)
    came_back: bool
    in_channel: bool
    post_key: str = Field(index=True)


class GreetedRow(Row, table=True):
    __tablename__ = "welcome_greeted"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    platform: str = Field(primary_key=True)
    group_id: str = Field(primary_key=True)
    count: int
    at: datetime | None = Field(sa_type=UtcTime)
    key: str


newcomers = NewcomerRow.__table__
greeted_groups = GreetedRow.__table__


class SqlNewcomers:
    """Implements bot.features.welcome.model.Newcomers."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def add(self, newcomer: Newcomer) -> None:
        row = asdict(newcomer)
        row["group_id"], row["account_id"] = row.pop("group"), row.pop("account")
        self.remove(newcomer.platform, newcomer.group, [newcomer.account])
        self._unit.connection.execute(insert(newcomers), row)

    def of(self, platform: str, group: str) -> list[Newcomer]:
        return self._select(in_group(newcomers, platform, group))

    def get(self, platform: str, group: str, account: str) -> Newcomer | None:
        found = self._select(and_(in_group(newcomers, platform, group), newcomers.c.account_id == account))
        return found[0] if found else None

    def by_post(self, post_key: str) -> list[Newcomer]:
        return self._select(newcomers.c.post_key == post_key)

    def remove(self, platform: str, group: str, accounts: Sequence[str]) -> None:
        for some in chunks(accounts):
            ours = and_(in_group(newcomers, platform, group), newcomers.c.account_id.in_(some))
            self._unit.connection.execute(delete(newcomers).where(ours))

    def mark(self, platform: str, group: str, accounts: Sequence[str], post_key: str) -> None:
        for some in chunks(accounts):
            ours = and_(in_group(newcomers, platform, group), newcomers.c.account_id.in_(some))
            self._unit.connection.execute(update(newcomers).where(ours).values(post_key=post_key))

    def greeted(self, platform: str, group: str) -> Greeted:
        query = select(greeted_groups).where(in_group(greeted_groups, platform, group))
        row = self._unit.connection.execute(query).first()
        return Greeted(row[2], row[3], row[4]) if row else Greeted()

    def put_greeted(self, platform: str, group: str, greeted: Greeted) -> None:
        row = {"platform": platform, "group_id": group, "count": greeted.count, "at": greeted.at, "key": greeted.key}
        self._unit.connection.execute(upsert(self._unit.dialect, greeted_groups), row)

    def _select(self, which: ColumnElement[bool]) -> list[Newcomer]:
        query = select(newcomers).where(which).order_by(newcomers.c.id)
        return [_newcomer(row) for row in self._unit.connection.execute(query).mappings()]


def _newcomer(row: RowMapping) -> Newcomer:
    return Newcomer(
        row["platform"],
        row["group_id"],
        row["account_id"],
        row["name"],
        row["joined_at"],
        row["came_back"],
        row["in_channel"],
        row["post_key"],
    )


STORES = {Newcomers: SqlNewcomers}
