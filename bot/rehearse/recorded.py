"""Activity to be replayed: what the bot has recorded, or a CSV of times and authors. No text in either."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bot.core.activity import Activity, Spoken
from bot.core.community import Community, Group
from bot.core.events import Where
from bot.core.unit import Unit
from storage.database import SqlDatabase

YES = frozenset({"1", "true", "yes"})


class NotRecorded(Exception):
    """There is nothing that could be replayed; says why and what to do."""


def from_csv(path: Path, where: Where) -> list[Spoken]:
    """Columns `ts` (seconds since 1970) and `author`, and if there is one `q` (1: a question); packed (.gz) or not.

    Raise NotRecorded with the line that can't be read.
    """
    try:
        with _opened(path) as file:
            return sorted(_rows(csv.DictReader(file), path, where), key=lambda spoken: spoken.at)
    except (OSError, UnicodeDecodeError, csv.Error, EOFError) as error:
        raise NotRecorded(f"{path}: can't be read: {error}") from None


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _rows(rows: csv.DictReader[str], path: Path, where: Where) -> Iterator[Spoken]:
    missing = [column for column in ("ts", "author") if column not in (rows.fieldnames or ())]
    if missing:
        raise NotRecorded(f"{path}:1: there is no column {' and no column '.join(missing)}; it begins with ts,author")
    for number, row in enumerate(rows, 2):
        try:
            at = datetime.fromtimestamp(float(row["ts"]), UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            raise NotRecorded(f"{path}:{number}: {row['ts']!r} is no time; ts is seconds since 1970") from None
        yield Spoken(where, str(number), row["author"] or "", at, asks=(row.get("q") or "").casefold() in YES)


async def from_database(url: str, community: Community, now: datetime) -> tuple[list[Spoken], list[str]]:
    """What was recorded in the community's groups, oldest first, and what has to be said about it."""

    def work(unit: Unit) -> list[list[Spoken]]:
        store = unit.store(Activity)
        return [list(store.replay(group.platform, group.id)) for group in community.groups]

    async with SqlDatabase(url, exclusive=False) as database:
        by_group = await database.run(work, now)
    found: list[Spoken] = []
    notes: list[str] = []
    for group, spoken in zip(community.groups, by_group, strict=True):
        in_place, note = _with_main(group, spoken)
        found += in_place
        notes += [note] if note else []
    return sorted(found, key=lambda spoken: spoken.at), notes


def _with_main(group: Group, spoken: list[Spoken]) -> tuple[list[Spoken], str]:
    """Where no main channel is named and talk is in channels, the liveliest is taken for it."""
    channels = Counter(one.where.channel for one in spoken)
    if group.main or not channels or "" in channels:
        return spoken, ""
    (main, _count), *_ = channels.most_common(1)
    moved = [replace(one, where=replace(one.where, channel="")) if one.where.channel == main else one for one in spoken]
    return moved, f"{group.platform} {group.id} names no main channel; its liveliest one, {main}, is taken for it."
