"""A picture comes with a post, an answer, a follow-up, in private; and an edit keeps, changes or removes it."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator

import pytest

from adapters.discord.adapter import DiscordChat
from bot.core.chat import Operation, Outgoing, Refusal
from bot.core.commands import Command
from bot.core.events import ButtonPressed, CommandInvoked
from bot.core.messages import Button, Message, Picture, only, text
from tests.adapters.contract import never
from tests.adapters.discord.conftest import Bot, sending, where_is
from tests.adapters.ears import Ears, until
from tests.servers.discord import Channel, DiscordWorld, Guild, Person

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CHART = Picture(PNG, "Tea 3, coffee 2")
LARGER = Picture(PNG + b"\0" * 1000, "Tea 4, coffee 2")
ROWS = ((Button("Chart", token="t1"),),)
RESULT = Message(text("Tea wins"), buttons=ROWS, picture=CHART)

Shown = list[tuple[str, str | None, int]]


async def pictures(channel: Channel) -> list[Shown]:
    """What each message of the bot shows: the kind of file, its description, its size."""
    return [
        [(file["content_type"], file["description"], file["size"]) for file in post.raw["attachments"]]
        for post in await channel.messages(by_bot=True)
    ]


def shows(*shown: Picture) -> Shown:
    return [("image/png", picture.description, len(picture.data)) for picture in shown]


@pytest.fixture
async def chat(bot: Bot, kopi: Guild) -> AsyncIterator[DiscordChat]:
    async with bot.runs() as chat:
        await chat.publish_commands([Command("results", "What came out", never, everywhere=True)])
        yield chat


@pytest.fixture
async def ayu(dc: DiscordWorld, kopi: Guild) -> Person:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    return ayu


async def test_with_a_post_and_its_buttons(chat: DiscordChat, kopi: Guild) -> None:
    await chat.perform(sending(kopi["general"], RESULT))
    [post] = await kopi["general"].posts()
    assert (post.text, post.buttons, post.nonce) == ("Tea wins", ("Chart",), "n-1")
    assert await pictures(kopi["general"]) == [shows(CHART)]


async def test_alone(chat: DiscordChat, kopi: Guild) -> None:
    await chat.perform(sending(kopi["general"], Message(picture=CHART)))
    assert [post.text for post in await kopi["general"].posts()] == [""]


@pytest.mark.promise("R4")
async def test_a_repeat_does_not_double_it(chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
    await dc.trouble.rate_limits(retry_after=0.05)
    first = await chat.perform(sending(kopi["general"], RESULT))
    assert await chat.perform(sending(kopi["general"], RESULT)) == first
    assert await pictures(kopi["general"]) == [shows(CHART)]


async def test_as_an_answer_and_as_a_further_one(chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
    act = await ayu.slash(kopi["general"], "results")
    handle = (await ears.hear_one(CommandInvoked)).handle
    for nonce, picture in (("a", CHART), ("a", CHART), ("b", LARGER)):
        message = Message(text("Tea wins"), only(str(ayu.id)), ROWS, picture=picture)
        await chat.perform(sending(kopi["general"], message, nonce=nonce, handle=handle))
    answer = await act.answer()
    assert [(said["content"], said["ephemeral"]) for said in answer.messages] == [("Tea wins", True)] * 2
    assert answer.buttons == ("Chart",)
    assert await pictures(kopi["general"]) == [shows(CHART), shows(LARGER)]


async def test_after_a_press_for_the_presser_alone(chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
    await chat.perform(sending(kopi["general"], Message(text("Tea wins"), buttons=ROWS)))
    await ayu.presses(kopi["general"], "Chart")
    handle = (await ears.hear_one(ButtonPressed)).handle
    message = Message(text("Here"), only(str(ayu.id)), picture=CHART)
    await chat.perform(sending(kopi["general"], message, nonce="n-2", handle=handle))
    said = await kopi["general"].messages(by_bot=True)
    assert [post.ephemeral for post in said] == [False, True]
    assert await pictures(kopi["general"]) == [[], shows(CHART)]


async def test_in_private(chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
    await chat.perform(sending(ayu, RESULT))
    await ayu.slash(await ayu.dm(), "results")
    handle = (await ears.hear_one(CommandInvoked)).handle
    await chat.perform(sending(ayu, RESULT, nonce="n-2", handle=handle))
    assert await pictures(await ayu.dm()) == [shows(CHART)] * 2


class TestChanging:
    @pytest.mark.parametrize(("before", "after"), [(CHART, LARGER), (CHART, CHART), (CHART, None), (None, CHART)])
    async def test_a_post(self, chat: DiscordChat, kopi: Guild, before: Picture | None, after: Picture | None) -> None:
        id = await chat.perform(sending(kopi["general"], Message(text("1"), buttons=ROWS, picture=before)))
        message = Message(text("2"), buttons=ROWS, picture=after)
        edit = Outgoing(Operation.EDIT, where_is(kopi["general"]), message, "n-2", message_id=id)
        await chat.perform(edit)
        await chat.perform(edit)
        [post] = await kopi["general"].posts()
        assert (post.text, post.buttons) == ("2", ("Chart",))
        assert await pictures(kopi["general"]) == [shows(after) if after else []]

    async def test_what_was_pressed(self, chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
        await chat.perform(sending(kopi["general"], RESULT))
        for label, message in (
            ("Chart", Message(text("2"), buttons=ROWS, picture=LARGER)),
            ("Chart", Message(text("3"))),
        ):
            await ayu.presses(kopi["general"], label)
            handle = (await ears.hear_one(ButtonPressed)).handle
            where = where_is(kopi["general"])
            await chat.perform(Outgoing(Operation.EDIT, where, message, "n-2", handle=handle))
            assert await pictures(kopi["general"]) == [shows(message.picture) if message.picture else []]
            ears.events.clear()


async def test_where_files_are_not_allowed_the_channel_is_not_silenced(chat: DiscordChat, kopi: Guild) -> None:
    await kopi["general"].denies_bot("attach_files")
    channel = chat._guild(str(kopi.id)).get_channel(kopi["general"].id)
    assert channel is not None
    await until(lambda: not channel.permissions_for(channel.guild.me).attach_files)
    with pytest.raises(Refusal) as caught:
        await chat.perform(sending(kopi["general"], RESULT))
    assert not caught.value.reason.pauses
    await chat.perform(sending(kopi["general"], Message(text("Tea wins")), nonce="n-2"))
