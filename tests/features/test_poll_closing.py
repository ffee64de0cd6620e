"""What comes late, what is missed, what platforms refuse: a result is told once, and is the true one in the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.chat import Operation, Voted
from bot.core.events import (
    Actor,
    ActorKind,
    MemberJoined,
    PollVoted,
)
from bot.features.polls.model import Polls
from tests.core.fakes import SERVER, play
from tests.features.closing_story import ALONE, OWN, SECRETS, Line, story

# ---------------------------------------------------------------- heard after the close


@pytest.mark.promise("R9")
@SECRETS
def test_what_was_pressed_in_time_and_heard_late_counts(flags: str) -> None:
    async def lived() -> None:
        async with story() as told:
            await told.asks(flags)
            await told.presses("Ayu", "A")
            await told.passes(hours=2, seconds=40)
            assert "A wins: 1 of 1" in told.results()[-1]
            answer = await told.presses("Budi", "B", ago=timedelta(minutes=1))
            assert answer.startswith(("Your vote: B", "Your secret vote is in", "📊"))
            assert (await told.outcome()).counts == (1, 1)
            for platform in ("discord", "telegram"):
                assert "It's a tie: A and B have 1 vote each." in told.results(platform)[-1]
            assert "This poll closed" in await told.presses("Citra", "B", ago=timedelta(seconds=10))
            await told.passes(minutes=20)
            assert "This poll closed" in await told.presses("Dewi", "B", ago=timedelta(minutes=30))
            assert (await told.outcome()).counts == (1, 1)

    play(lived())


@SECRETS
def test_a_change_of_mind_in_time_counts_too(flags: str) -> None:
    async def lived() -> None:
        async with story() as told:
            await told.asks(flags)
            await told.presses("Ayu", "A")
            await told.passes(hours=2, seconds=40)
            await told.presses("Ayu", "B", ago=timedelta(minutes=1))
            assert (await told.outcome()).counts == (0, 1)
            await told.presses("Ayu", "Take back my vote", ago=timedelta(minutes=1))
            assert (await told.outcome()).counts == (0, 0)
            assert "nobody has voted" in told.line.words()[-1] + told.line.words()[-2]

    play(lived())


@pytest.mark.promise("S7")
@SECRETS
def test_who_leaves_after_the_close_has_voted(flags: str) -> None:
    """Also when the result is told anew for another reason."""

    async def lived() -> None:
        async with story() as told:
            await told.asks(flags)
            for who in ("Ayu", "Budi"):
                await told.presses(who, "A")
            await told.passes(hours=2, seconds=1)
            await told.leaves("Ayu")
            await told.leaves("Budi")
            await told.presses("Citra", "B", ago=timedelta(minutes=1))
            outcome = await told.outcome()
            assert (outcome.counts, outcome.void) == ((2, 1), {})

    play(lived())


@pytest.mark.promise("S7")
@SECRETS
def test_who_had_left_before_the_close_is_taken_out_when_that_is_heard(flags: str) -> None:
    async def lived() -> None:
        async with story() as told:
            await told.asks(flags)
            await told.presses("Ayu", "A")
            await told.presses("Budi", "B")
            await told.passes(hours=2, minutes=1)
            await told.leaves("Ayu", ago=timedelta(minutes=5))
            outcome = await told.outcome()
            assert (outcome.counts, outcome.void) == ((0, 1), {"left": 1})
            assert "1 vote doesn't count: they left." in told.results("telegram")[-1]
            await told.passes(minutes=20)
            await told.leaves("Budi", ago=timedelta(hours=1))
            assert (await told.outcome()).counts == (0, 1)

    play(lived())


@pytest.mark.promise("R9")
@pytest.mark.promise("S7")
@SECRETS
def test_who_left_while_the_line_was_down_is_looked_up(flags: str) -> None:
    async def lived() -> None:
        async with story() as told:
            await told.asks(flags)
            for who in ("Ayu", "Budi"):
                await told.presses(who, "A")
            await told.passes(minutes=10)
            assert isinstance(told.line, Line)
            told.line.unbroken_since = told.here.clock.now()
            told.line.gone = {(SERVER.group, "Budi")}
            await told.presses("Citra", "B")
            await told.passes(hours=1, minutes=49)
            told.here.clock.ahead += timedelta(minutes=1, seconds=3)  # a little late, as always
            await told.passes()
            outcome = await told.outcome()
            assert (outcome.counts, outcome.void) == ((1, 1), {"left": 1})
            await told.presses("Dewi", "B", ago=timedelta(minutes=1))
            outcome = await told.outcome()
            assert (outcome.counts, outcome.void) == ((1, 2), {"left": 1})

    play(lived())


@pytest.mark.promise("S7")
def test_who_came_back_only_after_the_close_was_not_there() -> None:
    """Nobody could close it on time, and much happened until it was."""

    async def lived() -> None:
        async with story() as told:
            await told.asks()
            for who in ("Ayu", "Budi", "Citra"):
                await told.presses(who, "A")
            await told.leaves("Ayu")
            told.here.clock.ahead += timedelta(hours=3)
            group, at = replace(SERVER, channel=""), told.here.clock.now() - timedelta(minutes=10)
            await told.here.happens(MemberJoined(told.here.next_id(), at, group, Actor("Ayu", "Ayu"), pending=False))
            await told.leaves("Budi", ago=timedelta(minutes=10))
            await told.leaves("Citra", ago=timedelta(hours=2))
            await told.passes()
            outcome = await told.outcome()
            assert (outcome.counts, outcome.void) == ((1, 0), {"left": 2})

    play(lived())


# ---------------------------------------------------------------- the platform's own record


@pytest.mark.promise("R9")
def test_votes_that_were_missed_are_found_in_the_record() -> None:
    async def lived() -> None:
        async with story(ALONE, OWN) as told:
            await told.asks()
            assert (await told.poll()).native
            await told.votes("Ayu", 0)
            await told.votes("Budi", 0)
            assert isinstance(told.line, Line)
            told.line.record = {"Ayu": Voted("Ayu", (1,)), "Citra": Voted("Citra", (1,)), "Dewi": Voted("Dewi", (0,))}
            await told.passes(hours=2)
            assert (await told.outcome()).counts == (1, 2)
            (result,) = told.results()
            assert "B wins: 2 of 3 voted for it." in result
            assert "could not" not in result
            assert told.performed(Operation.CLOSE_POLL) == 1

    play(lived())


def test_whom_the_platform_does_not_name_is_counted_only() -> None:
    """It tells of votes in its own poll by account."""

    async def lived() -> None:
        async with story(ALONE, OWN) as told:
            await told.asks()
            await told.votes("Ayu", 0)
            for account, option in (("1001", 0), ("1002", 1)):
                now, poll = told.here.clock.now(), await told.message()
                vote = PollVoted(told.here.next_id(), now, SERVER, Actor(account, ""), poll, (option,), True)
                await told.here.happens(vote)
            await told.here.says("Rina", "/poll results 1", SERVER)
            rows = told.here.chats["discord"].words()[-1].split("\n")
            assert "A: Ayu and 1 other" in rows
            assert not [row for row in rows if row.startswith("B:")]

    play(lived())


@pytest.mark.promise("R9")
def test_a_look_up_that_fails_is_tried_again_and_then_named() -> None:
    async def lived() -> None:
        async with story(ALONE, OWN) as told:
            await told.asks()
            await told.votes("Ayu", 0)
            await told.passes(hours=2, minutes=4)
            assert told.results() == []
            await told.passes(minutes=2)
            assert "I could not look up the votes that I may have missed" in told.results()[-1]
            assert "I was away" not in told.results()[-1]
            await told.tallies(1, 2)
            await told.passes(minutes=2)
            assert "I could not look up" in told.results()[-1]
            assert "Discord itself counted: A 1, B 2." in told.results()[-1]
            assert len(told.results()) == 2

    play(lived())


@pytest.mark.promise("R9")
def test_a_look_up_that_works_at_last_leaves_nothing_to_be_said() -> None:
    async def lived() -> None:
        async with story(ALONE, OWN) as told:
            await told.asks()
            await told.passes(hours=2, minutes=3)
            assert isinstance(told.line, Line)
            told.line.record = {"Citra": Voted("Citra", (1,))}
            await told.passes(minutes=2)
            (result,) = told.results()
            assert "B wins: 1 of 1" in result
            assert "could not" not in result

    play(lived())


def test_what_the_platform_counted_is_said_if_it_is_something_else() -> None:
    """Its closing is told before ours, or after; a vote that is heard in between is no difference."""

    async def lived() -> None:
        async with story(ALONE, OWN) as told:
            assert isinstance(told.line, Line)
            told.line.record = {"Ayu": Voted("Ayu", (0,))}
            await told.asks()
            await told.votes("Ayu", 0)
            await told.passes(hours=1, minutes=59, seconds=59)
            await told.tallies(1, 1)
            await told.passes(seconds=2)
            assert "itself" not in told.results()[-1]
            await told.passes(minutes=2)
            assert "Discord itself counted: A 1, B 1." in told.results()[-1]
            said = len(told.results())
            await told.votes("Budi", 1)
            assert "itself" not in told.results()[-1]
            assert len(told.results()) == said + 1

    play(lived())


def test_what_the_platform_counted_alike_is_not_worth_a_word() -> None:
    async def lived() -> None:
        async with story(ALONE, OWN) as told:
            assert isinstance(told.line, Line)
            told.line.record = {"Ayu": Voted("Ayu", (0,))}
            await told.asks()
            await told.votes("Ayu", 0)
            await told.passes(hours=2)
            await told.tallies(1, 1)
            await told.votes("Budi", 1)
            await told.passes(hours=1)
            assert "itself" not in "".join(told.results())
            assert (await told.outcome()).counts == (1, 1)

    play(lived())


@pytest.mark.promise("S6")
@pytest.mark.promise("R2")
def test_votes_of_services_and_votes_told_again_are_nothing() -> None:
    async def lived() -> None:
        async with story(ALONE, OWN) as told:
            assert isinstance(told.line, Line)
            await told.asks()
            first = await told.votes("Ayu", 0)
            await told.votes("Ayu", 0, chosen=False)
            await told.votes("Ayu", 1)
            await told.here.happens(first)
            for kind in (ActorKind.BOT, ActorKind.SERVICE, ActorKind.ANONYMOUS):
                await told.votes("Channel", 0, kind=kind)
            await told.here.happens(replace(first, event_id="forged", options=(7,)))
            await told.passes(hours=2, minutes=6)
            assert (await told.outcome()).counts == (0, 1)

    play(lived())


def test_closed_by_command_while_something_is_looked_up_its_copy_is_as_long_as_it_was_meant_to_be() -> None:
    async def lived() -> None:
        async with story(ALONE, OWN) as told:
            assert isinstance(told.line, Line)
            await told.asks()
            await told.passes(minutes=10)
            told.line.record = {"Ayu": Voted("Ayu", (0,))}
            await told.here.says("Rina", "/poll close", SERVER)
            await told.here.says("Rina", "/poll clone 1", SERVER)
            await told.passes(seconds=1)
            first = await told.poll()
            second = await told.here.do(lambda unit: unit.store(Polls).get(2))
            assert second
            assert first.ended_at == first.created_at + timedelta(minutes=10)
            assert second.closes_at - second.created_at == timedelta(hours=2)
            assert "A wins: 1 of 1" in told.results()[-1]

    play(lived())


def test_a_community_that_the_config_forgets_for_a_while_has_its_result_later() -> None:
    async def lived() -> None:
        async with story() as told:
            await told.asks()
            await told.presses("Ayu", "A")
            whole = told.here.resolver.service
            told.here.resolver.service = replace(whole, communities={})
            await told.passes(hours=3)
            assert not told.results()
            told.here.resolver.service = whole
            await told.passes(minutes=10)
            assert "A wins: 1 of 1" in told.results()[-1]
            assert "I was away" in told.results()[-1]

    play(lived())
