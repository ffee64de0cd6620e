"""A channel's rhythm: lulls told from calm hours, in groups as they are."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from math import inf, isfinite
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.rhythm import Detector
from bot.features.quiet.days import ORDINARY, Calendar, DayKind
from bot.features.quiet.profile import UNKNOWN, Prior, pooled
from bot.features.quiet.rhythm import FIRST_LOOK, THRESHOLDS, Rhythm
from bot.features.quiet.slots import SLOT, Slots

JAKARTA, BERLIN, UTC_ZONE = ZoneInfo("Asia/Jakarta"), ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
OFTEN = THRESHOLDS[1.5]
MONDAY = date(2025, 3, 3)
FIXED_DAYS = timedelta(days=1)


def at(day: date, clock: str, zone: ZoneInfo = JAKARTA) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def talk(day: date, begin: str, end: str, every: int = 10, zone: ZoneInfo = JAKARTA) -> list[datetime]:
    first, last = at(day, begin, zone), at(day, end, zone)
    return [first + timedelta(minutes=n) for n in range(0, int((last - first) / timedelta(minutes=1)), every)]


def days(count: int, first: date = MONDAY) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def learned(said: Iterable[datetime], calendar: Calendar | None = None, prior: Prior = UNKNOWN) -> Rhythm:
    rhythm = Rhythm(calendar or Calendar(JAKARTA), prior)
    for moment in sorted(said):
        rhythm.observe(moment)
    return rhythm


def busy(count: int, zone: ZoneInfo = JAKARTA) -> list[datetime]:
    """Talk all day and evening, every day."""
    return [moment for day in days(count) for moment in talk(day, "08:00", "22:00", zone=zone)]


def evenings(count: int, first: date = MONDAY, zone: ZoneInfo = JAKARTA) -> list[datetime]:
    """An hour and a half at nineteen o'clock, every day."""
    return [moment for day in days(count, first) for moment in talk(day, "19:00", "20:30", zone=zone)]


class TestGroupsAsTheyAre:
    def test_a_busy_group_may_sleep_and_is_asked_in_the_morning(self) -> None:
        rhythm = learned(busy(60))
        next_day = MONDAY + timedelta(days=60)
        for clock in ("00:30", "03:00", "06:00"):
            assert rhythm.score(at(next_day, clock)) < THRESHOLDS[3.0], clock
        due = rhythm.due_at(OFTEN)
        assert due is not None
        assert at(next_day, "08:00") <= due <= at(next_day, "11:00")

    def test_a_busy_group_that_stops_at_noon_is_soon_in_a_lull(self) -> None:
        today = MONDAY + timedelta(days=60)
        rhythm = learned([*busy(60), *talk(today, "08:00", "12:00")])
        due = rhythm.due_at(OFTEN)
        assert due is not None
        assert at(today, "12:20") <= due <= at(today, "16:00")

    def test_a_slow_group_is_left_alone_for_days(self) -> None:
        """Two short talks a week, on Tuesday and Friday evening."""
        tuesdays_and_fridays = [day for day in days(84) if day.weekday() in (1, 4)]
        rhythm = learned(moment for day in tuesdays_and_fridays for moment in talk(day, "19:00", "19:40"))
        friday = tuesdays_and_fridays[-1]
        for hours in range(1, 3 * 24):
            assert rhythm.score(at(friday, "20:00") + timedelta(hours=hours)) < OFTEN
        due = rhythm.due_at(OFTEN)
        assert due is not None
        assert due >= at(friday + timedelta(days=4), "19:00"), "only once Tuesday's talk has not come"

    def test_a_group_of_three_days_is_judged_with_little_confidence(self) -> None:
        young, old = learned(evenings(3)), learned(evenings(84))
        assert 0 < young.confidence < 0.35 < 0.9 < old.confidence <= 1
        assert isfinite(young.score(at(MONDAY + timedelta(days=3), "20:00")))

    def test_two_weeks_are_enough_to_miss_the_evening_talk(self) -> None:
        rhythm = learned(evenings(14))
        today = MONDAY + timedelta(days=14)
        due = rhythm.due_at(OFTEN)
        assert due is not None
        assert due.astimezone(JAKARTA).date() == today
        assert at(today, "19:10") <= due <= at(today, "21:00")

    def test_the_weekly_meeting_is_missed_on_its_own_day_only(self) -> None:
        wednesdays = [day for day in days(84) if day.weekday() == 2]
        rhythm = learned(moment for day in wednesdays for moment in talk(day, "15:00", "17:00"))
        last = wednesdays[-1]
        due = rhythm.due_at(OFTEN)
        assert due is not None
        assert due.astimezone(JAKARTA).date() == last + timedelta(days=7)

    def test_nobody_ever_spoke(self) -> None:
        rhythm = Rhythm(Calendar(JAKARTA))
        rhythm.offline(at(MONDAY, "08:00"), at(MONDAY, "20:00"))
        assert rhythm.score(at(MONDAY, "21:00")) == -inf
        assert rhythm.due_at(OFTEN) is None
        assert rhythm.why(at(MONDAY, "21:00")) is None
        assert rhythm.profile is None
        assert rhythm.confidence == 0

    def test_the_reasons_can_be_told(self) -> None:
        rhythm = learned(evenings(60))
        today = MONDAY + timedelta(days=60)
        before, after = rhythm.why(at(today, "18:00")), rhythm.why(at(today, "20:00"))
        assert before is not None
        assert after is not None
        assert (before.spoken, before.compared) == (0, 10)
        assert (after.spoken, after.compared) == (10, 10)
        assert after.score == rhythm.score(at(today, "20:00")) > OFTEN > before.score
        assert after.silent_for == at(today, "20:00") - at(today - FIXED_DAYS, "20:20")


