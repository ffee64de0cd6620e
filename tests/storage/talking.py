"""What people said, as the tests of activity tell it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.core.activity import Activity, Spoken
from bot.core.events import Where
from bot.core.unit import Unit
from tests.storage.conftest import Desk
from tests.storage.sayings import NOW

HALL = Where("aether", "kopi", "hall")
THREAD = Where("aether", "kopi", "hall", "t1")
SECOND = timedelta(seconds=1)


def said(where: Where, id: str, account: str = "ayu", after: timedelta = timedelta(0), **more: Any) -> Spoken:
    return Spoken(where, id, account, NOW + after, **more)


def add(*told: Spoken) -> Callable[[Unit], None]:
    def work(unit: Unit) -> None:
        for spoken in told:
            unit.store(Activity).add(spoken)

    return work


async def all_of(run: Desk, group: str = "kopi") -> list[Spoken]:
    return await run(lambda unit: list(unit.store(Activity).replay("aether", group)))
