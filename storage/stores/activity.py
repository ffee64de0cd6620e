"""Who spoke where and when: written in one statement for all of a batch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from bot.core.activity import Spoken
from bot.core.events import Where
from storage.placing import as_where, in_group
from storage.tables.activity import activity
from storage.unit import SqlUnit
from storage.upsert import insert_new

_CHANNEL = (
    activity.c.platform == bindparam("p"),
    activity.c.group_id == bindparam("g"),
    activity.c.channel_id == bindparam("c"),
)
_AFTER = bindparam("after", type_=activity.c.at.type)
_UNTIL = bindparam("until", type_=activity.c.at.type)
_MOMENTS = select(activity.c.at).where(*_CHANNEL, activity.c.at >= _AFTER, activity.c.at < _UNTIL)
_MOMENTS = _MOMENTS.order_by(activity.c.at)
_LAST = select(activity.c.at).where(*_CHANNEL).order_by(activity.c.at.desc()).limit(1)
_PEOPLE = select(activity.c.account_id).distinct().where(*_CHANNEL, activity.c.at > _AFTER, activity.c.at <= _UNTIL)
_PEOPLE = _PEOPLE.where(activity.c.account_id != "")
_OLDEST = select(activity.c.id, activity.c.at).order_by(activity.c.id).limit(bindparam("most"))
_AT_ONCE = 10_000
"""Rows removed at a time, so that nobody waits long for the database."""


class SqlActivity:
    """Implements bot.core.activity.Activity."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit
        self._rows: list[dict[str, Any]] = []
        unit.at_the_end(self._write)

    def add(self, spoken: Spoken) -> None:
        where = spoken.where
        self._rows.append(
            {
                "platform": where.platform,
                "group_id": where.group,
                "channel_id": where.channel,
                "thread": where.thread,
                "at": spoken.at,
                "message_id": spoken.message_id,
                "account_id": spoken.account,
                "reply_to": spoken.reply_to,
                "reply_to_account": spoken.reply_to_account,
                "asks": spoken.asks,
            }
        )

    def moments(self, where: Where, since: datetime, until: datetime) -> list[datetime]:
        self._write()
        found = self._unit.connection.execute(_MOMENTS, _in(where) | {"after": since, "until": until})
        return list(found.scalars())

    def last(self, where: Where) -> datetime | None:
        self._write()
        return self._unit.connection.execute(_LAST, _in(where)).scalar()

    def people(self, where: Where, after: datetime, until: datetime) -> list[str]:
        self._write()
        found = self._unit.connection.execute(_PEOPLE, _in(where) | {"after": after, "until": until})
        return sorted(found.scalars())

    def replay(self, platform: str, group: str) -> Iterator[Spoken]:
        self._write()
        query = select(activity).where(in_group(activity, platform, group)).order_by(activity.c.at, activity.c.id)
        for row in self._unit.connection.execute(query):
            yield Spoken(
                as_where(row), row.message_id, row.account_id, row.at, row.reply_to, row.reply_to_account, row.asks
            )

    def forget(self, before: datetime) -> int:
        self._write()
        oldest = self._unit.connection.execute(_OLDEST, {"most": _AT_ONCE}).all()
        old = [row.id for row in oldest if row.at < before]
        if old:
            gone = delete(activity).where(activity.c.id <= max(old), activity.c.at < before)
            self._unit.connection.execute(gone)
        return len(old)

    def _write(self) -> None:
        if self._rows:
            self._unit.connection.execute(insert_new(self._unit.dialect, activity), self._rows)
            self._rows.clear()


def _in(where: Where) -> dict[str, str]:
    return {"p": where.platform, "g": where.group, "c": where.channel}