class TestQuietHours:
    def test_what_would_be_due_at_night_is_due_when_they_end(self) -> None:
        owls = [moment for day in days(60) for moment in talk(day, "22:00", "23:50")]
        rhythm, today = learned(owls), MONDAY + timedelta(days=60)
        free = rhythm.due_at(OFTEN)
        assert free is not None
        assert free.astimezone(JAKARTA).time() > time(22)

        def quiet(local: datetime) -> bool:
            return local.time() >= time(21, 30) or local.time() < time(8)

        due = rhythm.due_at(OFTEN, quiet)
        assert due is None or not quiet(due.astimezone(JAKARTA))
        assert due is None or due > at(today, "23:50")

    def test_from_now_on(self) -> None:
        rhythm, today = learned(evenings(60)), MONDAY + timedelta(days=60)
        late = at(today, "20:15")
        due = rhythm.due_at(OFTEN, after=late)
        assert due is not None
        assert due >= late


class TestDaysThatAreDifferent:
    def test_a_holiday_is_compared_with_the_weekend(self) -> None:
        """Talk on working days only: on a Wednesday that is free nobody is missed."""
        weekdays = [day for day in days(58) if day.weekday() < 5]
        said = [moment for day in weekdays for moment in talk(day, "09:00", "17:00")]
        holiday = MONDAY + timedelta(days=58)
        assert holiday.weekday() == 2
        said.append(at(holiday, "08:30"))
        free = Calendar(JAKARTA, kind_of=lambda day: DayKind(free=True) if day == holiday else ORDINARY)
        noon = at(holiday, "12:00")
        assert learned(said).score(noon) > OFTEN > learned(said, free).score(noon)

    def test_a_holiday_is_one_from_its_first_minute(self) -> None:
        """The last message was on the working day before."""
        weekdays = [day for day in days(58) if day.weekday() < 5]
        said = [moment for day in weekdays for moment in talk(day, "09:00", "17:00")]
        holiday = MONDAY + timedelta(days=58)
        free = Calendar(JAKARTA, kind_of=lambda day: DayKind(free=True) if day == holiday else ORDINARY)
        noon = at(holiday, "12:00")
        assert learned(said).score(noon) > OFTEN > learned(said, free).score(noon)

    def test_while_people_fast_the_fasting_days_count(self) -> None:
        """From day 50 on, talk has moved from the afternoon to the late evening."""
        first_fast = MONDAY + timedelta(days=50)
        before = [moment for day in days(50) for moment in talk(day, "13:00", "16:00")]
        fasting = [moment for day in days(12, first_fast) for moment in talk(day, "20:00", "23:00")]
        ramadan = Calendar(JAKARTA, kind_of=lambda day: DayKind(season="ramadan") if day >= first_fast else ORDINARY)
        afternoon = at(first_fast + timedelta(days=12), "16:30")
        plain, knowing = learned([*before, *fasting]), learned([*before, *fasting], ramadan)
        assert plain.score(afternoon) > OFTEN > THRESHOLDS[2.0] > knowing.score(afternoon)

    def test_a_day_that_is_no_example_changes_nothing(self) -> None:
        moved = MONDAY + timedelta(days=55)
        usual = [moment for moment in evenings(60) if moment.astimezone(JAKARTA).date() != moved]
        apart = Calendar(JAKARTA, kind_of=lambda day: DayKind(counts=day != moved))
        whole_day = [moment for moment in talk(moved, "00:00", "23:50") if moment not in usual]
        moment = at(MONDAY + timedelta(days=60), "19:30")
        assert learned(usual, apart).score(moment) == learned([*usual, *whole_day], apart).score(moment)


