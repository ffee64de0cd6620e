"""The sender: what each answer of a platform leads to, in which order, how fast, and what managers hear of it."""

from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import pytest

from bot.core.chat import (
    NotSent,
    Pace,
    RateLimited,
    Reason,
    Refusal,
    Unauthorised,
    Uncertain,
)
from bot.core.events import Where
from bot.core.messages import Message, text
from bot.core.stores import Accounts, Pauses
from tests.core.fakes import GROUP, SERVER, FakeChat, Town
from tests.core.sending import AYU, OTHER, TOPIC, post, runs, states, story, told_managers

# ---------------------------------------------------------------- order and pace


def test_order_is_kept_in_each_place_and_answers_go_first() -> None:
    @story()
    async def told(here: Town) -> None:
        for words in ("1", "2", "3"):
            await post(here, words)
        await post(here, "prompt", kind="prompt")
        await post(here, "answer", kind="answer")
        await here.settle()
        assert here.chat.words() == ["answer", "1", "2", "3", "prompt"]


@pytest.mark.promise("R21")
def test_a_slow_place_holds_up_no_other() -> None:
    chat = FakeChat(pace=Pace(gap=0.01, target_gap=0.1))

    @story(chat)
    async def told(here: Town) -> None:
        chat.takes[GROUP] = 60
        await post(here, "slow 1")
        await post(here, "slow 2")
        for number in range(20):
            await post(here, f"{number}", OTHER)
        await runs(here, 130)
        quick = [attempt.at for attempt in chat.attempts if attempt.outgoing.where == OTHER]
        assert len(quick) == 20
        assert quick[-1] < 3
        assert chat.words(GROUP) == ["slow 1", "slow 2"]


def test_the_platforms_pace_is_kept_and_never_made_up_for() -> None:
    chat = FakeChat(pace=Pace(gap=0.034, target_gap=1.0, target_per_minute=20, per_group=True))

    @story(chat)
    async def told(here: Town) -> None:
        for number in range(200):
            await post(here, f"p{number}", Where("telegram", "", str(number)))
        for number in range(25):
            await post(here, f"g{number}", (GROUP, TOPIC)[number % 2])
        await runs(here, 300)
        begun = [attempt.at for attempt in chat.attempts]
        assert len(begun) == 225
        assert min(later - earlier for earlier, later in itertools.pairwise(begun)) >= 0.034 - 1e-6
        group = [attempt.at for attempt in chat.attempts if attempt.outgoing.where.group]
        assert min(later - earlier for earlier, later in itertools.pairwise(group)) >= 1.0 - 1e-6
        assert all(sum(at <= other < at + 60 for other in group) <= 20 for at in group)


def test_after_a_long_answer_of_the_platform_there_is_no_burst() -> None:
    chat = FakeChat(pace=Pace(gap=0.05, target_gap=1.0))

    @story(chat)
    async def told(here: Town) -> None:
        chat.takes[GROUP] = 30
        for number in range(5):
            await post(here, f"{number}")
        await runs(here, 200)
        begun = [attempt.at for attempt in chat.attempts]
        assert [round(later - earlier) for earlier, later in itertools.pairwise(begun)] == [30] * 4


def test_the_nonce_is_the_rows_own_and_stays_the_same() -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[GROUP].extend([RateLimited(3), NotSent()])
        row = await post(here, "hi")
        await runs(here, 60)
        assert [attempt.outgoing.nonce for attempt in chat.attempts] == [f"inst-{row}"] * 3
        assert chat.words() == ["hi"]


# ---------------------------------------------------------------- surely not sent


def test_who_is_asked_to_wait_waits_alone() -> None:
    chat = FakeChat(pace=Pace(gap=0.01, target_gap=0.0))

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[GROUP].append(RateLimited(20))
        await post(here, "first")
        await post(here, "second")
        await post(here, "other", OTHER)
        await runs(here, 60)
        by_words = {attempt.words: attempt.at for attempt in chat.delivered}
        assert by_words["other"] < 1
        assert 20 <= by_words["first"] <= by_words["second"] < 22


def test_all_wait_when_all_are_asked_to() -> None:
    chat = FakeChat(pace=Pace(gap=0.01, target_gap=0.0))

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[GROUP].append(RateLimited(20, everywhere=True))
        await post(here, "first")
        await runs(here, 1)
        await post(here, "other", OTHER)
        await runs(here, 60)
        assert all(attempt.at >= 20 for attempt in chat.delivered)
        assert sorted(chat.words()) == ["first", "other"]


@pytest.mark.parametrize("problem", [NotSent(), Unauthorised()])
def test_a_platform_that_is_down_is_tried_again_with_patience(problem: NotSent | Unauthorised) -> None:
    chat = FakeChat(pace=Pace(gap=0.01, target_gap=0.0))

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[GROUP].extend([problem] * 12)
        await post(here, "hi")
        await post(here, "more")
        await runs(here, 600)
        begun = [attempt.at for attempt in chat.attempts]
        pauses = [later - earlier for earlier, later in itertools.pairwise(begun)]
        assert chat.words() == ["hi", "more"]
        assert pauses[:3] == sorted(pauses[:3])
        assert max(pauses) <= 31


# ---------------------------------------------------------------- perhaps sent


@pytest.mark.promise("R5")
def test_what_may_have_arrived_is_not_repeated_and_managers_are_told() -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[GROUP].append(Uncertain("502"))
        await post(here, "hi")
        await runs(here, 600)
        assert [attempt.words for attempt in chat.attempts if attempt.outgoing.where == GROUP] == ["hi"]
        assert (await states(here))["uncertain"] == 1
        (notice,) = told_managers(here)
        assert "I don't repeat it" in notice


