"""People vote in scripts: on the platforms' own polls, on buttons however they are labelled, wherever they may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from bot.core.chat import Operation, Outgoing
from bot.core.events import ButtonPressed, Event, PollTallied, PollVoted, Where
from bot.core.messages import Button, Message, Poll, text
from bot.core.stores import Outages
from tests.driver import Conversation, conversation

KOPI = Poll("Ngopi di mana?", ("Senopati", "Kemang", "Blok M"))
FACES = ("telegram", "discord")
_numbers = count(1)


async def says(talk: Conversation, where: Where, message: Message) -> str:
    """The bot itself, without being asked."""
    chat = talk.stage.chats[where.platform]
    return await chat.perform(Outgoing(Operation.SEND, where, message, f"test-{next(_numbers)}"))


def group(talk: Conversation, face: str) -> Where:
    return next(home.main_place for home in talk.stage.scene.community.groups if home.platform == face)


def choices(*labels: str) -> Message:
    """Each label is its button's token, too."""
    rows = tuple((Button(label, token=label[:30]),) for label in labels)
    return Message(text("Ngopi di mana?"), buttons=rows)


def heard(talk: Conversation) -> list[Event]:
    """From now on."""
    events: list[Event] = []
    talk.stage.watch = events.append
    return events


def votes(talk: Conversation, poll: str) -> list[tuple[int, ...]]:
    posted = talk.stage.world.board.get(poll)
    assert posted
    return sorted(posted.votes.values())


# ---------------------------------------------------------------- the platforms' own polls


@pytest.mark.parametrize("face", FACES)
async def test_a_vote_is_given_changed_and_taken_back(face: str) -> None:
    async with conversation() as talk:
        ayu, budi = talk.person("Ayu"), talk.person("Budi")
        poll = await says(talk, group(talk, face), Message(poll=KOPI))

        await ayu.votes(face, "Kemang")
        await budi.votes(face, "Blok M")
        await ayu.votes(face, "Senopati")
        await budi.takes_back_the_vote(face)
        await budi.takes_back_the_vote(face)
        await budi.votes(face, "Kem")

        assert votes(talk, poll) == [(0,)]


@pytest.mark.parametrize("face", FACES)
async def test_where_several_may_be_chosen_each_vote_adds_one(face: str) -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        poll = await says(talk, group(talk, face), Message(poll=replace(KOPI, multiple=True)))
        for option in ("Blok M", "Senopati", "Blok M"):
            await ayu.votes(face, option)
        assert votes(talk, poll) == [(0, 2)]


async def test_the_newest_poll_with_that_option_is_meant() -> None:
    async with conversation() as talk:
        where = group(talk, "telegram")
        old = await says(talk, where, Message(poll=KOPI))
        new = await says(talk, where, Message(poll=Poll("Kapan?", ("Pagi", "Sore"))))
        for option in ("Pagi", "Kemang"):
            await talk.person("Ayu").votes("telegram", option)
        assert (votes(talk, old), votes(talk, new)) == ([(1,)], [(0,)])


@pytest.mark.parametrize("face", FACES)
async def test_a_poll_closes_on_time_and_is_heard_once_more(face: str) -> None:
    async with conversation() as talk:
        ayu, place = talk.person("Ayu"), talk.place(face)
        poll = await says(talk, group(talk, face), Message(poll=replace(KOPI, open_for=timedelta(hours=2))))
        await ayu.votes(face, "Kemang")
        events = heard(talk)
        closes_at = talk.clock.now() + timedelta(hours=2)

        await talk.clock.advance(minutes=119)
        place.does_not_show("…(closed)")
        await talk.clock.advance(days=1)
        place.shows("Ngopi di mana? Senopati 0 Kemang 1 Blok M 0 (closed)")
        await talk.person("Budi").votes(face, "Kemang")
        await ayu.takes_back_the_vote(face)

        (tally,) = [event for event in events if isinstance(event, PollTallied)]
        assert (tally.poll, tally.counts, tally.at) == (poll, (0, 1, 0), closes_at)
        assert not [event for event in events if isinstance(event, PollVoted)]
        assert votes(talk, poll) == [(1,)]


async def test_a_poll_closes_though_the_bot_is_down() -> None:
    async with conversation() as talk:
        poll = await says(talk, group(talk, "telegram"), Message(poll=replace(KOPI, open_for=timedelta(hours=1))))
        events = heard(talk)
        await talk.goes_offline(hours=2)
        await talk.person("Ayu").votes("telegram", "Kemang")
        assert votes(talk, poll) == []
        assert not [event for event in events if isinstance(event, PollTallied | PollVoted)]


async def test_people_go_on_while_the_bot_is_down() -> None:
    async with conversation() as talk:
        ayu, budi = talk.person("Ayu"), talk.person("Budi")
        await ayu.joins("discord")
        poll = await says(talk, group(talk, "discord"), Message(poll=KOPI))
        events = heard(talk)
        begin = talk.clock.now()
        async with talk.is_offline():
            await budi.votes("discord", "Kemang")
            await talk.clock.advance(hours=1)
            await ayu.leaves("discord")
            await talk.clock.reaches(begin + timedelta(hours=3))
        assert votes(talk, poll) == [(1,)]
        assert not [event for event in events if isinstance(event, PollVoted)]
        assert await talk.stage.chats["discord"].members(group(talk, "discord"), [account(talk, "Ayu")]) == frozenset()

        await talk.person("Rina", manager=True).says("discord", "/ping")
        talk.place("discord").shows("Pong!…")


