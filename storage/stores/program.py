"""What the program remembers of its own work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update

from bot.core.events import Where
from bot.core.stores import OpenForm, Pause
from storage.columns import dump, load
from storage.placing import as_columns, as_where, in_group
from storage.tables.program import forms, invites, notices, pauses, program_state
from storage.unit import SqlUnit
from storage.upsert import insert_new, upsert


class SqlPauses:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def add(self, pause: Pause) -> bool:
        row = {"reason": pause.reason, "detail": pause.detail, "since": pause.since, **as_columns(pause.where)}
        return self._unit.connection.execute(insert_new(self._unit.dialect, pauses), row).rowcount == 1

    def lift(self, platform: str, group: str) -> bool:
        return self._unit.connection.execute(delete(pauses).where(in_group(pauses, platform, group))).rowcount > 0

    def all(self) -> list[Pause]:
        found = self._unit.connection.execute(select(pauses).order_by(pauses.c.since))
        return [Pause(as_where(row), row.reason, row.detail, row.since) for row in found]


class SqlForms:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def open(self, form: OpenForm) -> None:
        self._unit.connection.execute(delete(forms).where(forms.c.expires_at <= self._unit.now))
        row = {
            **as_columns(form.where),
            "post_key": form.post_key,
            "message_id": "",
            "command": form.command,
            "account_id": form.account,
            "given": dump(dict(form.given)),
            "expires_at": form.expires,
        }
        self._unit.connection.execute(upsert(self._unit.dialect, forms), row)

    def posted(self, post_key: str, message_id: str) -> None:
        statement = update(forms).where(forms.c.post_key == post_key)
        self._unit.connection.execute(statement, {"message_id": message_id})

    def find(self, platform: str, where: Where, message_id: str) -> OpenForm | None:
        """None also when it has expired."""
        if not message_id:
            return None
        query = select(forms).where(
            in_group(forms, platform, where.group),
            forms.c.channel_id == where.channel,
            forms.c.message_id == message_id,
            forms.c.expires_at > self._unit.now,
        )
        row = self._unit.connection.execute(query).first()
        if row is None:
            return None
        return OpenForm(row.post_key, row.command, row.account_id, as_where(row), row.expires_at, load(row.given))

    def close(self, form: OpenForm) -> None:
        self._unit.connection.execute(delete(forms).where(forms.c.post_key == form.post_key))


class SqlNotices:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def first(self, key: str, at: datetime) -> bool:
        row = {"key": key, "at": at}
        return self._unit.connection.execute(insert_new(self._unit.dialect, notices), row).rowcount == 1

    def clear(self, prefix: str) -> None:
        begins = func.substr(notices.c.key, 1, len(prefix)) == prefix  # LIKE differs in case between databases
        self._unit.connection.execute(delete(notices).where(begins))


class SqlState:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def get(self, key: str) -> str:
        query = select(program_state.c.value).where(program_state.c.key == key)
        return self._unit.connection.execute(query).scalar() or ""

    def put(self, key: str, value: str) -> None:
        row = {"key": key, "value": value}
        self._unit.connection.execute(upsert(self._unit.dialect, program_state), row)


class SqlInvites:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def add(self, digest: str, expires: datetime) -> None:
        row = {"digest": digest, "expires_at": expires, "used_at": None}
        self._unit.connection.execute(insert_new(self._unit.dialect, invites), row)

    def valid(self, digest: str, now: datetime) -> bool:
        query = select(invites.c.digest).where(
            invites.c.digest == digest, invites.c.used_at.is_(None), invites.c.expires_at > now
        )
        return self._unit.connection.execute(query).first() is not None

    def use(self, digest: str, now: datetime) -> bool:
        statement = update(invites).where(
            invites.c.digest == digest, invites.c.used_at.is_(None), invites.c.expires_at > now
        )
        return self._unit.connection.execute(statement, {"used_at": now}).rowcount == 1
