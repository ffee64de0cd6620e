"""What was said unasked or withheld, what is reserved, holds and lulls; and what the outbox remembers for `/why`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Index, Select, Table, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy import Row as Found
from sqlmodel import Field

from bot.core.chat import Operation
from bot.core.events import Where
from bot.core.interruptions import (
    KEPT_FOR,
    STRAYS_FOR,
    Decision,
    Decisions,
    Fate,
    Hold,
    Holds,
    Kind,
    Lulls,
    Rule,
    Verdict,
)
from bot.features.posts.model import Said, Sayings
from storage.columns import AutoId, UtcTime, dump, load
from storage.placing import as_columns, as_where, in_group
from storage.tables.outbox import outbox
from storage.tables.row import Placed, Row
from storage.unit import SqlUnit
from storage.upsert import upsert


class DecisionRow(Placed, table=True):
    """`facts`: what decided, besides the rule. `told_at`: when it was said, as the platform tells."""

    __tablename__ = "posts_decisions"
    __table_args__: ClassVar[Any] = (Index(None, "platform", "group_id", "channel_id"),)

    key: str = Field(primary_key=True)
    community: str = Field(index=True)
    kind: str
    fate: str
    rule: str
    facts: str
    why: str
    promo: bool
    cheerful: bool
    decided_at: datetime = Field(sa_type=UtcTime, index=True)
    expires_at: datetime = Field(sa_type=UtcTime)
    told_at: datetime | None = Field(sa_type=UtcTime)
    message_id: str


class ReservationRow(Row, table=True):
    """`day`: a local date, ISO."""

    __tablename__ = "posts_reservations"
    __table_args__: ClassVar[Any] = (Index(None, "platform", "group_id", "channel_id"),)

    key: str = Field(primary_key=True)
    platform: str
    group_id: str
    channel_id: str
    kind: str
    day: str


class HoldRow(Row, table=True):
    """Who put a community on hold, and when it ended."""

    __tablename__ = "posts_holds"
    # A button that undoes names one by its id, so it must never be used again.
    __table_args__: ClassVar[Any] = {"sqlite_autoincrement": True}

    id: int = Field(primary_key=True, sa_type=AutoId)
    community: str = Field(index=True)
    since: datetime = Field(sa_type=UtcTime)
    platform: str
    account_id: str
    name: str
    ended_at: datetime | None = Field(sa_type=UtcTime)


class LullRow(Row, table=True):
    __tablename__ = "posts_lulls"

    platform: str = Field(primary_key=True)
    group_id: str = Field(primary_key=True)
    channel_id: str = Field(primary_key=True)
    since: datetime = Field(sa_type=UtcTime)


decisions = DecisionRow.__table__
reservations = ReservationRow.__table__
holds = HoldRow.__table__
lulls = LullRow.__table__


def _in_channel(table: Table, where: Where) -> ColumnElement[bool]:
    return and_(in_group(table, where.platform, where.group), table.c.channel_id == where.channel)


def _channel(where: Where) -> dict[str, str]:
    return {name: value for name, value in as_columns(where).items() if name != "thread"}


def _this_channel(table: Table) -> ColumnElement[bool]:
    """That of the parameters that `_channel` makes, for statements that are made once."""
    return and_(*(table.c[name] == bindparam(f"the_{name}") for name in ("platform", "group_id", "channel_id")))


def _parameters(where: Where) -> dict[str, str]:
    return {f"the_{name}": value for name, value in _channel(where).items()}


_ON_ITS_WAY = and_(decisions.c.fate == Fate.UNDER_WAY, decisions.c.expires_at > bindparam("still"))
_POSTED = decisions.c.fate == Fate.POSTED  # which only what is counted ever is
_GET = select(decisions).where(decisions.c.key == bindparam("the_key"))
_FORGET = delete(decisions).where(decisions.c.decided_at < bindparam("long_ago"))
_MADE = select(decisions.c.kind).where(
    _this_channel(decisions), or_(and_(_POSTED, decisions.c.told_at >= bindparam("since")), _ON_ITS_WAY)
)
_LAST_PROMO = select(func.max(decisions.c.decided_at)).where(
    _this_channel(decisions), decisions.c.promo, or_(_POSTED, _ON_ITS_WAY)
)
_SINCE_PROMO = select(func.count()).where(_this_channel(decisions), ~decisions.c.promo, _POSTED)
_RESERVED = select(reservations.c.kind).where(
    _this_channel(reservations),
    reservations.c.day == bindparam("the_day"),
    reservations.c.key != bindparam("besides"),
)
_UNRESERVE = delete(reservations).where(reservations.c.key == bindparam("the_key"))
_ON_HOLD = select(holds).where(holds.c.community == bindparam("slug"), holds.c.ended_at.is_(None)).limit(1)
_LULL = select(lulls.c.since).where(_this_channel(lulls))


class SqlDecisions:
    """Implements bot.core.interruptions.Decisions."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def get(self, key: str) -> Decision | None:
        row = self._unit.connection.execute(_GET, {"the_key": key}).first()
        return _decision(row) if row else None

    def put(self, decision: Decision) -> None:
        connection = self._unit.connection
        connection.execute(_FORGET, {"long_ago": self._unit.now - KEPT_FOR})
        facts = asdict(decision.verdict)
        rule = facts.pop("rule")
        row = {
            **as_columns(decision.where),
            "key": decision.key,
            "community": decision.community,
            "kind": decision.kind,
            "fate": decision.fate,
            "rule": rule,
            "facts": dump(facts),
            "why": decision.why,
            "promo": decision.promo,
            "cheerful": decision.cheerful,
            "decided_at": decision.at,
            "expires_at": decision.expires,
            "told_at": decision.told_at,
            "message_id": decision.message_id,
        }
        connection.execute(upsert(self._unit.dialect, decisions), row)

    def made(self, where: Where, since: datetime, now: datetime) -> list[Kind]:
        asked = _parameters(where) | {"since": since, "still": now - STRAYS_FOR}
        return [Kind(kind) for kind in self._unit.connection.execute(_MADE, asked).scalars()]

    def since_promo(self, where: Where, now: datetime) -> int:
        asked = _parameters(where) | {"still": now - STRAYS_FOR}
        last = self._unit.connection.execute(_LAST_PROMO, asked).scalar()
        query = _SINCE_PROMO if last is None else _SINCE_PROMO.where(decisions.c.decided_at > last)
        return self._unit.connection.execute(query, _parameters(where)).scalar_one()

    def last(self, where: Where) -> datetime | None:
        query = select(decisions.c.told_at).where(_in_channel(decisions, where), decisions.c.fate == Fate.POSTED)
        query = query.where(decisions.c.told_at.is_not(None)).order_by(decisions.c.told_at.desc()).limit(1)
        return self._unit.connection.execute(query).scalar()

    def under_way(self, community: str) -> list[Decision]:
        query = select(decisions).where(decisions.c.community == community, _ON_ITS_WAY)
        query = query.order_by(decisions.c.decided_at, decisions.c.key)
        return self._read(query.params(still=self._unit.now - STRAYS_FOR))

    def withheld(self, community: str, where: Where | None, limit: int) -> list[Decision]:
        query = select(decisions).where(decisions.c.community == community, decisions.c.fate == Fate.WITHHELD)
        if where is not None:
            query = query.where(_in_channel(decisions, where))
        return self._read(query.order_by(decisions.c.decided_at.desc(), decisions.c.key).limit(limit))

    def count_held(self, community: str, since: datetime) -> int:
        query = select(func.count()).where(
            decisions.c.community == community,
            decisions.c.fate == Fate.WITHHELD,
            decisions.c.rule == Rule.HOLD,
            decisions.c.decided_at >= since,
        )
        return self._unit.connection.execute(query).scalar_one()

    def reserve(self, key: str, kind: Kind, where: Where, day: date) -> None:
        long_over = reservations.c.day < (day - timedelta(days=7)).isoformat()
        self._unit.connection.execute(delete(reservations).where(long_over))
        row = {"key": key, **_channel(where), "kind": kind, "day": day.isoformat()}
        self._unit.connection.execute(upsert(self._unit.dialect, reservations), row)

    def unreserve(self, key: str) -> None:
        self._unit.connection.execute(_UNRESERVE, {"the_key": key})

    def reserved(self, where: Where, day: date, besides: str) -> list[Kind]:
        asked = _parameters(where) | {"the_day": day.isoformat(), "besides": besides}
        return [Kind(kind) for kind in self._unit.connection.execute(_RESERVED, asked).scalars()]

    def _read(self, query: Select[Any]) -> list[Decision]:
        return [_decision(row) for row in self._unit.connection.execute(query)]


