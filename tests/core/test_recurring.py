"""Local times that come again, in 25 zones, through summer time, a skipped day and clocks changed at midnight."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.recurring import Weekly, instant_of

ZONES = (
    *("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "UTC", "Europe/Berlin"),
    *("Europe/London", "Europe/Dublin", "America/New_York", "America/Chicago", "America/Phoenix"),
    *("America/St_Johns", "America/Sao_Paulo", "America/Santiago", "America/Havana", "America/Asuncion"),
    *("Africa/Cairo", "Africa/Casablanca", "Asia/Tehran", "Asia/Kathmandu", "Asia/Beirut"),
    *("Asia/Gaza", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham"),
)
YEARS = (2010, 2011, 2012, 2018, 2024, 2026, 2030)
DAILY = frozenset(range(7))
TIMES = [time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(3), time(17), time(23, 30), time(23, 59)]


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def in_gap(day: date, at: time, zone: ZoneInfo) -> bool:
    return wall(instant_of(day, at, zone), zone) != datetime.combine(day, at)


@pytest.mark.promise("R7")
@pytest.mark.parametrize("name", ZONES)
def test_a_daily_time_comes_once_on_each_local_date_and_shows_on_the_wall_clock(name: str) -> None:
    zone = ZoneInfo(name)
    for year in YEARS:
        for at in TIMES:
            daily = Weekly(DAILY, at)
            moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
            dates: list[date] = []
            while (moment := daily.next_after(moment, zone)) < end:
                local = wall(moment, zone)
                assert local.time() == at or in_gap(local.date(), at, zone), local
                dates.append(local.date())
            assert len(dates) == len(set(dates))
            whole = {dates[0] + timedelta(days=n) for n in range((dates[-1] - dates[0]).days + 1)}
            assert whole - set(dates) <= {date(2011, 12, 30)}, name  # Samoa had none


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(int(datetime(2009, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2037, 1, 1, tzinfo=UTC).timestamp())),
)
@example("Pacific/Apia", frozenset({4}), 600, int(datetime(2011, 12, 30, 10, 30, tzinfo=UTC).timestamp()))
def test_the_next_one_is_the_first_of_all_that_come_later(
    name: str, days: frozenset[int], minute: int, now: int
) -> None:
    zone, at, moment = ZoneInfo(name), time(*divmod(minute, 60)), datetime.fromtimestamp(now, UTC)
    around = [moment.date() + timedelta(days=n) for n in range(-4, 12)]
    instants = [instant_of(day, at, zone) for day in around if day.weekday() in days]
    assert Weekly(days, at).next_after(moment, zone) == min(instant for instant in instants if instant > moment)


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (date(2026, 3, 29), time(2, 30), (1, 30)),  # left out: an hour on, 03:30
        (date(2026, 10, 25), time(2, 30), (0, 30)),  # twice: the first
    ],
)
def test_the_night_of_the_change(day: date, at: time, utc: tuple[int, int]) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert instant_of(day, at, berlin) == datetime(day.year, day.month, day.day, *utc, tzinfo=UTC)


def test_it_is_strictly_after() -> None:
    jakarta, weekly = ZoneInfo("Asia/Jakarta"), Weekly(frozenset({4}), time(17))
    first = weekly.next_after(datetime(2026, 1, 7, tzinfo=UTC), jakarta)
    assert first == datetime(2026, 1, 9, 10, tzinfo=UTC)
    assert weekly.next_after(first, jakarta) == first + timedelta(days=7)
