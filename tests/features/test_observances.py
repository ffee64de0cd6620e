"""A community's holidays, days of fasting and hours of prayer, against the dates and times that people kept."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.quiet.observances import Observances
from bot.features.quiet.places import INDONESIA, place_of
from bot.features.quiet.ramadan import months
from bot.features.quiet.sun import sun_times

JAKARTA, BERLIN, LONDON = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/London")
NYEPI, FIRST_FAST, IDUL_FITRI = date(2026, 3, 19), date(2026, 2, 19), date(2026, 3, 21)
FRIDAY, THURSDAY = date(2026, 2, 27), date(2026, 2, 26)

INDONESIAN = Observances(JAKARTA, country="ID")
FASTING = Observances(JAKARTA, country="ID", ramadan=True, city="Jakarta")


def at(day: date, clock: str, zone: ZoneInfo = JAKARTA) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone)


def sunset(city: str, day: date, zone: ZoneInfo) -> str:
    minutes = sun_times(place_of(city), day, zone).sunset
    assert minutes is not None
    return f"{minutes // 60:02}:{minutes % 60:02}"


def paused(observances: Observances, day: date) -> list[tuple[str, str, str]]:
    """From and until when on that day, to the minute, and why."""
    spans: list[tuple[str, str, str]] = []
    before = ""
    for minute in range(24 * 60):
        clock = f"{minute // 60:02}:{minute % 60:02}"
        why = observances.pause(at(day, clock, observances.zone))
        if why and why == before:
            spans[-1] = (spans[-1][0], clock, why)
        elif why:
            spans.append((clock, clock, why))
        before = why
    return spans


class TestHolidays:
    @pytest.mark.parametrize(
        ("day", "english", "indonesian"),
        [
            (NYEPI, "Day of Silence", "Hari Suci Nyepi"),
            (date(2026, 3, 20), "Eid al-Fitr Joint Holiday", "Cuti Bersama Hari Raya Idul Fitri"),
            (IDUL_FITRI, "Eid al-Fitr", "Hari Raya Idul Fitri"),
            (date(2026, 8, 17), "Independence Day", "Hari Kemerdekaan Republik Indonesia"),
            (date(2026, 12, 25), "Christmas Day", "Hari Raya Natal"),
        ],
    )
    def test_indonesias_holidays_have_their_names_in_both_languages(
        self, day: date, english: str, indonesian: str
    ) -> None:
        assert INDONESIAN.holiday(day) == english
        assert INDONESIAN.holiday(day, "id") == indonesian
        assert INDONESIAN.kind_of(day).free

    def test_an_ordinary_day_has_no_name(self) -> None:
        assert INDONESIAN.holiday(date(2026, 7, 15)) == ""
        assert not INDONESIAN.kind_of(date(2026, 7, 15)).free

    def test_a_community_without_a_country_keeps_none(self) -> None:
        nowhere = Observances(JAKARTA)
        assert nowhere.holiday(IDUL_FITRI) == ""
        assert nowhere.kind_of(IDUL_FITRI) == nowhere.kind_of(date(2026, 7, 15))

    def test_a_name_that_isnt_known_in_a_language_is_told_in_english(self) -> None:
        germany, unity = Observances(BERLIN, country="DE"), date(2026, 10, 3)
        assert germany.holiday(unity, "de") == "Tag der Deutschen Einheit"
        assert germany.holiday(unity, "id") == germany.holiday(unity, "en") == "German Unity Day"

    def test_idul_fitri_and_its_leave_are_examples_for_no_other_day(self) -> None:
        travelling = [IDUL_FITRI + timedelta(days=days) for days in range(-1, 4)]
        assert [INDONESIAN.kind_of(day).counts for day in travelling] == [False] * 5
        others = [NYEPI, date(2026, 8, 17), date(2026, 12, 25), date(2026, 7, 15)]
        assert [INDONESIAN.kind_of(day).counts for day in others] == [True] * 4

    def test_so_is_the_feast_of_those_who_fast_where_it_is_no_holiday(self) -> None:
        germany = Observances(BERLIN, country="DE", ramadan=True)
        days = [date(2026, 3, 19) + timedelta(days=days) for days in range(4)]
        assert [germany.kind_of(day).counts for day in days] == [True, False, False, True]

    def test_the_weekend_is_the_countrys(self) -> None:
        riyadh = Observances(ZoneInfo("Asia/Riyadh"), country="SA").calendar()
        assert riyadh.weekend == {4, 5}
        assert INDONESIAN.calendar().weekend == Observances(JAKARTA).calendar().weekend == {5, 6}

    def test_the_calendar_knows_the_days(self) -> None:
        calendar = FASTING.calendar()
        assert calendar.zone is JAKARTA
        assert calendar.kind_of(NYEPI).free
        assert calendar.kind_of(NYEPI).season == "ramadan"


class TestRamadan:
    # 2022 to 2026 as the government decided; later by its rule (the moon 3° high and 6.4° from the sun at sunset in
    # Banda Aceh), computed with another library than those that the program uses.
    @pytest.mark.parametrize(
        ("first", "feast"),
        [
            ("2022-04-03", "2022-05-02"),
            ("2023-03-23", "2023-04-22"),
            ("2024-03-12", "2024-04-10"),
            ("2025-03-01", "2025-03-31"),
            ("2026-02-19", "2026-03-21"),
            ("2027-02-08", "2027-03-10"),
            ("2028-01-28", "2028-02-27"),
            ("2029-01-16", "2029-02-15"),
            ("2030-01-06", "2030-02-04"),
            ("2030-12-26", "2031-01-25"),
            ("2031-12-16", "2032-01-14"),
            ("2032-12-04", "2033-01-03"),
            ("2033-11-24", "2033-12-23"),
            ("2034-11-13", "2034-12-12"),
            ("2035-11-02", "2035-12-01"),
            ("2036-10-21", "2036-11-19"),
        ],
    )
    def test_it_is_when_indonesia_has_it(self, first: str, feast: str) -> None:
        begin, end, day = date.fromisoformat(first), date.fromisoformat(feast), timedelta(days=1)
        assert not FASTING.is_ramadan(begin - day)
        assert FASTING.is_ramadan(begin)
        assert FASTING.is_ramadan(end - day)
        assert not FASTING.is_ramadan(end)

    def test_elsewhere_it_may_begin_a_day_before(self) -> None:
        saudi = Observances(ZoneInfo("Asia/Riyadh"), country="SA", ramadan=True)
        days = [date(2026, 2, 17), date(2026, 2, 18), date(2026, 3, 19), date(2026, 3, 20)]
        assert [saudi.is_ramadan(day) for day in days] == [False, True, True, False]

    @pytest.mark.parametrize("country", ["ID", "MY", "SG", "BN", "SA", "EG", "TR", "IN", "PK", "NG", "OM", "DE", ""])
    def test_everywhere_it_has_29_or_30_days(self, country: str) -> None:
        found = {month for year in range(2020, 2035) for month in months(year, country)}
        assert {(month.feast - month.first).days for month in found} <= {29, 30}
        assert len(found) == 16  # 2030 has two

    def test_its_days_have_a_rhythm_of_their_own(self) -> None:
        assert FASTING.kind_of(FIRST_FAST).season == "ramadan"
        assert FASTING.kind_of(IDUL_FITRI).season == ""

    def test_a_community_that_doesnt_observe_it_has_none(self) -> None:
        assert not INDONESIAN.is_ramadan(FIRST_FAST)
        assert INDONESIAN.kind_of(FIRST_FAST).season == ""
        assert not INDONESIAN.is_fasting(at(FIRST_FAST, "12:00"))

    def test_it_is_the_zones_where_no_holidays_are_kept(self) -> None:
        no_holidays = Observances(JAKARTA, ramadan=True)
        assert not no_holidays.is_ramadan(date(2026, 2, 18))
        assert no_holidays.is_ramadan(date(2026, 3, 20))


class TestFasting:
    @pytest.mark.parametrize(
        ("clock", "fasting"),
        [("04:00", False), ("05:00", True), ("12:00", True), ("18:00", True), ("18:30", False), ("19:30", False)],
    )
    def test_from_dawn_to_maghrib(self, clock: str, fasting: bool) -> None:
        assert FASTING.is_fasting(at(FRIDAY, clock)) is fasting

    def test_not_outside_ramadan(self) -> None:
        assert not FASTING.is_fasting(at(IDUL_FITRI, "12:00"))
        assert not FASTING.is_fasting(at(FIRST_FAST - timedelta(days=1), "12:00"))

    def test_a_moment_in_another_zone_is_the_same_moment(self) -> None:
        assert FASTING.is_fasting(at(FRIDAY, "12:00").astimezone(UTC))
        assert not FASTING.is_fasting(at(FRIDAY, "19:30").astimezone(UTC))

    @pytest.mark.parametrize("zone", ["Asia/Jayapura", "America/Los_Angeles", "Pacific/Auckland", "Pacific/Kiritimati"])
    def test_wherever_the_day_begins(self, zone: str) -> None:
        there = Observances(ZoneInfo(zone), ramadan=True)
        assert there.is_fasting(at(FRIDAY, "12:00", there.zone))
        assert not there.is_fasting(at(FRIDAY, "03:00", there.zone))
        assert not there.is_fasting(at(FRIDAY, "21:00", there.zone))

    def test_by_the_clock_in_a_zone_that_lies_nowhere(self) -> None:
        nowhere = Observances(ZoneInfo("UTC"), ramadan=True)
        clocks = ["04:29", "04:30", "18:14", "18:15"]
        assert [nowhere.is_fasting(at(FRIDAY, clock, nowhere.zone)) for clock in clocks] == [False, True, True, False]


class TestTheSun:
    @pytest.mark.parametrize(
        ("city", "zone", "earliest", "latest"),
        [
            ("Jakarta", "Asia/Jakarta", "18:10", "18:20"),
            ("Bandung", "Asia/Jakarta", "18:06", "18:16"),
            ("Surabaya", "Asia/Jakarta", "17:46", "17:56"),
            ("Medan", "Asia/Jakarta", "18:33", "18:43"),
            ("Makassar", "Asia/Makassar", "18:16", "18:26"),
            ("Jayapura", "Asia/Jayapura", "17:50", "18:00"),
            ("London", "Europe/London", "17:29", "17:37"),
        ],
    )
    def test_maghrib_at_the_end_of_february(self, city: str, zone: str, earliest: str, latest: str) -> None:
        assert earliest <= sunset(city, date(2026, 2, 25), ZoneInfo(zone)) <= latest

    def test_subuh_in_jakarta(self) -> None:
        dawn = sun_times(place_of("Jakarta"), date(2026, 2, 25), JAKARTA).dawn
        assert dawn is not None
        assert abs(dawn - (4 * 60 + 40)) <= 5

    def test_the_clock_goes_forward(self) -> None:
        before, after = date(2026, 3, 28), date(2026, 3, 29)
        assert "18:30" <= sunset("Berlin", before, BERLIN) <= "18:35"
        assert "19:32" <= sunset("Berlin", after, BERLIN) <= "19:37"

    @settings(max_examples=60, deadline=None)
    @given(
        zone=st.sampled_from(
            ["Asia/Jakarta", "Europe/Oslo", "Atlantic/Reykjavik", "Pacific/Kiritimati", "Asia/Kolkata"]
        )
        | st.sampled_from(["America/Anchorage", "Antarctica/McMurdo", "Pacific/Apia", "Asia/Urumqi", "Etc/GMT-14"]),
        city=st.sampled_from(["", *sorted(INDONESIA), "London", "Reykjavik", "Nuuk"]),
        day=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
        minute=st.integers(0, 24 * 60 - 1),
    )
    def test_no_place_and_no_day_is_too_strange(self, zone: str, city: str, day: date, minute: int) -> None:
        there = Observances(ZoneInfo(zone), ramadan=True, city=city, maghrib_pause=True, friday_pause=True)
        local = at(day, f"{minute // 60:02}:{minute % 60:02}", there.zone)
        assert there.pause(local) in ("", "maghrib", "friday")
        assert there.is_fasting(local) in (True, False)


class TestPauses:
    PRAYING = Observances(JAKARTA, city="Jakarta", maghrib_pause=True, friday_pause=True)

    def test_nothing_is_said_around_maghrib(self) -> None:
        assert paused(self.PRAYING, THURSDAY) == [("18:02", "18:56", "maghrib")]

    def test_nor_around_friday_prayer(self) -> None:
        friday, maghrib = paused(self.PRAYING, FRIDAY)
        assert friday == ("11:45", "13:19", "friday")
        assert maghrib[2] == "maghrib"

    @pytest.mark.parametrize("day", [FRIDAY, date(2026, 8, 14)])
    def test_each_only_where_it_is_wanted(self, day: date) -> None:
        assert paused(Observances(JAKARTA), day) == []
        assert [why for *_, why in paused(Observances(JAKARTA, maghrib_pause=True), day)] == ["maghrib"]
        assert [why for *_, why in paused(Observances(JAKARTA, friday_pause=True), day)] == ["friday"]

    def test_without_a_city_by_the_zones(self) -> None:
        of_the_zone = Observances(JAKARTA, maghrib_pause=True)
        (of_jakarta,), (of_medan,) = (
            paused(Observances(JAKARTA, city=city, maghrib_pause=True), THURSDAY) for city in ("Jakarta", "Medan")
        )
        assert paused(of_the_zone, THURSDAY)[0][0] == of_jakarta[0]
        assert of_medan[0] > of_jakarta[0]

    def test_without_a_place_by_the_clock(self) -> None:
        nowhere = Observances(ZoneInfo("UTC"), maghrib_pause=True, friday_pause=True)
        assert paused(nowhere, FRIDAY) == [("11:40", "13:14", "friday"), ("18:05", "18:59", "maghrib")]

    @pytest.mark.parametrize("day", [date(2026, 6, 21), date(2026, 12, 21)])
    def test_where_the_sun_doesnt_set_by_the_clock(self, day: date) -> None:
        longyearbyen = Observances(ZoneInfo("Arctic/Longyearbyen"), maghrib_pause=True, ramadan=True)
        assert paused(longyearbyen, day) == [("18:05", "18:59", "maghrib")]

    def test_over_summer_time(self) -> None:
        berlin = Observances(BERLIN, maghrib_pause=True)
        (before,), (after,) = paused(berlin, date(2026, 3, 28)), paused(berlin, date(2026, 3, 29))
        assert "18:20" <= before[0] <= "18:25"
        assert "19:22" <= after[0] <= "19:27"

    def test_an_unknown_city_is_refused(self) -> None:
        with pytest.raises(ValueError, match='did you mean "Bandung"'):
            Observances(JAKARTA, city="Bandng")


class TestCosts:
    def test_libraries_are_loaded_only_where_they_are_needed(self) -> None:
        """And of the countries, one: all of them would be 9 MiB."""
        loaded = run(
            "import bot.bootstrap\n"
            "from bot.features.quiet.observances import Observances, country_of\n"
            "plain = Observances(ZoneInfo('Asia/Jakarta'), maghrib_pause=False)\n"
            "plain.kind_of(date(2026, 3, 19)), plain.pause(datetime(2026, 3, 19)), country_of('Asia/Jakarta')\n"
            "before = sorted(libraries & sys.modules.keys())\n"
            "assert Observances(ZoneInfo('Asia/Jakarta'), 'ID').holiday(date(2026, 3, 19))\n"
            "print(before, 'holidays' in sys.modules, 'holidays.countries' in sys.modules)\n"
        )
        assert loaded == "[] True False"

    def test_it_can_be_asked_for_every_ten_minutes_of_two_weeks(self) -> None:
        asked = Observances(JAKARTA, "ID", True, "Bandung", True, True)
        first = at(FIRST_FAST, "00:00")
        moments = [first + timedelta(minutes=10 * n) for n in range(14 * 144)]
        assert {asked.pause(moment) for moment in moments} == {"", "maghrib", "friday"}
        assert len(asked._pauses) == 14

    def test_the_same_settings_are_the_same_observances(self) -> None:
        one, other = (Observances(JAKARTA, "ID", city="Bandung", maghrib_pause=True) for _ in range(2))
        one.kind_of(NYEPI)
        assert one == other
        assert hash(one) == hash(other)
        assert one != INDONESIAN

    def test_it_remembers_no_more_than_some_years(self) -> None:
        many = Observances(JAKARTA)
        for n in range(5000):
            many.kind_of(date(2020, 1, 1) + timedelta(days=n))
        assert len(many._kinds) <= 1024


def run(code: str) -> str:
    """What it prints, in a fresh Python."""
    head = (
        "import sys\nfrom datetime import date, datetime\nfrom zoneinfo import ZoneInfo\n"
        "libraries = {'holidays', 'hijridate', 'astral', 'dateutil'}\n"
    )
    done = subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True, check=True, timeout=120)
    return done.stdout.strip()
