"""Which events were handled, and which couldn't be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from bot.core.events import Where
from storage.placing import as_columns
from storage.tables.events import seen, set_aside
from storage.unit import SqlUnit
from storage.upsert import insert_new

_AT_ONCE = 512  # keys in one query; databases limit its parameters
_AMONG = select(seen.c.key).where(seen.c.key.in_(bindparam("keys", expanding=True)))


class SqlSeen:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def among(self, keys: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(keys), _AT_ONCE):
            chunk = keys[start : start + _AT_ONCE]
            found.update(self._unit.connection.execute(_AMONG, {"keys": chunk}).scalars())
        return found

    def add(self, keys: Sequence[str], at: datetime) -> None:
        if keys:
            rows = [{"key": key, "at": at} for key in keys]
            self._unit.connection.execute(insert_new(self._unit.dialect, seen), rows)

    def forget(self, before: datetime) -> int:
        return self._unit.connection.execute(delete(seen).where(seen.c.at < before)).rowcount


class SqlSetAside:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def add(self, key: str, where: Where, traceback: str, at: datetime) -> None:
        row = {"key": key, "traceback": traceback, "at": at, **as_columns(where)}
        self._unit.connection.execute(insert_new(self._unit.dialect, set_aside), row)

    def count(self) -> int:
        return self._unit.connection.execute(select(func.count()).select_from(set_aside)).scalar_one()
