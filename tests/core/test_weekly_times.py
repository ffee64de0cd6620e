"""Times that come again each week, and what is offered while somebody types a time."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.moments import (
    MomentError,
    parse_moment,
    parse_weekly,
    suggest_moments,
    suggest_weekly,
    weekly_text,
)
from bot.core.recurring import Weekly

JAKARTA, BERLIN, UTC_ZONE = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
NOW = datetime(2026, 1, 7, 10, 15, 30, tzinfo=JAKARTA).astimezone(UTC)  # a Wednesday
ZONES = st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"])
TIMES = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


# ---------------------------------------------------------------------- each week

DAILY, WORKDAYS = frozenset(range(7)), frozenset(range(5))


@pytest.mark.parametrize(
    ("text", "days", "at"),
    [
        ("friday 17:00", {4}, time(17)),
        ("jumat 17.00", {4}, time(17)),
        ("tiap jumat 17.00", {4}, time(17)),
        ("Setiap hari Jumat pukul 17.00", {4}, time(17)),
        ("fridays at 5pm", {4}, time(17)),
        ("every monday and thursday 9am", {0, 3}, time(9)),
        ("senin, kamis 09.00", {0, 3}, time(9)),
        ("09.00 tiap senin", {0}, time(9)),
        ("senin - rabu 09.00", {0, 1, 2}, time(9)),
        ("sabtu sampai senin 09.00", {5, 6, 0}, time(9)),
        ("daily 09:00", DAILY, time(9)),
        ("every day at noon", DAILY, time(12)),
        ("setiap hari 9.00", DAILY, time(9)),
        ("day 10:00", DAILY, time(10)),  # behind `--every`
        ("hari 9.00", DAILY, time(9)),  # behind `--tiap`
        ("hari jumat 17.00", {4}, time(17)),
        ("hari minggu 17.00", {6}, time(17)),
        ("hari kerja 9.00", WORKDAYS, time(9)),
        ("weekdays 9:00", WORKDAYS, time(9)),
        ("tiap minggu 17.00", {6}, time(17)),
        ("tiap minggu hari jumat 17.00", {4}, time(17)),
        ("every week on friday 17:00", {4}, time(17)),
        ("tiap malam minggu jam 8", {5}, time(20)),
        ("tiap malam minggu", {5}, time(20)),
        ("tiap jumat sore", {4}, time(16)),
        ("friday midnight", {5}, time(0)),
        ("friday 17:00 WIB", {4}, time(17)),
    ],
)
def test_each_week(text: str, days: set[int], at: time) -> None:
    assert parse_weekly(text, JAKARTA) == Weekly(frozenset(days), at)


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("", "empty", ""),
        ("17:00", "no_day", "17:00"),
        ("friday", "no_time", "friday"),
        ("tiap hari", "no_time", "tiap hari"),
        ("every fridey 17:00", "unknown", "fridey"),
        ("friday 17:00 18:00", "twice", "18:00"),
        ("friday 5", "ambiguous", "5"),
        ("friday 17:00 UTC", "zone", "friday 17:00 UTC"),
        ("9 jan 17:00", "ambiguous", "9"),
    ],
)
def test_what_is_not_weekly_is_named(text: str, code: str, found: str) -> None:
    with pytest.raises(MomentError) as caught:
        parse_weekly(text, JAKARTA)
    assert (caught.value.code, caught.value.found) == (code, found)


@pytest.mark.parametrize(
    ("days", "english", "indonesian"),
    [
        ({4}, "every Friday 17:00 WIB", "setiap Jumat 17.00 WIB"),
        ({6}, "every Sunday 17:00 WIB", "setiap hari Minggu 17.00 WIB"),
        ({0, 3}, "every Monday and Thursday 17:00 WIB", "setiap Senin dan Kamis 17.00 WIB"),
        ({0, 2, 6}, "every Monday, Wednesday and Sunday 17:00 WIB", "setiap Senin, Rabu dan Minggu 17.00 WIB"),
        (set(range(7)), "every day 17:00 WIB", "setiap hari 17.00 WIB"),
    ],
)
def test_weekly_times_are_told(days: set[int], english: str, indonesian: str) -> None:
    weekly = Weekly(frozenset(days), time(17))
    assert weekly_text(weekly, JAKARTA, "en") == english
    assert weekly_text(weekly, JAKARTA, "id") == indonesian


def test_a_weekly_time_with_summer_time_goes_by_the_place() -> None:
    assert weekly_text(Weekly(frozenset({4}), time(17)), BERLIN, "en") == "every Friday 17:00 Europe/Berlin"


@settings(max_examples=200, deadline=None)
@given(st.frozensets(st.integers(0, 6), min_size=1), st.integers(0, 1439), ZONES, st.sampled_from(["en", "id"]))
def test_a_weekly_time_that_is_shown_can_be_typed(days: frozenset[int], minute: int, zone: str, language: str) -> None:
    weekly = Weekly(days, time(*divmod(minute, 60)))
    assert parse_weekly(weekly_text(weekly, ZoneInfo(zone), language), ZoneInfo(zone)) == weekly


# ---------------------------------------------------------------------- while typing

TYPED = [
    "",
    "3",
    "12",
    "1",
    "45m",
    "fri",
    "jum",
    "besok",
    "besok 1",
    "tomorrow 7",
    "hari",
    "min",
    "next",
    "18",
    "t",
    "s",
    "Tom",
]


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("language", ["en", "id"])
def test_what_is_offered_can_be_read(typed: str, language: str) -> None:
    midnight = datetime(2026, 1, 7, tzinfo=JAKARTA)
    offers = suggest_moments(typed, language)
    assert offers
    for offer in offers:
        assert parse_moment(offer, midnight, JAKARTA) > midnight


@pytest.mark.parametrize("typed", ["", "every ", "every f", "tiap", "setiap hari", "jum", "friday 1", "d", "hari min"])
def test_what_is_offered_for_each_week_can_be_read(typed: str) -> None:
    for offer in suggest_weekly(typed):
        assert parse_weekly(offer).days


def test_what_is_typed_is_completed() -> None:
    assert suggest_moments("3")[:5] == ["3h", "3d", "3m", "3w", "3 jam"]
    assert suggest_moments("3", "id")[:3] == ["3 jam", "3 hari", "3 menit"]
    assert suggest_moments("fri")[:3] == ["friday 18:00", "friday", "friday 09:00"]
    assert suggest_moments("besok 7") == ["besok 07:00", "besok 19:00"]
    assert suggest_moments("besok 19.", "id") == ["besok 19.00"]
    assert "setiap jumat 18.00" in suggest_weekly("setiap j", "id")
    assert suggest_moments("qwerty") == []


@given(st.text(max_size=30))
def test_anything_may_be_typed(typed: str) -> None:
    assert len(suggest_moments(typed)) <= 10
    assert len(suggest_weekly(typed)) <= 10
