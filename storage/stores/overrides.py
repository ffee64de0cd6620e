"""What managers set in the chat, with what it was before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, insert, select, update

from bot.core.stores import Override
from storage.columns import dump, load
from storage.tables.overrides import override_changes, overrides
from storage.unit import SqlUnit
from storage.upsert import upsert


class SqlOverrides:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def of(self, community: str) -> list[Override]:
        query = select(overrides).where(overrides.c.community == community)
        found = self._unit.connection.execute(query.order_by(overrides.c.feature, overrides.c.key))
        return [Override(row.feature, row.key, load(row.value)) for row in found]

    def set(self, community: str, feature: str, key: str, value: Any, by: str, at: datetime) -> int:
        before = self._value(community, feature, key)
        self._put(community, feature, key, dump(value))
        return self._note(community, feature, key, before, dump(value), by, at)

    def reset(self, community: str, feature: str, key: str, by: str, at: datetime) -> int:
        before = self._value(community, feature, key)
        if before is None:
            return 0
        self._put(community, feature, key, None)
        return self._note(community, feature, key, before, None, by, at)

    def undo(self, community: str, change: int, by: str, at: datetime) -> bool:
        """Changes are undone newest first: once that one is undone, the one before it may be."""
        asked = override_changes.c.id == change, override_changes.c.community == community
        row = self._unit.connection.execute(select(override_changes).where(*asked)).first()
        if row is None or self._newest_change(row.community, row.feature, row.key) != change:
            return False
        self._put(row.community, row.feature, row.key, row.before)
        self._unit.connection.execute(update(override_changes).where(*asked), {"undone_by": by, "undone_at": at})
        return True

    def _newest_change(self, community: str, feature: str, key: str) -> int | None:
        query = select(override_changes.c.id).where(
            _named(override_changes, community, feature, key), override_changes.c.undone_at.is_(None)
        )
        return self._unit.connection.execute(query.order_by(override_changes.c.id.desc()).limit(1)).scalar()

    def _value(self, community: str, feature: str, key: str) -> str | None:
        query = select(overrides.c.value).where(_named(overrides, community, feature, key))
        return self._unit.connection.execute(query).scalar()

    def _put(self, community: str, feature: str, key: str, value: str | None) -> None:
        self._unit.places_version.grow()
        if value is None:
            self._unit.connection.execute(delete(overrides).where(_named(overrides, community, feature, key)))
            return
        row = {"community": community, "feature": feature, "key": key, "value": value}
        self._unit.connection.execute(upsert(self._unit.dialect, overrides), row)

    def _note(
        self, community: str, feature: str, key: str, before: str | None, after: str | None, by: str, at: datetime
    ) -> int:
        row = {"community": community, "feature": feature, "key": key, "before": before, "after": after}
        row |= {"changed_by": by, "changed_at": at, "undone_by": "", "undone_at": None}  # type: ignore[dict-item]
        result = self._unit.connection.execute(insert(override_changes), row)
        assert result.inserted_primary_key is not None
        return int(result.inserted_primary_key[0])


def _named(table: Table, community: str, feature: str, key: str) -> ColumnElement[bool]:
    return and_(table.c.community == community, table.c.feature == feature, table.c.key == key)
