"""Rows of any number of accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, and_

from bot.core.stores import Identity
from storage.chunks import chunks


def among(platform: Column[Any], account: Column[Any], accounts: Collection[Identity]) -> Iterator[ColumnElement[bool]]:
    """Conditions that rows of the accounts meet, each of them one: as many as it takes to keep statements short."""
    by_platform: dict[str, set[str]] = defaultdict(set)
    for each in accounts:
        by_platform[each.platform].add(each.account)
    for name, ids in by_platform.items():
        for some in chunks(sorted(ids)):
            yield and_(platform == name, account.in_(some))
