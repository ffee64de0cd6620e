"""A group that goes on under another id: every table that holds group ids follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, PrimaryKeyConstraint, Table, UniqueConstraint, and_, delete, exists, select, update

from bot.core.unit import Queued
from storage.merging import merged_group, merged_membership
from storage.placing import as_where, in_group
from storage.tables.outbox import outbox
from storage.tables.people import memberships
from storage.tables.places import groups, moved_groups
from storage.tables.row import Row
from storage.unit import SqlUnit
from storage.upsert import upsert

Columns = Mapping[str, Any]
MERGES: dict[Table, Callable[[Columns, Columns], dict[str, Any]]] = {
    groups: merged_group,
    memberships: merged_membership,
}
"""(row of the old id, row of the new id) → the columns of what becomes of both. A feature's table may have such a
function in its `info` as "merge". In other tables the new row stays.
"""


def current_id(connection: Connection, platform: str, group: str) -> str:
    query = select(moved_groups.c.new_id).where(moved_groups.c.platform == platform, moved_groups.c.old_id == group)
    return connection.execute(query).scalar() or group


def former_ids(connection: Connection, platform: str, group: str) -> list[str]:
    query = select(moved_groups.c.old_id).where(moved_groups.c.platform == platform, moved_groups.c.new_id == group)
    return list(connection.execute(query.order_by(moved_groups.c.old_id)).scalars())


def move_group(unit: SqlUnit, platform: str, old: str, new: str) -> None:
    """Harmless when repeated; what was written under the old id in between follows then."""
    new = current_id(unit.connection, platform, new)
    if old == new:
        return
    unit.places_version.grow()
    unit.finish()
    for table in _tables_with_groups():
        _merge(unit, table, platform, old, new)
        _move(unit, table, platform, old, new)
    _remember(unit, platform, old, new)
    _announce(unit, platform, new)


def _tables_with_groups() -> Iterator[Table]:
    return (table for table in Row.metadata.sorted_tables if "platform" in table.c and "group_id" in table.c)


def _merge(unit: SqlUnit, table: Table, platform: str, old: str, new: str) -> None:
    """Write into the rows of the new id what those of the old id know better."""
    merge = MERGES.get(table) or table.info.get("merge")
    if merge is None:
        return
    before, after = table.alias("before"), table.alias("after")
    same = [before.c[name] == after.c[name] for name in _names_besides_group(table.primary_key)]
    pairs = before.join(after, and_(*same, before.c.group_id == old, after.c.group_id == new))
    query = select(before, after).select_from(pairs).where(before.c.platform == platform)
    width = len(table.c)
    merged = []
    for pair in unit.connection.execute(query):
        names = table.c.keys()
        of_old, of_new = dict(zip(names, pair[:width], strict=True)), dict(zip(names, pair[width:], strict=True))
        merged.append(of_new | merge(of_old, of_new))
    if merged:
        unit.connection.execute(upsert(unit.dialect, table), merged)


def _move(unit: SqlUnit, table: Table, platform: str, old: str, new: str) -> None:
    other = table.alias("other")
    taken = [
        exists().where(
            other.c.group_id == new, *(other.c[name] == table.c[name] for name in _names_besides_group(constraint))
        )
        for constraint in table.constraints
        if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint) and "group_id" in constraint.columns
    ]
    of_old = in_group(table, platform, old)
    unit.connection.execute(update(table).where(of_old, *(~condition for condition in taken)), {"group_id": new})
    unit.connection.execute(delete(table).where(of_old))


def _names_besides_group(constraint: PrimaryKeyConstraint | UniqueConstraint) -> list[str]:
    return [column.name for column in constraint.columns if column.name != "group_id"]


def _remember(unit: SqlUnit, platform: str, old: str, new: str) -> None:
    earlier = update(moved_groups).where(moved_groups.c.platform == platform, moved_groups.c.new_id == old)
    unit.connection.execute(earlier, {"new_id": new})
    unit.connection.execute(upsert(unit.dialect, moved_groups), {"platform": platform, "old_id": old, "new_id": new})


def _announce(unit: SqlUnit, platform: str, new: str) -> None:
    """Tell the sender where the waiting posts go now."""
    waiting = select(outbox).where(in_group(outbox, platform, new), outbox.c.state == "queued")
    for row in unit.connection.execute(waiting.order_by(outbox.c.id)):
        unit.is_queued(Queued(row.id, as_where(row), row.priority, row.not_before))
