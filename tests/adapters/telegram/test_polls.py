"""Telegram's own polls: asked, voted on, closed, and found again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.telegram.adapter import TelegramChat
from bot.core.chat import Operation, Reason, Refusal
from bot.core.events import (
    ActorKind,
    ButtonPressed,
    GroupChange,
    GroupChanged,
    MessagePosted,
    PollTallied,
    PollVoted,
    Where,
)
from bot.core.messages import Button, Message, Poll, text
from tests.adapters.ears import Ears, State, connected, until
from tests.adapters.telegram.conftest import Sending, adapter, where_is
from tests.servers.telegram.client import TelegramWorld, WorldError
from tests.servers.telegram.handles import Group, Person

KOPI = Poll("Ngopi di mana?", ("Senopati", "Kemang", "Blok M"))
POLL = Message(poll=KOPI)


@pytest.fixture
async def group(world: TelegramWorld) -> Group:
    return await world.add_group("Kopi")


@pytest.fixture
async def ayu(world: TelegramWorld) -> Person:
    return await world.person("Ayu")


@asynccontextmanager
async def running(world: TelegramWorld, state: State, ears: Ears) -> AsyncIterator[TelegramChat]:
    chat = adapter(world, state)
    await chat.start(ears.submit)
    await connected(chat)
    yield chat
    await chat.stop()


async def refused(work: Awaitable[str]) -> Reason:
    with pytest.raises(Refusal) as caught:
        await work
    return caught.value.reason


async def test_as_it_was_meant(send: Sending, group: Group, ayu: Person) -> None:
    closes_at = datetime.now(UTC) + timedelta(hours=1)
    poll = replace(KOPI, multiple=True, revote=False, hides_results=True, closes_at=closes_at)
    await send.to(group, Message(poll=poll))
    seen = await group.poll()
    assert (seen["hides_results"], seen["close_date"], seen["is_anonymous"]) == (
        True,
        int(closes_at.timestamp()),
        False,
    )
    await ayu.votes(group, 0, 2)
    with pytest.raises(WorldError, match="a vote stands"):
        await ayu.votes(group, 1)


async def test_one_that_is_open_for_longer_than_telegram_allows(send: Sending, group: Group) -> None:
    await send.to(group, Message(poll=replace(KOPI, closes_at=datetime.now(UTC) + timedelta(days=90))))
    assert "close_date" not in await group.poll()


async def test_it_closes_by_itself_and_says_so(
    world: TelegramWorld, send: Sending, group: Group, ears: Ears, ayu: Person
) -> None:
    closes_at = datetime.now(UTC) + timedelta(minutes=1)
    number = await send.to(group, Message(poll=replace(KOPI, closes_at=closes_at)))
    await ayu.votes(group, "Kemang")
    await world.advance(61)
    tally = await ears.hear_one(PollTallied, lambda tally: tally.closed)
    assert (tally.poll, tally.counts) == (number, (0, 1, 0))
    assert await send.does(Operation.CLOSE_POLL, group, message_id=number) == number
    assert (await world.stats())["statuses"]["stoppoll 400"] == 1


async def test_closing(send: Sending, group: Group, ayu: Person, ears: Ears) -> None:
    number = await send.to(group, POLL)
    await ayu.votes(group, "Kemang")
    await send.does(Operation.CLOSE_POLL, group, message_id=number)
    assert (await group.poll())["is_closed"]
    tally = await ears.hear_one(PollTallied, lambda tally: tally.closed)
    assert (tally.poll, tally.counts, tally.where) == (number, (0, 1, 0), where_is(group))


async def test_what_can_not_be_closed(send: Sending, group: Group, ayu: Person) -> None:
    said = await send.to(group, Message(text("Halo")))
    assert await refused(send.does(Operation.CLOSE_POLL, group, message_id=said)) is Reason.BAD_MESSAGE
    number = await send.to(group, POLL)
    await send.does(Operation.DELETE, group, message_id=number)
    assert await refused(send.does(Operation.CLOSE_POLL, group, message_id=number)) is Reason.MESSAGE_GONE
    await group.bot_becomes("kicked")
    assert await refused(send.does(Operation.CLOSE_POLL, group, message_id=number)) is Reason.GONE


async def test_a_poll_can_not_become_a_text(send: Sending, group: Group) -> None:
    number = await send.to(group, POLL)
    edit = send.does(Operation.EDIT, group, Message(text("Batal")), message_id=number)
    assert await refused(edit) is Reason.BAD_MESSAGE


async def test_a_group_that_takes_no_polls_is_not_silent(world: TelegramWorld, send: Sending) -> None:
    """A refusal that says nothing may be said there would pause all else."""
    group = await world.add_group("Kopi", bot="member", permissions={"can_send_polls": False})
    reason = await refused(send.to(group, POLL))
    assert not reason.pauses
    await send.to(group, Message(text("Halo")))


# ------------------------------------------------------------------ votes
async def test_whose_vote_it_is(world: TelegramWorld, send: Sending, ears: Ears, group: Group, ayu: Person) -> None:
    news = await world.add_group("Kabar", kind="channel")
    number = await send.to(group, POLL)
    await ayu.votes(group, "Kemang")
    await group.votes_as("anonymous", "Kemang")
    await group.votes_as("channel", "Kemang", channel=news)
    told = await ears.hear(PollVoted, 3)
    assert [(vote.actor.id, vote.actor.kind) for vote in told] == [
        (str(ayu.id), ActorKind.PERSON),
        (str(group.id), ActorKind.SERVICE),
        (str(news.id), ActorKind.SERVICE),
    ]
    assert {(vote.poll, vote.options, vote.chosen) for vote in told} == {(number, (1,), None)}


async def test_a_vote_from_another_chat_is_the_poll_s_own(send: Sending, ears: Ears, group: Group, ayu: Person) -> None:
    """Whoever forwards a poll takes it to people who aren't in the group."""
    number = await send.to(group, POLL)
    await ayu.votes(group, "Kemang", elsewhere=True)
    vote = await ears.hear_one(PollVoted)
    assert (vote.poll, vote.where, vote.actor.id) == (number, where_is(group), str(ayu.id))


