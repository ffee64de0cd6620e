"""The sender over time: edits and removals, posts for later, starting, stopping, a database or a clock gone wrong."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import pytest

from bot.core.chat import (
    Operation,
    Pace,
)
from bot.core.messages import Message, text
from bot.core.stores import Outbox
from tests.core.fakes import GROUP, FakeChat, Town
from tests.core.sending import post, runs, states, story

# ---------------------------------------------------------------- edits, removals, times


def test_the_newest_of_many_edits_is_sent_once() -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        await post(here, "0", key="bar")
        await here.settle()
        for number in range(1, 10):
            await here.do(lambda unit, number=number: unit.edit("bar", Message(text(str(number)))))  # type: ignore[misc]
        await here.settle()
        assert [(a.outgoing.operation, a.words, a.outgoing.message_id) for a in chat.delivered] == [
            (Operation.SEND, "0", ""),
            (Operation.EDIT, "9", "m1"),
        ]


def test_an_edit_while_the_post_is_under_way_follows_it() -> None:
    chat = FakeChat(pace=Pace(0.01, 0.0))

    @story(chat)
    async def told(here: Town) -> None:
        chat.takes[GROUP] = 5
        await post(here, "0", key="bar")
        task = asyncio.create_task(here.delivery.run())
        await asyncio.sleep(1)
        await here.do(lambda unit: unit.edit("bar", Message(text("1"))))
        await asyncio.sleep(30)
        task.cancel()
        assert [(a.outgoing.operation, a.words) for a in chat.delivered] == [
            (Operation.SEND, "0"),
            (Operation.EDIT, "1"),
        ]


def test_what_is_taken_back_in_time_is_never_sent() -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        await post(here, "0", key="k")
        await here.do(lambda unit: unit.delete("k"))
        await here.settle()
        assert chat.attempts == []
        assert await states(here) == {"withheld": 1}


def test_what_came_too_late_is_not_sent() -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        await post(here, "0", expires=here.clock.now() + timedelta(minutes=1))
        here.clock.ahead = timedelta(minutes=2)
        await here.settle()
        assert chat.attempts == []
        assert await states(here) == {"expired": 1}


def test_what_is_for_later_waits() -> None:
    chat = FakeChat(pace=Pace(0.01, 0.0))

    @story(chat)
    async def told(here: Town) -> None:
        await post(here, "0", not_before=here.clock.now() + timedelta(seconds=30))
        await runs(here, 60)
        assert [round(attempt.at) for attempt in chat.attempts] == [30]


# ---------------------------------------------------------------- starting and stopping


@pytest.mark.promise("R4")
@pytest.mark.parametrize(("repeatable", "fate"), [(timedelta(minutes=2), "sent"), (timedelta(0), "uncertain")])
def test_what_was_under_way_when_the_program_ended(repeatable: timedelta, fate: str) -> None:
    chat = FakeChat(repeatable_for=repeatable)

    @story(chat)
    async def told(here: Town) -> None:
        row = await post(here, "hi")
        await here.do(lambda unit: unit.store(Outbox).claim([row], here.clock.now()))
        after = here.sender(chat)
        here.deliveries = {chat.name: after}
        await after.recover()
        await here.settle()
        assert (await states(here)).get(fate, 0) >= 1
        assert chat.words(GROUP) == (["hi"] if fate == "sent" else [])


@pytest.mark.promise("R4")
@pytest.mark.parametrize("passed", [timedelta(minutes=3), timedelta(days=-1)])
def test_what_was_under_way_too_long_ago_or_nobody_knows_when_is_not_repeated(passed: timedelta) -> None:
    chat = FakeChat(repeatable_for=timedelta(minutes=2))

    @story(chat)
    async def told(here: Town) -> None:
        row = await post(here, "hi")
        await here.do(lambda unit: unit.store(Outbox).claim([row], here.clock.now()))
        here.clock.ahead = passed
        after = here.sender(chat)
        here.deliveries = {chat.name: after}
        await after.recover()
        await here.settle()
        assert chat.words(GROUP) == []
        assert (await states(here))["uncertain"] == 1


def test_an_edit_under_way_when_the_program_ended_is_made_at_the_next_start() -> None:
    """However long ago: twice is the same as once."""
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        await post(here, "open", key="k")
        await here.settle()
        await here.do(lambda unit: unit.edit("k", Message(text("closed"))))
        [(row, *_)] = await here.do(lambda unit: unit.store(Outbox).waiting_rows(chat.name))
        await here.do(lambda unit: unit.store(Outbox).claim([row], here.clock.now()))
        here.clock.ahead = timedelta(hours=2)
        after = here.sender(chat)
        here.deliveries = {chat.name: after}
        await after.recover()
        await here.settle()
        assert chat.words(GROUP)[-1] == "closed"
        assert (await states(here)) == {"sent": 2}


def test_what_waited_when_the_program_ended_is_sent_at_the_next_start() -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        for words in ("1", "2"):
            await post(here, words)
        after = here.sender(chat)
        here.deliveries = {chat.name: after}
        await after.recover()
        await here.settle()
        assert chat.words() == ["1", "2"]


@pytest.mark.promise("R11")
def test_stopping_finishes_what_is_under_way_and_begins_nothing() -> None:
    chat = FakeChat(pace=Pace(0.01, 0.0))

    @story(chat)
    async def told(here: Town) -> None:
        chat.takes[GROUP] = 3
        await post(here, "1")
        await post(here, "2")
        task = asyncio.create_task(here.delivery.run())
        await asyncio.sleep(1)
        await here.delivery.stop()
        await task
        await here.engine.idle()
        assert [attempt.words for attempt in chat.attempts] == ["1"]
        assert await states(here) == {"sent": 1, "queued": 1}


@pytest.mark.promise("R25")
def test_while_the_database_cannot_be_used_nothing_is_sent_and_then_it_goes_on() -> None:
    chat = FakeChat(pace=Pace(0.01, 0.0))

    @story(chat)
    async def told(here: Town) -> None:
        await post(here, "1")
        here.database.broken = "locked"
        await runs(here, 30)
        assert chat.attempts == []
        here.database.broken = ""
        await runs(here, 30)
        assert chat.words() == ["1"]


@pytest.mark.promise("R25")
def test_what_was_sent_while_the_database_broke_is_written_down_and_not_repeated() -> None:
    chat = FakeChat(pace=Pace(0.01, 0.0))

    @story(chat)
    async def told(here: Town) -> None:
        chat.takes[GROUP] = 5
        await post(here, "1")
        task = asyncio.create_task(here.delivery.run())
        await asyncio.sleep(1)
        here.database.broken = "full"
        await asyncio.sleep(60)
        here.database.broken = ""
        await asyncio.sleep(60)
        task.cancel()
        assert [attempt.words for attempt in chat.attempts] == ["1"]
        assert await states(here) == {"sent": 1}


@pytest.mark.promise("R29")
@pytest.mark.parametrize("days", [-1, 1])
def test_a_jump_of_the_clock_causes_no_burst(days: int) -> None:
    chat = FakeChat(pace=Pace(gap=0.034, target_gap=1.0))

    @story(chat)
    async def told(here: Town) -> None:
        for number in range(10):
            await post(here, f"{number}")
        task = asyncio.create_task(here.delivery.run())
        await asyncio.sleep(3.5)
        here.clock.ahead = timedelta(days=days)
        await asyncio.sleep(60)
        task.cancel()
        begun = [attempt.at for attempt in chat.attempts]
        assert len(begun) == 10
        assert min(later - earlier for earlier, later in itertools.pairwise(begun)) >= 1.0 - 1e-6
