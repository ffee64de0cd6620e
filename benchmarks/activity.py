"""A feature that notes who was active, for measuring only: what a listener to ordinary talk costs at the least."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, insert

from bot.core.events import MessagePosted
from bot.core.feature import Context, Feature
from bot.core.unit import Unit
from storage.registry import all_stores
from storage.unit import SqlUnit, StoreFactories

_TABLE = Table(
    "benchmark_activity",
    MetaData(),
    Column("platform", Text),
    Column("group_id", Text),
    Column("account_id", Text),
    Column("at", BigInteger),
)
_INSERT = insert(_TABLE).inline()


class Activity(Protocol):
    def note(self, platform: str, group: str, account: str, at: int) -> None: ...


class SqlActivity:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit
        self._rows: list[dict[str, object]] = []
        unit.at_the_end(self._write)

    def note(self, platform: str, group: str, account: str, at: int) -> None:
        self._rows.append({"platform": platform, "group_id": group, "account_id": account, "at": at})

    def _write(self) -> None:
        if self._rows:
            self._unit.connection.execute(_INSERT, self._rows)


def stores() -> StoreFactories:
    return {**all_stores(), Activity: SqlActivity}


def make_table(unit: Unit) -> None:
    assert isinstance(unit, SqlUnit)
    _TABLE.metadata.create_all(unit.connection)


def _on_message(event: MessagePosted, ctx: Context) -> None:
    store = ctx.unit.store(Activity)
    store.note(event.where.platform, event.where.group, event.actor.id, int(event.at.timestamp()))


FEATURE = Feature("activity", on={MessagePosted: _on_message})
