"""Who chose what in polls: visible ballots as they are, secret ones sealed (docs/decisions/0012-secret-ballots.md)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, LargeBinary, and_, bindparam, delete, select
from sqlmodel import Field

from bot.core.stores import Identity
from bot.features.polls.model import Ballot, Ballots
from storage.chunks import chunks
from storage.columns import UtcTime, dump, load
from storage.sealing import Seal
from storage.tables.places import moved_groups
from storage.tables.row import Row
from storage.unit import SqlUnit
from storage.upsert import upsert

log = logging.getLogger(__name__)


class BallotRow(Row, table=True):
    """Of a poll that isn't secret."""

    __tablename__ = "poll_ballots"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    poll: int = Field(primary_key=True)
    platform: str = Field(primary_key=True)
    account_id: str = Field(primary_key=True)
    group_id: str
    name: str
    options: str
    at: datetime = Field(sa_type=UtcTime)
    cast_order: int


class SecretBallotRow(Row, table=True):
    """Rows lie in the order of their pseudonyms, which is that of chance, and all are equally long."""

    __tablename__ = "secret_ballots"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    poll: int = Field(primary_key=True)
    pseudonym: bytes = Field(primary_key=True, sa_type=LargeBinary)
    sealed: bytes = Field(sa_type=LargeBinary)


ballots = BallotRow.__table__
secret_ballots = SecretBallotRow.__table__

_OF = (
    select(ballots.c.platform, ballots.c.group_id, ballots.c.account_id, ballots.c.name, ballots.c.options)
    .add_columns(ballots.c.at, ballots.c.cast_order)
    .where(ballots.c.poll == bindparam("the_poll"))
    .order_by(ballots.c.cast_order)
)
_OF_ACCOUNT = _OF.where(ballots.c.platform == bindparam("p"), ballots.c.account_id == bindparam("a"))
_SEALED = select(secret_ballots.c.pseudonym, secret_ballots.c.sealed).where(
    secret_ballots.c.poll == bindparam("the_poll")
)
_ANY_SEALED = select(secret_ballots.c.poll).limit(1)
_MOVED = select(moved_groups)


