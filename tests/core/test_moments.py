"""Times as people write them, in two languages, from anywhere."""

import time as clock
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.day_words import AHEAD, DAYS_LONG, FILLING, MONTH_WORDS, PARTS, WEEKDAYS
from bot.core.messages import Span
from bot.core.moments import (
    MomentError,
    moment_span,
    moment_text,
    parse_moment,
    parse_weekly,
)

JAKARTA, BERLIN, UTC_ZONE = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
NOW = datetime(2026, 1, 7, 10, 15, 30, tzinfo=JAKARTA).astimezone(UTC)  # a Wednesday


def read(text: str, now: datetime = NOW, zone: ZoneInfo = JAKARTA) -> str:
    return parse_moment(text, now, zone).astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("45m", timedelta(minutes=45)),
        ("2h", timedelta(hours=2)),
        ("3 hari", timedelta(days=3)),
        ("1 jam 30 menit", timedelta(minutes=90)),
        ("1h30m", timedelta(minutes=90)),
        ("in 2 hours", timedelta(hours=2)),
        ("2 jam lagi", timedelta(hours=2)),
        ("dalam 2 jam", timedelta(hours=2)),
        ("2 hours and 5 minutes from now", timedelta(minutes=125)),
        ("1 minggu", timedelta(weeks=1)),
        ("sejam lagi", timedelta(hours=1)),
        ("setengah jam lagi", timedelta(minutes=30)),
        ("in half an hour", timedelta(minutes=30)),
        ("in an hour", timedelta(hours=1)),
        ("tiga hari lagi", timedelta(days=3)),
        ("３　ＨＡＲＩ", timedelta(days=3)),
        ("“2h”", timedelta(hours=2)),
    ],
)
def test_a_span_counts_from_now_to_the_second(text: str, span: timedelta) -> None:
    assert parse_moment(text, NOW, JAKARTA) == NOW + span


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # a day and a time
        ("friday 18:00", "2026-01-09 18:00"),
        ("jumat 17.00", "2026-01-09 17:00"),
        ("jum 17.00", "2026-01-09 17:00"),
        ("Jum’at jam 17.00", "2026-01-09 17:00"),
        ("fri 6pm", "2026-01-09 18:00"),
        ("6.30 p.m. on Friday", "2026-01-09 18:30"),
        ("friday, 18:00", "2026-01-09 18:00"),
        ("hari Jumat pukul 17.00", "2026-01-09 17:00"),
        ("today 21:00", "2026-01-07 21:00"),
        ("hari ini 21.00", "2026-01-07 21:00"),
        ("nanti jam 7 malam", "2026-01-07 19:00"),
        ("besok 19.00", "2026-01-08 19:00"),
        ("besok jam 7 malam", "2026-01-08 19:00"),
        ("besok malam jam 7", "2026-01-08 19:00"),
        ("besok jam setengah 6 sore", "2026-01-08 17:30"),
        ("lusa 10.00", "2026-01-09 10:00"),
        ("tomorrow 9am", "2026-01-08 09:00"),
        ("tomorrow at noon", "2026-01-08 12:00"),
        ("tonight at 8", "2026-01-07 20:00"),
        ("friday midnight", "2026-01-10 00:00"),
        ("jumat tengah malam", "2026-01-10 00:00"),
        ("jumat 24.00", "2026-01-10 00:00"),
        ("friday 12am", "2026-01-09 00:00"),
        ("12pm tomorrow", "2026-01-08 12:00"),
        ("in 3 days at 17:00", "2026-01-10 17:00"),
        ("3 hari lagi jam 17.00", "2026-01-10 17:00"),
        ("rabu 09.00", "2026-01-14 09:00"),  # today's is over
        ("rabu 11.00", "2026-01-07 11:00"),
        ("minggu 17.00", "2026-01-11 17:00"),
        ("malam minggu", "2026-01-10 20:00"),
        ("malam minggu jam 9", "2026-01-10 21:00"),
        ("next friday 18:00", "2026-01-16 18:00"),
        ("jumat depan 18.00", "2026-01-16 18:00"),
        ("this friday 18:00", "2026-01-09 18:00"),
        ("jumat ini 18.00", "2026-01-09 18:00"),
        ("hari minggu depan 09.00", "2026-01-18 09:00"),
        ("besok kamis jam 19.00", "2026-01-08 19:00"),
        # a day alone
        ("friday", "2026-01-09 23:59"),
        ("next friday", "2026-01-16 23:59"),
        ("minggu", "2026-01-11 23:59"),
        ("rabu", "2026-01-07 23:59"),
        ("hari ini", "2026-01-07 23:59"),
        ("until sunday", "2026-01-11 23:59"),
        ("9 jan", "2026-01-09 23:59"),
        ("besok", "2026-01-08 10:15"),
        ("Tomorrow", "2026-01-08 10:15"),
        ("lusa", "2026-01-09 10:15"),
        ("next week", "2026-01-14 10:15"),
        ("pekan depan", "2026-01-14 10:15"),
        # a part of the day
        ("tonight", "2026-01-07 20:00"),
        ("nanti malam", "2026-01-07 20:00"),
        ("malam ini", "2026-01-07 20:00"),
        ("this afternoon", "2026-01-07 15:00"),
        ("sore", "2026-01-07 16:00"),
        ("pagi", "2026-01-08 09:00"),
        ("tomorrow morning", "2026-01-08 09:00"),
        ("jumat sore", "2026-01-09 16:00"),
        ("hari ini pagi", "2026-01-07 23:59"),
        # a time alone
        ("18:00", "2026-01-07 18:00"),
        ("17.00", "2026-01-07 17:00"),
        ("6pm", "2026-01-07 18:00"),
        ("6 PM", "2026-01-07 18:00"),
        ("10:15", "2026-01-08 10:15"),
        ("10:16", "2026-01-07 10:16"),
        ("jam 5 sore", "2026-01-07 17:00"),
        ("jam 12 siang", "2026-01-07 12:00"),
        ("jam 12 malam", "2026-01-08 00:00"),
        ("jam 1 malam", "2026-01-08 01:00"),
        ("jam 2 dini hari", "2026-01-08 02:00"),
        ("7 in the evening", "2026-01-07 19:00"),
        ("at 18", "2026-01-07 18:00"),
        ("１８：００", "2026-01-07 18:00"),
        # dates
        ("2026-01-09 18:00", "2026-01-09 18:00"),
        ("2026-01-09T18:00", "2026-01-09 18:00"),
        ("2026-01-09", "2026-01-09 23:59"),
        ("9 Januari 17.00", "2026-01-09 17:00"),
        ("tanggal 9 Januari 2026 jam 5 sore", "2026-01-09 17:00"),
        ("9/1 17.00", "2026-01-09 17:00"),
        ("9/1/2027 17.00", "2027-01-09 17:00"),
        ("9.1.2027 17.00", "2027-01-09 17:00"),
        ("Jan 9 6pm", "2026-01-09 18:00"),
        ("january 9th, 2027 18:00", "2027-01-09 18:00"),
        ("the 9th of January", "2026-01-09 23:59"),
        ("tanggal 9", "2026-01-09 23:59"),
        ("tgl 5 jam 17.00", "2026-02-05 17:00"),
        ("5 jan 10.00", "2027-01-05 10:00"),
        ("29 feb", "2028-02-29 23:59"),
        ("jumat 9 januari 17.00", "2026-01-09 17:00"),
        # zones
        ("19.00 WIB", "2026-01-07 19:00"),
        ("19.00 WITA", "2026-01-07 18:00"),
        ("besok 19.00 wit", "2026-01-08 17:00"),
        ("19:00 UTC", "2026-01-08 02:00"),
        ("19:00 UTC+8", "2026-01-07 18:00"),
        ("19:00 Europe/Berlin", "2026-01-08 01:00"),
        ("2026-01-09T18:00Z", "2026-01-10 01:00"),
    ],
)
def test_people_mean_this(text: str, moment: str) -> None:
    assert read(text) == moment
    assert read(f"  {text.upper()}  ") == moment
    assert read(text.replace(" ", "\u00a0 ")) == moment


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("", "empty", ""),
        (" “ ” ", "empty", ""),
        ("whenever", "unknown", "whenever"),
        ("fridey 18:00", "unknown", "fridey"),
        ("friday -- 18:00", "unknown", "-"),
        ("18:00 gmtx", "unknown", "gmtx"),
        ("18:00 utc+99", "unknown", "utc+99"),
        ("at", "unknown", "at"),
        ("friday 18:00 kopi", "unknown", "kopi"),
        ("30", "ambiguous", "30"),
        ("friday 18", "ambiguous", "18"),
        ("besok jam 7", "ambiguous", "jam 7"),
        ("besok setengah 6", "ambiguous", "setengah 6"),
        ("minggu depan", "ambiguous", "minggu depan"),
        ("jam 7 malam jumat", "ambiguous", "malam jumat"),
        ("jumat jam 1 malam", "ambiguous", "1 malam"),
        ("friday saturday", "twice", "saturday"),
        ("18:00 19:00", "twice", "19:00"),
        ("besok jumat", "weekday", "besok"),
        ("besok 9 jan", "twice", "9 jan"),
        ("31 feb", "no_such_date", "31 feb"),
        ("2026-13-01", "no_such_date", "2026-13-01"),
        ("0/0", "no_such_date", "0/0"),
        ("friday 25:00", "no_such_time", "25:00"),
        ("18:75", "no_such_time", "18:75"),
        ("13am", "no_such_time", "13 am"),
        ("jam 7 siang", "no_such_time", "7 siang"),
        ("kamis 9 januari 17.00", "weekday", "9 januari"),
        ("kemarin", "past", "kemarin"),
        ("today 09:00", "past", "today 09:00"),
        ("2026-01-06", "past", "2026-01-06"),
        ("2024-01-06", "past", "2024-01-06"),
        ("0001-01-01", "past", "0001-01-01"),
        ("0s", "past", "0s"),
        ("999999999w", "too_far", "999999999w"),
        ("9999-12-31 23:59 UTC-12", "too_far", "9999-12-31"),
        ("9999 weeks 18:00", "too_far", "9999 weeks"),
        ("99999999999999999999", "ambiguous", "99999999999999999999"),
        ("7 nanti", "ambiguous", "7"),
        ("besok 7 wib", "ambiguous", "7"),
        ("3 hri", "unknown", "hri"),
        ("1 bulan", "unknown", "bulan"),
        ("2h30", "unknown", "h"),
    ],
)
def test_what_is_wrong_is_named(text: str, code: str, found: str) -> None:
    with pytest.raises(MomentError) as caught:
        parse_moment(text, NOW, JAKARTA)
    assert (caught.value.code, caught.value.found) == (code, found)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("fridey 18:00", "friday"),
        ("jumt 17.00", "jumat"),
        ("3 hri", "hari"),
        ("kapan-kapan", ""),
        ("abis maghrib", ""),
        ("someday", ""),
    ],
)
def test_a_slip_of_the_finger_finds_its_word_and_another_word_finds_none(text: str, near: str) -> None:
    with pytest.raises(MomentError) as caught:
        parse_moment(text, NOW, JAKARTA)
    assert caught.value.near == near


