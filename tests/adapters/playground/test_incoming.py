"""What people do is told the way the platform behind a face would tell it."""

from __future__ import annotations

import pytest

from adapters.playground.acts import (
    AddsBot,
    Blocks,
    Deletes,
    IsLetIn,
    Joins,
    Leaves,
    Presses,
    Reacts,
    RemovesBot,
    Says,
    SetsWriting,
    Starts,
    Votes,
)
from adapters.playground.doing import Impossible
from adapters.playground.history import Kind
from bot.core.events import (
    ButtonPressed,
    ChatChanged,
    CommandInvoked,
    GroupChange,
    GroupChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    PollVoted,
    ReactionChanged,
    Standing,
    Where,
)
from bot.core.messages import Message, Poll
from tests.adapters.playground.conftest import Scene


def joins(scene: Scene) -> list[bool | None]:
    return [event.pending for event in scene.told if isinstance(event, MemberJoined)]


async def test_telegram_tells_a_join_twice_in_either_order(telegram: Scene) -> None:
    for name in ("Ayu", "Budi"):
        await telegram.chat.act(Joins(telegram.here, telegram.person(name).id))

    assert joins(telegram) == [None, False, False, None]
    assert len({event.event_id for event in telegram.told}) == 4


async def test_discord_tells_a_join_once(discord: Scene) -> None:
    await discord.chat.act(Joins(discord.here, discord.person("Ayu").id))
    assert joins(discord) == [False]


async def test_who_has_to_be_let_in_waits(telegram: Scene, discord: Scene) -> None:
    for scene in (telegram, discord):
        ayu = scene.person("Ayu").id
        await scene.chat.act(Joins(scene.here, ayu, pending=True))
        await scene.chat.act(IsLetIn(scene.here, ayu))
        await scene.chat.act(IsLetIn(scene.here, ayu))  # they are in already

    assert joins(telegram) == [None, True, False]
    assert joins(discord) == [True, False]


async def test_leaving_and_being_banned(telegram: Scene, discord: Scene) -> None:
    await telegram.chat.act(Leaves(telegram.here, telegram.person("Ayu").id))
    await discord.chat.act(Leaves(discord.here, discord.person("Ayu").id, banned=True))

    assert [event.banned for event in telegram.told if isinstance(event, MemberLeft)] == [False, False]
    assert [event.banned for event in discord.told if isinstance(event, MemberLeft)] == [True]
    assert await discord.chat.standing(discord.here, discord.person("Ayu").id) == Standing(present=False)


@pytest.mark.parametrize(
    ("text", "name", "rest", "addressed"),
    [
        ("/help", "help", "", False),
        ("/Poll new  “Di mana?” A | B ", "poll", "new  “Di mana?” A | B", False),
        ("/help@Guyub now", "help", "now", True),
        ("/welcome\ntext\nmore", "welcome", "text\nmore", False),
    ],
)
async def test_a_command_is_typed(
    text: str, name: str, rest: str, addressed: bool, telegram: Scene, discord: Scene
) -> None:
    for scene in (telegram, discord):
        await scene.chat.act(Says(scene.here, scene.person("Ayu").id, text))

        (event,) = scene.told
        assert isinstance(event, CommandInvoked)
        assert (event.name, event.text, event.addressed, event.options) == (name, rest, addressed, None)


@pytest.mark.parametrize("text", ["halo", "/", "/ help", "see /help", "//help"])
async def test_everything_else_is_talk(text: str, telegram: Scene) -> None:
    await telegram.chat.act(Says(telegram.here, telegram.person("Ayu").id, text))
    (event,) = telegram.told
    assert isinstance(event, MessagePosted)
    assert event.text == text


async def test_another_bots_command_is_not_told(telegram: Scene) -> None:
    assert await telegram.chat.act(Says(telegram.here, telegram.person("Ayu").id, "/help@OtherBot")) == []


async def test_a_reply_names_whom_it_answers(telegram: Scene) -> None:
    question = await telegram.send(telegram.here, "Siapa?")
    await telegram.chat.act(Says(telegram.here, telegram.person("Ayu").id, "saya", reply_to=question))

    (event,) = telegram.told
    assert isinstance(event, MessagePosted)
    assert (event.reply_to, event.reply_to_actor) == (question, telegram.chat.connection().account_id)