class TestTheBotWasDown:
    def test_silence_that_nobody_heard_is_no_silence(self) -> None:
        rhythm, today = learned(evenings(60)), MONDAY + timedelta(days=60)
        back = at(today, "20:30")
        rhythm.offline(at(today, "18:00"), back)
        assert rhythm.score(back + FIRST_LOOK) < THRESHOLDS[3.0]
        due = rhythm.due_at(OFTEN)
        assert due is not None
        assert due.astimezone(JAKARTA).date() > today

    def test_an_evening_that_nobody_heard_is_no_quiet_evening(self) -> None:
        """The bot was away on four of the last evenings; the others still tell what is usual."""
        away = {MONDAY + timedelta(days=53 - 7 * n) for n in range(4)}
        said = [moment for moment in evenings(60) if moment.astimezone(JAKARTA).date() not in away]
        deaf, told = learned(said), Rhythm(Calendar(JAKARTA))
        for day in days(60):
            if day in away:
                told.offline(at(day, "18:30"), at(day, "21:00"))
            for moment in said:
                if moment.astimezone(JAKARTA).date() == day:
                    told.observe(moment)
        missed = at(MONDAY + timedelta(days=60), "19:40")
        assert told.score(missed) > deaf.score(missed)

    def test_a_restart_is_nothing(self) -> None:
        rhythm, now = learned(evenings(30)), at(MONDAY + timedelta(days=30), "19:30")
        score = rhythm.score(now)
        rhythm.offline(now - timedelta(minutes=30), now - timedelta(minutes=28))
        assert rhythm.score(now) == score


