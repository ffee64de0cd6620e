"""Channels' rhythms, what was asked and what came of it, members' ideas, and what revived whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    Index,
    LargeBinary,
    Select,
    UniqueConstraint,
    and_,
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
from bot.features.quiet.model import (
    SAID,
    Asked,
    Channel,
    Channels,
    Course,
    Courses,
    Evidence,
    Idea,
    Ideas,
    Origin,
    Prompted,
    Standing,
    State,
)
from storage.columns import AutoId, UtcTime
from storage.placing import as_columns, as_where, in_group
from storage.tables.row import Placed, Row
from storage.unit import SqlUnit
from storage.upsert import insert_or, upsert


def _older(of_old: Mapping[str, Any], of_new: Mapping[str, Any]) -> dict[str, Any]:
    """What was said since under the new id is heard again: `heard_until` is the old one's."""
    return {name: value for name, value in of_old.items() if name != "group_id"}


class ChannelRow(Row, table=True):
    """`rhythm`: in which ten minutes somebody spoke, compressed."""

    __tablename__ = "quiet_channels"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    platform: str = Field(primary_key=True)
    group_id: str = Field(primary_key=True)
    channel_id: str = Field(primary_key=True)
    rhythm: bytes = Field(sa_type=LargeBinary)
    heard_until: datetime | None = Field(sa_type=UtcTime)
    lull_at: datetime | None = Field(sa_type=UtcTime)
    lull_of: datetime | None = Field(sa_type=UtcTime)
    ignored: int
    rests_until: datetime | None = Field(sa_type=UtcTime)


class PromptRow(Placed, table=True):
    """`key`: which prompt it was; `text`: its words, unless they are a member's."""

    __tablename__ = "quiet_prompts"
    # A post's key names one by its id, so it must never be used again.
    __table_args__: ClassVar[Any] = (Index(None, "community", "at"), {"sqlite_autoincrement": True})

    id: int = Field(primary_key=True, sa_type=AutoId)
    community: str
    key: str
    arm: str
    part: str
    origin: str
    state: str
    at: datetime = Field(sa_type=UtcTime)
    text: str
    silence: datetime | None = Field(sa_type=UtcTime)
    people: int | None
    posted_at: datetime | None = Field(sa_type=UtcTime)


class IdeaRow(Row, table=True):
    __tablename__ = "quiet_ideas"
    # What was asked names one by its id.
    __table_args__: ClassVar[Any] = (UniqueConstraint("community", "number"), {"sqlite_autoincrement": True})

    id: int = Field(primary_key=True, sa_type=AutoId)
    community: str
    number: int
    platform: str
    group_id: str
    account_id: str
    name: str
    text: str
    standing: str
    at: datetime = Field(sa_type=UtcTime)
    decided_at: datetime | None = Field(sa_type=UtcTime)


class CourseRow(Row, table=True):
    __tablename__ = "quiet_courses"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    community: str = Field(primary_key=True)
    began: datetime = Field(sa_type=UtcTime)
    paused_until: datetime | None = Field(sa_type=UtcTime)


class EvidenceRow(Row, table=True):
    """`community` is empty for all of them together."""

    __tablename__ = "quiet_evidence"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    community: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    arm: str = Field(primary_key=True)
    revived: float
    ignored: float


channels = ChannelRow.__table__
channels.info["merge"] = _older
prompts = PromptRow.__table__
ideas = IdeaRow.__table__
courses = CourseRow.__table__
evidence = EvidenceRow.__table__

ALL_COMMUNITIES = ""
PLACE = "place"  # nobody else has the same


_CHANNEL = select(channels).where(
    channels.c.platform == bindparam("p"),
    channels.c.group_id == bindparam("g"),
    channels.c.channel_id == bindparam("c"),
)
_COURSE = select(courses).where(courses.c.community == bindparam("slug"))


