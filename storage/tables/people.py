"""Who is in which group, what is known of an account, and which accounts are one person's."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from storage.columns import UtcTime
from storage.tables.row import Row


class MembershipRow(Row, table=True):
    __tablename__ = "memberships"
    __table_args__: ClassVar[Any] = (Index(None, "platform", "account_id"), {"sqlite_with_rowid": False})

    platform: str = Field(primary_key=True)
    group_id: str = Field(primary_key=True)
    account_id: str = Field(primary_key=True)
    presence: str
    since: datetime | None = Field(sa_type=UtcTime)
    joined_at: datetime | None = Field(sa_type=UtcTime)
    left_at: datetime | None = Field(sa_type=UtcTime)
    banned: bool


class AccountRow(Row, table=True):
    __tablename__ = "accounts"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    platform: str = Field(primary_key=True)
    account_id: str = Field(primary_key=True)
    language: str
    reachable: bool | None


class LinkRow(Row, table=True):
    """An account that is one of several of a person; `person` is a random word that they share."""

    __tablename__ = "links"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    platform: str = Field(primary_key=True)
    account_id: str = Field(primary_key=True)
    person: str = Field(index=True)
    linked_at: datetime = Field(sa_type=UtcTime)


memberships = MembershipRow.__table__
accounts = AccountRow.__table__
links = LinkRow.__table__
