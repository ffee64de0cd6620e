"""Polls, where they stand, and those that come again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, replace
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy import Row as Found
from sqlmodel import Field

from bot.core.events import Where
from bot.core.recurring import Weekly
from bot.core.stores import Identity
from bot.features.polls.model import Author, Outcome, Poll, PollPost, Polls, Rules, Series, State
from storage.accounts import among
from storage.columns import AutoId, UtcTime, dump, load
from storage.placing import as_columns, as_where
from storage.tables.row import Placed, Row
from storage.unit import SqlUnit
from storage.upsert import upsert

_MICROSECOND = timedelta(microseconds=1)


class PollRow(Row, table=True):
    """`author_platform` and `account_id`: who started it. `options`, `rules` and `outcome` are JSON."""

    __tablename__ = "polls"
    # An id names the poll's posts, buttons and jobs, some of which may outlive it.
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("community", "number"),
        Index(None, "community", "state"),
        Index(None, "author_platform", "account_id"),
        {"sqlite_autoincrement": True},
    )

    id: int = Field(primary_key=True, sa_type=AutoId)
    community: str
    number: int
    author_platform: str
    account_id: str
    author_name: str
    question: str
    options: str
    rules: str
    created_at: datetime = Field(sa_type=UtcTime)
    closes_at: datetime = Field(sa_type=UtcTime)
    native: bool
    state: str
    ended_at: datetime | None = Field(sa_type=UtcTime)
    votes_cast: int
    revision: int
    series: int
    told_at: datetime | None = Field(sa_type=UtcTime)
    outcome: str


class PollPostRow(Placed, table=True):
    __tablename__ = "poll_posts"
    __table_args__: ClassVar[Any] = (Index(None, "platform", "group_id", "message_id"),)

    key: str = Field(primary_key=True)
    poll: int = Field(index=True)
    message_id: str
    changed_at: datetime | None = Field(sa_type=UtcTime)
    edited_at: datetime | None = Field(sa_type=UtcTime)


class SeriesRow(Placed, table=True):
    """The place is where it is posted. `open_for`: microseconds; `every`: days of the week and time, as JSON."""

    __tablename__ = "poll_series"
    __table_args__: ClassVar[Any] = (UniqueConstraint("community", "number"), {"sqlite_autoincrement": True})

    id: int = Field(primary_key=True, sa_type=AutoId)
    community: str
    number: int
    author_platform: str
    account_id: str
    author_name: str
    question: str
    options: str
    rules: str
    open_for: int = Field(sa_type=BigInteger)
    every: str
    last_on: str


class NumberRow(Row, table=True):
    """The last number that was given in a community: none is given twice, whatever was removed since."""

    __tablename__ = "poll_numbers"

    community: str = Field(primary_key=True)
    last: int


polls = PollRow.__table__
posts = PollPostRow.__table__
all_series = SeriesRow.__table__
numbers = NumberRow.__table__

_POLL = select(polls).where(polls.c.id == bindparam("the_id"))
_NUMBERED = select(polls).where(polls.c.community == bindparam("whose"), polls.c.number == bindparam("the_number"))
_POSTS = select(posts).where(posts.c.poll == bindparam("the_poll")).order_by(posts.c.key)
_POST = select(posts).where(posts.c.key == bindparam("the_key"))
_AT_MESSAGE = (
    select(polls)
    .join(posts, posts.c.poll == polls.c.id)
    .where(posts.c.platform == bindparam("p"), posts.c.group_id == bindparam("g"), posts.c.message_id == bindparam("m"))
    .order_by(polls.c.id.desc())  # a group that goes on under another id may count its messages from 1 again
    .limit(1)
)
_AT_MESSAGE_IN_PRIVATE = _AT_MESSAGE.where(posts.c.channel_id == bindparam("c"))
_POSTS_IN = (
    select(posts)
    .join(polls, posts.c.poll == polls.c.id)
    .where(
        posts.c.platform == bindparam("p"),
        posts.c.group_id == bindparam("g"),
        or_(polls.c.state == State.OPEN, posts.c.changed_at.is_not(None)),
    )
    .order_by(posts.c.changed_at.is_(None), posts.c.changed_at, posts.c.key)
)


class SqlPolls:
    """Implements bot.features.polls.model.Polls."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def add(self, poll: Poll) -> Poll:
        row = _poll_row(replace(poll, number=self._next_number(poll.community)))
        del row["id"]
        id, number = self._add(polls, row)
        return replace(poll, id=id, number=number)

    def put(self, poll: Poll) -> None:
        self._unit.connection.execute(update(polls).where(polls.c.id == poll.id), _poll_row(poll))

    def get(self, id: int) -> Poll | None:
        row = self._unit.connection.execute(_POLL, {"the_id": id}).first()
        return _poll(row) if row else None

    def numbered(self, community: str, number: int) -> Poll | None:
        row = self._unit.connection.execute(_NUMBERED, {"whose": community, "the_number": number}).first()
        return _poll(row) if row else None

    def open_in(self, community: str) -> list[Poll]:
        query = select(polls).where(polls.c.community == community, polls.c.state == State.OPEN)
        return [_poll(row) for row in self._unit.connection.execute(query.order_by(polls.c.number))]

    def newest(self, community: str, limit: int) -> list[Poll]:
        query = select(polls).where(polls.c.community == community).order_by(polls.c.number.desc()).limit(limit)
        return [_poll(row) for row in self._unit.connection.execute(query)]

    def started_by(self, community: str, accounts: Collection[Identity], since: datetime) -> int:
        """One that was started at that very moment isn't counted."""
        ours = select(func.count()).where(polls.c.community == community, polls.c.created_at > since)
        return sum(
            self._unit.connection.execute(ours.where(which)).scalar_one()
            for which in among(polls.c.author_platform, polls.c.account_id, accounts)
        )

    def at_message(self, platform: str, where: Where, message_id: str) -> Poll | None:
        if not message_id:
            return None
        query = _AT_MESSAGE_IN_PRIVATE if where.private else _AT_MESSAGE
        values = {"p": platform, "g": where.group, "m": message_id} | ({"c": where.channel} if where.private else {})
        row = self._unit.connection.execute(query, values).first()
        return _poll(row) if row else None

    def posts(self, poll: int) -> list[PollPost]:
        return [_post(row) for row in self._unit.connection.execute(_POSTS, {"the_poll": poll})]

    def posts_in(self, platform: str, group: str) -> list[PollPost]:
        return [_post(row) for row in self._unit.connection.execute(_POSTS_IN, {"p": platform, "g": group})]

    def post_with(self, key: str) -> PollPost | None:
        row = self._unit.connection.execute(_POST, {"the_key": key}).first()
        return _post(row) if row else None

    def put_post(self, post: PollPost) -> None:
        row = {**as_columns(post.where), "key": post.key, "poll": post.poll, "message_id": post.message_id}
        row |= {"changed_at": post.changed_at, "edited_at": post.edited_at}
        self._unit.connection.execute(upsert(self._unit.dialect, posts), row)

    def remove_post(self, key: str) -> None:
        self._unit.connection.execute(delete(posts).where(posts.c.key == key))

    def add_series(self, series: Series) -> Series:
        row = _series_row(replace(series, number=self._next_number(series.community)))
        del row["id"]
        id, number = self._add(all_series, row)
        return replace(series, id=id, number=number)

    def put_series(self, series: Series) -> None:
        self._unit.connection.execute(update(all_series).where(all_series.c.id == series.id), _series_row(series))

    def series(self, id: int) -> Series | None:
        return next(iter(self._series(all_series.c.id == id)), None)

    def series_of(self, community: str) -> list[Series]:
        return self._series(all_series.c.community == community)

    def series_numbered(self, community: str, number: int) -> Series | None:
        found = self._series(all_series.c.community == community, all_series.c.number == number)
        return next(iter(found), None)

    def remove_series(self, id: int) -> None:
        self._unit.connection.execute(delete(all_series).where(all_series.c.id == id))

    def _next_number(self, community: str) -> int:
        last = self._unit.connection.execute(select(numbers.c.last).where(numbers.c.community == community)).scalar()
        row = {"community": community, "last": (last or 0) + 1}
        self._unit.connection.execute(upsert(self._unit.dialect, numbers), row)
        return (last or 0) + 1

    def _add(self, table: Table, row: dict[str, Any]) -> tuple[int, int]:
        result = self._unit.connection.execute(insert(table), row)
        assert result.inserted_primary_key is not None
        return int(result.inserted_primary_key[0]), int(row["number"])

    def _series(self, *which: ColumnElement[bool]) -> list[Series]:
        query = select(all_series).where(*which).order_by(all_series.c.number)
        return [_one_series(row) for row in self._unit.connection.execute(query)]


