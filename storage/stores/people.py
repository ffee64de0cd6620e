"""Who is in which group, and what is known of an account."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, func, select

from bot.core.membership import Membership, Presence
from bot.core.stores import Account
from storage.placing import in_group
from storage.tables.people import accounts, memberships
from storage.unit import SqlUnit
from storage.upsert import insert_new, upsert

_MEMBERSHIP = select(memberships).where(
    memberships.c.platform == bindparam("p"),
    memberships.c.group_id == bindparam("g"),
    memberships.c.account_id == bindparam("a"),
)
_ACCOUNT = select(accounts).where(accounts.c.platform == bindparam("p"), accounts.c.account_id == bindparam("a"))
_GROUPS_OF = (
    select(memberships.c.group_id)
    .where(
        memberships.c.platform == bindparam("p"),
        memberships.c.account_id == bindparam("a"),
        memberships.c.presence == Presence.PRESENT,
    )
    .order_by(memberships.c.group_id)
)


_AMONG = select(memberships).where(
    memberships.c.platform == bindparam("p"),
    memberships.c.group_id == bindparam("g"),
    memberships.c.account_id.in_(bindparam("some", expanding=True)),
)
AT_ONCE = 500  # accounts in one statement; databases limit its parameters


def _membership(row: Row[Any]) -> Membership:
    return Membership(Presence(row.presence), row.since, row.joined_at, row.left_at, row.banned)


def _batches(accounts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (accounts[start : start + AT_ONCE] for start in range(0, len(accounts), AT_ONCE))


class SqlMembers:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def get(self, platform: str, group: str, account: str) -> Membership:
        row = self._unit.connection.execute(_MEMBERSHIP, {"p": platform, "g": group, "a": account}).first()
        if row is None:
            return Membership()
        return _membership(row)

    def put(self, platform: str, group: str, account: str, membership: Membership) -> None:
        row = {
            "platform": platform,
            "group_id": group,
            "account_id": account,
            "presence": membership.presence,
            "since": membership.since,
            "joined_at": membership.joined_at,
            "left_at": membership.left_at,
            "banned": membership.banned,
        }
        self._unit.connection.execute(upsert(self._unit.dialect, memberships), row)

    def among(self, platform: str, group: str, accounts: Collection[str]) -> dict[str, Membership]:
        found: dict[str, Membership] = {}
        for some in _batches(sorted(set(accounts))):
            rows = self._unit.connection.execute(_AMONG, {"p": platform, "g": group, "some": some})
            found.update((row.account_id, _membership(row)) for row in rows)
        return found

    def groups_of(self, platform: str, account: str) -> list[str]:
        return list(self._unit.connection.execute(_GROUPS_OF, {"p": platform, "a": account}).scalars())

    def present(self, platform: str, group: str) -> int:
        query = select(func.count()).where(
            in_group(memberships, platform, group), memberships.c.presence == Presence.PRESENT
        )
        return self._unit.connection.execute(query).scalar_one()


class SqlAccounts:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def get(self, platform: str, account: str) -> Account:
        row = self._unit.connection.execute(_ACCOUNT, {"p": platform, "a": account}).first()
        return Account(row.language, row.reachable) if row else Account()

    def set_language(self, platform: str, account: str, language: str) -> None:
        self._set(platform, account, "language", language)

    def set_reachable(self, platform: str, account: str, reachable: bool) -> None:
        self._set(platform, account, "reachable", reachable)

    def reachable_count(self, platform: str, groups: Collection[str]) -> tuple[int, int]:
        if not groups:
            return 0, 0
        present = (
            select(memberships.c.account_id)
            .where(
                memberships.c.platform == platform,
                memberships.c.group_id.in_(sorted(groups)),
                memberships.c.presence == Presence.PRESENT,
            )
            .distinct()
            .subquery()
        )
        told = present.outerjoin(
            accounts, (accounts.c.platform == platform) & (accounts.c.account_id == present.c.account_id)
        )
        reachable = func.count().filter(accounts.c.reachable.is_(True))
        row = self._unit.connection.execute(select(reachable, func.count()).select_from(told)).one()
        return int(row[0]), int(row[1])

    def _set(self, platform: str, account: str, column: str, value: Any) -> None:
        row = {"platform": platform, "account_id": account, "language": "", "reachable": None}
        self._unit.connection.execute(insert_new(self._unit.dialect, accounts), row)
        statement = accounts.update().where(accounts.c.platform == platform, accounts.c.account_id == account)
        self._unit.connection.execute(statement.values({column: value}))