async def test_starting_opens_the_private_chat(telegram: Scene) -> None:
    ayu = telegram.person("Ayu").id
    await telegram.chat.act(Starts(telegram.here, ayu, "answer"))

    opened, command = telegram.told
    assert isinstance(opened, ChatChanged)
    assert opened.open
    assert isinstance(command, CommandInvoked)
    assert (command.name, command.text, command.addressed) == ("start", "answer", True)
    assert opened.where == command.where == Where("telegram", "", ayu)


async def test_writing_in_private_opens_it_too_but_once(telegram: Scene) -> None:
    for words in ("halo", "/help"):
        await telegram.chat.act(Says(telegram.private("Ayu"), telegram.person("Ayu").id, words))
    assert [type(event) for event in telegram.told] == [ChatChanged, MessagePosted, CommandInvoked]


async def test_a_private_chat_belongs_to_one_person(telegram: Scene) -> None:
    with pytest.raises(Impossible, match="somebody else's private chat"):
        await telegram.chat.act(Says(telegram.private("Ayu"), telegram.person("Budi").id, "halo"))


async def test_only_telegram_tells_that_the_bot_was_blocked(telegram: Scene, discord: Scene) -> None:
    for scene in (telegram, discord):
        await scene.chat.act(Blocks(scene.here, scene.person("Ayu").id))
    (event,) = telegram.told
    assert isinstance(event, ChatChanged)
    assert not event.open
    assert discord.told == []


async def test_discord_tells_with_a_press_what_somebody_may_do(telegram: Scene, discord: Scene) -> None:
    for scene in (telegram, discord):
        rina = scene.person("Rina")
        scene.world.groups.set_administrator(scene.group, rina, scene.chat._clock.now())
        message = await scene.send(scene.here, "halo")
        await scene.chat.act(Presses(scene.here, rina.id, message, "token"))

    assert [event.actor.standing for event in telegram.heard(ButtonPressed)] == [None]
    assert [event.actor.standing for event in discord.heard(ButtonPressed)] == [Standing(administrator=True)]


async def test_votes_and_reactions_are_told_when_they_change_something(telegram: Scene) -> None:
    ayu = telegram.person("Ayu").id
    poll = await telegram.send(telegram.here, Message(poll=Poll("Di mana?", ("Senopati", "Kemang"))))
    for options in ((1,), (1,), (), ()):
        await telegram.chat.act(Votes(telegram.here, ayu, poll, options))
    for present in (True, True, False, False):
        await telegram.chat.act(Reacts(telegram.here, ayu, poll, "❤️", present))

    assert [event.options for event in telegram.told if isinstance(event, PollVoted)] == [(1,), ()]
    assert [event.present for event in telegram.told if isinstance(event, ReactionChanged)] == [True, False]


async def test_deletions_are_not_told(discord: Scene) -> None:
    message = await discord.send(discord.here, "halo")
    assert await discord.chat.act(Deletes(discord.here, discord.person("Ayu").id, message)) == []
    assert discord.world.board.get(message) is None


async def test_the_bot_comes_and_goes_and_may_write_or_not(telegram: Scene) -> None:
    ayu = telegram.person("Ayu").id
    for act in (RemovesBot(telegram.here, ayu), AddsBot(telegram.here, ayu), SetsWriting(telegram.here, ayu, False)):
        await telegram.chat.act(act)
    changes = [(event.change, event.title) for event in telegram.told if isinstance(event, GroupChanged)]
    assert changes == [(GroupChange.REMOVED, "Kopi"), (GroupChange.ADDED, "Kopi"), (GroupChange.RIGHTS, "Kopi")]


async def test_event_ids_go_on_over_a_restart_of_the_bot(telegram: Scene) -> None:
    ayu = telegram.person("Ayu").id
    await telegram.chat.act(Says(telegram.here, ayu, "satu"))
    await telegram.chat.stop()
    await telegram.chat.act(Says(telegram.here, ayu, "nobody hears this"))
    again = type(telegram.chat)("telegram", telegram.world, telegram.chat._clock)
    await again.start(telegram.listen)
    await again.act(Says(telegram.here, ayu, "dua"))

    assert [event.text for event in telegram.told if isinstance(event, MessagePosted)] == ["satu", "dua"]
    assert len({event.event_id for event in telegram.told}) == 2
    assert len([change for change in telegram.world.since(0) if change.kind is Kind.POSTED]) == 3