def account(talk: Conversation, name: str) -> str:
    return talk.stage.world.people.named("discord", name).id


async def test_in_a_private_chat_its_newest_poll_is_meant() -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await ayu.starts("telegram")
        where = Where("telegram", "", talk.stage.world.people.named("telegram", "Ayu").id)
        in_group = await says(talk, group(talk, "telegram"), Message(poll=KOPI))
        alone = await says(talk, where, Message(poll=KOPI))
        await says(talk, group(talk, "telegram"), choices("Kemang"))
        events = heard(talk)

        await ayu.votes("telegram@Ayu", "Kemang")
        assert (votes(talk, in_group), votes(talk, alone)) == ([], [(1,)])
        assert [event.where for event in events if isinstance(event, PollVoted)] == [where]


# ---------------------------------------------------------------- buttons


@pytest.mark.parametrize(
    ("labels", "option", "pressed"),
    [
        (["Senopati", "Kemang"], "Kemang", "Kemang"),
        (["Senopati · 2", "Kemang · 0"], "Kemang", "Kemang · 0"),
        (["1. Senopati", "2. Kemang"], "Kemang", "2. Kemang"),
        (["1) Senopati 2", "2) Kemang 0"], "Kemang", "2) Kemang 0"),
        (["1. Kemang", "2. 1. Kemang"], "1. Kemang", "1. Kemang"),
        (["Kopi susu · 3", "Kopi · 1"], "Kopi", "Kopi · 1"),
        (["Kopi susu · 3", "Kopi · 1"], "Kopi susu", "Kopi susu · 3"),
        (["1. Kopi susu gula aren", "2. Kopi"], "Kopi", "2. Kopi"),
        (["Di Senopati, yang buk… 4", "Di Kemang, yang bar… 2"], "Di Kemang, yang baru itu", "Di Kemang, yang bar… 2"),
        (["2. Di Senop…", "3. Di Kema…"], "Di Kemang, yang baru itu", "3. Di Kema…"),
        (["Kopi…", "Kopi susu gu…"], "Kopi susu gula aren", "Kopi susu gu…"),
        (["Kemangi", "Kem"], "Kemang", None),
        (["…", "1. "], "Kemang", None),
        (["17.00", "18.00"], "18.00", "18.00"),
    ],
)
async def test_an_option_is_found_on_its_button(labels: list[str], option: str, pressed: str | None) -> None:
    async with conversation() as talk:
        await says(talk, group(talk, "telegram"), choices(*labels))
        events = heard(talk)
        await talk.person("Ayu").votes("telegram", option)
        told = [event.token for event in events if isinstance(event, ButtonPressed)]
        assert told == ([pressed] if pressed else [])


@pytest.mark.parametrize("label", ["Take back my vote", "Take back", "Tarik suaraku", "Tarik suara saya"])
async def test_a_vote_by_button_is_taken_back_by_button(label: str) -> None:
    async with conversation() as talk:
        where = group(talk, "discord")
        await says(talk, where, choices("Senopati", label))
        await says(talk, where, Message(text("x"), buttons=((Button(label, token="newest"),),)))
        await says(talk, where, choices("Senopati", "Kemang"))
        events = heard(talk)
        await talk.person("Ayu").takes_back_the_vote("discord")
        assert [event.token for event in events if isinstance(event, ButtonPressed)] == ["newest"]


async def test_where_there_is_nothing_to_take_back_nothing_happens() -> None:
    async with conversation() as talk:
        await says(talk, group(talk, "telegram"), choices("Senopati", "Kemang"))
        await says(talk, group(talk, "telegram"), Message(poll=KOPI))
        events = heard(talk)
        await talk.person("Ayu").takes_back_the_vote("telegram")
        assert events == []


# ---------------------------------------------------------------- replies and outages


async def test_an_older_message_is_replied_to_by_what_it_says() -> None:
    async with conversation() as talk:
        poll = await says(talk, group(talk, "telegram"), Message(poll=KOPI))
        await says(talk, group(talk, "telegram"), Message(text("Halo")))
        ayu = talk.person("Ayu")
        await ayu.replies("telegram", "Guyub", "setuju", saying="Ngopi…")
        posted = talk.stage.world.board.newest(lambda posted: posted.author.name == "Ayu")
        assert posted
        assert posted.reply_to == poll
        with pytest.raises(AssertionError, match="no message by Guyub"):
            await ayu.replies("telegram", "Guyub", "setuju", saying="…teh…")


async def outages(talk: Conversation) -> set[tuple[str, timedelta]]:
    program, now = talk.stage.program, talk.clock.now()
    found = await program.database.run(lambda unit: unit.store(Outages).between(now - timedelta(days=9), now), now)
    return {(outage.platform, outage.end - outage.start) for outage in found}


async def test_time_that_runs_is_no_outage_and_being_offline_is_one() -> None:
    async with conversation() as talk:
        await talk.clock.advance(hours=2)
        await talk.restarts()
        await talk.clock.advance(days=2)
        assert await outages(talk) == set()
        await talk.goes_offline(hours=2)
        assert await outages(talk) == {("telegram", timedelta(hours=2)), ("discord", timedelta(hours=2))}
        async with talk.is_offline():
            await talk.clock.advance(minutes=30)
        await talk.clock.advance(hours=2)
        assert len(await outages(talk)) == 4