def test_managers_are_not_told_of_answers_and_edits_that_may_have_arrived() -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        await post(here, "hi", key="k")
        await here.settle()
        chat.next_at[GROUP].extend([Uncertain(), Uncertain()])
        await post(here, "answer", kind="answer")
        await here.do(lambda unit: unit.edit("k", Message(text("hi all"))))
        await here.settle()
        assert told_managers(here) == []


@pytest.mark.promise("R4")
def test_where_a_repeat_is_recognised_it_is_repeated_until_it_is_too_old() -> None:
    chat = FakeChat("discord", repeatable_for=timedelta(minutes=2))

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[SERVER].extend([Uncertain()] * 3)
        await post(here, "hi", SERVER)
        await runs(here, 60)
        assert chat.words() == ["hi"]
        assert len({attempt.outgoing.nonce for attempt in chat.attempts}) == 1

        chat.next_at[SERVER].extend([Uncertain()] * 1000)
        begun = asyncio.get_running_loop().time()
        await post(here, "lost", SERVER)
        await runs(here, 300)
        assert (await states(here))["uncertain"] == 1
        assert 100 < chat.attempts[-1].at - begun <= 120


@pytest.mark.parametrize("tries", [1, 5])
def test_an_edit_that_may_have_arrived_is_made_once_more(tries: int) -> None:
    """Otherwise a closed poll would look open for good."""
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        await post(here, "open", key="k")
        await here.settle()
        chat.next_at[GROUP].extend([Uncertain()] * tries)
        await here.do(lambda unit: unit.edit("k", Message(text("closed"))))
        await here.do(lambda unit: unit.edit("k", Message(text("closed for good"))))
        await runs(here, 60)
        assert chat.words(GROUP)[-1] == "closed for good"
        assert await states(here) == {"sent": 2}
        assert told_managers(here) == []


def test_an_edit_that_never_arrives_keeps_its_place_waiting_for_a_while_only() -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        await post(here, "open", key="k")
        await here.settle()
        chat.next_at[GROUP].extend([Uncertain()] * 64)
        begun = asyncio.get_running_loop().time()
        await here.do(lambda unit: unit.edit("k", Message(text("closed"))))
        await post(here, "next")
        await runs(here, 900)
        assert chat.words(GROUP)[-1] == "next"
        assert 500 < chat.attempts[-1].at - begun < 610


# ---------------------------------------------------------------- refused


@pytest.mark.promise("R23")
@pytest.mark.parametrize("reason", [Reason.GONE, Reason.NO_RIGHT, Reason.CLOSED])
def test_a_place_that_refuses_is_asked_once_and_managers_hear_what_to_do(reason: Reason) -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[GROUP].append(Refusal(reason))
        for words in ("1", "2", "3"):
            await post(here, words)
        await post(here, "other", OTHER)
        await here.settle()
        assert [attempt.words for attempt in chat.attempts if attempt.outgoing.where == GROUP] == ["1"]
        assert chat.words(OTHER) == ["other"]
        assert len(told_managers(here)) == 1
        assert "have stopped trying" in told_managers(here)[0]

        await here.do(lambda unit: unit.store(Pauses).lift(GROUP.platform, GROUP.group))
        await here.delivery.reload()
        await here.settle()
        assert chat.words(GROUP) == ["2", "3"]


def test_a_closed_topic_leaves_the_rest_of_the_group_alone() -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[TOPIC].append(Refusal(Reason.CLOSED))
        await post(here, "1", TOPIC)
        await post(here, "2", TOPIC)
        await post(here, "3", GROUP)
        await here.settle()
        assert chat.words(TOPIC) == []
        assert chat.words(GROUP) == ["3"]


@pytest.mark.parametrize("reason", [Reason.BAD_MESSAGE, Reason.TOO_LATE, Reason.MESSAGE_GONE])
def test_another_refusal_ends_that_post_only(reason: Reason) -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[GROUP].append(Refusal(reason, "detail"))
        await post(here, "1")
        await post(here, "2")
        await here.settle()
        assert chat.words() == ["2"]
        assert await states(here) == {"failed": 1, "sent": 1}


def test_who_cannot_be_reached_is_remembered() -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[AYU].append(Refusal(Reason.UNREACHABLE))
        await post(here, "hi", AYU)
        await here.settle()
        assert (await here.do(lambda unit: unit.store(Accounts).get("telegram", "ayu"))).reachable is False
        assert await here.do(lambda unit: unit.store(Pauses).all()) == []


def test_an_error_of_ours_ends_that_post_and_the_sender_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    chat = FakeChat()

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[GROUP].append(ZeroDivisionError())  # type: ignore[arg-type]
        await post(here, "1")
        await post(here, "2")
        await here.settle()
        assert chat.words(GROUP) == ["2"]
        assert (await states(here))["uncertain"] == 1

    assert "nobody foresaw" in caplog.text


@pytest.mark.promise("R10")
def test_what_waits_follows_a_group_that_goes_on_under_another_id() -> None:
    chat = FakeChat()
    new = Where("telegram", "-1002000000000", "")

    @story(chat)
    async def told(here: Town) -> None:
        chat.next_at[GROUP].append(Refusal(Reason.MIGRATED, new_group=new.group))
        for words in ("1", "2", "3"):
            await post(here, words)
        await here.settle()
        assert chat.words(new) == ["1", "2", "3"]
        assert [attempt.words for attempt in chat.attempts if attempt.outgoing.where == GROUP] == ["1"]