class TestSummerTime:
    @pytest.mark.parametrize("change", [date(2025, 3, 30), date(2025, 10, 26)])
    def test_the_evening_talk_is_at_the_same_time_on_the_wall(self, change: date) -> None:
        """Eight weeks before a change of the clocks, and the first days after it."""
        said = evenings(60, change - timedelta(days=58), BERLIN)
        rhythm = learned(said, Calendar(BERLIN))
        today = change + timedelta(days=2)
        due = rhythm.due_at(OFTEN)
        assert due is not None
        steady = learned(evenings(60, date(2025, 7, 1), BERLIN), Calendar(BERLIN)).due_at(OFTEN)
        assert steady is not None
        assert due.astimezone(BERLIN).date() == today
        assert due.astimezone(BERLIN).time() == steady.astimezone(BERLIN).time()

    @pytest.mark.parametrize("change", [date(2025, 3, 30), date(2025, 10, 26)])
    def test_nothing_happens_in_the_night_of_the_change(self, change: date) -> None:
        rhythm = learned(
            [m for day in days(60, change - timedelta(days=60)) for m in talk(day, "08:00", "22:00", zone=BERLIN)],
            Calendar(BERLIN),
        )
        due = rhythm.due_at(OFTEN)
        assert due is not None
        assert due.astimezone(BERLIN).date() == change
        assert time(8) <= due.astimezone(BERLIN).time() <= time(11)

    def test_an_earlier_day_on_the_clock(self) -> None:
        calendar = Calendar(BERLIN)
        noon = int(at(date(2025, 3, 31), "12:00", BERLIN).timestamp())
        assert calendar.earlier(noon, noon // SLOT, 1) * SLOT == at(date(2025, 3, 30), "12:00", BERLIN).timestamp()
        assert calendar.earlier(noon, noon // SLOT, 2) * SLOT == at(date(2025, 3, 29), "12:00", BERLIN).timestamp()


class TestNewChannels:
    def test_the_community_lends_its_hours(self) -> None:
        """A channel of one day in a community of night owls isn't expected to talk in the morning."""
        owls = learned([m for day in days(30) for m in talk(day, "18:00", "23:00")]).profile
        assert owls is not None
        lent = pooled([owls])
        assert lent.hours[20] > 1.5 > 0.5 > lent.hours[8]
        today, first = MONDAY + timedelta(days=31), [at(MONDAY + timedelta(days=30), "21:00")]
        morning = at(today, "08:30")
        assert learned(first, prior=lent).score(morning) < learned(first).score(morning)

    def test_nobody_to_learn_from(self) -> None:
        young = learned(evenings(3)).profile
        assert young is not None
        assert pooled([]) == pooled([young]) == UNKNOWN


def _random_talk(seed: int, count: int, a_day: float) -> list[datetime]:
    chance, said, moment = random.Random(seed), [], at(MONDAY, "00:00")
    end = moment + timedelta(days=count)
    while (moment := moment + timedelta(days=chance.expovariate(a_day))) < end:
        said += [moment + timedelta(minutes=chance.expovariate(0.1)) for _ in range(chance.randint(1, 5))]
    return [one for one in said if one < end] or [at(MONDAY, "12:00")]


groups = st.builds(_random_talk, st.integers(0, 10_000), st.integers(1, 120), st.sampled_from([0.3, 1.0, 4.0, 20.0]))
zones = st.sampled_from([JAKARTA, BERLIN, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/St_Johns")])


class TestAlways:
    @settings(max_examples=60, deadline=None)
    @given(groups, zones, st.sampled_from(list(THRESHOLDS.values())))
    def test_due_is_the_first_moment_with_the_score(
        self, said: list[datetime], zone: ZoneInfo, threshold: float
    ) -> None:
        rhythm, last = learned(said, Calendar(zone)), max(said)
        due = rhythm.due_at(threshold, within=timedelta(days=4))
        slot = -(-int((last + FIRST_LOOK).timestamp()) // SLOT) * SLOT
        looks = (datetime.fromtimestamp(slot + SLOT * n, UTC) for n in range(4 * 144 + 1))
        by_looking = next((look for look in looks if rhythm.score(look) >= threshold), None)
        if by_looking is not None and by_looking >= last + timedelta(days=4):
            by_looking = None
        if zone.utcoffset(last.replace(tzinfo=None)) == timedelta(hours=5, minutes=45):
            # There the hours change in the middle of a slot.
            assert (due is None) == (by_looking is None)
            return
        assert due == by_looking

    @settings(max_examples=60, deadline=None)
    @given(groups, st.integers(20, 3000), st.integers(0, 3000), st.integers(11, 3000))
    def test_an_absence_within_the_silence_never_raises_the_score(
        self, said: list[datetime], look: int, begin: int, length: int
    ) -> None:
        rhythm, last = learned(said), max(said)
        now = last + timedelta(minutes=look)
        back = min(now, last + timedelta(minutes=begin + length))
        heard = rhythm.score(now)
        # Once it is another weekday, other days are compared with.
        assume(back.astimezone(JAKARTA).date() == last.astimezone(JAKARTA).date())
        rhythm.offline(last + timedelta(minutes=begin), back)
        assert rhythm.score(now) <= heard + 1e-9

    @settings(max_examples=40, deadline=None)
    @given(groups, st.booleans())
    def test_what_was_stored_comes_back(self, said: list[datetime], down: bool) -> None:
        rhythm, calendar = learned(said), Calendar(JAKARTA)
        if down:
            rhythm.offline(max(said), max(said) + timedelta(hours=5))
        state = rhythm.to_bytes()
        again = Rhythm.from_bytes(state, calendar)
        assert len(state) <= 2048
        assert again.to_bytes() == state
        for hours in (1, 7, 30):
            now = max(said) + timedelta(hours=hours)
            assert again.score(now) == rhythm.score(now)
        again.observe(max(said) + timedelta(days=1))
        rhythm.observe(max(said) + timedelta(days=1))
        assert again.to_bytes() == rhythm.to_bytes()

    @settings(max_examples=30, deadline=None)
    @given(groups)
    def test_the_detector_says_what_the_rhythm_says(self, said: list[datetime]) -> None:
        detector, rhythm = Detector(), learned(said, Calendar(UTC_ZONE))
        for moment in sorted(said):
            detector.observe(int(moment.timestamp()), "somebody")
        looks = [int(max(said).timestamp()) + SLOT * n for n in range(2, 60)]
        expected = [rhythm.score(datetime.fromtimestamp(look, UTC)) for look in looks]
        assert detector.score(looks).tolist() == expected

    @settings(max_examples=40, deadline=None)
    @given(groups, st.randoms(use_true_random=False))
    def test_late_and_repeated_news_do_no_harm(self, said: list[datetime], chance: random.Random) -> None:
        first, *others = sorted(said)
        others += chance.choices(said, k=5)
        chance.shuffle(others)
        shuffled = Slots()
        for moment in (first, *others):
            shuffled.observe(int(moment.timestamp()))
        straight = Slots()
        for moment in sorted(said):
            straight.observe(int(moment.timestamp()))
        # What has become too old may still be there or not.
        recent = straight.last // SLOT - 91 * 144
        for slots in (shuffled, straight):
            slots.active, slots.origin = slots.active >> max(0, recent - slots.origin), max(recent, slots.origin)
        assert shuffled == straight


class TestState:
    def test_thirteen_weeks_are_kept(self) -> None:
        slots, begin = Slots(), int(at(MONDAY, "00:00").timestamp())
        for slot in range(0, 400 * 144, 9):
            slots.observe(begin + slot * SLOT)
        last = slots.last // SLOT
        kept = [slot for slot in range(last - 91 * 144, last + 1) if slots.passed(slot, 1) == 1]
        assert kept == [slot for slot in range(last - 91 * 144, last + 1) if (slot - begin // SLOT) % 9 == 0]
        assert len(slots.to_bytes()) <= 2048

    @pytest.mark.parametrize("data", [b"", b"nonsense", Slots().to_bytes()[:-3]])
    def test_broken_bytes_are_a_value_error(self, data: bytes) -> None:
        with pytest.raises(ValueError, match="not a channel's rhythm"):
            Rhythm.from_bytes(data, Calendar(JAKARTA))

    def test_another_version_is_a_value_error(self) -> None:
        import zlib

        plain = zlib.decompress(learned(evenings(2)).to_bytes())
        with pytest.raises(ValueError, match="version"):
            Slots.from_bytes(zlib.compress(bytes([99]) + plain[1:]))

    def test_resting_forgets_nothing(self) -> None:
        rhythm, now = learned(evenings(60)), at(MONDAY + timedelta(days=60), "19:30")
        before = rhythm.why(now)
        rhythm.rest()
        assert before is not None
        assert rhythm.why(now) == replace(before)
