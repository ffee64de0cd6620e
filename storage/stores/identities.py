"""Which accounts are one person's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from secrets import token_hex

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, select, update

from bot.core.stores import Identity
from storage.accounts import among
from storage.tables.people import links
from storage.unit import SqlUnit

_PERSON = select(links.c.person).where(links.c.platform == bindparam("p"), links.c.account_id == bindparam("a"))
_ACCOUNTS = (
    select(links.c.platform, links.c.account_id)
    .where(links.c.person == bindparam("who"))
    .order_by(links.c.linked_at, links.c.platform, links.c.account_id)
)


class SqlPeople:
    """Implements bot.core.stores.People. Only linked accounts have rows, at least two of each person."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def accounts_of(self, account: Identity) -> list[Identity]:
        person = self._person(account)
        if person is None:
            return [account]
        found = [Identity(*row) for row in self._unit.connection.execute(_ACCOUNTS, {"who": person})]
        return [account, *(other for other in found if other != account)]

    def persons(self, accounts: Collection[Identity]) -> dict[Identity, str]:
        linked: dict[tuple[str, str], str] = {}
        for which in among(links.c.platform, links.c.account_id, accounts):
            found = self._unit.connection.execute(
                select(links.c.platform, links.c.account_id, links.c.person).where(which)
            )
            linked.update({(platform, account): person for platform, account, person in found})
        return {
            each: f"person:{linked[each]}" if each in linked else f"account:{each.platform}:{each.account}"
            for each in accounts
        }

    def link(self, one: Identity, other: Identity, at: datetime) -> None:
        if one == other:
            return
        person, joining = self._person(one), self._person(other)
        if person is None and joining is None:
            person = token_hex(16)
            self._add(one, person, at)
            self._add(other, person, at)
        elif joining is None:
            self._add(other, str(person), at)
        elif person is None:
            self._add(one, joining, at)
        elif person != joining:
            self._unit.connection.execute(update(links).where(links.c.person == joining), {"person": person})

    def unlink(self, account: Identity) -> bool:
        person = self._person(account)
        if person is None:
            return False
        self._remove(and_(links.c.platform == account.platform, links.c.account_id == account.account))
        left = self._unit.connection.execute(select(func.count()).where(links.c.person == person)).scalar_one()
        if left == 1:
            self._remove(links.c.person == person)
        return True

    def _person(self, account: Identity) -> str | None:
        person: str | None = self._unit.connection.execute(
            _PERSON, {"p": account.platform, "a": account.account}
        ).scalar()
        return person

    def _add(self, account: Identity, person: str, at: datetime) -> None:
        row = {"platform": account.platform, "account_id": account.account, "person": person, "linked_at": at}
        self._unit.connection.execute(insert(links), row)

    def _remove(self, which: ColumnElement[bool]) -> None:
        self._unit.connection.execute(delete(links).where(which))
