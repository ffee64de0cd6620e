"""What the outbox asks for happens on Discord, once; and what Discord says no to is told in the port's words."""

from __future__ import annotations

import asyncio
import base64

import pytest

from adapters.discord.adapter import DiscordChat
from bot.core.chat import NotSent, Operation, Outgoing, Problem, RateLimited, Reason, Refusal, Uncertain
from bot.core.events import Standing, Where
from bot.core.messages import Button, Message, Picture, Span, Style, text
from tests.adapters.discord.conftest import Bot, sending, where_is
from tests.adapters.ears import until
from tests.servers.discord import DiscordWorld, Guild

HALO = Message(text("Halo"))
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def asked(operation: Operation, where: Where, message: Message = HALO, **more: str) -> Outgoing:
    return Outgoing(operation, where, message, "n-2", **more)


async def refused(chat: DiscordChat, outgoing: Outgoing) -> Reason:
    with pytest.raises(Refusal) as caught:
        await chat.perform(outgoing)
    return caught.value.reason


async def test_a_post_is_shown_with_styles_and_buttons(chat: DiscordChat, kopi: Guild) -> None:
    words = (Span("Halo "), Span("Ayu", Style.BOLD), Span(" *_* "), Span("aturan", link="https://kopi.example/a b"))
    rows = ((Button("Mulai", token="t1"), Button("Situs", url="https://kopi.example")),)
    id = await chat.perform(sending(kopi["general"], Message(words, buttons=rows)))
    [post] = await kopi["general"].posts()
    assert str(post.id) == id
    assert post.text == r"Halo **Ayu** \*\_\* [aturan](<https://kopi.example/a%20b>)"
    assert post.buttons == ("Mulai", "Situs")
    assert post.pings == ()


async def test_without_a_channel_it_is_said_where_the_bot_may_write(chat: DiscordChat, kopi: Guild) -> None:
    await chat.perform(sending(kopi, HALO))
    await kopi["general"].denies_bot("send_messages")
    await asyncio.sleep(0)
    for _ in range(100):  # until the gateway has told of it
        if (await chat.facts(where_is(kopi["general"]))).problems:
            break
        await asyncio.sleep(0.01)
    await chat.perform(sending(kopi, HALO, nonce="n-3"))
    assert len(await kopi["general"].posts()) == len(await kopi["helpers"].posts()) == 1


