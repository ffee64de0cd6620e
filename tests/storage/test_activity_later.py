"""What becomes of recorded activity: it is forgotten in time, and follows a group that moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.activity import Activity, Spoken
from bot.core.events import Where
from bot.core.stores import Jobs, Places
from bot.core.unit import Unit
from storage.stores.activity import AT_ONCE
from storage.unit import SqlUnit
from tests.storage.conftest import Desk
from tests.storage.sayings import DAY, KOPI, MINUTE, NOW, TEH
from tests.storage.talking import HALL, SECOND, THREAD, add, all_of, said


async def test_what_is_older_is_forgotten_and_the_rest_is_kept(run: Desk) -> None:
    told = [said(HALL, "1", after=-DAY), said(TEH, "2", after=-2 * DAY), said(HALL, "3"), said(HALL, "4", after=DAY)]
    await run(add(*told))
    assert await run(lambda unit: unit.store(Activity).forget(NOW)) == 2
    assert await run(lambda unit: unit.store(Activity).forget(NOW)) == 0
    assert await all_of(run) == told[2:]
    assert await all_of(run, "teh") == []


async def test_much_is_forgotten_piece_by_piece(run: Desk) -> None:
    await run(add(*(said(HALL, str(n), after=n * SECOND) for n in range(2 * AT_ONCE + 5))))
    gone = []
    while removed := await run(lambda unit: unit.store(Activity).forget(NOW + (2 * AT_ONCE + 2) * SECOND)):
        gone.append(removed)
    assert gone == [AT_ONCE, AT_ONCE, 2]
    assert [spoken.message_id for spoken in await all_of(run)] == [str(2 * AT_ONCE + n) for n in (2, 3, 4)]


async def test_what_was_told_late_is_forgotten_too(run: Desk) -> None:
    """Rows stand in the order in which they were heard, which is not quite that of time."""
    await run(add(said(HALL, "2"), said(HALL, "1", after=-DAY)))
    assert await run(lambda unit: unit.store(Activity).forget(NOW)) == 1
    assert [spoken.message_id for spoken in await all_of(run)] == ["2"]


async def test_a_row_is_small(run: Desk, file: Path) -> None:
    """Ids as long as Discord's, every fourth message a reply: no more than 250 bytes a message."""
    place, big = Where("aether", "112233445566778899", "223344556677889900"), 1_450_000_000_000_000_000

    def told() -> Iterator[Spoken]:
        for number in range(20_000):
            answered = str(big) if number % 4 == 0 else ""
            account, at = str(big + number % 500), NOW + number * SECOND
            yield Spoken(place, str(big + number), account, at, answered, answered)

    before = file.stat().st_size
    await run(add(*told()))

    def settle(unit: Unit) -> int:
        assert isinstance(unit, SqlUnit)
        pages = unit.connection.execute(text("PRAGMA page_count")).scalar_one()
        return int(pages) * int(unit.connection.execute(text("PRAGMA page_size")).scalar_one())

    assert (await run(settle) - before) / 20_000 < 250


# ---------------------------------------------------------------- a group that moves


def move(unit: Unit) -> None:
    unit.store(Places).migrate("aether", "kopi", "new")


def in_new(told: Iterable[Spoken]) -> list[Spoken]:
    return [
        Spoken(Where("aether", "new", one.where.channel, one.where.thread), one.message_id, one.account, one.at)
        for one in told
    ]


@pytest.mark.promise("R10")
async def test_the_past_follows_a_group_and_what_is_known_of_both_is_one(run: Desk) -> None:
    past = [said(HALL, "1"), said(THREAD, "2", "budi", MINUTE), said(KOPI, "3", "rina", 2 * MINUTE)]
    await run(add(*past, said(TEH, "1")))
    await run(add(*in_new(past[1:2])))
    await run(move)
    assert await all_of(run, "new") == in_new(past)
    assert await all_of(run, "kopi") == []
    assert await all_of(run, "teh") == [said(TEH, "1")]
    await run(move)
    assert await all_of(run, "new") == in_new(past)


@pytest.mark.promise("R10")
async def test_so_does_what_was_said_just_before_in_the_same_batch(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.store(Activity).add(said(HALL, "1"))
        unit.schedule("quiet.look", NOW, key="k", where=HALL, sooner=True)
        move(unit)
        unit.store(Activity).add(in_new([said(HALL, "2", after=MINUTE)])[0])

    await run(work)
    assert [spoken.message_id for spoken in await all_of(run, "new")] == ["1", "2"]
    assert await all_of(run, "kopi") == []
    assert [job.where.group for job in await run(lambda unit: unit.store(Jobs).due(NOW, 9))] == ["new"]


# ---------------------------------------------------------------- planned with it


async def test_what_was_called_off_is_not_planned_at_the_end(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.schedule("quiet.look", NOW, key="k", where=HALL, sooner=True)
        unit.unschedule("quiet.look", "k")

    await run(work)
    assert await run(lambda unit: unit.store(Jobs).due(NOW, 9)) == []


async def test_of_several_plans_for_sooner_the_soonest_holds(run: Desk) -> None:
    def work(unit: Unit) -> None:
        for minutes in (3, 1, 2):
            unit.schedule("quiet.look", NOW + minutes * MINUTE, key="k", where=HALL, sooner=True)

    await run(work)
    await run(work)
    assert [job.at for job in await run(lambda unit: unit.store(Jobs).due(NOW + DAY, 9))] == [NOW + MINUTE]
