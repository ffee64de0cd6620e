from __future__ import annotations

from datetime import datetime
from functools import partial

from bot.core.events import NOBODY, JobDue, Where
from bot.core.stores import Jobs
from bot.core.unit import Unit
from tests.storage.conftest import Desk
from tests.storage.sayings import DAY, KOPI, MINUTE, NOW


async def due(run: Desk, at: datetime = NOW, limit: int = 10) -> list[JobDue]:
    return await run(lambda unit: unit.store(Jobs).due(at, limit))


def take(id: int, unit: Unit) -> bool:
    return unit.store(Jobs).take(id)


async def test_a_job_is_due_at_its_time_with_what_it_was_given(run: Desk) -> None:
    await run(lambda unit: unit.schedule("poll.close", NOW, key="p", community="kopi", where=KOPI, data={"n": [1]}))
    assert await due(run, NOW - MINUTE) == []
    (job,) = await due(run)
    assert job == JobDue(job.event_id, NOW, KOPI, NOBODY, "poll.close", "p", "kopi", {"n": [1]})
    assert await run(lambda unit: unit.store(Jobs).take(int(job.event_id)))
    assert not await run(lambda unit: unit.store(Jobs).take(int(job.event_id)))
    assert await due(run) == []


async def test_jobs_come_in_the_order_of_their_times_and_no_more_than_asked(run: Desk) -> None:
    def work(unit: Unit) -> None:
        for minutes in (3, 1, 2):
            unit.schedule("a.b", NOW + minutes * MINUTE, key=str(minutes))

    await run(work)
    assert [job.job_key for job in await due(run, NOW + DAY, limit=2)] == ["1", "2"]
    assert await run(lambda unit: unit.store(Jobs).next_due()) == NOW + MINUTE


async def test_scheduling_again_moves_a_job(run: Desk) -> None:
    await run(lambda unit: unit.schedule("a.b", NOW, key="k"))
    (before,) = await due(run)
    await run(lambda unit: unit.schedule("a.b", NOW + DAY, key="k"))
    assert not await run(lambda unit: unit.store(Jobs).take(int(before.event_id)))
    assert await due(run) == []
    (after,) = await due(run, NOW + DAY)
    assert after.key != before.key  # as a moved job it must not count as handled


async def test_a_job_that_is_kept_stays_where_it_was(run: Desk) -> None:
    await run(lambda unit: unit.schedule("a.b", NOW, key="k", keep=True))
    await run(lambda unit: unit.schedule("a.b", NOW + DAY, key="k", keep=True))
    assert [job.at for job in await due(run, NOW + DAY)] == [NOW]


async def test_an_unscheduled_job_is_gone(run: Desk) -> None:
    await run(lambda unit: unit.schedule("a.b", NOW, key="k"))
    await run(lambda unit: unit.schedule("a.b", NOW, key="other"))
    await run(lambda unit: unit.unschedule("a.b", "k"))
    assert [job.job_key for job in await due(run)] == ["other"]


async def test_an_id_is_never_used_again(run: Desk) -> None:
    ids = []
    for _ in range(3):
        await run(lambda unit: unit.schedule("a.b", NOW, key="k"))
        (job,) = await due(run)
        assert await run(partial(take, int(job.event_id)))
        ids.append(job.event_id)
    assert len(set(ids)) == 3


async def test_a_job_without_a_place_has_none(run: Desk) -> None:
    await run(lambda unit: unit.schedule("a.b", NOW, key="k"))
    assert [job.where for job in await due(run)] == [Where("", "", "")]


async def test_nothing_scheduled_is_never_due(run: Desk) -> None:
    assert await run(lambda unit: unit.store(Jobs).next_due()) is None