async def test_a_thousand_vote_in_their_order(world: TelegramWorld, send: Sending, ears: Ears, group: Group) -> None:
    people = await group.crowd_joins(1000)
    await send.to(group, POLL)
    first = [(who, [n % 3]) for n, who in enumerate(people)]
    changed = [(who, [(n + 1) % 3]) for n, who in enumerate(people) if n % 5 == 0]
    assert await group.votes([*first, *changed]) == []
    told = await ears.hear(PollVoted, 1200)
    chosen = {vote.actor.id: list(vote.options) for vote in told}
    assert chosen == {str(who): options for who, options in dict([*first, *changed]).items()}
    assert chosen == (await group.poll())["votes"]


async def test_a_thousand_press_at_once(world: TelegramWorld, send: Sending, ears: Ears, group: Group) -> None:
    people = await group.crowd_joins(1000)
    await send.to(group, Message(text("Pilih"), buttons=((Button("Ya", token="tok-ya"),),)))
    assert await group.presses([(who, "Ya") for who in people]) == []
    told = await ears.hear(ButtonPressed, 1000)
    assert [(press.actor.id, press.token) for press in told] == [(str(who), "tok-ya") for who in people]
    await asyncio.gather(*(send.chat.acknowledge(press.handle) for press in told))
    assert (await world.stats())["statuses"]["answercallbackquery 200"] == 1000


async def test_totals_are_told_at_the_close_only(send: Sending, ears: Ears, group: Group, ayu: Person) -> None:
    number = await send.to(group, POLL)
    for option in (0, 1):
        await ayu.votes(group, option)
    await send.does(Operation.CLOSE_POLL, group, message_id=number)
    await ears.hear(PollTallied)
    assert [(tally.counts, tally.closed) for tally in ears.heard(PollTallied)] == [((0, 1, 0), True)]


# ------------------------------------------------------------------ found again
Place = Callable[[TelegramWorld], Awaitable[tuple[Group, Where]]]


async def in_a_topic(world: TelegramWorld) -> tuple[Group, Where]:
    forum = await world.add_group("Forum", kind="forum")
    return forum, where_is(forum, await forum.opens_topic("Acara"))


async def in_the_group(world: TelegramWorld) -> tuple[Group, Where]:
    group = await world.add_group("Kopi")
    return group, where_is(group)


