"""Spans of time, hours, zones and languages as people write them."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.durations import LocalSpan, format_duration, in_language, parse_duration, parse_zone
from bot.core.setting_errors import SettingError


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("30s", timedelta(seconds=30)),
        ("45m", timedelta(minutes=45)),
        ("2h", timedelta(hours=2)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(weeks=2)),
        ("3 hari", timedelta(days=3)),
        ("2 jam", timedelta(hours=2)),
        ("30 menit", timedelta(minutes=30)),
        ("1h30m", timedelta(minutes=90)),
        (" 1 Jam 30 Menit ", timedelta(minutes=90)),
        ("1,5 jam", timedelta(minutes=90)),
        ("2 minggu", timedelta(weeks=2)),
        ("0s", timedelta()),
    ],
)
def test_durations_are_written_in_many_ways(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text", ["", " ", "30", 30, 1.5, "s", "3 x", "-3s", "3s 4s", "1h 30", "٣s", True, None, [], "1e9s", "999999999w"]
)
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(SettingError):
        parse_duration(text)


def test_a_number_without_unit_is_told_which_units_there_are() -> None:
    with pytest.raises(SettingError) as caught:
        parse_duration("30")
    assert str(caught.value) == '"30" has no unit; write "30s", "30m", "30h" or "30d"'


@given(st.integers(0, 36525 * 86400).map(lambda seconds: timedelta(seconds=seconds)))
def test_a_printed_duration_reads_back(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize("text", ["21:30-08:00", "21.30-8", "21:30 – 08.00", "21:30—8:00"])
def test_hours_are_written_in_many_ways(text: str) -> None:
    assert LocalSpan.parse(text) == LocalSpan(time(21, 30), time(8))
    assert str(LocalSpan.parse(text)) == "21:30-08:00"


@pytest.mark.parametrize("text", ["", "21:30", "25:00-08:00", "9:60-10:00", "9-9", "0-24", 9, None, "x-y"])
def test_what_are_no_hours_is_refused(text: object) -> None:
    with pytest.raises(SettingError):
        LocalSpan.parse(text)


def test_a_night_runs_past_midnight() -> None:
    night, day = LocalSpan.parse("21:30-08:00"), LocalSpan.parse("9-17")
    hours = [time(0), time(7, 59), time(8), time(9), time(12), time(17), time(21, 29), time(21, 30), time(23, 59)]
    assert [night.contains(hour) for hour in hours] == [True, True, False, False, False, False, False, True, True]
    assert [day.contains(hour) for hour in hours] == [False, False, False, True, True, False, False, False, False]
    assert LocalSpan.parse("22-24").contains(time(23, 59))


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("jakarta", "Asia/Jakarta"),
        ("Asia/Jakrta", "Asia/Jakarta"),
        ("asia/jakarta", "Asia/Jakarta"),
        ("WITA", "Asia/Makassar"),
        ("new york", "America/New_York"),
        ("London", "Europe/London"),
    ],
)
def test_the_nearest_zone_is_suggested(text: str, nearest: str) -> None:
    with pytest.raises(SettingError) as caught:
        parse_zone(text)
    assert caught.value.data["nearest"] == nearest
    assert parse_zone(nearest) == nearest


def test_a_text_for_each_language_falls_back_to_one_that_is_there() -> None:
    assert in_language("Halo", "en") == "Halo"
    assert in_language({"id": "Halo", "en": "Hi"}, "en") == "Hi"
    assert in_language({"id": "Halo"}, "en") == "Halo"