def _decision(row: Found[Any]) -> Decision:
    facts = load(row.facts)
    facts["kept"] = tuple(Kind(kind) for kind in facts["kept"])
    return Decision(
        key=row.key,
        community=row.community,
        where=as_where(row),
        kind=row.kind,
        fate=Fate(row.fate),
        verdict=Verdict(Rule(row.rule), **facts),
        why=row.why,
        at=row.decided_at,
        expires=row.expires_at,
        promo=row.promo,
        cheerful=row.cheerful,
        told_at=row.told_at,
        message_id=row.message_id,
    )


class SqlHolds:
    """Implements bot.core.interruptions.Holds. Of a community, the newest is kept when it is over."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def current(self, community: str) -> Hold | None:
        return _hold(self._unit.connection.execute(_ON_HOLD, {"slug": community}).first())

    def get(self, id: int) -> Hold | None:
        return _hold(self._unit.connection.execute(select(holds).where(holds.c.id == id)).first())

    def begin(self, hold: Hold) -> Hold:
        self._unit.connection.execute(delete(holds).where(holds.c.community == hold.community))
        row = {
            "community": hold.community,
            "since": hold.since,
            "platform": hold.platform,
            "account_id": hold.account,
            "name": hold.name,
            "ended_at": None,
        }
        self._unit.connection.execute(insert(holds), row)
        begun = self.current(hold.community)
        assert begun is not None
        return begun

    def end(self, id: int, at: datetime) -> None:
        self._unit.connection.execute(update(holds).where(holds.c.id == id).values(ended_at=at))

    def resume(self, id: int) -> None:
        self._unit.connection.execute(update(holds).where(holds.c.id == id).values(ended_at=None))

    def forget(self, community: str) -> None:
        over = and_(holds.c.community == community, holds.c.ended_at.is_not(None))
        self._unit.connection.execute(delete(holds).where(over))


def _hold(row: Found[Any] | None) -> Hold | None:
    if row is None:
        return None
    return Hold(row.community, row.since, row.platform, row.account_id, row.name, row.id, row.ended_at)


class SqlLulls:
    """Implements bot.core.interruptions.Lulls."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def begin(self, where: Where, at: datetime) -> None:
        self._unit.connection.execute(upsert(self._unit.dialect, lulls), {**_channel(where), "since": at})

    def end(self, where: Where) -> None:
        self._unit.connection.execute(delete(lulls).where(_in_channel(lulls, where)))

    def since(self, where: Where) -> datetime | None:
        return self._unit.connection.execute(_LULL, _parameters(where)).scalar()


