"""What a press of a button means."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.core.messages import Button
from bot.core.stores import PlacedButton
from storage.columns import load
from storage.placing import as_where
from storage.tables.outbox import buttons
from storage.unit import SqlUnit

_FIND = select(buttons).where(buttons.c.token == bindparam("the_token"))


class SqlButtons:
    """Labels are not kept: a found button has an empty one."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def find(self, token: str) -> PlacedButton | None:
        row = self._unit.connection.execute(_FIND, {"the_token": token}).first()
        if row is None:
            return None
        button = Button("", row.action, load(row.data), token=row.token)
        return PlacedButton(button, as_where(row), row.community, row.account_id, row.post_key, row.expires_at)

    def spend(self, post_key: str) -> None:
        # Buttons of posts without a key share the empty one, and belong to nobody in particular.
        if post_key:
            self._unit.connection.execute(delete(buttons).where(buttons.c.post_key == post_key))

    def forget(self, before: datetime) -> int:
        return self._unit.connection.execute(delete(buttons).where(buttons.c.expires_at < before)).rowcount
