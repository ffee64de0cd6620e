"""Groups, and the communities set up in the chat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, insert, select

from bot.core.stores import KnownGroup, StoredCommunity
from storage.moving import current_id, former_ids, move_group
from storage.placing import as_columns, as_where
from storage.tables.places import communities, groups, managers_places, moved_groups
from storage.unit import SqlUnit
from storage.upsert import upsert

_GROUP = select(groups).where(groups.c.platform == bindparam("p"), groups.c.group_id == bindparam("g"))
_MOVED = select(moved_groups)


class SqlPlaces:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def version(self) -> int:
        return self._unit.places_version.number

    def group(self, platform: str, group: str) -> KnownGroup | None:
        row = self._unit.connection.execute(_GROUP, {"p": platform, "g": group}).first()
        return _known_group(row) if row else None

    def moved(self) -> Mapping[tuple[str, str], str]:
        return {(row.platform, row.old_id): row.new_id for row in self._unit.connection.execute(_MOVED)}

    def put_group(self, group: KnownGroup) -> None:
        before = self.group(group.platform, group.id)
        if before == group:
            return
        if _whose(before or KnownGroup(group.platform, group.id)) != _whose(group):
            self._unit.places_version.grow()
        row = {
            "platform": group.platform,
            "group_id": group.id,
            "community": group.community,
            "title": group.title,
            "state": group.state,
            "main": group.main,
            "announced": group.announced,
            "problems": group.problems,
        }
        self._unit.connection.execute(upsert(self._unit.dialect, groups), row)

    def groups(self, community: str) -> list[KnownGroup]:
        return self._groups(groups.c.community == community)

    def all_groups(self) -> Iterable[KnownGroup]:
        return self._groups()

    def community(self, slug: str) -> StoredCommunity | None:
        return next(iter(self._communities(slug)), None)

    def communities(self) -> list[StoredCommunity]:
        return self._communities()

    def put_community(self, community: StoredCommunity) -> None:
        self._unit.places_version.grow()
        row = {"slug": community.slug, "name": community.name}
        row |= {"language": community.language, "timezone": community.timezone}
        self._unit.connection.execute(upsert(self._unit.dialect, communities), row)
        self._unit.connection.execute(delete(managers_places).where(managers_places.c.community == community.slug))
        places = [
            {"community": community.slug, "label": label, **as_columns(where)}
            for label, where in community.managers.items()
        ]
        if places:
            self._unit.connection.execute(insert(managers_places), places)

    def migrate(self, platform: str, old: str, new: str) -> None:
        move_group(self._unit, platform, old, new)

    def current_id(self, platform: str, group: str) -> str:
        return current_id(self._unit.connection, platform, group)

    def former_ids(self, platform: str, group: str) -> list[str]:
        return former_ids(self._unit.connection, platform, group)

    def _groups(self, *conditions: ColumnElement[bool]) -> list[KnownGroup]:
        query = select(groups).where(*conditions).order_by(groups.c.platform, groups.c.group_id)
        return [_known_group(row) for row in self._unit.connection.execute(query)]

    def _communities(self, *slugs: str) -> list[StoredCommunity]:
        query, places = select(communities).order_by(communities.c.slug), select(managers_places)
        if slugs:
            query = query.where(communities.c.slug.in_(slugs))
            places = places.where(managers_places.c.community.in_(slugs))
        managers: dict[str, dict[str, Any]] = {}
        for row in self._unit.connection.execute(places.order_by(managers_places.c.label)):
            managers.setdefault(row.community, {})[row.label] = as_where(row)
        return [
            StoredCommunity(row.slug, row.name, row.language, row.timezone, managers.get(row.slug, {}))
            for row in self._unit.connection.execute(query)
        ]


def _whose(group: KnownGroup) -> tuple[str, str, str]:
    """What decides whose group it is, and where to speak there; titles and problems that were told decide nothing."""
    return group.community, group.state, group.main


def _known_group(row: Row[Any]) -> KnownGroup:
    return KnownGroup(
        platform=row.platform,
        id=row.group_id,
        community=row.community,
        title=row.title,
        state=row.state,
        main=row.main,
        announced=row.announced,
        problems=row.problems,
    )
