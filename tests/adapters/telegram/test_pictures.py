"""Pictures with their words, times, and what is done where either isn't taken."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from bot.core.chat import Operation, Reason, Refusal
from bot.core.messages import Button, Message, Picture, Span, text
from tests.adapters.telegram.conftest import Sending, where_is
from tests.servers.telegram.client import TelegramWorld
from tests.servers.telegram.handles import Group

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CHART = Picture(PNG, "Senopati 12, Kemang 8")
BUTTONS = ((Button("Ya", token="tok-ya"),),)
RESULT = "Senopati 12 (40%)\n" * 80
WHEN = Span("Jum 17.00 WIB", moment=datetime(2026, 11, 27, 10, 0, tzinfo=UTC))
OLD_SERVER = "Bad Request: can't parse MessageEntity: Unsupported type specified"


@pytest.fixture
async def group(world: TelegramWorld) -> Group:
    return await world.add_group("Kopi")


async def test_a_picture_with_more_words_than_fit_under_it(send: Sending, group: Group) -> None:
    await send.to(group, Message(text(RESULT), picture=CHART, buttons=BUTTONS))
    seen = await group.hears("Senopati…")
    assert seen["file"]["size"] == len(PNG)
    assert 900 < len(seen["text"]) <= 1024
    assert seen["text"].endswith("(40%)\n…")
    assert [button["text"] for row in seen["buttons"] for button in row] == ["Ya"]


async def test_in_a_topic_and_in_private(world: TelegramWorld, send: Sending) -> None:
    forum, ayu = await world.add_group("Forum", kind="forum"), await world.person("Ayu")
    topic = await forum.opens_topic("Acara")
    await ayu.starts()
    await send.to(where_is(forum, topic), Message(text("Hasil"), picture=CHART))
    await send.to(ayu, Message(text("Hasil"), picture=CHART))
    seen = await forum.hears("Hasil")
    assert (seen["topic"], seen["file"]["type"]) == (topic, "image/png")
    assert (await ayu.hears("Hasil"))["file"]["size"] == len(PNG)


async def test_a_picture_is_exchanged(send: Sending, group: Group) -> None:
    number = await send.to(group, Message(text("Hasil"), picture=CHART))
    other = Message(text("Hasil akhir"), picture=Picture(PNG + b"\0", "lain"), buttons=BUTTONS)
    await send.does(Operation.EDIT, group, other, message_id=number)
    seen = await group.hears("Hasil akhir [Ya]")
    assert seen["file"]["size"] == len(PNG) + 1


async def test_a_text_that_gets_a_picture_keeps_what_fits(send: Sending, group: Group) -> None:
    number = await send.to(group, Message(text(RESULT)))
    await send.does(Operation.EDIT, group, Message(text(RESULT), picture=CHART), message_id=number)
    seen = await group.hears("Senopati…")
    assert (seen["message"].get("text"), seen["text"][:17]) == (None, "Senopati 12 (40%)")
    assert "photo" in seen["message"]


async def test_a_picture_that_gets_words_only_keeps_them_and_stays(send: Sending, group: Group) -> None:
    number = await send.to(group, Message(text("Hasil"), picture=CHART, buttons=BUTTONS))
    for _ in range(2):
        assert await send.does(Operation.EDIT, group, Message(text("Hasil akhir")), message_id=number) == number
    seen = await group.hears("Hasil akhir")
    assert ("photo" in seen["message"], seen["buttons"]) == (True, [])


@pytest.mark.parametrize("words", ["Hasil", ""])
async def test_a_group_that_takes_no_pictures_gets_the_words(world: TelegramWorld, send: Sending, words: str) -> None:
    group = await world.add_group("Kopi", bot="member", permissions={"can_send_photos": False})
    message = Message(text(words), picture=CHART)
    number = await send.to(group, message)
    await group.hears(words or CHART.description)
    await send.does(Operation.EDIT, group, Message(text("Akhir"), picture=CHART), message_id=number)
    await group.hears("Akhir")


async def test_a_group_that_takes_nothing_says_so(world: TelegramWorld, send: Sending) -> None:
    closed = {"can_send_photos": False, "can_send_messages": False}
    group = await world.add_group("Kopi", bot="member", permissions=closed)
    with pytest.raises(Refusal) as caught:
        await send.to(group, Message(text("Hasil"), picture=CHART))
    assert caught.value.reason is Reason.NO_RIGHT


async def test_a_gone_message_gets_no_picture(send: Sending, group: Group) -> None:
    number = await send.to(group, Message(text("Hasil")))
    await send.does(Operation.DELETE, group, message_id=number)
    with pytest.raises(Refusal) as caught:
        await send.does(Operation.EDIT, group, Message(text("Hasil"), picture=CHART), message_id=number)
    assert caught.value.reason is Reason.MESSAGE_GONE


# ------------------------------------------------------------------ times
async def test_a_time_is_shown_in_the_reader_s_zone(send: Sending, group: Group) -> None:
    number = await send.to(group, Message((Span("Tutup "), WHEN)))
    [mark] = (await group.hears("Tutup Jum 17.00 WIB"))["entities"]
    assert (mark["type"], mark["offset"], mark["unix_time"]) == ("date_time", 6, 1795773600)
    await send.does(Operation.EDIT, group, Message((WHEN,), picture=CHART), message_id=number)
    [mark] = (await group.hears("Jum 17.00 WIB"))["entities"]
    assert (mark["type"], mark["offset"]) == ("date_time", 0)


async def test_a_server_that_knows_no_times_gets_the_words(world: TelegramWorld, send: Sending, group: Group) -> None:
    await world.fault("sendMessage", status=400, description=OLD_SERVER)
    number = await send.to(group, Message((Span("Tutup "), WHEN)))
    assert (await group.hears("Tutup Jum 17.00 WIB"))["entities"] == []
    await send.does(Operation.EDIT, group, Message((Span("Buka "), WHEN)), message_id=number)
    assert (await group.hears("Buka Jum 17.00 WIB"))["entities"] == []
    assert (await world.stats())["calls"]["editmessagetext"] == 1  # it isn't tried again and again


async def test_another_mistake_in_a_message_with_a_time_is_told(
    world: TelegramWorld, send: Sending, group: Group
) -> None:
    await world.fault("sendMessage", status=400, description="Bad Request: BUTTON_DATA_INVALID")
    with pytest.raises(Refusal):
        await send.to(group, Message((WHEN,)))
    assert (await world.stats())["calls"]["sendmessage"] == 1