_SENT = and_(outbox.c.state == "sent", outbox.c.is_change.is_(False), outbox.c.message_id != "")
_NOBODYS_ANSWERS = outbox.c.kind.not_in(("answer", "notice"))


class SqlSayings:
    """Implements bot.features.posts.model.Sayings."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def find(self, where: Where, message_id: str) -> Said | None:
        place = in_group(outbox, where.platform, where.group)
        if where.private:
            place = _in_channel(outbox, where)
        found = self._read(select(outbox).where(place, _SENT, outbox.c.message_id == message_id).limit(1))
        return found[0] if found else None

    def newest(self, where: Where, limit: int) -> list[Said]:
        said = and_(_in_channel(outbox, where), _SENT, _NOBODYS_ANSWERS, outbox.c.operation == Operation.SEND)
        return self._read(select(outbox).where(said).limit(limit))

    def _read(self, query: Select[Any]) -> list[Said]:
        rows = self._unit.connection.execute(query.order_by(outbox.c.id.desc()))
        return [
            Said(as_where(row), row.message_id, row.kind, row.key, row.why, row.ended_at or row.created_at)
            for row in rows
        ]


STORES = {Decisions: SqlDecisions, Holds: SqlHolds, Lulls: SqlLulls, Sayings: SqlSayings}