def _asked(what: Poll | Series) -> dict[str, Any]:
    """What polls and series have in common."""
    return {
        "id": what.id,
        "community": what.community,
        "number": what.number,
        "author_platform": what.author.platform,
        "account_id": what.author.account,
        "author_name": what.author.name,
        "question": what.question,
        "options": dump(list(what.options)),
        "rules": dump(asdict(what.rules)),
    }


def _poll_row(poll: Poll) -> dict[str, Any]:
    return _asked(poll) | {
        "created_at": poll.created_at,
        "closes_at": poll.closes_at,
        "native": poll.native,
        "state": poll.state,
        "ended_at": poll.ended_at,
        "votes_cast": poll.votes_cast,
        "revision": poll.revision,
        "series": poll.series,
        "told_at": poll.told_at,
        "outcome": dump(asdict(poll.outcome)) if poll.outcome else "",
    }


def _poll(row: Found[Any]) -> Poll:
    return Poll(
        id=row.id,
        community=row.community,
        number=row.number,
        author=Author(row.author_platform, row.account_id, row.author_name),
        question=row.question,
        options=tuple(load(row.options)),
        rules=Rules(**load(row.rules)),
        created_at=row.created_at,
        closes_at=row.closes_at,
        native=row.native,
        state=State(row.state),
        ended_at=row.ended_at,
        votes_cast=row.votes_cast,
        revision=row.revision,
        series=row.series,
        told_at=row.told_at,
        outcome=_outcome(load(row.outcome)) if row.outcome else None,
    )