class SqlBallots:
    """Implements bot.features.polls.model.Ballots."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit
        self._visible = _Visible(unit)
        self._secret = _Secret(unit)

    def cast(self, poll: int, secret: bool, ballot: Ballot) -> None:
        (self._secret if secret else self._visible).cast(poll, ballot)

    def withdraw(self, poll: int, secret: bool, account: Identity) -> None:
        (self._secret if secret else self._visible).withdraw(poll, account)

    def of(self, poll: int, secret: bool) -> list[Ballot]:
        """In the order in which they were cast."""
        return (self._secret if secret else self._visible).of(poll)

    def of_accounts(self, poll: int, secret: bool, accounts: Collection[Identity]) -> list[Ballot]:
        return (self._secret if secret else self._visible).of_accounts(poll, accounts)

    def forget(self, poll: int) -> None:
        self._visible.forget(poll)
        self._secret.forget(poll)


class _Visible:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def cast(self, poll: int, ballot: Ballot) -> None:
        row = {
            "poll": poll,
            "platform": ballot.platform,
            "account_id": ballot.account,
            "group_id": ballot.group,
            "name": ballot.name,
            "options": dump(list(ballot.options)),
            "at": ballot.at,
            "cast_order": ballot.order,
        }
        self._unit.connection.execute(upsert(self._unit.dialect, ballots), row)

    def withdraw(self, poll: int, account: Identity) -> None:
        whose = and_(ballots.c.platform == account.platform, ballots.c.account_id == account.account)
        self._unit.connection.execute(delete(ballots).where(ballots.c.poll == poll, whose))

    def of(self, poll: int) -> list[Ballot]:
        return _ballots(self._unit.connection.execute(_OF, {"the_poll": poll}))

    def of_accounts(self, poll: int, accounts: Collection[Identity]) -> list[Ballot]:
        found: list[Ballot] = []
        for account in set(accounts):  # of one person, so they are few
            whose = {"the_poll": poll, "p": account.platform, "a": account.account}
            found += _ballots(self._unit.connection.execute(_OF_ACCOUNT, whose))
        return sorted(found, key=_order)

    def forget(self, poll: int) -> None:
        self._unit.connection.execute(delete(ballots).where(ballots.c.poll == poll))


class _Secret:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit
        self._key = unit.ballot_key
        self._key_is_settled = False

    def cast(self, poll: int, ballot: Ballot) -> None:
        seal = self._seal_to_cast(poll)
        row = {"poll": poll, "pseudonym": seal.pseudonym(ballot.identity), "sealed": seal.close(ballot)}
        self._unit.connection.execute(upsert(self._unit.dialect, secret_ballots), row)

    def withdraw(self, poll: int, account: Identity) -> None:
        seal = self._key.seal(poll)
        if seal is not None:
            self._remove(poll, secret_ballots.c.pseudonym == seal.pseudonym(account))

    def of(self, poll: int) -> list[Ballot]:
        return self._opened(poll, self._unit.connection.execute(_SEALED, {"the_poll": poll}))

    def of_accounts(self, poll: int, accounts: Collection[Identity]) -> list[Ballot]:
        seal = self._key.seal(poll)
        return self._opened(poll, self._rows_of(poll, seal, accounts)) if seal else []

    def forget(self, poll: int) -> None:
        self._remove(poll)
        self._key.forget(poll)

    def _seal_to_cast(self, poll: int) -> Seal:
        """While no secret ballot is kept anywhere, the key protects nothing, and a new one takes its place.

        Not in a unit that has removed some: they are there again, and need their key, if it is undone.
        """
        if not self._key_is_settled:
            self._key_is_settled = True
            if self._unit.connection.execute(_ANY_SEALED).first() is None:
                self._key.renew()
        seal = self._key.seal(poll)
        if seal is None:
            self._key.renew()
            seal = self._key.seal(poll)
            assert seal is not None
        return seal

    def _remove(self, poll: int, *which: ColumnElement[bool]) -> None:
        self._key_is_settled = True
        self._unit.connection.execute(delete(secret_ballots).where(secret_ballots.c.poll == poll, *which))

    def _rows_of(self, poll: int, seal: Seal, accounts: Collection[Identity]) -> Iterator[tuple[bytes, bytes]]:
        for some in chunks({seal.pseudonym(account) for account in accounts}):
            query = _SEALED.where(secret_ballots.c.pseudonym.in_(some))
            yield from self._unit.connection.execute(query, {"the_poll": poll})

    def _opened(self, poll: int, rows: Iterable[tuple[bytes, bytes]]) -> list[Ballot]:
        seal = self._key.seal(poll)
        found = [seal.open(pseudonym, sealed) if seal else None for pseudonym, sealed in rows]
        opened = [ballot for ballot in found if ballot is not None]
        if len(opened) < len(found) and self._key.first_told(poll):
            log.error(
                "%d secret ballots of poll %d can't be opened, and don't count: the key %s is missing, or not the one "
                "that they were sealed with",
                len(found) - len(opened),
                poll,
                self._key.file or "in memory",
            )
        return sorted(self._where_they_are_now(opened), key=_order)

    def _where_they_are_now(self, opened: list[Ballot]) -> list[Ballot]:
        """Their groups may go on under another id, which a sealed ballot can't be told."""
        moved = {(row.platform, row.old_id): row.new_id for row in self._unit.connection.execute(_MOVED)}
        if not moved:
            return opened
        return [replace(ballot, group=moved.get((ballot.platform, ballot.group), ballot.group)) for ballot in opened]


def _ballots(rows: Iterable[tuple[Any, ...]]) -> list[Ballot]:
    return [
        Ballot(platform, group, account, name, _options(options), at, order)
        for platform, group, account, name, options, at, order in rows
    ]


@lru_cache(maxsize=2048)  # as many as there are ways to choose among ten
def _options(written: str) -> tuple[int, ...]:
    return tuple(load(written))


def _order(ballot: Ballot) -> int:
    return ballot.order


STORES = {Ballots: SqlBallots}
