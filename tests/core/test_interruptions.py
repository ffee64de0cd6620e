"""The gate for what is said unasked: never more than the allowance, by rank, nothing cheerful on hold; it remembers."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from bot.core.chat import NotSent, Reason, Refusal, Uncertain
from bot.core.commands import Command
from bot.core.events import CommandInvoked
from bot.core.feature import Context, Feature
from bot.core.interruptions import (
    Decisions,
    Fate,
    Kind,
    Rule,
    Situation,
    Verdict,
    begin_lull,
    day_start,
    decide,
    end_lull,
    last_said,
    next_day,
    used_today,
)
from bot.core.messages import plain
from bot.core.reasons import because, told
from bot.core.speech import Speaker
from bot.features.posts import feature as posts
from tests.core.fakes import GROUP, MANAGERS, SERVER, play, town
from tests.core.shouting import AUTUMN, BERLIN, SPRING, WHY, DatedChat, Square, config, shouter, square

# ---------------------------------------------------------------- the rules by themselves

ROOM = Situation(per_day=4)
ANNOUNCED = (Kind.ANNOUNCEMENT,)


@pytest.mark.parametrize(
    ("kind", "here", "how", "rule"),
    [
        (Kind.PROMPT, ROOM, {}, Rule.ROOM),
        (Kind.PROMPT, Situation(0), {}, Rule.USED_UP),
        (Kind.ANNOUNCEMENT, Situation(0), {}, Rule.USED_UP),
        # the last one of the day is kept for an announcement …
        (Kind.PROMPT, Situation(4, [Kind.PROMPT] * 2), {}, Rule.ROOM),
        (Kind.SPOTLIGHT, Situation(4, [Kind.PROMPT] * 3), {}, Rule.KEPT),
        (Kind.ANNOUNCEMENT, Situation(4, [Kind.PROMPT] * 3), {}, Rule.ROOM),
        # … until there was one, and unless it is the only one
        (Kind.PROMPT, Situation(4, [Kind.PROMPT, Kind.PROMPT, Kind.ANNOUNCEMENT]), {}, Rule.ROOM),
        (Kind.PROMPT, Situation(1), {}, Rule.ROOM),
        (Kind.PROMPT, Situation(1, ANNOUNCED), {}, Rule.USED_UP),
        # what is planned is kept as against lower ranks, and those alone
        (Kind.PROMPT, Situation(2, reserved=[Kind.THANKS]), {}, Rule.KEPT),
        (Kind.THANKS, Situation(2, reserved=[Kind.PROMPT]), {}, Rule.ROOM),
        (Kind.THANKS, Situation(2, reserved=[Kind.THANKS]), {}, Rule.ROOM),
        (Kind.SPOTLIGHT, Situation(2, reserved=[Kind.THANKS]), {}, Rule.ROOM),
        (Kind.PROMPT, Situation(1, reserved=[Kind.SPOTLIGHT]), {}, Rule.KEPT),
        (Kind.PROMPT, Situation(3, reserved=[Kind.ANNOUNCEMENT, Kind.SPOTLIGHT]), {}, Rule.ROOM),
        # on hold
        (Kind.PROMPT, Situation(4, on_hold=True), {}, Rule.HOLD),
        (Kind.ANNOUNCEMENT, Situation(4, on_hold=True), {"cheerful": False}, Rule.ROOM),
        (Kind.ANNOUNCEMENT, Situation(4, on_hold=True, organic=False), {"cheerful": False, "promo": True}, Rule.HOLD),
        # promotions
        (Kind.ANNOUNCEMENT, Situation(4, since_promo=99), {"promo": True}, Rule.NO_PROMOTIONS),
        (Kind.PROMPT, Situation(4, organic=False, lull=True, since_promo=99), {"promo": True}, Rule.LULL),
        (Kind.PROMPT, Situation(4, organic=False, lull=True), {}, Rule.ROOM),
        (Kind.ANNOUNCEMENT, Situation(4, organic=False, since_promo=8), {"promo": True}, Rule.ONE_IN_TEN),
        (Kind.ANNOUNCEMENT, Situation(4, organic=False, since_promo=9), {"promo": True}, Rule.ROOM),
        (
            Kind.ANNOUNCEMENT,
            Situation(4, [Kind.PROMPT] * 4, organic=False, since_promo=9),
            {"promo": True},
            Rule.USED_UP,
        ),
    ],
)
def test_which_rule_decides(kind: Kind, here: Situation, how: dict[str, bool], rule: Rule) -> None:
    assert decide(kind, here, **how).rule is rule


def test_what_decided_can_be_told() -> None:
    kept = decide(Kind.PROMPT, Situation(4, [Kind.PROMPT], reserved=[Kind.THANKS, Kind.SPOTLIGHT]))
    assert kept == Verdict(Rule.KEPT, 1, 4, (Kind.ANNOUNCEMENT, Kind.SPOTLIGHT, Kind.THANKS))
    promo = decide(Kind.ANNOUNCEMENT, Situation(4, organic=False, since_promo=2), promo=True)
    assert (promo.rule, promo.others) == (Rule.ONE_IN_TEN, 7)


def test_ranks_are_those_of_the_design() -> None:
    names = ["announcement", "spotlight", "thanks", "introduction", "celebration", "prompt"]
    assert sorted(Kind, key=lambda kind: kind.rank) == names


LOW = (Kind.INTRODUCTION, Kind.CELEBRATION, Kind.PROMPT)


@pytest.mark.parametrize("per_day", [2, 3, 4])
def test_in_whatever_order_they_ask_the_higher_ranks_find_their_room(per_day: int) -> None:
    """An announcement, and what was reserved as long as it fits, beside any number of lower ones."""
    planned = (Kind.SPOTLIGHT, Kind.THANKS)[: per_day - 1]
    asked = (Kind.ANNOUNCEMENT, *planned, *LOW)
    for order in set(permutations(asked)):
        made, reserved = list[Kind](), list(planned)
        for kind in order:
            others = [other for other in reserved if other is not kind]
            if decide(kind, Situation(per_day, made, others)):
                made.append(kind)
            reserved = others
        assert set(made) >= {Kind.ANNOUNCEMENT, *planned}, order
        assert len(made) == per_day, order


def test_the_day_is_the_local_one_through_summer_time() -> None:
    assert day_start(SPRING, BERLIN) == datetime(2026, 3, 28, tzinfo=BERLIN)
    midnight = next_day(SPRING, BERLIN)
    assert next_day(midnight, BERLIN) - midnight == timedelta(hours=23)
    midnight = next_day(AUTUMN, BERLIN)
    assert next_day(midnight, BERLIN) - midnight == timedelta(hours=25)
    beirut = ZoneInfo("Asia/Beirut")  # where the clock jumps at midnight, so the day begins at one
    assert day_start(datetime(2026, 3, 29, 5, tzinfo=beirut), beirut) == datetime(2026, 3, 29, 1, tzinfo=beirut)


def test_a_reason_is_told_in_the_readers_language() -> None:
    pair = ("{n} post was held back.", "{n} posts were held back.")
    assert plain(told(because(pair, n=1), Speaker("en"))) == "1 post was held back."
    assert plain(told(because(pair, n=2), Speaker("id"))) == "2 kiriman tertahan."
    assert plain(told(because("poll {number} closed", number=3), Speaker("id"))) == "poling 3 ditutup"
    assert plain(told(because("said by {who}", who="{n} *x*"), Speaker("en"))) == "said by {n} *x*"
    for noted in ("", "arrived", "[]", "3", '{"a": 1}', '[["a", "b"], {}]', '["a", 1]', '[["a"], {"n": 1}]', "null"):
        assert told(noted, Speaker("en")) == ()


# ---------------------------------------------------------------- through the engine, the database and the senders


def test_what_is_asked_for_again_under_its_key_is_said_once_and_counted_once() -> None:
    async def tell(here: Square) -> None:
        first = await here.shout("prompt", "a")
        await here.here.restarts()
        assert await here.shout("prompt", "a") == first
        assert here.last
        await here.here.happens(here.last)
        assert len(here.said()) == 1
        assert (first.fate, first.told_at is not None, first.message_id) == (Fate.POSTED, True, "m1")
        assert first.why == WHY
        used = await here.here.do(lambda unit: unit.store(Decisions).made(GROUP, first.at, first.at))
        assert used == [Kind.PROMPT]

    square(tell)


def test_what_found_no_room_is_remembered_and_may_find_room_later() -> None:
    async def tell(here: Square) -> None:
        here.at(SPRING)
        await here.shout("prompt", "a")
        refused = await here.shout("celebration", "b")
        assert (refused.fate, refused.verdict) == (
            Fate.WITHHELD,
            Verdict(Rule.KEPT, 1, 2, kept=(Kind.ANNOUNCEMENT,)),
        )
        assert (await here.shout("celebration", "b", SERVER)).fate is Fate.POSTED  # each channel by itself
        assert (await here.shout("announcement", "c")).fate is Fate.POSTED
        assert (await here.shout("announcement", "d")).verdict.rule is Rule.USED_UP
        here.at(datetime(2026, 3, 28, 23, 59, 59, tzinfo=BERLIN))
        assert (await here.shout("celebration", "b")).fate is Fate.WITHHELD
        here.at(datetime(2026, 3, 29, tzinfo=BERLIN))
        assert (await here.shout("celebration", "b")).fate is Fate.POSTED
        assert [words for _at, _where, words in here.said(GROUP)] == [
            "shout prompt a",
            "shout announcement c",
            "shout celebration b",
        ]

    square(tell, per_day=2)


def test_what_surely_was_not_said_is_not_counted_and_what_may_have_been_is() -> None:
    async def tell(here: Square) -> None:
        here.breaks(GROUP, Refusal(Reason.BAD_MESSAGE))
        assert (await here.shout("prompt", "a")).fate is Fate.FAILED
        here.breaks(GROUP, Uncertain())
        assert (await here.shout("prompt", "b")).fate is Fate.POSTED
        assert (await here.shout("prompt", "c")).verdict.rule is Rule.USED_UP

    square(tell, per_day=1)


def test_what_waits_over_midnight_counts_for_the_day_on_which_it_is_said() -> None:
    async def tell(here: Square) -> None:
        here.at(SPRING)
        here.breaks(GROUP, NotSent())
        assert (await here.shout("prompt", "a")).fate is Fate.UNDER_WAY
        here.at(datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN))
        assert (await here.shout("prompt", "b")).verdict.rule is Rule.USED_UP
        await asyncio.sleep(120)
        await here.here.settle()
        ((at, _where, words),) = here.said()
        assert (at.astimezone(BERLIN).day, words) == (29, "shout prompt a")
        assert (await here.shout("prompt", "b")).verdict.rule is Rule.USED_UP

    square(tell, per_day=1)


def test_what_expired_unsaid_takes_nobodys_place_and_what_comes_too_late_is_not_said() -> None:
    async def tell(here: Square) -> None:
        here.breaks(GROUP, NotSent())
        await here.shout("prompt", "a", how="brief")
        here.at(here.here.clock.now() + timedelta(hours=1))
        await asyncio.sleep(120)
        assert (await here.shout("prompt", "late", how="late")).verdict.rule is Rule.LATE
        assert (await here.shout("prompt", "b")).fate is Fate.POSTED
        assert [words for _at, _where, words in here.said()] == ["shout prompt b"]

    square(tell, per_day=1)


def test_what_is_planned_is_kept_for_it_until_it_was_or_was_given_up_or_the_day_is_over() -> None:
    async def tell(here: Square) -> None:
        here.at(SPRING)
        await here.says("/plan spotlight s")
        await here.shout("announcement", "x")
        assert (await here.shout("prompt", "a")).verdict == Verdict(Rule.KEPT, 1, 2, kept=(Kind.SPOTLIGHT,))
        assert (await here.shout("prompt", "a", SERVER)).fate is Fate.POSTED
        assert (await here.shout("spotlight", "s")).fate is Fate.POSTED
        assert (await here.shout("prompt", "a")).verdict.rule is Rule.USED_UP
        here.at(SPRING + timedelta(days=1))
        await here.says("/plan spotlight t")
        await here.shout("announcement", "y")
        await here.says("/drop t")
        assert (await here.shout("prompt", "a")).fate is Fate.POSTED
        here.at(SPRING + timedelta(days=2))
        await here.says("/plan spotlight u")
        await here.here.restarts()
        await here.shout("announcement", "z")
        assert (await here.shout("prompt", "b")).verdict.rule is Rule.KEPT
        here.at(SPRING + timedelta(days=3))
        await here.shout("announcement", "0")
        assert (await here.shout("prompt", "b")).fate is Fate.POSTED

    square(tell, per_day=2)


def test_a_hold_keeps_back_all_that_is_cheerful_also_what_is_on_its_way_and_nothing_is_made_up_for() -> None:
    async def tell(here: Square) -> None:
        here.breaks(SERVER, NotSent())
        assert (await here.shout("prompt", "waits", SERVER)).fate is Fate.UNDER_WAY
        await here.says("/hold on", MANAGERS)
        assert (await here.shout("celebration", "a")).verdict.rule is Rule.HOLD
        await here.here.restarts()
        assert (await here.shout("prompt", "b", SERVER)).verdict.rule is Rule.HOLD
        await asyncio.sleep(120)
        await here.here.settle()
        assert here.said() == []
        waited = await here.here.do(lambda unit: unit.store(Decisions).get(f"{SERVER}:waits"))
        assert waited is not None
        assert (waited.fate, waited.verdict.rule) == (Fate.WITHHELD, Rule.HOLD)
        await here.says("/hold off", MANAGERS)
        assert "3 posts were held back." in here.here.chat.words(MANAGERS)[-1]
        await here.minutes(600)
        assert here.said() == []
        assert (await here.shout("prompt", "c")).fate is Fate.POSTED

    square(tell)


def test_promotions_are_labelled_rare_and_never_on_a_lull() -> None:
    async def tell(here: Square) -> None:
        assert (await here.shout("celebration", "p", how="promo")).verdict == Verdict(Rule.ONE_IN_TEN, 0, 50, others=9)
        for number in range(8):
            await here.shout("prompt", str(number))
        here.breaks(GROUP, Refusal(Reason.BAD_MESSAGE))
        await here.shout("prompt", "unsaid")
        assert (await here.shout("celebration", "p", how="promo")).verdict.others == 1
        await here.shout("prompt", "8")
        assert (await here.shout("celebration", "p", SERVER, how="promo")).verdict.others == 9
        assert (await here.shout("celebration", "p", how="promo lull")).verdict.rule is Rule.LULL
        await here.here.do(lambda unit: begin_lull(unit, GROUP, unit.now))
        assert (await here.shout("celebration", "p", how="promo")).verdict.rule is Rule.LULL
        assert (await here.shout("prompt", "9", how="lull")).fate is Fate.POSTED
        await here.here.do(lambda unit: end_lull(unit, GROUP))
        assert (await here.shout("celebration", "p", how="promo")).fate is Fate.POSTED
        assert here.said()[-1][2] == "Promotion\nshout celebration p promo"
        assert (await here.shout("celebration", "q", how="promo")).verdict.others == 9

    square(tell, per_day=50)


def test_an_organic_community_gets_no_promotions() -> None:
    async def tell(here: Square) -> None:
        for number in range(12):
            await here.shout("prompt", str(number))
        assert (await here.shout("prompt", "p", how="promo")).verdict.rule is Rule.NO_PROMOTIONS

    square(tell, per_day=50, kind="organic")


def test_a_feature_can_ask_when_something_was_last_said_and_how_much_is_used() -> None:
    async def tell(here: Square) -> None:
        assert await here.here.do(lambda unit: last_said(unit, GROUP)) is None
        await here.shout("prompt", "a")
        at = here.here.clock.now()
        await here.minutes(60)
        await here.shout("prompt", "b", SERVER)
        assert await here.here.do(lambda unit: last_said(unit, GROUP)) == at

    square(tell)


def test_what_was_decided_long_ago_is_forgotten() -> None:
    async def tell(here: Square) -> None:
        await here.shout("prompt", "old")
        await here.says("/plan spotlight never")
        await here.minutes(181 * 24 * 60)
        await here.shout("prompt", "new")
        await here.says("/plan spotlight now")
        assert await here.here.do(lambda unit: unit.store(Decisions).get(f"{GROUP}:old")) is None
        day = date(2026, 1, 5)
        assert await here.here.do(lambda unit: unit.store(Decisions).reserved(GROUP, day, "")) == []

    square(tell)


def test_used_today_is_what_was_made_today() -> None:
    seen: list[int] = []

    def look(event: CommandInvoked, ctx: Context) -> None:
        seen.append(used_today(ctx, event.where))

    async def told() -> None:
        chats = (DatedChat("telegram"), DatedChat("discord"))
        looker = Feature("looker", commands=(Command("look", "l", look),))
        async with town(posts, shouter(), looker, config=config(), chats=chats) as town_:
            here = Square(town_, chats)
            here.at(SPRING)
            await here.says("/look")
            await here.shout("prompt", "a")
            await here.says("/look")
            here.at(datetime(2026, 3, 29, tzinfo=BERLIN))
            await here.says("/look")

    play(told())
    assert seen == [0, 1, 0]