async def test_a_reply_and_a_picture(chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    id = await ayu.says(kopi["general"], "Apa kabar?")
    message = Message(text("Baik"), reply_to=str(id), picture=Picture(PNG, "bagan"))
    await chat.perform(sending(kopi["general"], message))
    [post] = await kopi["general"].posts()
    assert post.raw["reply_to"] == str(id)
    assert [picture["filename"] for picture in post.raw["attachments"]] == ["picture.png"]
    assert post.pings == ()  # not even the one replied to


async def test_private_messages_go_to_the_person(chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
    ayu, budi = await dc.person("Ayu"), await dc.person("Budi", dms_open=False)
    await ayu.joins(kopi)
    await budi.joins(kopi)
    id = await chat.perform(sending(ayu, HALO))
    await chat.perform(asked(Operation.EDIT, where_is(ayu), Message(text("Hai")), message_id=id))
    assert [post.text for post in await (await ayu.dm()).posts()] == ["Hai"]
    assert await refused(chat, sending(budi, HALO)) is Reason.UNREACHABLE


async def test_edits_reactions_pins_and_deletions(chat: DiscordChat, kopi: Guild) -> None:
    general = where_is(kopi["general"])
    rows = ((Button("Mulai", token="t1"),),)
    id = await chat.perform(sending(kopi["general"], Message(text("Halo"), buttons=rows)))
    await chat.perform(asked(Operation.EDIT, general, Message(text("Hai")), message_id=id))
    await chat.perform(asked(Operation.REACT, general, message_id=id, emoji="☕"))
    await chat.perform(asked(Operation.PIN, general, message_id=id))
    post = (await kopi["general"].posts())[0]
    assert (post.text, post.buttons, post.raw["pinned"], list(post.raw["reactions"])) == ("Hai", (), True, ["☕"])
    await chat.perform(asked(Operation.DELETE, general, message_id=id))
    assert str(id) not in [str(post.id) for post in await kopi["general"].posts()]
    assert await refused(chat, asked(Operation.EDIT, general, message_id=id)) is Reason.MESSAGE_GONE


async def test_it_leaves_a_group(chat: DiscordChat, kopi: Guild) -> None:
    await chat.perform(asked(Operation.LEAVE, where_is(kopi)))
    assert not (await kopi.truth())["bot_inside"]


class TestAnswersOfDiscord:
    @pytest.mark.promise("R23")
    async def test_places_where_nothing_can_be_said(self, chat: DiscordChat, kopi: Guild) -> None:
        await kopi["general"].denies_bot("send_messages")
        assert await refused(chat, sending(kopi["general"], HALO)) is Reason.NO_RIGHT
        await kopi["helpers"].disappears()
        assert await refused(chat, sending(kopi["helpers"], HALO)) is Reason.CLOSED
        await kopi.kicks_bot()
        assert await refused(chat, sending(kopi["general"], HALO)) in (Reason.NO_RIGHT, Reason.GONE)

    async def test_a_closed_thread(self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
        ayu = await dc.person("Ayu")
        await ayu.joins(kopi)
        thread = await ayu.opens_thread(kopi["general"], "Latte art")
        where = Where("discord", str(kopi.id), str(kopi["general"].id), str(thread.id))
        await chat.perform(sending(where, HALO))
        await kopi["general"].denies_bot("manage_threads")
        await dc.order("change_thread", channel=thread.id, locked=True)
        assert await refused(chat, sending(where, HALO, nonce="n-3")) is Reason.CLOSED

    async def test_a_missing_right_to_pin_does_not_silence_the_channel(self, chat: DiscordChat, kopi: Guild) -> None:
        id = await chat.perform(sending(kopi["general"], HALO))
        await kopi["general"].denies_bot("pin_messages", "manage_messages")
        reason = await refused(chat, asked(Operation.PIN, where_is(kopi["general"]), message_id=id))
        assert not reason.pauses

    async def test_a_short_wait_is_waited_a_long_one_is_told(
        self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild
    ) -> None:
        await dc.trouble.rate_limits(retry_after=0.05)
        await chat.perform(sending(kopi["general"], HALO))
        await dc.trouble.rate_limits(retry_after=90.0)
        with pytest.raises(RateLimited) as caught:
            await chat.perform(sending(kopi["general"], HALO, nonce="n-3"))
        assert caught.value.retry_after == pytest.approx(90, abs=1)

    @pytest.mark.promise("R4")
    @pytest.mark.parametrize("breaks", ["fails", "resets"])
    async def test_what_may_have_arrived_is_uncertain_and_a_repeat_does_not_double_it(
        self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild, breaks: str
    ) -> None:
        await getattr(dc.trouble, breaks)(when="after")
        with pytest.raises(Uncertain):
            await chat.perform(sending(kopi["general"], HALO))
        again = await chat.perform(sending(kopi["general"], HALO))
        assert [str(post.id) for post in await kopi["general"].posts()] == [again]

    async def test_nobody_there_is_surely_not_sent(self, bot: Bot, kopi: Guild) -> None:
        chat = bot.chat()
        with pytest.raises(NotSent):
            await chat.perform(sending(kopi["general"], HALO))

    async def test_a_send_that_is_cancelled_still_happens_and_blocks_nothing(
        self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild
    ) -> None:
        await dc.trouble.rate_limits(retry_after=0.2, scope="global")
        sends = asyncio.create_task(chat.perform(sending(kopi["general"], HALO)))
        await dc.eventually(lambda: dc.requests("POST /channels/*/messages"))
        sends.cancel()
        await asyncio.gather(sends, return_exceptions=True)
        await chat.perform(sending(kopi["general"], Message(text("Hai")), nonce="n-3"))
        assert sorted(post.text for post in await kopi["general"].posts()) == ["Hai", "Halo"]

    async def test_a_look_up_that_is_given_up_blocks_nothing(
        self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild
    ) -> None:
        await dc.trouble.rate_limits("GET /guilds/*/members/*", retry_after=0.2, scope="global")
        asks = asyncio.create_task(chat.standing(where_is(kopi), str(kopi.owner.id)))
        assert chat._line.client
        all_may_go_on = chat._line.client.http._global_over
        await until(lambda: not all_may_go_on.is_set())
        asks.cancel()
        await asyncio.gather(asks, return_exceptions=True)
        async with asyncio.timeout(3):
            await chat.perform(sending(kopi["general"], HALO))

    @pytest.mark.promise("R21")
    async def test_a_channel_that_stalls_delays_no_other(
        self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild
    ) -> None:
        await dc.trouble.stalls(f"POST /channels/{kopi['general'].id}/messages")
        stuck = asyncio.create_task(chat.perform(sending(kopi["general"], HALO)))
        await dc.trouble.stalled()
        async with asyncio.timeout(1):
            await chat.perform(sending(kopi["helpers"], HALO, nonce="n-3"))
        await dc.trouble.release()
        await stuck


class TestFacts:
    async def test_size_title_and_what_is_in_the_way(self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
        facts = await chat.facts(where_is(kopi["general"]))
        assert (facts.title, facts.member_count, facts.problems) == ("Kopi", 2, ())
        await kopi["general"].denies_bot("send_messages")
        ayu = await dc.person("Ayu")
        await ayu.joins(kopi)

        async def told() -> bool:
            return (await chat.facts(where_is(kopi))).member_count == 3

        await dc.eventually(told)
        facts = await chat.facts(where_is(kopi["general"]))
        assert facts.problems == (Problem("cannot_write", "#general"),)
        assert (await chat.facts(where_is(kopi))).problems == ()
        gone = Where("discord", str(kopi.id), "1")
        assert (await chat.facts(gone)).problems == (Problem("channel_gone", "1"),)

    @pytest.mark.promise("S5")
    async def test_standing_is_asked_live(self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild) -> None:
        ayu, budi = await dc.person("Ayu"), await dc.person("Budi")
        await ayu.joins(kopi)
        role = await kopi.grants(ayu, "manage_guild")
        where = where_is(kopi)

        async def manages() -> bool:
            return (await chat.standing(where, str(ayu.id))).administrator

        await dc.eventually(manages)
        assert await chat.standing(where, str(ayu.id)) == Standing(True, True, frozenset({str(role)}))
        await kopi.takes_role(ayu, role)
        assert await chat.standing(where, str(ayu.id)) == Standing(True, False, frozenset())
        assert (await chat.standing(where, str(kopi.owner.id))).administrator
        assert not (await chat.standing(where, str(budi.id))).present

    async def test_a_failed_look_up_is_an_error_and_no_answer(
        self, chat: DiscordChat, dc: DiscordWorld, kopi: Guild
    ) -> None:
        await dc.trouble.fails("GET /guilds/*/members/*", status=503)
        with pytest.raises(Uncertain):
            await chat.standing(where_is(kopi), str(kopi.owner.id))
