"""Who spoke where and when: kept once, and found by channel and time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from bot.core.activity import Activity, Spoken
from bot.core.events import Where
from bot.core.unit import Unit
from storage.database import SqlDatabase
from storage.stores.activity import PIECE
from storage.unit import SqlUnit
from tests.storage.conftest import Desk
from tests.storage.sayings import DAY, KOPI, MINUTE, NOW, TEH
from tests.storage.talking import HALL, SECOND, THREAD, add, all_of, said

# ---------------------------------------------------------------- kept


async def test_all_of_it_comes_back(run: Desk) -> None:
    told = [
        said(THREAD, "1", "ayu", asks=True),
        said(HALL, "2", "budi", MINUTE, reply_to="1", reply_to_account="ayu"),
        said(KOPI, "3", "", 2 * MINUTE),
    ]
    await run(add(*told))
    assert await all_of(run) == told


async def test_what_is_told_again_is_one(run: Desk) -> None:
    one = said(HALL, "1")
    await run(add(one, one))
    await run(add(one))
    assert await all_of(run) == [one]


async def test_the_same_id_elsewhere_is_another_message(run: Desk) -> None:
    told = [said(HALL, "1"), said(KOPI, "1", after=MINUTE), said(TEH, "1"), said(Where("nether", "kopi", "hall"), "1")]
    await run(add(*told))
    assert await all_of(run) == told[:2]
    assert await all_of(run, "teh") == [told[2]]


async def test_a_unit_reads_what_it_has_added(run: Desk) -> None:
    def work(unit: Unit) -> None:
        activity = unit.store(Activity)
        activity.add(said(HALL, "1"))
        assert activity.last(HALL) == NOW
        activity.add(said(HALL, "2", "budi", MINUTE))
        assert activity.moments(HALL, NOW, NOW + DAY) == [NOW, NOW + MINUTE]
        activity.add(said(HALL, "3", "rina", 2 * MINUTE))
        assert activity.people(HALL, NOW, NOW + DAY) == ["budi", "rina"]
        activity.add(said(HALL, "4", after=3 * MINUTE))
        assert [spoken.message_id for spoken in activity.replay("aether", "kopi")] == ["1", "2", "3", "4"]

    await run(work)


@pytest.mark.promise("R3")
async def test_what_a_failed_unit_added_never_was(run: Desk) -> None:
    def work(unit: Unit) -> None:
        add(said(HALL, "1"))(unit)
        assert unit.store(Activity).last(HALL) == NOW
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run(work)
    assert await all_of(run) == []
    await run(add(said(HALL, "1")))
    assert await all_of(run) == [said(HALL, "1")]


async def test_it_outlives_the_program(file: Path) -> None:
    for _ in range(2):
        async with SqlDatabase(f"sqlite:///{file}") as database:
            await database.run(add(said(HALL, "1")), NOW)
    async with SqlDatabase(f"sqlite:///{file}") as database:
        kept = await database.run(lambda unit: list(unit.store(Activity).replay("aether", "kopi")), NOW)
    assert kept == [said(HALL, "1")]


async def test_a_time_without_a_zone_is_none(run: Desk) -> None:
    with pytest.raises(TypeError):
        await run(add(Spoken(HALL, "1", "ayu", datetime(2026, 1, 5))))  # noqa: DTZ001


# ---------------------------------------------------------------- found


async def test_threads_are_part_of_their_channel(run: Desk) -> None:
    await run(add(said(HALL, "1"), said(THREAD, "2", "budi", MINUTE), said(KOPI, "3", "rina", 2 * MINUTE)))
    until = NOW + DAY
    for place in (HALL, THREAD):
        assert await run(lambda unit, at=place: unit.store(Activity).last(at)) == NOW + MINUTE  # type: ignore[misc]
        moments = await run(lambda unit, at=place: unit.store(Activity).moments(at, NOW, until))  # type: ignore[misc]
        assert moments == [NOW, NOW + MINUTE]
    assert await run(lambda unit: unit.store(Activity).people(THREAD, NOW - SECOND, until)) == ["ayu", "budi"]
    assert await run(lambda unit: unit.store(Activity).last(TEH)) is None


async def test_moments_are_from_then_on_and_before_that(run: Desk) -> None:
    await run(add(*(said(HALL, str(n), after=n * MINUTE) for n in (3, 1, 2, 0))))
    found = await run(lambda unit: unit.store(Activity).moments(HALL, NOW + MINUTE, NOW + 3 * MINUTE))
    assert found == [NOW + MINUTE, NOW + 2 * MINUTE]


async def test_people_are_those_after_that_and_until_then(run: Desk) -> None:
    told = [said(HALL, str(n), who, n * MINUTE) for n, who in enumerate(["ayu", "budi", "budi", "", "rina", "dewi"])]
    await run(add(*told))
    assert await run(lambda unit: unit.store(Activity).people(HALL, NOW, NOW + 4 * MINUTE)) == ["budi", "rina"]


async def test_a_long_past_is_replayed_in_order_over_all_channels(run: Desk) -> None:
    def told() -> Iterator[Spoken]:
        for number in range(2 * PIECE + 1):
            yield said(HALL, f"h{number}", after=number * SECOND)
            yield said(KOPI, f"k{number}", after=number // 3 * SECOND)

    everything = sorted(told(), key=lambda spoken: (spoken.at, spoken.message_id))
    await run(add(*told()))
    assert await all_of(run) == everything


async def test_what_comes_while_the_past_is_replayed_disturbs_nothing(run: Desk) -> None:
    await run(add(*(said(HALL, str(n), after=n * SECOND) for n in range(PIECE + 10))))

    def work(unit: Unit) -> int:
        heard = 0
        for spoken in unit.store(Activity).replay("aether", "kopi"):
            heard += 1
            unit.store(Activity).add(said(TEH, spoken.message_id, after=spoken.at - NOW))
        return heard

    assert await run(work) == PIECE + 10
    assert len(await all_of(run, "teh")) == PIECE + 10


@contextmanager
def statements(connection: Connection) -> Iterator[list[tuple[str, object]]]:
    """All that are executed meanwhile."""
    told: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, sql: str, values: object, *_: object) -> None:
        told.append((sql, values))

    event.listen(connection, "before_cursor_execute", note)
    yield told
    event.remove(connection, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("read", "along"),
    [
        (lambda activity: activity.moments(HALL, NOW, NOW + DAY), "channel_id=? AND at>? AND at<?"),
        (lambda activity: activity.people(HALL, NOW, NOW + DAY), "channel_id=? AND at>? AND at<?"),
        (lambda activity: activity.last(HALL), "channel_id=?"),
        (lambda activity: list(activity.replay("aether", "kopi")), "group_id=?"),
        (lambda activity: activity.forget(NOW), "INTEGER PRIMARY KEY"),
    ],
)
async def test_nothing_is_searched_for_through_the_whole_table(
    run: Desk, read: Callable[[Activity], object], along: str
) -> None:
    await run(add(said(HALL, "1")))

    def work(unit: Unit) -> list[str]:
        assert isinstance(unit, SqlUnit)
        with statements(unit.connection) as told:
            read(unit.store(Activity))
        plans = (unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values) for sql, values in told)  # type: ignore[arg-type]
        return [row.detail for plan in plans for row in plan if "activity" in row.detail]

    plan = await run(work)
    assert along in plan[0]
    assert [step for step in plan if step.startswith("SEARCH")]
    scans = [step for step in plan if step.startswith("SCAN")]
    assert scans == (["SCAN activity"] if along == "INTEGER PRIMARY KEY" else []), "only so many of the oldest"
