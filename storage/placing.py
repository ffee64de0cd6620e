"""A place as columns, and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_

from bot.core.events import Where


def as_columns(where: Where) -> dict[str, str]:
    return {
        "platform": where.platform,
        "group_id": where.group,
        "channel_id": where.channel,
        "thread": where.thread,
    }


def as_where(row: Row[Any]) -> Where:
    return Where(row.platform, row.group_id, row.channel_id, row.thread)


def in_group(table: Table, platform: str, group: str) -> ColumnElement[bool]:
    return and_(table.c.platform == platform, table.c.group_id == group)