def test_a_time_that_the_clock_leaves_out_is_as_long_after_the_change() -> None:
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN)
    assert read("tomorrow 02:30", evening, BERLIN) == "2026-03-29 03:30"


def test_a_time_that_comes_twice_is_the_first() -> None:
    evening = datetime(2026, 10, 24, 20, 0, tzinfo=BERLIN)
    assert parse_moment("tomorrow 02:30", evening, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_tomorrow_is_the_same_time_of_day_through_a_change_of_the_clock() -> None:
    evening = datetime(2026, 3, 28, 20, 0, tzinfo=BERLIN)
    assert read("tomorrow", evening, BERLIN) == "2026-03-29 20:00"


WORDS = st.sampled_from([*WEEKDAYS, *AHEAD, *DAYS_LONG, *MONTH_WORDS, *PARTS, *FILLING, "depan", "next", "ini", "lagi"])
SCRAPS = st.sampled_from(
    ["9/1", "18:00", "2026-01-09", "17.00", "6", "pm", "utc+3", "wita", "asia/jakarta", "²", "٣", ","]
)
ZONES = st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"])
TIMES = st.integers(946_684_800, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@settings(max_examples=1500, deadline=None)
@given(st.lists(WORDS | SCRAPS | st.integers(0, 99999).map(str), max_size=7).map(" ".join) | st.text(), TIMES, ZONES)
@example("２９ feb UTC-99", NOW, "Asia/Jakarta")
def test_any_words_are_a_time_to_come_or_a_mistake(text: str, now: datetime, zone: str) -> None:
    try:
        moment = parse_moment(text, now, ZoneInfo(zone))
    except MomentError:
        return
    assert moment.tzinfo is UTC
    assert moment > now


def test_ten_thousand_random_texts_are_read_quickly() -> None:
    random = Random(1)
    pieces = [*WEEKDAYS, *PARTS, *"0123456789:./-+ abcdefghijklmnopqrstuvwxyz,\u0663\ud800💥", "utc", "gmt", " ", " "]
    began = clock.perf_counter()
    for _ in range(10_000):
        text = "".join(random.choices(pieces, k=random.randrange(30)))
        try:
            assert parse_moment(text, NOW, JAKARTA) > NOW
        except MomentError:
            continue
    assert clock.perf_counter() - began < 10


@settings(max_examples=500, deadline=None)
@given(st.lists(WORDS | SCRAPS | st.sampled_from(["every", "tiap", "daily", "-", "&"]), max_size=7).map(" ".join))
def test_any_words_are_weekly_or_a_mistake(text: str) -> None:
    try:
        assert parse_weekly(text).days
    except MomentError:
        return


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "a " * 50_000, "friday " * 9000, "1h" * 9000, "-" * 9999, "9/1/" * 9000]
)
def test_long_texts_are_refused_at_once(text: str) -> None:
    began = clock.perf_counter()
    for parse in (lambda: parse_moment(text, NOW, JAKARTA), lambda: parse_weekly(text)):
        with pytest.raises(MomentError):
            parse()
    assert clock.perf_counter() - began < 0.1


