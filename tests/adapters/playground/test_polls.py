"""The platforms' own polls: what is taken, how votes are told, and how a poll ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from adapters.playground.acts import Deletes, Joins, Leaves, Votes
from adapters.playground.adapter import PlaygroundChat
from adapters.playground.doing import Impossible
from adapters.playground.history import Kind, Posted
from adapters.playground.outgoing import plain_text
from adapters.playground.snapshot import change_json
from bot.core.chat import Operation, Outgoing, Reason, Refusal, Voted
from bot.core.events import PollTallied, PollVoted
from bot.core.fit import fit
from bot.core.messages import Button, Message, Poll, Span, text
from tests.adapters.playground.conftest import NOW, Scene

KOPI = Poll("Ngopi di mana?", ("Senopati", "Kemang", "Blok M"))


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock(telegram: Scene, discord: Scene) -> Clock:
    """Of both faces."""
    clock = Clock()
    for scene in (telegram, discord):
        scene.chat._clock = clock
    return clock


async def votes(scene: Scene, name: str, poll: str, *options: int) -> None:
    await scene.chat.act(Votes(scene.here, scene.person(name).id, poll, options))


def stands(scene: Scene, poll: str) -> Posted:
    posted = scene.world.board.get(poll)
    assert posted is not None
    return posted


def words(posted: Posted) -> str:
    return plain_text(posted.message, posted.counts(), closed=posted.closed)


async def close(scene: Scene, poll: str) -> str:
    return await scene.chat.perform(Outgoing(Operation.CLOSE_POLL, scene.here, Message(), "close", message_id=poll))


# ---------------------------------------------------------------- what is taken


@pytest.mark.parametrize(
    ("poll", "telegram_takes_it", "discord_takes_it"),
    [
        (KOPI, True, True),
        (replace(KOPI, question=""), False, False),
        (replace(KOPI, question="x" * 301), False, False),
        (replace(KOPI, options=()), False, False),
        (replace(KOPI, options=("A", "x" * 55)), True, True),
        (replace(KOPI, options=("A", "x" * 56)), True, False),
        (replace(KOPI, options=("A", "x" * 101)), False, False),
        (replace(KOPI, options=tuple("ABCDEFGHIJ")), True, True),
        (replace(KOPI, options=tuple("ABCDEFGHIJK")), True, False),
        (replace(KOPI, options=tuple("ABCDEFGHIJKLM")), False, False),
        (replace(KOPI, hides_results=True), True, False),
        (replace(KOPI, revote=False), True, False),
        (replace(KOPI, open_for=timedelta(hours=2)), True, True),
        (replace(KOPI, open_for=timedelta(minutes=90)), True, False),
        (replace(KOPI, open_for=timedelta(minutes=45)), True, False),
        (replace(KOPI, open_for=timedelta(seconds=4)), False, False),
        (replace(KOPI, open_for=timedelta(days=32)), False, True),
        (replace(KOPI, open_for=timedelta(days=33)), False, False),
    ],
)
async def test_what_a_platform_would_not_take_is_refused(
    poll: Poll, telegram_takes_it: bool, discord_takes_it: bool, telegram: Scene, discord: Scene
) -> None:
    for scene, takes_it in ((telegram, telegram_takes_it), (discord, discord_takes_it)):
        if takes_it:
            assert await scene.send(scene.here, Message(poll=poll))
        else:
            with pytest.raises(Refusal) as told:
                await scene.send(scene.here, Message(poll=poll))
            assert told.value.reason is Reason.BAD_MESSAGE


async def test_what_fits_is_taken(telegram: Scene, discord: Scene) -> None:
    asked = [
        replace(KOPI, revote=revote, hides_results=hidden, open_for=timedelta(minutes=minutes), multiple=multiple)
        for revote in (True, False)
        for hidden in (True, False)
        for minutes in (1, 60, 61, 24 * 60, 32 * 24 * 60, 33 * 24 * 60)
        for multiple in (True, False)
    ]
    for scene in (telegram, discord):
        for poll in asked:
            buttons = ((Button("Senopati", token="t"),),)
            fitted = fit(Message(text("Di mana?"), buttons=buttons, poll=poll), scene.chat.capabilities(scene.here))
            posted = stands(scene, await scene.send(scene.here, fitted))
            assert (posted.message.poll is None) == bool(posted.message.buttons)


async def test_a_poll_is_shown_without_text_and_buttons_and_never_edited(telegram: Scene, discord: Scene) -> None:
    for scene in (telegram, discord):
        id = await scene.send(scene.here, Message(text("Pilih"), buttons=((Button("A", token="t"),),), poll=KOPI))
        assert words(stands(scene, id)) == "Ngopi di mana? Senopati 0 Kemang 0 Blok M 0"
        talk = await scene.send(scene.here, "halo")
        for message_id, message in ((id, Message(text("x"))), (id, Message(poll=KOPI)), (talk, Message(poll=KOPI))):
            with pytest.raises(Refusal) as told:
                await scene.chat.perform(Outgoing(Operation.EDIT, scene.here, message, "e", message_id=message_id))
            assert told.value.reason is Reason.BAD_MESSAGE


# ---------------------------------------------------------------- how votes are told


async def test_telegram_tells_the_whole_ballot(telegram: Scene) -> None:
    poll = await telegram.send(telegram.here, Message(poll=replace(KOPI, multiple=True)))
    for options in ((1,), (2, 1), (), ()):
        await votes(telegram, "Ayu", poll, *options)

    told = [event for event in telegram.told if isinstance(event, PollVoted)]
    assert [(event.options, event.chosen) for event in told] == [((1,), None), ((1, 2), None), ((), None)]
    assert {event.poll for event in told} == {poll}


async def test_discord_tells_each_option_that_was_chosen_or_given_up(discord: Scene) -> None:
    poll = await discord.send(discord.here, Message(poll=replace(KOPI, multiple=True)))
    for options in ((1,), (2, 0), ()):
        await votes(discord, "Ayu", poll, *options)

    told = [event for event in discord.told if isinstance(event, PollVoted)]
    assert [(*event.options, event.chosen) for event in told] == [
        (1, True), (1, False), (0, True), (2, True), (0, False), (2, False),
    ]  # fmt: skip
    assert len({event.event_id for event in told}) == 6
    assert all(event.actor.standing is None for event in told)


async def test_one_choice_is_one_choice(telegram: Scene) -> None:
    poll = await telegram.send(telegram.here, Message(poll=KOPI))
    with pytest.raises(Impossible, match="only one option"):
        await votes(telegram, "Ayu", poll, 0, 1)
    await votes(telegram, "Ayu", poll, 0)
    await votes(telegram, "Ayu", poll, 1)
    assert stands(telegram, poll).counts() == (0, 1, 0)


async def test_a_fixed_vote_stands(telegram: Scene) -> None:
    poll = await telegram.send(telegram.here, Message(poll=replace(KOPI, revote=False)))
    for options in ((1,), (2,), ()):
        await votes(telegram, "Ayu", poll, *options)
    assert stands(telegram, poll).counts() == (0, 1, 0)
    assert [event.options for event in telegram.told if isinstance(event, PollVoted)] == [(1,)]


async def test_who_voted_can_be_looked_up_on_discord_alone(telegram: Scene, discord: Scene) -> None:
    polls = {}
    for scene in (telegram, discord):
        poll = polls[scene.chat.name] = await scene.send(scene.here, Message(poll=replace(KOPI, multiple=True)))
        await votes(scene, "Ayu", poll, 2, 0)
        await votes(scene, "Budi", poll, 1)
        await votes(scene, "Budi", poll)
    assert await discord.chat.votes(discord.here, polls["discord"]) == {discord.person("Ayu").id: Voted("Ayu", (0, 2))}
    with pytest.raises(Refusal):
        await telegram.chat.votes(telegram.here, polls["telegram"])
    talk = await discord.send(discord.here, "halo")
    for id in (talk, "999"):
        with pytest.raises(Refusal) as told:
            await discord.chat.votes(discord.here, id)
        assert told.value.reason is Reason.MESSAGE_GONE


async def test_who_is_in_the_group(telegram: Scene) -> None:
    for name in ("Ayu", "Budi", "Citra"):
        await telegram.chat.act(Joins(telegram.here, telegram.person(name).id))
    await telegram.chat.act(Leaves(telegram.here, telegram.person("Budi").id))
    await telegram.chat.act(Leaves(telegram.here, telegram.person("Citra").id, banned=True))
    asked = [telegram.person(name).id for name in ("Ayu", "Budi", "Citra", "Dewi")]
    assert await telegram.chat.members(telegram.here, asked) == {telegram.person("Ayu").id}
    with pytest.raises(Refusal):
        await telegram.chat.members(replace(telegram.here, group="-999"), asked)


# ---------------------------------------------------------------- how a poll ends


async def test_it_closes_by_itself_at_its_time(telegram: Scene, discord: Scene, clock: Clock) -> None:
    for scene in (telegram, discord):
        poll = await scene.send(scene.here, Message(poll=replace(KOPI, open_for=timedelta(hours=1))))
        assert scene.chat.next_close() == clock.at + timedelta(hours=1)
        await votes(scene, "Ayu", poll, 1)

        clock.at += timedelta(minutes=59, seconds=59)
        await scene.chat.close_due()
        assert not scene.heard(PollTallied)
        clock.at += timedelta(seconds=1)
        await votes(scene, "Budi", poll, 1)  # too late, whoever is slow to close it
        clock.at += timedelta(minutes=5)
        await scene.chat.close_due()
        await scene.chat.close_due()
        await votes(scene, "Ayu", poll, 2)

        (tally,) = scene.told[-1:]
        assert isinstance(tally, PollTallied)
        assert (tally.poll, tally.counts, tally.closed) == (poll, (0, 1, 0), True)
        assert tally.at == clock.at - timedelta(minutes=5)
        assert scene.chat.next_close() is None
        assert words(stands(scene, poll)) == "Ngopi di mana? Senopati 0 Kemang 1 Blok M 0 (closed)"


async def test_what_telegram_would_not_close_by_itself_stays_open(telegram: Scene) -> None:
    for closes_at in (NOW - timedelta(hours=1), NOW + timedelta(seconds=4), NOW + timedelta(days=31)):
        poll = await telegram.send(telegram.here, Message(poll=replace(KOPI, closes_at=closes_at)))
        await votes(telegram, "Ayu", poll, 1)
        assert stands(telegram, poll).counts() == (0, 1, 0)
    assert telegram.chat.next_close() is None


async def test_discord_closes_after_a_day_when_nobody_says(telegram: Scene, discord: Scene) -> None:
    for scene in (telegram, discord):
        await scene.send(scene.here, Message(poll=KOPI))
    assert telegram.chat.next_close() is None
    assert discord.chat.next_close() == NOW + timedelta(days=1)


async def test_the_bot_closes_it(telegram: Scene, discord: Scene) -> None:
    for scene in (telegram, discord):
        poll = await scene.send(scene.here, Message(poll=KOPI))
        await votes(scene, "Ayu", poll, 0)
        assert [await close(scene, poll) for _ in range(2)] == [poll, poll]
        assert [change.kind for change in scene.world.since(0)].count(Kind.CLOSED) == 1
        assert scene.heard(PollTallied)[-1].counts == (1, 0, 0)  # type: ignore[union-attr]
        await votes(scene, "Budi", poll, 0)
        assert stands(scene, poll).counts() == (1, 0, 0)


async def test_only_a_poll_of_its_own_is_closed(telegram: Scene) -> None:
    talk = await telegram.send(telegram.here, "halo")
    gone = await telegram.send(telegram.here, Message(poll=replace(KOPI, open_for=timedelta(hours=1))))
    await telegram.chat.act(Deletes(telegram.here, telegram.person("Ayu").id, gone))
    for id, reason in ((talk, Reason.BAD_MESSAGE), (gone, Reason.MESSAGE_GONE), ("999", Reason.MESSAGE_GONE)):
        with pytest.raises(Refusal) as told:
            await close(telegram, id)
        assert told.value.reason is reason
    assert telegram.chat.next_close() is None


async def test_what_happens_while_nobody_listens_is_not_told(
    telegram: Scene, clock: Clock, make: Callable[[str], Scene]
) -> None:
    poll = await telegram.send(telegram.here, Message(poll=replace(KOPI, open_for=timedelta(hours=1))))
    await telegram.chat.stop()
    clock.at += timedelta(hours=2)
    await telegram.chat.close_due()
    assert telegram.told == []
    assert stands(telegram, poll).closed
    again = PlaygroundChat("telegram", telegram.world, clock)
    await again.start(telegram.listen)
    await again.close_due()
    assert telegram.told == []


async def test_hidden_results_show_once_it_is_closed(telegram: Scene) -> None:
    poll = await telegram.send(telegram.here, Message(poll=replace(KOPI, hides_results=True, note=(Span("Rahasia"),))))
    await votes(telegram, "Ayu", poll, 1)
    assert words(stands(telegram, poll)) == "Ngopi di mana? Senopati Kemang Blok M Rahasia"
    shown = json.loads(json.dumps(change_json(telegram.world.since(0)[-1])))["message"]
    assert shown["plain"] == words(stands(telegram, poll))
    assert [option["votes"] for option in shown["poll"]["options"]] == [None, None, None]

    await close(telegram, poll)
    shown = json.loads(json.dumps(change_json(telegram.world.since(0)[-1])))["message"]
    assert shown["plain"] == "Ngopi di mana? Senopati 0 Kemang 1 Blok M 0 Rahasia (closed)"
    assert ([option["votes"] for option in shown["poll"]["options"]], shown["poll"]["closed"]) == ([0, 1, 0], True)