class SqlChannels:
    """Implements bot.features.quiet.model.Channels."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def get(self, where: Where) -> Channel:
        here = {"p": where.platform, "g": where.group, "c": where.channel}
        row = self._unit.connection.execute(_CHANNEL, here).first()
        if row is None:
            return Channel(where)
        return Channel(where, row.rhythm, row.heard_until, row.lull_at, row.lull_of, row.ignored, row.rests_until)

    def put(self, channel: Channel) -> None:
        where = channel.where
        row = {
            "platform": where.platform,
            "group_id": where.group,
            "channel_id": where.channel,
            "rhythm": channel.rhythm,
            "heard_until": channel.heard_until,
            "lull_at": channel.lull_at,
            "lull_of": channel.lull_of,
            "ignored": channel.ignored,
            "rests_until": channel.rests_until,
        }
        self._unit.connection.execute(upsert(self._unit.dialect, channels), row)


class SqlPrompted:
    """Implements bot.features.quiet.model.Prompted."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def add(self, asked: Asked) -> Asked:
        result = self._unit.connection.execute(insert(prompts), _prompt_row(asked))
        assert result.inserted_primary_key is not None
        return replace(asked, id=int(result.inserted_primary_key[0]))

    def get(self, id: int) -> Asked | None:
        return next(iter(self._read(select(prompts).where(prompts.c.id == id))), None)

    def put(self, asked: Asked) -> None:
        self._unit.connection.execute(update(prompts).where(prompts.c.id == asked.id), _prompt_row(asked))

    def newest(self, community: str, limit: int) -> list[Asked]:
        return self._read(_newest_first(community).limit(limit))

    def since(self, community: str, since: datetime) -> list[Asked]:
        return self._read(_newest_first(community).where(prompts.c.at > since, prompts.c.state.in_(SAID)))

    def said_at(self, community: str) -> Mapping[str, datetime]:
        query = select(prompts.c.key, func.max(prompts.c.posted_at, type_=prompts.c.posted_at.type))
        query = query.where(prompts.c.community == community, prompts.c.posted_at.is_not(None))
        found = self._unit.connection.execute(query.group_by(prompts.c.key))
        return {row[0]: row[1] for row in found}

    def offered(self, community: str) -> list[Asked]:
        return self._read(_newest_first(community).where(prompts.c.state == State.OFFERED))

    def _read(self, query: Select[Any]) -> list[Asked]:
        return [_asked(row) for row in self._unit.connection.execute(query)]


def _newest_first(community: str) -> Select[Any]:
    query = select(prompts).where(prompts.c.community == community)
    return query.order_by(prompts.c.at.desc(), prompts.c.id.desc())


def _prompt_row(asked: Asked) -> dict[str, Any]:
    row = {name: getattr(asked, name) for name in ("community", "key", "arm", "part", "origin", "state", "at", "text")}
    row |= {"silence": asked.silence, "people": asked.people, "posted_at": asked.posted_at}
    return row | as_columns(asked.where)


def _asked(row: Found[Any]) -> Asked:
    return Asked(
        id=row.id,
        community=row.community,
        where=as_where(row),
        key=row.key,
        arm=row.arm,
        part=row.part,
        origin=Origin(row.origin),
        state=State(row.state),
        at=row.at,
        text=row.text,
        silence=row.silence,
        people=row.people,
        posted_at=row.posted_at,
    )


