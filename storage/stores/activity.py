"""Who spoke where and when: written in one statement for all of a batch, read along one index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from heapq import merge
from typing import Any, Final

from sqlalchemy import BindParameter, Row, and_, bindparam, delete, select, tuple_

from bot.core.activity import Spoken
from bot.core.events import Where
from storage.columns import UtcTime, microseconds
from storage.placing import as_where
from storage.tables.activity import activity
from storage.unit import SqlUnit
from storage.upsert import insert_new_rows

AT_ONCE: Final = 10_000
"""Rows looked at to forget some of them, so that nobody waits long for the database."""
PIECE: Final = 1000
"""Rows of a channel that are read at a time."""
COLUMNS = (
    "platform",
    "group_id",
    "channel_id",
    "thread",
    "at",
    "message_id",
    "account_id",
    "reply_to",
    "reply_to_account",
    "asks",
)
_BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)


def _moment(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=UtcTime)


_row = activity.c
_PLACE = and_(_row.platform == bindparam("platform"), _row.group_id == bindparam("group"))
_CHANNEL = and_(_PLACE, _row.channel_id == bindparam("channel"))
_MOMENTS = select(_row.at).where(_CHANNEL, _row.at >= _moment("since"), _row.at < _moment("until")).order_by(_row.at)
_LAST = select(_row.at).where(_CHANNEL).order_by(_row.at.desc()).limit(1)
_ACCOUNTS = select(_row.account_id).distinct().where(_CHANNEL, _row.at > _moment("after"), _row.at <= _moment("until"))
_PEOPLE = _ACCOUNTS.where(_row.account_id != "")
_CHANNELS = select(_row.channel_id).distinct().where(_PLACE)
_NEXT = (
    select(activity)
    .where(_CHANNEL, tuple_(_row.at, _row.message_id) > tuple_(_moment("after"), bindparam("message")))
    .order_by(_row.at, _row.message_id)
    .limit(PIECE)
)
_OLDEST = select(_row.id, _row.at).order_by(_row.id).limit(AT_ONCE).subquery()
_FORGET = delete(activity).where(_row.id.in_(select(_OLDEST.c.id).where(_OLDEST.c.at < _moment("before"))))


class SqlActivity:
    """Implements bot.core.activity.Activity."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit
        self._rows: list[tuple[Any, ...]] = []
        unit.at_the_end(self._write)

    def add(self, spoken: Spoken) -> None:
        where = spoken.where
        self._rows.append(
            (
                where.platform,
                where.group,
                where.channel,
                where.thread,
                microseconds(spoken.at),
                spoken.message_id,
                spoken.account,
                spoken.reply_to,
                spoken.reply_to_account,
                spoken.asks,
            )
        )

    def moments(self, where: Where, since: datetime, until: datetime) -> list[datetime]:
        self._write()
        within = _of_channel(where) | {"since": since, "until": until}
        return list(self._unit.connection.execute(_MOMENTS, within).scalars())

    def last(self, where: Where) -> datetime | None:
        self._write()
        return self._unit.connection.execute(_LAST, _of_channel(where)).scalar()

    def people(self, where: Where, after: datetime, until: datetime) -> list[str]:
        self._write()
        within = _of_channel(where) | {"after": after, "until": until}
        return sorted(self._unit.connection.execute(_PEOPLE, within).scalars())

    def replay(self, platform: str, group: str) -> Iterator[Spoken]:
        self._write()
        found = self._unit.connection.execute(_CHANNELS, {"platform": platform, "group": group}).scalars().all()
        channels = (self._rows_of(Where(platform, group, channel)) for channel in found)
        for row in merge(*channels, key=lambda row: (row.at, row.message_id)):
            yield _spoken(row)

    def _rows_of(self, where: Where) -> Iterator[Row[Any]]:
        """All of a channel, oldest first; no more than a piece of it is in memory."""
        moment, message = _BEFORE_ALL, ""
        while True:
            beyond = _of_channel(where) | {"after": moment, "message": message}
            rows = self._unit.connection.execute(_NEXT, beyond).all()
            yield from rows
            if len(rows) < PIECE:
                return
            moment, message = rows[-1].at, rows[-1].message_id

    def forget(self, before: datetime) -> int:
        self._write()
        return self._unit.connection.execute(_FORGET, {"before": before}).rowcount

    def _write(self) -> None:
        if self._rows:
            statement = insert_new_rows(self._unit.connection.dialect, activity, COLUMNS)
            self._unit.connection.exec_driver_sql(statement, self._rows)
            self._rows = []


def _of_channel(where: Where) -> dict[str, Any]:
    return {"platform": where.platform, "group": where.group, "channel": where.channel}


def _spoken(row: Row[Any]) -> Spoken:
    return Spoken(as_where(row), row.message_id, row.account_id, row.at, row.reply_to, row.reply_to_account, row.asks)