@settings(max_examples=300, deadline=None)
@given(TIMES, st.integers(1, 600 * 24 * 60), ZONES, st.sampled_from(["en", "id"]))
def test_what_is_shown_can_be_typed(now: datetime, minutes: int, zone_name: str, language: str) -> None:
    zone = ZoneInfo(zone_name)
    moment = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    if moment <= now or moment.astimezone(zone).fold or (moment.astimezone(zone) + timedelta(hours=1)).fold:
        return  # a time that comes twice is read as the first
    shown = moment_text(moment, now, zone, language)
    assert parse_moment(shown, now, zone) == moment, shown


@pytest.mark.parametrize(
    ("text", "english", "indonesian"),
    [
        ("19.00", "today 19:00 WIB", "hari ini 19.00 WIB"),
        ("besok 09.00", "tomorrow 09:00 WIB", "besok 09.00 WIB"),
        ("9 jan 18.00", "Friday 9 January, 18:00 WIB", "Jumat 9 Januari, 18.00 WIB"),
        ("9/1/2027 18.00", "Saturday 9 January 2027, 18:00 WIB", "Sabtu 9 Januari 2027, 18.00 WIB"),
    ],
)
def test_moments_are_told_shortly(text: str, english: str, indonesian: str) -> None:
    moment = parse_moment(text, NOW, JAKARTA)
    assert moment_text(moment, NOW, JAKARTA, "en") == english
    assert moment_text(moment, NOW, JAKARTA, "id") == indonesian
    assert moment_span(moment, NOW, JAKARTA, "en") == (Span(english, moment=moment),)


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Europe/Istanbul", "UTC+3"), ("Asia/Kathmandu", "UTC+5:45"), ("America/Sao_Paulo", "UTC-3"), ("UTC", "UTC")],
)
def test_a_zone_without_a_name_is_told_by_its_distance(zone: str, name: str) -> None:
    moment = NOW + timedelta(hours=1)
    assert moment_text(moment, NOW, ZoneInfo(zone), "en").endswith(f" {name}")