class SqlIdeas:
    """Implements bot.features.quiet.model.Ideas."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def add(self, idea: Idea) -> Idea:
        last = select(func.max(ideas.c.number)).where(ideas.c.community == idea.community)
        number = (self._unit.connection.execute(last).scalar() or 0) + 1
        idea = replace(idea, number=number)
        result = self._unit.connection.execute(insert(ideas), _idea_row(idea))
        assert result.inserted_primary_key is not None
        return replace(idea, id=int(result.inserted_primary_key[0]))

    def get(self, community: str, number: int) -> Idea | None:
        return self._first(and_(ideas.c.community == community, ideas.c.number == number))

    def by_id(self, id: int) -> Idea | None:
        return self._first(ideas.c.id == id)

    def put(self, idea: Idea) -> None:
        self._unit.connection.execute(update(ideas).where(ideas.c.id == idea.id), _idea_row(idea))

    def of(self, community: str, standings: Collection[Standing]) -> list[Idea]:
        of_these = and_(ideas.c.community == community, ideas.c.standing.in_([str(one) for one in standings]))
        found = self._unit.connection.execute(select(ideas).where(of_these).order_by(ideas.c.number))
        return [_idea(row) for row in found]

    def count_by(self, community: str, accounts: Sequence[tuple[str, str]], since: datetime) -> int:
        theirs = or_(*(_by(platform, account) for platform, account in accounts))
        query = select(func.count()).where(ideas.c.community == community, ideas.c.at > since, theirs)
        return self._unit.connection.execute(query).scalar_one()

    def forget_person(self, platform: str, group: str, account: str) -> None:
        theirs = and_(in_group(ideas, platform, group), _by(platform, account))
        self._unit.connection.execute(delete(ideas).where(theirs, ideas.c.standing == Standing.PENDING))
        self._unit.connection.execute(update(ideas).where(theirs), {"account_id": "", "name": ""})

    def _first(self, which: ColumnElement[bool]) -> Idea | None:
        row = self._unit.connection.execute(select(ideas).where(which)).first()
        return _idea(row) if row else None


def _by(platform: str, account: str) -> ColumnElement[bool]:
    return and_(ideas.c.platform == platform, ideas.c.account_id == account)


def _idea_row(idea: Idea) -> dict[str, Any]:
    row = asdict(idea)
    del row["id"]
    row["group_id"], row["account_id"] = row.pop("group"), row.pop("account")
    return row


def _idea(row: Found[Any]) -> Idea:
    return Idea(
        id=row.id,
        community=row.community,
        number=row.number,
        platform=row.platform,
        group=row.group_id,
        account=row.account_id,
        name=row.name,
        text=row.text,
        standing=Standing(row.standing),
        at=row.at,
        decided_at=row.decided_at,
    )


class SqlCourses:
    """Implements bot.features.quiet.model.Courses."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def get(self, community: str) -> Course | None:
        row = self._unit.connection.execute(_COURSE, {"slug": community}).first()
        return Course(row.community, row.began, row.paused_until) if row else None

    def put(self, course: Course) -> None:
        self._unit.connection.execute(upsert(self._unit.dialect, courses), asdict(course))


class SqlEvidence:
    """Implements bot.features.quiet.model.Evidence."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def of(self, community: str, kind: str) -> Mapping[str, tuple[float, float]]:
        query = select(evidence.c.arm, evidence.c.revived, evidence.c.ignored)
        query = query.where(evidence.c.community == bindparam("slug"), evidence.c.kind == bindparam("of_kind"))
        found = self._unit.connection.execute(query, {"slug": community, "of_kind": kind})
        return {row.arm: (row.revived, row.ignored) for row in found}

    def pooled(self, kind: str) -> Mapping[str, tuple[float, float]]:
        return self.of(ALL_COMMUNITIES, kind)

    def add(self, community: str, kind: str, arm: str, revived: float, ignored: float) -> None:
        statement = insert_or(self._unit.dialect, evidence)
        statement = statement.on_conflict_do_update(
            index_elements=list(evidence.primary_key),
            set_={
                "revived": evidence.c.revived + statement.excluded.revived,
                "ignored": evidence.c.ignored + statement.excluded.ignored,
            },
        )
        rows = [
            {"community": slug, "kind": kind, "arm": arm, "revived": revived, "ignored": ignored}
            for slug in ((community,) if kind == PLACE else (community, ALL_COMMUNITIES))
        ]
        self._unit.connection.execute(statement, rows)


STORES = {
    Channels: SqlChannels,
    Prompted: SqlPrompted,
    Ideas: SqlIdeas,
    Courses: SqlCourses,
    Evidence: SqlEvidence,
}
