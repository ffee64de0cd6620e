"""Polls, where they stand, and those that come again."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.core.events import Where
from bot.core.recurring import Weekly
from bot.core.stores import Identity, Places
from bot.core.unit import Unit
from bot.features.polls.model import Author, Outcome, Poll, PollPost, Polls, Rules, Series, State
from tests.storage.conftest import Desk
from tests.storage.sayings import DAY, KOPI, MINUTE, NOW, TEH

AYU = Author("aether", "ayu", "Ayu 'Ngopi' Ω")
PRIVATE = Where("aether", "", "ayu")
WHERE_TO = Poll(
    id=0,
    community="kopi",
    number=0,
    author=AYU,
    question='Ngopi di mana? "…"',
    options=("Senopati", "Kemang, atau dekat situ", "🏠"),
    rules=Rules(multiple=True, most=2, secret=True, revote=False, hide_results=True, add_options=True),
    created_at=NOW,
    closes_at=NOW + DAY,
)
WEEKLY = Series(
    id=0,
    community="kopi",
    number=0,
    author=AYU,
    question="Jumat ke mana?",
    options=("A", "B"),
    rules=Rules(),
    open_for=timedelta(hours=2, minutes=30),
    every=Weekly(frozenset({4, 0}), time(17, 0)),
    place=Where("aether", "kopi", "lounge", "t1"),
)


def post(poll: Poll, where: Where = KOPI, n: int = 0, message_id: str = "") -> PollPost:
    return PollPost(poll.id, where, f"polls:{poll.id}:0:{where.platform}:{n}", message_id)


async def test_a_poll_comes_back_as_it_was_given(run: Desk) -> None:
    def work(unit: Unit) -> None:
        polls = unit.store(Polls)
        poll = polls.add(WHERE_TO)
        assert poll == replace(WHERE_TO, id=poll.id, number=1)
        assert polls.get(poll.id) == polls.numbered("kopi", 1) == poll
        changed = replace(
            poll,
            question="Ngopi?",
            options=("A", "B"),
            rules=Rules(),
            native=True,
            state=State.CLOSED,
            ended_at=NOW + MINUTE,
            votes_cast=12,
            revision=3,
            series=5,
            told_at=NOW + 2 * MINUTE,
            outcome=Outcome((2, 1), {"aether": 2, "nether": 1}, {"left": 1}, 40),
        )
        polls.put(changed)
        assert polls.get(poll.id) == changed
        assert polls.get(poll.id + 1) is polls.numbered("teh", 1) is polls.numbered("kopi", 2) is None

    await run(work)


async def test_numbers_go_up_in_each_community_and_are_never_given_twice(run: Desk) -> None:
    def work(unit: Unit) -> None:
        polls = unit.store(Polls)
        assert polls.add(WHERE_TO).number == 1
        series = polls.add_series(WEEKLY)
        assert series.number == 2
        assert polls.add(replace(WHERE_TO, community="teh")).number == 1
        polls.remove_series(series.id)
        assert polls.add_series(WEEKLY).number == 3
        assert polls.add(WHERE_TO).number == 4
        assert polls.series_numbered("kopi", 2) is None
        assert polls.series_numbered("kopi", 4) is None

    await run(work)


async def test_polls_of_a_community_are_listed(run: Desk) -> None:
    def work(unit: Unit) -> None:
        polls = unit.store(Polls)
        one, two, three = (polls.add(WHERE_TO) for _ in range(3))
        polls.add(replace(WHERE_TO, community="teh"))
        two = replace(two, state=State.CANCELLED)
        polls.put(two)
        assert polls.open_in("kopi") == [one, three]
        assert polls.newest("kopi", 2) == [three, two]
        assert polls.newest("susu", 2) == []

    await run(work)


async def test_what_somebody_started_is_counted_over_their_accounts(run: Desk) -> None:
    ayu, too = Identity("aether", "ayu"), Identity("nether", "7")

    def work(unit: Unit) -> None:
        polls = unit.store(Polls)
        polls.add(WHERE_TO)
        polls.add(replace(WHERE_TO, state=State.CANCELLED, created_at=NOW + MINUTE))
        polls.add(replace(WHERE_TO, author=Author("nether", "7", "Ayu"), created_at=NOW + MINUTE))
        polls.add(replace(WHERE_TO, author=Author("nether", "ayu", "somebody else")))
        polls.add(replace(WHERE_TO, community="teh"))
        since = NOW - MINUTE
        assert polls.started_by("kopi", [ayu], since) == 2
        assert polls.started_by("kopi", [ayu, too], since) == 3
        assert polls.started_by("kopi", [ayu, too], NOW) == 2  # a day later the first is out of the day
        assert polls.started_by("kopi", [], since) == 0

    await run(work)


async def test_a_poll_is_found_by_the_message_that_it_stands_in(run: Desk) -> None:
    def work(unit: Unit) -> None:
        polls = unit.store(Polls)
        one, two = polls.add(WHERE_TO), polls.add(WHERE_TO)
        for each in (
            post(one, KOPI, 0, "m1"),
            post(one, TEH, 1, "m1-in-teh"),
            post(one, PRIVATE, 2, "m1"),
            post(two, TEH, 0, "m1"),
            post(two, Where("aether", "", "budi"), 1, "m1"),
            post(two, KOPI, 2),
        ):
            polls.put_post(each)
        assert polls.at_message("aether", Where("aether", "kopi", "any channel", "any"), "m1") == one
        assert polls.at_message("aether", TEH, "m1") == two
        assert polls.at_message("aether", PRIVATE, "m1") == one
        assert polls.at_message("aether", Where("aether", "", "budi"), "m1") == two
        assert polls.at_message("nether", Where("nether", "kopi", ""), "m1") is None
        assert polls.at_message("aether", KOPI, "m2") is None
        assert polls.at_message("aether", KOPI, "") is None  # one that isn't posted yet

    await run(work)


async def test_posts_are_kept_one_a_key(run: Desk) -> None:
    def work(unit: Unit) -> None:
        polls = unit.store(Polls)
        poll = polls.add(WHERE_TO)
        here, there = post(poll), post(poll, Where("nether", "kopi", "c1", "t1"))
        polls.put_post(here)
        polls.put_post(there)
        here = replace(here, message_id="m1", changed_at=NOW, edited_at=NOW + MINUTE)
        polls.put_post(here)
        assert polls.posts(poll.id) == [here, there]
        assert polls.post_with(here.key) == here
        polls.remove_post(here.key)
        assert polls.post_with(here.key) is None
        assert polls.posts(poll.id) == [there]

    await run(work)


async def test_what_may_have_to_be_edited_in_a_group(run: Desk) -> None:
    def work(unit: Unit) -> None:
        polls = unit.store(Polls)
        open_, behind, up_to_date, elsewhere = (polls.add(WHERE_TO) for _ in range(4))
        for closed in (behind, up_to_date):
            polls.put(replace(closed, state=State.CLOSED))
        late = replace(post(open_), changed_at=NOW + MINUTE)
        early = replace(post(behind), changed_at=NOW)
        fine = post(open_, KOPI, 1)
        for each in (fine, late, early, post(up_to_date), replace(post(elsewhere, TEH), changed_at=NOW)):
            polls.put_post(each)
        assert polls.posts_in("aether", "kopi") == [early, late, fine]

    await run(work)


async def test_a_poll_that_comes_again(run: Desk) -> None:
    def work(unit: Unit) -> None:
        polls = unit.store(Polls)
        series = polls.add_series(WEEKLY)
        assert series == replace(WEEKLY, id=series.id, number=1)
        assert polls.series(series.id) == polls.series_numbered("kopi", 1) == series
        series = replace(series, last_on="2026-01-05", every=Weekly(frozenset({6}), time(8, 30)))
        polls.put_series(series)
        another = polls.add_series(WEEKLY)
        assert polls.series_of("kopi") == [series, another]
        assert polls.series_of("teh") == []
        polls.remove_series(series.id)
        assert polls.series(series.id) is None

    await run(work)


@pytest.mark.promise("R10")
async def test_polls_follow_their_group_to_its_new_id(run: Desk) -> None:
    new = replace(KOPI, group="kopi-new")

    def work(unit: Unit) -> None:
        polls = unit.store(Polls)
        before, after = polls.add(WHERE_TO), polls.add(WHERE_TO)
        polls.put_post(post(before, KOPI, 0, "m1"))
        polls.put_post(post(after, new, 0, "m1"))  # the new group counts its messages from 1 again
        series = polls.add_series(WEEKLY)
        unit.store(Places).migrate("aether", "kopi", "kopi-new")
        assert [each.where for each in polls.posts(before.id)] == [new]
        assert len(polls.posts_in("aether", "kopi-new")) == 2
        assert polls.at_message("aether", new, "m1") == after
        found = polls.series(series.id)
        assert found is not None
        assert found.place == replace(WEEKLY.place, group="kopi-new")

    await run(work)
