"""What the bot says is taken, shown to nobody else, or refused, as on the platform behind a face."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from adapters.playground.acts import Blocks, Presses, Says, SetsWriting, Starts
from adapters.playground.handles import Handle
from adapters.playground.history import Change, Kind
from adapters.playground.outgoing import plain_text
from adapters.playground.snapshot import change_json
from adapters.playground.world import World
from bot.core.chat import Operation, Outgoing, Reason, Refusal
from bot.core.events import ButtonPressed, CommandInvoked, GroupChange, GroupChanged, Where
from bot.core.messages import Button, Message, Picture, Poll, Span, Style, only, text
from tests.adapters.playground.conftest import NOW, Scene


async def refusal(scene: Scene, where: Where, message: Message | str, handle: str = "") -> Reason:
    with pytest.raises(Refusal) as told:
        await scene.send(where, message, handle)
    assert scene.world.refused[-1][1] is told.value
    return told.value.reason


# ---------------------------------------------------------------- private


async def test_telegram_can_not_write_first(telegram: Scene) -> None:
    ayu = telegram.person("Ayu").id
    assert await refusal(telegram, telegram.private("Ayu"), "halo") is Reason.UNREACHABLE
    await telegram.chat.act(Starts(telegram.here, ayu))
    await telegram.send(telegram.private("Ayu"), "halo")
    await telegram.chat.act(Blocks(telegram.here, ayu))
    assert await refusal(telegram, telegram.private("Ayu"), "halo") is Reason.UNREACHABLE


async def test_discord_can_unless_blocked(discord: Scene) -> None:
    await discord.send(discord.private("Ayu"), "halo")
    await discord.chat.act(Blocks(discord.here, discord.person("Ayu").id))
    assert await refusal(discord, discord.private("Ayu"), "halo") is Reason.UNREACHABLE
    assert await refusal(discord, Where("discord", "", "nobody"), "halo") is Reason.UNREACHABLE


async def test_an_answer_for_one_person_shows_to_nobody_else(discord: Scene) -> None:
    rina = discord.person("Rina").id
    await discord.chat.act(Says(discord.here, rina, "/ping"))
    (command,) = discord.told
    assert isinstance(command, CommandInvoked)

    id = await discord.send(discord.here, Message(text("Pong!"), audience=only(rina)), command.handle)

    posted = discord.world.board.get(id)
    assert posted
    assert posted.visible_to(rina)
    assert not posted.visible_to(discord.person("Budi").id)
    assert not discord.world.snapshot()["messages"][1:]
    assert discord.world.snapshot(rina)["messages"][1]["plain"] == "Pong!"


async def test_telegram_shows_a_presser_a_short_note(telegram: Scene) -> None:
    ayu = telegram.person("Ayu").id
    message = await telegram.send(telegram.here, "halo")
    await telegram.chat.act(Presses(telegram.here, ayu, message, "t"))
    (press,) = telegram.told
    assert isinstance(press, ButtonPressed)

    assert await telegram.send(telegram.here, Message(text("Noted"), audience=only(ayu)), press.handle) == ""

    change = telegram.world.since(0)[-1]
    assert change.message
    assert (change.message.note, change.message.only) == (True, ayu)
    long = Message(text("x" * 201), audience=only(ayu))
    assert await refusal(telegram, telegram.here, long, press.handle) is Reason.BAD_MESSAGE


async def test_a_private_message_is_never_shown_to_more_people(telegram: Scene, discord: Scene) -> None:
    for scene in (telegram, discord):
        ayu, budi = scene.person("Ayu").id, scene.person("Budi").id
        secret = Message(text("for Ayu"), audience=only(ayu))
        assert await refusal(scene, scene.here, secret) is Reason.BAD_MESSAGE
        assert await refusal(scene, scene.here, secret, str(Handle("1", budi))) is Reason.BAD_MESSAGE
        await scene.chat.act(Starts(scene.here, budi))
        assert await refusal(scene, scene.private("Budi"), secret) is Reason.BAD_MESSAGE


async def test_a_command_is_answered_by_a_reply(telegram: Scene) -> None:
    await telegram.chat.act(Says(telegram.here, telegram.person("Ayu").id, "/help"))
    (command,) = telegram.told
    assert isinstance(command, CommandInvoked)
    answer = telegram.world.board.get(await telegram.send(telegram.here, "Begini…", command.handle))
    assert answer
    replied = telegram.world.board.get(answer.reply_to)
    assert replied
    assert plain_text(replied.message) == "/help"


# ---------------------------------------------------------------- places


async def test_where_it_may_not_write_or_is_not(telegram: Scene) -> None:
    ayu = telegram.person("Ayu").id
    topic = Where("telegram", "-100", "topic:42")
    await telegram.chat.act(SetsWriting(topic, ayu, allowed=False))
    assert await refusal(telegram, topic, "halo") is Reason.NO_RIGHT
    await telegram.send(telegram.here, "halo")
    assert [problem.code for problem in (await telegram.chat.facts(telegram.here)).problems] == ["cannot_write"]
    await telegram.chat.act(SetsWriting(telegram.here, ayu, allowed=False))
    assert await refusal(telegram, Where("telegram", "-100", "topic:7"), "halo") is Reason.NO_RIGHT
    assert await refusal(telegram, Where("telegram", "-999", ""), "halo") is Reason.GONE


async def test_after_leaving_it_is_gone_and_told_so(discord: Scene) -> None:
    await discord.chat.perform(Outgoing(Operation.LEAVE, discord.here, Message(), "n"))
    (event,) = discord.told
    assert isinstance(event, GroupChanged)
    assert event.change is GroupChange.REMOVED
    assert await refusal(discord, discord.here, "halo") is Reason.GONE


# ---------------------------------------------------------------- content


@pytest.mark.parametrize(
    ("message", "telegram_takes_it", "discord_takes_it"),
    [
        (Message(), False, False),
        (Message(text(" \n ")), False, False),
        (Message(text("x" * 2000)), True, True),
        (Message(text("x" * 2001)), True, False),
        (Message(text("x" * 4097)), False, False),
        (Message(text("😀" * 2049)), False, False),
        (Message(text("x"), buttons=((Button("Ya", token="t"),),)), True, True),
        (Message(text("x"), buttons=((Button("Ya"),),)), False, False),
        (Message(text("x"), buttons=((Button("Ya", token="t" * 65),),)), False, True),
        (Message(text("x"), buttons=((Button("y" * 65, url="https://a.example"),),)), False, True),
        (Message(text("x"), buttons=((Button("Ya", token="t"),) * 6,)), False, False),
        (Message(text("x"), buttons=((Button("Ya", token="t"),),) * 6), True, False),
        (Message(poll=Poll("Di mana?", ("A", "B"))), True, True),
        (Message(poll=Poll("Di mana?", ("A", ""))), False, False),
    ],
)
async def test_what_is_too_much_is_refused(
    message: Message, telegram_takes_it: bool, discord_takes_it: bool, telegram: Scene, discord: Scene
) -> None:
    for scene, takes_it in ((telegram, telegram_takes_it), (discord, discord_takes_it)):
        if takes_it:
            assert await scene.send(scene.here, message)
        else:
            assert await refusal(scene, scene.here, message) is Reason.BAD_MESSAGE


def test_as_plain_text() -> None:
    buttons = ((Button("Ya"), Button("Tidak")), (Button("Buka", url="https://a.example"),))
    message = Message((Span("Halo "), Span("Ayu", Style.BOLD), Span("!\n\n  Apa kabar?")), buttons=buttons)
    assert plain_text(message) == "Halo Ayu! Apa kabar? [Ya] [Tidak] [Buka]"
    assert plain_text(Message(poll=Poll("Di mana?", ("A", "B"))), (2, 0)) == "Di mana? A 2 B 0"
    assert plain_text(Message(picture=Picture(b"", "a chart"))) == "a chart"


# ---------------------------------------------------------------- later


async def test_edit_delete_react_pin(telegram: Scene) -> None:
    id = await telegram.send(telegram.here, "satu")
    edits = [
        Outgoing(Operation.EDIT, telegram.here, Message(text("dua")), "n2", message_id=id),
        Outgoing(Operation.REACT, telegram.here, Message(), "n3", message_id=id, emoji="👍"),
        Outgoing(Operation.PIN, telegram.here, Message(), "n4", message_id=id),
    ]
    for edit in edits:
        await telegram.chat.perform(edit)
    posted = telegram.world.board.get(id)
    assert posted
    assert (plain_text(posted.message), posted.edited, posted.pinned, list(posted.reactions)) == (
        "dua", True, True, ["👍"],
    )  # fmt: skip
    await telegram.chat.perform(Outgoing(Operation.DELETE, telegram.here, Message(), "n5", message_id=id))
    for edit in edits:
        with pytest.raises(Refusal) as told:
            await telegram.chat.perform(edit)
        assert told.value.reason is Reason.MESSAGE_GONE


async def test_nobody_elses_message_is_edited(telegram: Scene) -> None:
    await telegram.chat.act(Says(telegram.here, telegram.person("Ayu").id, "punyaku"))
    with pytest.raises(Refusal) as told:
        await telegram.chat.perform(Outgoing(Operation.EDIT, telegram.here, Message(text("x")), "n", message_id="1"))
    assert told.value.reason is Reason.NO_RIGHT


async def test_discord_knows_a_repeat_by_its_nonce(telegram: Scene, discord: Scene) -> None:
    for scene, repeats in ((telegram, False), (discord, True)):
        first, second = [await scene.send(scene.here, "halo", nonce="n") for _ in range(2)]
        assert (first == second) is repeats


# ---------------------------------------------------------------- for pages


async def test_whoever_listens_is_told_every_change(telegram: Scene) -> None:
    told: list[Change] = []
    end = telegram.world.subscribe(told.append)
    await telegram.send(telegram.here, "halo")
    end()
    await telegram.send(telegram.here, "not told")

    (change,) = told
    assert change.kind is Kind.POSTED
    assert change.number == telegram.world.snapshot()["number"] - 1
    assert [later.number for later in telegram.world.since(change.number)] == [change.number + 1]


async def test_everything_can_be_written_as_json(telegram: Scene) -> None:
    ayu = telegram.person("Ayu").id
    await telegram.chat.act(Starts(telegram.here, ayu))
    picture = Message(text("x"), picture=Picture(b"png", "chart"), buttons=((Button("Ya", token="t"),),))
    await telegram.send(telegram.here, picture)
    await telegram.send(telegram.here, Message(poll=Poll("Di mana?", ("A", "B"))))

    shown = json.loads(json.dumps(telegram.world.snapshot(ayu)))
    changes = [json.loads(json.dumps(change_json(change))) for change in telegram.world.since(0)]
    assert shown["messages"][-1]["poll"]["options"] == [{"text": "A", "votes": 0}, {"text": "B", "votes": 0}]
    assert shown["groups"][0]["title"] == "Kopi"
    assert changes[-1]["message"] == shown["messages"][-1]


def test_people_keep_their_ids_in_a_new_world_and_its_other_ids_differ(make: Callable[[str, World], Scene]) -> None:
    one, two = make("telegram", World("a")), make("telegram", World("b"))
    assert one.person("Ayu").id == two.person("Ayu").id
    assert one.world.next_event_id() != two.world.next_event_id()
    posts = [scene.world.board.post(scene.here, scene.person("Ayu"), NOW, Message(text("x"))) for scene in (one, two)]
    assert posts[0].id != posts[1].id
