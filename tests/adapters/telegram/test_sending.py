"""What the outbox asks for, done on Telegram."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from adapters.telegram.adapter import TelegramChat
from bot.core.chat import ChatError, NotSent, Operation, RateLimited, Reason, Refusal, Unauthorised, Uncertain
from bot.core.events import ButtonPressed, CommandInvoked, ReactionChanged, Where
from bot.core.messages import Button, Message, Span, Style, only, text
from tests.adapters.ears import Ears, State
from tests.adapters.telegram.conftest import Sending, adapter, where_is
from tests.servers.telegram.client import TelegramWorld
from tests.servers.telegram.handles import Group, Person

HELLO = Message(text("Halo"))
CHOICE = Message(text("Pilih"), buttons=((Button("Ya", token="tok-ya"), Button("Tidak", token="tok-tidak")),))


@pytest.fixture
async def group(world: TelegramWorld) -> Group:
    return await world.add_group("Kopi")


@pytest.fixture
async def ayu(world: TelegramWorld, group: Group) -> Person:
    return await world.person("Ayu")


async def refusal(work: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await work
    return caught.value


async def test_a_message_is_shown_with_its_styles(send: Sending, group: Group, ayu: Person) -> None:
    await ayu.says("halo", group)
    words = (Span("Halo "), Span("Ayu", mention=str(ayu.id)), Span(", "), Span("selamat datang", Style.BOLD))
    number = await send.to(group, Message(words))
    seen = await group.hears("Halo Ayu, selamat datang")
    assert str(seen["id"]) == number
    assert [entity["type"] for entity in seen["entities"]] == ["text_mention", "bold"]


async def test_in_a_topic(world: TelegramWorld, send: Sending) -> None:
    forum = await world.add_group("Forum", kind="forum")
    topic = await forum.opens_topic("Resep")
    await send.to(where_is(forum, topic), HELLO)
    assert (await forum.hears("Halo"))["topic"] == topic
    await send.to(where_is(forum, 1), HELLO)
    assert (await forum.hears("Halo", count=2))["topic"] is None


async def test_in_private(send: Sending, ayu: Person) -> None:
    await ayu.starts()
    await send.to(ayu, HELLO)
    await ayu.hears("Halo")


# ------------------------------------------------------------------ answers
async def test_a_command_is_answered_by_a_reply(send: Sending, ears: Ears, group: Group, ayu: Person) -> None:
    asked = await ayu.says("/ping", group)
    command = await ears.hear_one(CommandInvoked)
    await send.to(group, HELLO, command.handle)
    assert (await group.hears("Halo"))["reply_to"] == asked["message_id"]


async def test_it_is_answered_though_the_command_was_deleted(
    send: Sending, ears: Ears, group: Group, ayu: Person
) -> None:
    asked = await ayu.says("/ping", group)
    command = await ears.hear_one(CommandInvoked)
    await ayu.deletes(asked["message_id"], group)
    await send.to(group, HELLO, command.handle)
    assert (await group.hears("Halo"))["reply_to"] is None


async def test_a_command_in_a_group_is_answered_in_private_without_a_reply(
    send: Sending, ears: Ears, group: Group, ayu: Person
) -> None:
    await ayu.starts()
    await ayu.says("/me", group)
    command = (await ears.hear(CommandInvoked, 2))[-1]
    await send.to(ayu, HELLO, command.handle)
    assert (await ayu.hears("Halo"))["reply_to"] is None


class Pressed:
    """Ayu has pressed Ya."""

    def __init__(self, ayu: Person, seen: dict[str, Any], event: ButtonPressed) -> None:
        self.ayu, self.seen, self.handle, self.event = ayu, seen, event.handle, event

    async def answer(self) -> dict[str, Any]:
        return await self.ayu.sees_answer(self.seen)


@pytest.fixture
async def pressed(send: Sending, ears: Ears, group: Group, ayu: Person) -> Pressed:
    await send.to(group, CHOICE)
    await ayu.says("hmm", group)
    seen = await ayu.presses("Ya", group)
    return Pressed(ayu, seen, await ears.hear_one(ButtonPressed))


async def test_a_press_is_told(pressed: Pressed, group: Group, ayu: Person) -> None:
    assert pressed.event.token == "tok-ya"
    assert pressed.event.where == where_is(group)
    assert pressed.event.actor.id == str(ayu.id)
    assert pressed.event.message_id == str(pressed.seen["message"])


async def test_a_short_private_answer_to_a_press_is_a_note(send: Sending, pressed: Pressed, group: Group) -> None:
    number = await send.to(group, Message(text("Tercatat."), only(str(pressed.ayu.id))), pressed.handle)
    assert number == ""
    assert (await pressed.answer())["text"] == "Tercatat."
    assert len(await group.messages()) == 1


async def test_a_public_answer_to_a_press_is_a_message(
    send: Sending, pressed: Pressed, group: Group, world: TelegramWorld
) -> None:
    await send.to(group, HELLO, pressed.handle)
    await group.hears("Halo")
    assert (await pressed.answer())["text"] == ""
    assert (await world.stats())["calls"]["answercallbackquery"] == 1


async def test_a_press_is_answered_once(
    chat: TelegramChat, send: Sending, pressed: Pressed, group: Group, world: TelegramWorld
) -> None:
    await chat.acknowledge(pressed.handle)
    await chat.acknowledge(pressed.handle)
    await send.to(group, HELLO, pressed.handle)
    await group.hears("Halo")
    assert (await world.stats())["calls"]["answercallbackquery"] == 1


async def test_a_press_that_is_too_old_is_nobodys_concern(
    chat: TelegramChat, send: Sending, pressed: Pressed, world: TelegramWorld, group: Group
) -> None:
    await world.advance(1000)
    note = Message(text("Tercatat."), only(str(pressed.ayu.id)))
    assert (await refusal(send.to(group, note, pressed.handle))).reason is Reason.TOO_LATE
    await chat.acknowledge(pressed.handle)


async def test_acknowledging_anything_else_does_nothing(chat: TelegramChat, world: TelegramWorld) -> None:
    await chat.acknowledge("-1001/5/")
    await chat.acknowledge("")
    assert "answercallbackquery" not in (await world.stats())["calls"]


# ------------------------------------------------------------------ to messages that are there
async def test_an_edit(send: Sending, group: Group) -> None:
    number = await send.to(group, CHOICE)
    assert await send.does(Operation.EDIT, group, Message(text("Selesai")), message_id=number) == number
    seen = await group.hears("Selesai")
    assert seen["buttons"] == []


async def test_an_edit_that_changes_nothing_is_no_failure(send: Sending, group: Group) -> None:
    number = await send.to(group, CHOICE)
    assert await send.does(Operation.EDIT, group, CHOICE, message_id=number) == number


async def test_a_deletion(send: Sending, group: Group) -> None:
    number = await send.to(group, HELLO)
    await send.does(Operation.DELETE, group, message_id=number)
    assert await group.messages() == []
    gone = await refusal(send.does(Operation.DELETE, group, message_id=number))
    assert gone.reason is Reason.MESSAGE_GONE


async def test_a_reaction_is_set_and_taken_back(send: Sending, group: Group, ayu: Person) -> None:
    said = await ayu.says("aku bantu", group)
    number = str(said["message_id"])
    for emoji, expected in (("❤️", 1), ("", 0)):
        await send.does(Operation.REACT, group, message_id=number, emoji=emoji)
        (seen,) = await group.messages(by="people")
        assert len(seen["reactions"]) == expected


async def test_a_reaction_that_telegram_does_not_have(send: Sending, group: Group, ayu: Person) -> None:
    said = await ayu.says("aku bantu", group)
    wrong = send.does(Operation.REACT, group, message_id=str(said["message_id"]), emoji="☕")
    assert (await refusal(wrong)).reason is Reason.BAD_MESSAGE


async def test_a_pin(send: Sending, group: Group) -> None:
    number = await send.to(group, HELLO)
    for _ in range(2):
        await send.does(Operation.PIN, group, message_id=number)
    assert (await group.hears("Halo"))["pinned"]


async def test_leaving(send: Sending, group: Group) -> None:
    await send.does(Operation.LEAVE, group)
    assert (await refusal(send.to(group, HELLO))).reason is Reason.GONE


async def test_a_reaction_of_a_member_is_told(send: Sending, ears: Ears, group: Group, ayu: Person) -> None:
    number = await send.to(group, HELLO)
    await ayu.says("hai", group)
    await ayu.reacts("👍", int(number), group)
    assert (await ears.hear_one(ReactionChanged)).message_id == number


# ------------------------------------------------------------------ refusals
@pytest.mark.promise("R23")
@pytest.mark.parametrize(
    ("becomes", "reason"), [("kicked", Reason.GONE), ("left", Reason.GONE), ("restricted", Reason.NO_RIGHT)]
)
async def test_a_group_that_does_not_want_us(send: Sending, group: Group, becomes: str, reason: Reason) -> None:
    await group.bot_becomes(becomes)
    refused = await refusal(send.to(group, HELLO))
    assert refused.reason is reason
    assert refused.reason.pauses


@pytest.mark.promise("R23")
async def test_a_deleted_group(send: Sending, group: Group) -> None:
    await group.becomes(was_deleted=True)
    assert (await refusal(send.to(group, HELLO))).reason is Reason.GONE


@pytest.mark.promise("R23")
@pytest.mark.parametrize("becomes", ["closed", "deleted"])
async def test_a_closed_topic(world: TelegramWorld, send: Sending, becomes: str) -> None:
    forum = await world.add_group("Forum", kind="forum", bot="member")
    topic = await forum.opens_topic("Resep")
    await forum.sets_topic(topic, becomes)
    assert (await refusal(send.to(where_is(forum, topic), HELLO))).reason is Reason.CLOSED


async def test_somebody_who_never_wrote(send: Sending, ayu: Person) -> None:
    assert (await refusal(send.to(ayu, HELLO))).reason is Reason.UNREACHABLE


async def test_somebody_who_blocked_us(send: Sending, ayu: Person) -> None:
    await ayu.starts()
    await ayu.blocks()
    assert (await refusal(send.to(ayu, HELLO))).reason is Reason.UNREACHABLE


@pytest.mark.promise("R10")
async def test_a_group_that_goes_on_under_another_id(world: TelegramWorld, send: Sending) -> None:
    old = await world.add_group("Kopi", kind="group")
    new = await old.migrates(seen=())
    refused = await refusal(send.to(old, HELLO))
    assert (refused.reason, refused.new_group) == (Reason.MIGRATED, str(new.id))
    await send.to(new, HELLO)


async def test_a_message_that_can_not_be_made(send: Sending, group: Group) -> None:
    impossible = Message(text("x"), buttons=((Button("Ya", token="x" * 65),),))
    assert (await refusal(send.to(group, impossible))).reason is Reason.BAD_MESSAGE


async def test_an_empty_message(send: Sending, group: Group) -> None:
    assert (await refusal(send.to(group, Message()))).reason is Reason.BAD_MESSAGE


# ------------------------------------------------------------------ what is not sure
@pytest.mark.promise("R5")
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"retry_after": 3}, RateLimited),
        ({"status": 401}, Unauthorised),
        ({"status": 500}, Uncertain),
        ({"status": 502, "when": "after"}, Uncertain),
        ({"status": 503}, Uncertain),
        ({"status": 504, "when": "after"}, Uncertain),
        ({"kind": "reset", "when": "after"}, Uncertain),
        ({"kind": "reset"}, Uncertain),
        ({"kind": "malformed", "when": "after"}, Uncertain),
    ],
    ids=str,
)
async def test_how_a_failure_is_told(
    world: TelegramWorld, send: Sending, group: Group, fault: dict[str, Any], error: type[ChatError]
) -> None:
    await world.fault("sendMessage", **fault)
    with pytest.raises(ChatError) as caught:
        await send.to(group, HELLO)
    assert type(caught.value) is error
    assert (await world.stats())["calls"]["sendmessage"] == 1  # nothing repeats by itself


async def test_how_long_to_wait_is_told(world: TelegramWorld, send: Sending, group: Group) -> None:
    await world.fault("sendMessage", retry_after=17)
    with pytest.raises(RateLimited) as caught:
        await send.to(group, HELLO)
    assert caught.value.retry_after == 17


@pytest.mark.promise("R5")
async def test_an_answer_that_never_comes_leaves_it_uncertain(world: TelegramWorld, group: Group, state: State) -> None:
    chat = adapter(world, state, send_silence=0.2)
    await world.fault("sendMessage", kind="stall", when="after")
    with pytest.raises(Uncertain):
        await Sending(chat).to(group, HELLO)
    assert len(await group.messages()) == 1
    await chat.stop()


@pytest.fixture
async def nowhere() -> str:
    """An address at which nobody listens."""
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"http://127.0.0.1:{port}"


@pytest.mark.promise("R5")
async def test_without_a_connection_it_is_surely_not_sent(nowhere: str, state: State) -> None:
    chat = TelegramChat("1:x", api_url=nowhere, load_state=state.load, save_state=state.save)
    with pytest.raises(NotSent):
        await Sending(chat).to(Where("telegram", "-5", ""), HELLO)
    await chat.stop()


@pytest.mark.promise("R21")
async def test_one_stalled_chat_delays_no_other(world: TelegramWorld, send: Sending, group: Group) -> None:
    others = [await world.add_group(f"Grup {number}") for number in range(40)]
    await world.fault("sendMessage", kind="stall", chat_id=group.id, times=0)
    stalled = [asyncio.create_task(send.to(group, HELLO)) for _ in range(40)]
    await world.wait("held", count=40)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await asyncio.gather(*(send.to(other, HELLO) for other in others))
    assert loop.time() - begun < 2
    await world.clear_faults()
    await asyncio.gather(*stalled)
