"""When a platform was not heard."""

from __future__ import annotations

from datetime import timedelta

from bot.core.stores import SILENT, Outage, Outages
from bot.core.unit import Unit
from tests.storage.conftest import Desk
from tests.storage.sayings import DAY, MINUTE, NOW

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


async def heard(run: Desk, after: timedelta, platform: str = "aether", *, unbroken: bool = False) -> Outage | None:
    run.now = NOW + after
    return await run(lambda unit: unit.store(Outages).heard(platform, run.now, unbroken=unbroken))


async def between(run: Desk, start: timedelta, end: timedelta) -> list[Outage]:
    return await run(lambda unit: unit.store(Outages).between(NOW + start, NOW + end))


def outage(start: timedelta, end: timedelta, platform: str = "aether") -> Outage:
    return Outage(platform, NOW + start, NOW + end)


async def test_the_first_time_ends_no_outage(run: Desk) -> None:
    assert await heard(run, HOUR) is None
    assert await between(run, -DAY, DAY) == []


async def test_short_silences_are_none(run: Desk) -> None:
    for step in range(5):
        assert await heard(run, step * SILENT) is None
    assert await between(run, -DAY, DAY) == []


async def test_a_long_one_is_kept_for_its_platform(run: Desk) -> None:
    await heard(run, 0 * MINUTE)
    await heard(run, 0 * MINUTE, "nether")
    assert await heard(run, HOUR) == outage(0 * MINUTE, HOUR)
    assert await heard(run, HOUR + MINUTE) is None
    assert await heard(run, HOUR + MINUTE, "nether", unbroken=True) is None
    assert await between(run, -DAY, DAY) == [outage(0 * MINUTE, HOUR)]


async def test_several_are_told_oldest_first_and_only_for_the_time_that_is_asked_for(run: Desk) -> None:
    for at in (0, 1, 3, 6):
        await heard(run, at * HOUR)
    assert await between(run, 0 * HOUR, 6 * HOUR) == [
        outage(0 * HOUR, HOUR),
        outage(HOUR, 3 * HOUR),
        outage(3 * HOUR, 6 * HOUR),
    ]
    assert await between(run, 2 * HOUR, 4 * HOUR) == [outage(2 * HOUR, 3 * HOUR), outage(3 * HOUR, 4 * HOUR)]
    assert await between(run, 6 * HOUR, 7 * HOUR) == []
    assert await between(run, -HOUR, 0 * HOUR) == []


async def test_one_that_goes_on_is_told_up_to_now(run: Desk) -> None:
    await heard(run, 0 * MINUTE)
    run.now = NOW + SILENT
    assert await between(run, -HOUR, DAY) == []
    run.now = NOW + SILENT + SECOND
    assert await between(run, -HOUR, DAY) == [outage(0 * MINUTE, SILENT + SECOND)]
    run.now = NOW + 2 * HOUR
    assert await between(run, HOUR, 90 * MINUTE) == [outage(HOUR, 90 * MINUTE)]
    assert await between(run, -HOUR, 0 * MINUTE) == []
    assert await between(run, 3 * HOUR, 4 * HOUR) == []


async def test_a_clock_that_is_put_back_makes_no_outage_and_hides_none(run: Desk) -> None:
    await heard(run, DAY)
    assert await heard(run, 0 * MINUTE) is None
    assert await heard(run, HOUR) == outage(0 * MINUTE, HOUR)


async def test_old_ones_are_forgotten(run: Desk) -> None:
    for at in (0, 1, 3):
        await heard(run, at * HOUR)

    def work(unit: Unit) -> int:
        return unit.store(Outages).forget(NOW + 2 * HOUR)

    assert await run(work) == 1
    assert await between(run, -DAY, DAY) == [outage(HOUR, 3 * HOUR)]