def _outcome(told: dict[str, Any]) -> Outcome:
    counts, counted = tuple(told["counts"]), tuple(told.get("counted", ()))
    return Outcome(counts, told["by_platform"], told["void"], told["members"], told.get("looked_up", True), counted)


def _post(row: Found[Any]) -> PollPost:
    return PollPost(row.poll, as_where(row), row.key, row.message_id, row.changed_at, row.edited_at)


def _series_row(series: Series) -> dict[str, Any]:
    every = {"days": sorted(series.every.days), "at": series.every.at.isoformat()}
    return _asked(series) | {
        **as_columns(series.place),
        "open_for": series.open_for // _MICROSECOND,
        "every": dump(every),
        "last_on": series.last_on,
    }


def _one_series(row: Found[Any]) -> Series:
    every = load(row.every)
    return Series(
        id=row.id,
        community=row.community,
        number=row.number,
        author=Author(row.author_platform, row.account_id, row.author_name),
        question=row.question,
        options=tuple(load(row.options)),
        rules=Rules(**load(row.rules)),
        open_for=timedelta(microseconds=row.open_for),
        every=Weekly(frozenset(every["days"]), time.fromisoformat(every["at"])),
        place=as_where(row),
        last_on=row.last_on,
    )


STORES = {Polls: SqlPolls}