@pytest.mark.parametrize("place", [in_the_group, in_a_topic])
async def test_votes_in_a_poll_from_before_a_restart(
    world: TelegramWorld, state: State, ayu: Person, place: Place
) -> None:
    group, where = await place(world)
    async with running(world, state, Ears()) as chat:
        number = await Sending(chat).to(where, POLL)
    await ayu.votes(group, "Senopati")
    ears = Ears()
    async with running(world, state, ears) as chat:
        for options in (("Kemang",), (), ("Blok M",)):
            await ayu.votes(group, *options)
        told = await ears.hear(PollVoted, 4)
        assert [vote.options for vote in told] == [(0,), (1,), (), (2,)]
        assert {(vote.poll, vote.where) for vote in told} == {(number, where)}
        await Sending(chat).does(Operation.CLOSE_POLL, where, message_id=number)
        tally = await ears.hear_one(PollTallied)
        assert (tally.poll, tally.where, tally.counts) == (number, where, (0, 0, 1))


class SlowAtFirst(State):
    """Is long in finding something the first time, and has it at hand the second time."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.may_answer = asyncio.Event()

    async def load(self, key: str) -> str | None:
        if ":poll:" in key:
            self.asked += 1
            if self.asked == 1:
                await self.may_answer.wait()
        return await super().load(key)


async def test_votes_keep_their_order_while_their_poll_is_looked_up(
    world: TelegramWorld, ears: Ears, ayu: Person
) -> None:
    """Else somebody's first choice could come to stand for their last."""
    state = SlowAtFirst()
    group, where = await in_the_group(world)
    async with running(world, state, Ears()) as chat:
        await Sending(chat).to(where, POLL)
    for option in (0, 1, 2):
        await ayu.votes(group, option)
    async with running(world, state, ears):
        await until(lambda: state.asked)
        await ayu.votes(group, 0)
        await ayu.says("Halo", group)
        await ears.hear(MessagePosted)
        state.may_answer.set()
        told = await ears.hear(PollVoted, 4)
    assert [vote.options for vote in told] == [(0,), (1,), (2,), (0,)]


async def test_votes_in_a_group_that_goes_on_under_another_id(
    world: TelegramWorld, state: State, ears: Ears, ayu: Person
) -> None:
    old = await world.add_group("Kopi", kind="group")
    async with running(world, state, ears) as chat:
        number = await Sending(chat).to(old, POLL)
        new = await old.migrates()
        await ears.hear_one(GroupChanged, lambda told: told.change is GroupChange.MIGRATED)
        await ayu.votes(old, "Kemang")
        before = await ears.hear_one(PollVoted)
    await ayu.votes(old, "Senopati")
    async with running(world, state, later := Ears()):
        after = await later.hear_one(PollVoted, lambda vote: vote.options == (0,))
    assert (before.poll, before.where) == (after.poll, after.where) == (number, where_is(new))


async def test_a_vote_that_is_told_together_with_the_new_id(world: TelegramWorld, state: State, ayu: Person) -> None:
    old = await world.add_group("Kopi", kind="group")
    ears = Ears()
    async with running(world, state, Ears()) as chat:
        await Sending(chat).to(old, POLL)
    new = await old.migrates()
    await ayu.votes(old, "Kemang")
    async with running(world, state, ears):
        vote = await ears.hear_one(PollVoted)
    assert vote.where == where_is(new)


async def test_a_new_id_that_is_learnt_by_a_refusal(world: TelegramWorld, state: State, ayu: Person) -> None:
    old = await world.add_group("Kopi", kind="group")
    async with running(world, state, Ears()) as chat:
        number = await Sending(chat).to(old, POLL)
        new = await old.migrates(seen=())
        closing = Sending(chat).does(Operation.CLOSE_POLL, old, message_id=number)
        assert await refused(closing) is Reason.MIGRATED
    await ayu.votes(old, "Kemang")
    async with running(world, state, ears := Ears()):
        assert (await ears.hear_one(PollVoted)).where == where_is(new)


async def test_polls_that_are_not_ours_are_nobody_s(world: TelegramWorld, state: State, ears: Ears) -> None:
    group, _ = await in_the_group(world)
    async with running(world, State(), Ears()) as forgetful:
        await Sending(forgetful).to(group, POLL)
    ayu = await world.person("Ayu")
    await ayu.votes(group, "Kemang")
    async with running(world, state, ears):
        await ayu.says("Halo", group)
        await ears.hear_one(MessagePosted)
        await world.wait("confirmed")
    assert ears.heard(PollVoted) == []
