"""Opaque tokens for buttons: all that a platform, and whoever listens there, gets to know of what a press does."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from bot.core.events import Where
from bot.core.messages import AudienceKind, Button, Message
from storage.columns import dump
from storage.placing import as_columns
from storage.tables.outbox import buttons

if TYPE_CHECKING:
    from storage.unit import SqlUnit

LIFETIME = timedelta(days=180)
RANDOM_BYTES = 12  # 96 bits, 16 characters: with an adapter's prefix far within what any platform carries

_OF_POST = select(buttons).where(buttons.c.post_key == bindparam("the_post"))
_INSERT = insert(buttons)
_PROLONG = update(buttons).where(buttons.c.token == bindparam("the_token"))
_MEANING = ("platform", "group_id", "channel_id", "thread", "action", "data", "community", "account_id", "post_key")


class Tokens:
    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def put_on(
        self,
        message: Message,
        where: Where,
        community: str,
        key: str,
        expires: datetime | None,
        *,
        is_new: bool = False,
    ) -> Message:
        """The message with a token on each button that does something.

        A button that the post had before keeps its token, so that a poll edited a thousand times has no thousand rows.
        `is_new`: there is no such post yet, so there is nothing to look for.
        """
        if not any(button.action for row in message.buttons for button in row):
            return message
        until = self._unit.now + LIFETIME
        until = max(until, expires) if expires else until
        shared = as_columns(where) | {"community": community, "account_id": _presser(message), "post_key": key}
        known = {} if is_new else self._known(key)
        added: list[dict[str, Any]] = []
        prolonged: list[dict[str, Any]] = []

        def with_token(button: Button) -> Button:
            if not button.action:
                return button
            row = shared | {"action": button.action, "data": dump(dict(button.data)), "expires_at": until}
            token = known.get(_meaning(row))
            if token:
                prolonged.append({"the_token": token, "expires_at": until})
            else:
                token = known[_meaning(row)] = secrets.token_urlsafe(RANDOM_BYTES)
                added.append(row | {"token": token})
            return replace(button, token=token)

        rows = tuple(tuple(with_token(button) for button in row) for row in message.buttons)
        if added:
            self._unit.connection.execute(_INSERT, added)
        if prolonged:
            self._unit.connection.execute(_PROLONG, prolonged)
        return replace(message, buttons=rows)

    def _known(self, key: str) -> dict[tuple[str, ...], str]:
        if not key:
            return {}
        found: Iterable[Any] = self._unit.connection.execute(_OF_POST, {"the_post": key})
        return {_meaning(row._mapping): row.token for row in found}


def _presser(message: Message) -> str:
    return message.audience.account if message.audience.kind is AudienceKind.PERSON else ""


def _meaning(row: Any) -> tuple[str, ...]:
    return tuple(row[name] for name in _MEANING)
