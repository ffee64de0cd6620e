"""Which prompt, where and when: what was learned decides, and chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from statistics import fmean
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.quiet.choice import (
    OWN,
    Part,
    Tallies,
    Tally,
    begins,
    oldest,
    part_of,
    pick,
    rank_categories,
    rank_places,
    sampled,
    wait_until,
)
from bot.features.quiet.model import NO_REPEAT
from bot.features.quiet.prompts import Category

ARMS = [*map(str, Category), OWN]
NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
LONG_AGO = NOW - NO_REPEAT
SEEDS = range(1000)

arms = st.sets(st.sampled_from(ARMS), min_size=1)
counts = st.floats(0, 500)
tallies = st.dictionaries(st.sampled_from(ARMS), st.builds(Tally, counts, counts))
recents = st.lists(st.sampled_from(ARMS), max_size=12)
part_tallies = st.dictionaries(st.sampled_from([str(part) for part in Part]), st.builds(Tally, counts, counts))
chances = st.integers(0, 2**32).map(Random)


@dataclass(frozen=True, slots=True)
class Starter:
    key: str
    interests: frozenset[str] = frozenset()


TAGS = ("coffee", "books", "games")
starters = st.lists(
    st.builds(Starter, st.text("abcdef", min_size=1, max_size=3), st.frozensets(st.sampled_from(TAGS))),
    unique_by=lambda one: one.key,
    max_size=12,
)
interests = st.frozensets(st.sampled_from(TAGS))


@st.composite
def said_befores(draw: st.DrawFn, prompts: list[Starter]) -> dict[str, datetime]:
    ages = st.none() | st.timedeltas(timedelta(0), timedelta(days=200))
    drawn = {one.key: draw(ages) for one in prompts}
    return {key: NOW - age for key, age in drawn.items() if age is not None}


def suits(one: Starter, tags: frozenset[str]) -> bool:
    return not one.interests or bool(one.interests & tags)


def asked(rate: Callable[[str], float], prompts: int, seed: int, pooled: Tallies | None = None) -> list[str]:
    """What a community is asked, in order, whose prompts revive it at these rates."""
    chance, own, said = Random(seed), dict[str, Tally](), list[str]()
    for _ in range(prompts):
        arm = rank_categories(ARMS, own, pooled or {}, said[::-1][:12], chance)[0]
        revived, known = chance.random() < rate(arm), own.get(arm, Tally())
        own[arm] = Tally(known.revived + revived, known.ignored + (not revived))
        said.append(arm)
    return said


class TestRates:
    def test_of_what_is_unknown_about_half_is_expected(self) -> None:
        chance = Random(1)
        drawn = [sampled(Tally(), Tally(), chance) for _ in range(4000)]
        assert fmean(drawn) == pytest.approx(0.5, abs=0.02)
        assert min(drawn) < 0.15 < 0.85 < max(drawn), "and anything is possible"

    def test_elsewhere_counts_where_nothing_is_known_here_and_little_where_much_is(self) -> None:
        chance, elsewhere = Random(1), Tally(180, 20)
        new = fmean(sampled(Tally(), elsewhere, chance) for _ in range(2000))
        old = fmean(sampled(Tally(5, 95), elsewhere, chance) for _ in range(2000))
        assert new == pytest.approx(0.9, abs=0.02)
        assert old == pytest.approx(0.1, abs=0.02)

    def test_a_stronger_prior_spreads_less(self) -> None:
        chance = Random(1)
        weak, strong = ([sampled(Tally(), Tally(), chance, weight) for _ in range(2000)] for weight in (2.0, 50.0))
        assert max(strong) - min(strong) < max(weak) - min(weak)

    @given(st.builds(Tally, counts, counts), st.builds(Tally, counts, counts), chances)
    def test_it_is_always_a_probability(self, own: Tally, pooled: Tally, chance: Random) -> None:
        assert 0.0 <= sampled(own, pooled, chance) <= 1.0


class TestCategories:
    @given(arms, tallies, tallies, recents, chances)
    def test_never_the_same_twice_in_a_row_while_there_is_another(
        self, arms: set[str], own: Tallies, pooled: Tallies, recent: list[str], chance: Random
    ) -> None:
        ranked = rank_categories(arms, own, pooled, recent, chance)
        assert sorted(ranked) == sorted(arms), "each once"
        if len(arms) > 1 and recent:
            assert ranked[0] != recent[0]
        if recent and recent[0] in arms:
            assert ranked[-1] == recent[0]

    @given(arms, tallies, tallies, recents, st.integers(0, 2**32))
    def test_the_same_chance_chooses_the_same_whatever_order_a_set_has(
        self, arms: set[str], own: Tallies, pooled: Tallies, recent: list[str], seed: int
    ) -> None:
        first = rank_categories(arms, own, pooled, recent, Random(seed))
        assert first == rank_categories(sorted(arms, reverse=True), own, pooled, recent, Random(seed))

    def test_where_nothing_is_known_all_have_their_turn(self) -> None:
        first = Counter(rank_categories(ARMS, {}, {}, [], Random(seed))[0] for seed in range(4000))
        even = 4000 / len(ARMS)
        assert all(0.8 * even < first[arm] < 1.2 * even for arm in ARMS), first

    def test_one_that_always_revives_wins_over_time(self) -> None:
        """Every second time is the most that there can be; a ninth is the even share."""
        runs = [asked(lambda arm: 1.0 if arm == "tips" else 0.4, 200, seed) for seed in range(40)]
        assert fmean(said[40:60].count("tips") / 20 for said in runs) > 0.3
        assert fmean(said[150:].count("tips") / 50 for said in runs) > 0.43

    def test_a_barren_one_is_asked_seldom_and_still_now_and_then(self) -> None:
        even = 1 / len(ARMS)
        runs = [asked(lambda arm: 0.0 if arm == "gratitude" else 0.5, 600, seed) for seed in range(20)]
        early = fmean(said[:60].count("gratitude") / 60 for said in runs)
        late = fmean(said[300:].count("gratitude") / 300 for said in runs)
        assert 0.02 < early < 0.75 * even
        assert 0.01 < late < 0.3 * even

    def test_a_new_community_begins_with_what_revives_others(self) -> None:
        pooled = {arm: Tally(300, 100) if arm in ("opinion", "tips") else Tally(100, 300) for arm in ARMS}
        first = Counter(rank_categories(ARMS, {}, pooled, [], Random(seed))[0] for seed in SEEDS)
        assert first["opinion"] + first["tips"] > 700

    def test_one_just_used_recovers(self) -> None:
        others = [arm for arm in ARMS if arm != "tips"]

        def share(ago: int) -> float:
            recent = [*others[:ago], "tips", *others[ago:]]
            known = {arm: Tally(10, 10) for arm in ARMS}
            return fmean(rank_categories(["tips", OWN], known, {}, recent, Random(seed))[0] == "tips" for seed in SEEDS)

        assert share(0) == 0
        assert share(1) < share(4) < 0.5
        assert share(7) == pytest.approx(0.45, abs=0.08), "nearly"


class TestPrompts:
    @given(st.data(), starters, interests, chances)
    def test_nothing_comes_back_within_ninety_days_and_nothing_foreign_ever(
        self, data: st.DataObject, prompts: list[Starter], tags: frozenset[str], chance: Random
    ) -> None:
        said_at = data.draw(said_befores(prompts))
        left = [one for one in prompts if suits(one, tags) and said_at.get(one.key, LONG_AGO) <= LONG_AGO]
        found = pick(prompts, said_at, tags, NOW, chance)
        assert found in left if left else found is None

    @given(st.data(), starters, interests)
    def test_where_nothing_is_left_it_is_what_was_said_longest_ago(
        self, data: st.DataObject, prompts: list[Starter], tags: frozenset[str]
    ) -> None:
        said_at = data.draw(said_befores(prompts))
        found = oldest(prompts, said_at, tags)
        suiting = [one for one in prompts if suits(one, tags)]
        if found is None:
            assert not suiting
        elif found.key in said_at:
            assert suits(found, tags)
            assert said_at[found.key] == min(said_at[one.key] for one in suiting)
        else:
            assert found in suiting

    def test_ninety_days_to_the_second(self) -> None:
        prompts = [Starter("a")]
        assert pick(prompts, {"a": LONG_AGO + timedelta(seconds=1)}, frozenset(), NOW, Random(1)) is None
        assert pick(prompts, {"a": LONG_AGO}, frozenset(), NOW, Random(1)) == prompts[0]

    @pytest.mark.parametrize(
        ("general", "about", "low", "high"), [(12, 1, 0.45, 0.55), (10, 3, 0.45, 0.55), (4, 8, 0.7, 0.8)]
    )
    def test_half_is_about_their_interests_and_more_where_most_are(
        self, general: int, about: int, low: float, high: float
    ) -> None:
        prompts = [Starter(f"g{n}") for n in range(general)]
        prompts += [Starter(f"c{n}", frozenset({"coffee"})) for n in range(about)]
        prompts += [Starter(f"b{n}", frozenset({"books"})) for n in range(9)]
        found = [pick(prompts, {}, frozenset({"coffee"}), NOW, Random(seed)) for seed in range(2000)]
        share = fmean(one is not None and "coffee" in one.interests for one in found)
        assert low < share < high
        each = Counter(one.key for one in found if one)
        assert min(each[f"c{n}"] for n in range(about)) > fmean(each[f"g{n}"] for n in range(general))

    def test_one_for_two_interests_suits_who_has_either(self) -> None:
        both = Starter("x", frozenset({"coffee", "books"}))
        assert pick([both], {}, frozenset({"books"}), NOW, Random(1)) == both
        assert pick([both], {}, frozenset({"games"}), NOW, Random(1)) is None

    @given(starters, interests, st.integers(0, 2**32))
    def test_the_same_chance_picks_the_same(self, prompts: list[Starter], tags: frozenset[str], seed: int) -> None:
        assert pick(prompts, {}, tags, NOW, Random(seed)) == pick(prompts, {}, tags, NOW, Random(seed))


class TestPlaces:
    def test_where_nothing_is_known_the_order_given_stays(self) -> None:
        for seed in range(50):
            assert rank_places(["b", "c", "a"], {}, {"a": 2.0, "b": 2.0, "c": 2.0}, Random(seed)) == ["b", "c", "a"]

    def test_where_nothing_is_known_the_liveliest_comes_first(self) -> None:
        assert rank_places(["a", "b", "c"], {}, {"a": 1.0, "b": 9.0}, Random(1)) == ["b", "a", "c"]

    def test_one_place_is_that_one(self) -> None:
        assert rank_places(["a"], {"a": Tally(0, 50)}, {}, Random(1)) == ["a"]

    def test_where_prompts_are_answered_wins_over_where_they_are_not(self) -> None:
        own, alive = {"a": Tally(1, 19), "b": Tally(15, 5)}, {"a": 10.0, "b": 10.0}
        first = Counter(rank_places(["a", "b"], own, alive, Random(seed))[0] for seed in SEEDS)
        assert first["b"] > 950

    def test_equally_answered_the_livelier_one_is_likelier(self) -> None:
        own, alive = {"a": Tally(8, 8), "b": Tally(8, 8)}, {"a": 2.0, "b": 10.0}
        first = Counter(rank_places(["a", "b"], own, alive, Random(seed))[0] for seed in SEEDS)
        assert first["b"] > 900

    def test_a_place_not_tried_yet_gets_a_chance(self) -> None:
        own, alive = {"a": Tally(4, 8)}, {"a": 5.0, "b": 5.0}
        first = Counter(rank_places(["a", "b"], own, alive, Random(seed))[0] for seed in SEEDS)
        assert first["b"] > 200

    def test_of_a_new_place_no_more_is_expected_than_of_the_others(self) -> None:
        own, alive = {"a": Tally(4, 26)}, {"a": 5.0, "b": 5.0}
        first = Counter(rank_places(["a", "b"], own, alive, Random(seed))[0] for seed in SEEDS)
        assert 200 < first["b"] < 700

    @given(
        st.lists(st.sampled_from("abcde"), unique=True, min_size=1),
        st.dictionaries(st.sampled_from("abcde"), st.builds(Tally, counts, counts)),
        st.dictionaries(st.sampled_from("abcde"), st.floats(0, 1000)),
        st.integers(0, 2**32),
    )
    def test_each_once_and_the_same_for_the_same_chance(
        self, places: list[str], own: Tallies, alive: dict[str, float], seed: int
    ) -> None:
        ranked = rank_places(places, own, alive, Random(seed))
        assert sorted(ranked) == sorted(places)
        assert ranked == rank_places(places, own, alive, Random(seed))


EVENINGS: Tallies = {Part.MORNING: Tally(1, 24), Part.MIDDAY: Tally(2, 18), Part.EVENING: Tally(24, 2)}
"""A community that answers in the evening only."""
ALIVE = [1.0] * 24


def at(clock: str) -> datetime:
    return datetime.combine(NOW.date(), time.fromisoformat(clock), ZoneInfo("Asia/Jakarta"))


def waits(
    clock: str,
    own: Tallies,
    pooled: Tallies | None = None,
    ends: str = "21:30",
    alive: list[float] = ALIVE,
    seeds: range = SEEDS,
) -> Counter[Part | None]:
    """How often of a thousand times until when."""
    end = time.fromisoformat(ends) if ends else None
    return Counter(wait_until(at(clock), own, pooled or {}, end, alive, Random(seed)) for seed in seeds)


class TestPartsOfTheDay:
    def test_the_night_belongs_to_the_evening(self) -> None:
        hours = [4, 5, 10, 11, 14, 15, 17, 18, 23, 0]
        assert [part_of(hour).value for hour in hours] == [
            *("evening", "morning", "morning", "midday", "midday"),
            *("afternoon", "afternoon", "evening", "evening", "evening"),
        ]
        assert all(part_of(begins(part)) is part for part in Part)

    @pytest.mark.parametrize("clock", ["02:00", "08:30", "10:59", "12:00", "17:50", "20:00"])
    def test_without_evidence_nobody_waits(self, clock: str) -> None:
        assert waits(clock, {}) == {None: 1000}

    @pytest.mark.parametrize("clock", ["08:30", "10:59", "12:00", "17:50"])
    def test_nor_because_of_what_two_or_three_prompts_did(self, clock: str) -> None:
        few: Tallies = {Part.MORNING: Tally(0, 3), Part.MIDDAY: Tally(0, 3), Part.EVENING: Tally(3, 0)}
        assert waits(clock, few, few)[None] >= 970

    def test_nor_because_of_a_few_elsewhere(self) -> None:
        own: Tallies = {part: Tally(3, 3) for part in Part}
        few: Tallies = {Part.AFTERNOON: Tally(0, 3), Part.EVENING: Tally(3, 0)}
        assert waits("17:50", own, few)[None] > 900, "taken at their word they would be waited for nearly always"

    @pytest.mark.parametrize("clock", ["02:00", "08:30", "10:59", "12:00", "17:50"])
    @pytest.mark.parametrize("known", [6, 50])
    def test_nor_where_all_parts_are_alike(self, clock: str, known: int) -> None:
        alike: Tallies = {part: Tally(known, known) for part in Part}
        assert waits(clock, alike, {part: Tally(500, 500) for part in Part})[None] >= 970

    @pytest.mark.parametrize("clock", ["08:30", "12:00"])
    def test_much_evidence_for_the_evening_is_worth_waiting_for(self, clock: str) -> None:
        assert waits(clock, EVENINGS)[Part.EVENING] > 800

    def test_what_is_better_now_is_asked_now(self) -> None:
        assert waits("08:30", {Part.MORNING: Tally(20, 5), Part.EVENING: Tally(20, 5)})[None] >= 990
        assert waits("19:00", EVENINGS) == {None: 1000}, "it is evening"

    def test_an_hour_is_worth_waiting_for_sooner_than_ten(self) -> None:
        own: Tallies = {Part.MORNING: Tally(8, 17), Part.AFTERNOON: Tally(8, 17), Part.EVENING: Tally(17, 8)}
        assert waits("17:00", own)[Part.EVENING] > waits("08:00", own)[Part.EVENING]

    def test_what_all_communities_saw_helps(self) -> None:
        own: Tallies = {Part.AFTERNOON: Tally(4, 6), Part.EVENING: Tally(6, 4)}
        clear: Tallies = {Part.AFTERNOON: Tally(100, 400), Part.EVENING: Tally(400, 100)}
        assert waits("16:00", own, clear)[Part.EVENING] > waits("16:00", own)[Part.EVENING] + 200

    def test_hours_that_are_dead_are_no_use(self) -> None:
        alive = [1.3 if hour < 18 else 0.1 for hour in range(24)]
        assert Part.EVENING not in waits("08:30", EVENINGS, alive=alive)

    @pytest.mark.parametrize(
        ("ends", "waiting"),
        [("18:30", False), ("18:59", False), ("19:00", True), ("00:30", True), ("", True), ("12:00", False)],
    )
    def test_the_quiet_hours_leave_an_hour_at_least(self, ends: str, waiting: bool) -> None:
        assert (waits("08:30", EVENINGS, ends=ends)[Part.EVENING] > 800) is waiting
        if not waiting:
            assert waits("08:30", EVENINGS, ends=ends)[Part.EVENING] == 0

    @given(
        st.integers(0, 23),
        part_tallies,
        part_tallies,
        st.none() | st.times(),
        st.lists(st.floats(0, 5), min_size=24, max_size=24),
        st.integers(0, 2**32),
    )
    def test_it_is_a_later_part_of_the_same_day_and_the_same_for_the_same_chance(
        self, hour: int, own: Tallies, pooled: Tallies, ends: time | None, alive: list[float], seed: int
    ) -> None:
        local = at(f"{hour:02}:30")
        part = wait_until(local, own, pooled, ends, alive, Random(seed))
        assert part is None or begins(part) > hour
        assert part is not part_of(hour)
        assert part == wait_until(local, own, pooled, ends, alive, Random(seed))
