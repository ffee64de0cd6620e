"""Codes for linking accounts, by their hash, and who sent wrong ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, func, insert, select, update
from sqlmodel import Field

from bot.core.stores import Identity
from bot.features.link.model import REMEMBERED, WRONG_WITHIN, Code, Codes, Fate
from storage.columns import AutoId, UtcTime
from storage.tables.row import Row
from storage.unit import SqlUnit
from storage.upsert import upsert


class CodeRow(Row, table=True):
    """`platform`, `account_id` and `name` are empty once the code can't be used any more."""

    __tablename__ = "link_codes"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    digest: str = Field(primary_key=True)
    platform: str
    account_id: str
    name: str
    expires_at: datetime = Field(sa_type=UtcTime)
    fate: str


class WrongCodeRow(Row, table=True):
    __tablename__ = "link_wrong_codes"

    id: int = Field(primary_key=True, sa_type=AutoId)
    platform: str
    account_id: str
    at: datetime = Field(sa_type=UtcTime)


codes = CodeRow.__table__
wrong = WrongCodeRow.__table__
NOBODYS = {"platform": "", "account_id": "", "name": ""}


class SqlCodes:
    """Implements bot.features.link.model.Codes."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def add(self, code: Code) -> None:
        older = update(codes).where(codes.c.platform == code.account.platform, codes.c.fate == Fate.OPEN)
        older = older.where(codes.c.account_id == code.account.account)
        self._unit.connection.execute(older.values(fate=Fate.REPLACED, **NOBODYS))
        row = {
            "digest": code.digest,
            "platform": code.account.platform,
            "account_id": code.account.account,
            "name": code.name,
            "expires_at": code.expires,
            "fate": code.fate,
        }
        self._unit.connection.execute(upsert(self._unit.dialect, codes), row)

    def find(self, digest: str) -> Code | None:
        row = self._unit.connection.execute(select(codes).where(codes.c.digest == digest)).first()
        if row is None:
            return None
        return Code(row.digest, Identity(row.platform, row.account_id), row.name, row.expires_at, Fate(row.fate))

    def end(self, digest: str, fate: Fate) -> None:
        self._unit.connection.execute(update(codes).where(codes.c.digest == digest).values(fate=fate, **NOBODYS))

    def count_wrong(self, account: Identity, at: datetime) -> None:
        row = {"platform": account.platform, "account_id": account.account, "at": at}
        self._unit.connection.execute(insert(wrong), row)

    def wrong_since(self, account: Identity, since: datetime) -> int:
        query = select(func.count()).where(
            wrong.c.platform == account.platform, wrong.c.account_id == account.account, wrong.c.at > since
        )
        return self._unit.connection.execute(query).scalar_one()

    def sweep(self, now: datetime) -> bool:
        connection = self._unit.connection
        connection.execute(update(codes).where(codes.c.expires_at <= now).values(**NOBODYS))
        connection.execute(delete(codes).where(codes.c.expires_at <= now - REMEMBERED))
        connection.execute(delete(wrong).where(wrong.c.at <= now - WRONG_WITHIN))
        return connection.execute(select(codes.c.digest).limit(1)).first() is not None


STORES = {Codes: SqlCodes}
