"""One ballot a person: for any history of votes, changes, links, leaves and repeats the result is that of a model."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from bot.core.chat import PollLimits
from bot.core.events import (
    Actor,
    ActorKind,
)
from bot.core.stores import Identity, People
from bot.features.polls import feature as polls
from bot.features.polls.model import Outcome, Polls
from tests.core.fakes import CONFIG, GROUP, SERVER, FakeChat, Town, play, town
from tests.features.ballots_model import (
    ACCOUNTS,
    LONG_ENOUGH,
    OPTIONS,
    PLACES,
    History,
    Keeper,
    Manners,
    Model,
    OwnPolls,
    Story,
    histories,
    press,
)

ALL_MANNERS = [
    Manners(),
    Manners("--multiple"),
    Manners("--secret"),
    Manners("--secret --multiple"),
    Manners("--revote no"),
    Manners("--max-per-person 2"),
    Manners("--secret --revote no --max-per-person 2"),
    Manners(min_membership=LONG_ENOUGH),
    Manners("--secret --multiple", min_membership=LONG_ENOUGH),
]


@pytest.mark.promise("S7")
@pytest.mark.promise("R2")
@pytest.mark.parametrize("manners", ALL_MANNERS, ids=str)
def test_any_history_ends_as_a_simple_model_says(manners: Manners) -> None:
    config = f'{CONFIG}[communities.kopi.polls]\nmin_membership = "{manners.min_membership.seconds}s"\n'

    async def story(history: History) -> None:
        async with town(polls, config=config) as here:
            told = Story(here, Model(manners))
            await told.begin(manners.flags)
            assert_as_modelled(await told.lives(history), told)

    _any_history(story, ACCOUNTS)


@pytest.mark.promise("S7")
@pytest.mark.promise("R2")
@pytest.mark.promise("R9")
@pytest.mark.parametrize("flags", ["", "--multiple"])
@pytest.mark.parametrize(("platform", "keeps"), [("telegram", False), ("discord", False), ("discord", True)])
def test_any_history_of_a_platforms_own_poll_ends_as_a_simple_model_says(
    platform: str, keeps: bool, flags: str
) -> None:
    """Told as a whole or option by option; where a record is kept, votes may be missed, too."""
    config = ALONE.format(platform=platform, id=PLACES[platform].group, main=PLACES[platform].channel or "topic:1")
    limits = PollLimits(10, 300, 100, timedelta(0), timedelta(days=9), timedelta(seconds=1), True, True, keeps)

    async def story(history: History) -> None:
        chat = (Keeper if keeps else FakeChat)(platform, polls=limits)
        async with town(polls, config=config, chats=[chat]) as here:
            told = OwnPolls(here, Model(Manners(flags), counts_everybody=True), whole=platform == "telegram")
            await told.begin(flags)
            assert_as_modelled(await told.lives(history), told)
            poll = await here.do(lambda unit: unit.store(Polls).numbered("kopi", 1))
            assert poll
            assert poll.native

    _any_history(story, [account for account in ACCOUNTS if account.platform == platform])


def _any_history(story: Callable[[History], Coroutine[Any, Any, None]], accounts: Sequence[Identity]) -> None:
    @given(histories(accounts))
    @settings(max_examples=25, deadline=None)
    def lived(history: History) -> None:
        play(story(history))

    lived()


def assert_as_modelled(outcome: Outcome, told: Story) -> None:
    counts, voters, void = told.model.result(told.closed_at)
    assert outcome.counts == tuple(counts[n] for n in range(3))
    assert sum(outcome.by_platform.values()) == voters
    assert outcome.void == void


ALONE = """
[communities.kopi]
name = "Kopi"
language = "en"
[[communities.kopi.groups]]
platform = "{platform}"
id = "{id}"
main = "{main}"
[communities.kopi.polls]
count_leavers = true
"""


def _at_once(flags: str, after: Callable[[Town, Story], Coroutine[Any, Any, None]]) -> None:
    async def story() -> None:
        async with town(polls) as here:
            told = Story(here, Model(Manners()))
            await told.begin(flags)
            await after(here, told)

    play(story())


@pytest.mark.promise("S7")
@pytest.mark.parametrize("flags", ["", "--secret"])
def test_a_hundred_presses_at_once_over_two_accounts_are_one_ballot(flags: str) -> None:
    async def after(here: Town, told: Story) -> None:
        one, other = ACCOUNTS[0], ACCOUNTS[3]
        await here.do(lambda unit: unit.store(People).link(one, other, unit.now))
        presses = [told.press((one, other)[n % 2], OPTIONS[n % 3]) for n in range(100)]
        for event in presses:
            here.engine.offer(event)
        await here.settle()
        outcome = await told.lives([])
        assert outcome.counts == (1, 0, 0)  # the hundredth press was of A
        assert outcome.by_platform == {other.platform: 1}

    _at_once(flags, after)


@pytest.mark.promise("S4")
@pytest.mark.promise("S6")
def test_presses_that_are_nobodys_change_nothing() -> None:
    async def after(here: Town, told: Story) -> None:
        account = ACCOUNTS[0]
        for kind in (ActorKind.BOT, ActorKind.SERVICE, ActorKind.ANONYMOUS):
            await here.happens(press(here, account, "A", GROUP, Actor("9", "x", kind)))
        event = told.press(account, "A")
        await here.happens(replace(event, event_id="f1", token=event.token[:-1] + "x"))
        await here.happens(replace(event, event_id="f2", where=replace(GROUP, group="-100999")))
        await here.happens(replace(event, event_id="f3", where=SERVER))
        outcome = await told.lives([])
        assert outcome.counts == (0, 0, 0)

    _at_once("", after)
