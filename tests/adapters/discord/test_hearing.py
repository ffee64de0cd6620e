"""What people do on Discord becomes events."""

from __future__ import annotations

import pytest

from adapters.discord.adapter import DiscordChat
from bot.core.events import (
    Actor,
    ActorKind,
    ChatChanged,
    GroupChange,
    GroupChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    ReactionChanged,
    Where,
)
from bot.core.messages import Message, text
from tests.adapters.discord.conftest import Bot, sending, where_is
from tests.adapters.ears import Ears
from tests.servers.discord import DiscordWorld, Guild


async def test_the_groups_that_it_is_in_are_told_at_the_start(chat: DiscordChat, ears: Ears, kopi: Guild) -> None:
    found = await ears.hear_one(GroupChanged)
    assert (found.change, found.where, found.title) == (GroupChange.FOUND, where_is(kopi), "Kopi")


async def test_a_message_tells_who_said_what_where(
    chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild
) -> None:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    id = await ayu.says(kopi["general"], "Halo?")
    said = await ears.hear_one(MessagePosted)
    assert said.actor == Actor(str(ayu.id), "Ayu")
    assert said.where == where_is(kopi["general"])
    assert (said.message_id, said.event_id, said.text, said.reply_to) == (str(id), str(id), "Halo?", "")
    assert said.at.utcoffset() is not None


async def test_a_reply_tells_to_whom(chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild) -> None:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    post = await chat.perform(sending(kopi["general"], Message(text("Selamat datang"))))
    await ayu.replies(kopi["general"], int(post), "Terima kasih")
    said = await ears.hear_one(MessagePosted)
    assert (said.reply_to, said.reply_to_actor) == (post, chat.connection().account_id)


async def test_what_bots_and_discord_itself_say_is_no_event(
    chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild
) -> None:
    robot = await dc.person("Robot", bot=True)
    ayu = await dc.person("Ayu")
    await robot.joins(kopi)
    await ayu.joins(kopi, system_message=True)
    await robot.says(kopi["general"], "beep")
    await ayu.says(kopi["general"], "Halo")
    assert [said.text for said in await ears.hear(MessagePosted)] == ["Halo"]


async def test_a_thread_belongs_to_its_channel(chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild) -> None:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    thread = await ayu.opens_thread(kopi["general"], "Latte art")
    await ayu.says(thread, "Halo")
    said = await ears.hear_one(MessagePosted)
    assert said.where == Where("discord", str(kopi.id), str(kopi["general"].id), str(thread.id))


async def test_a_private_message_opens_the_chat_once(
    chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild
) -> None:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    for words in ("Halo", "Ada orang?"):
        await ayu.says(await ayu.dm(), words)
    assert [said.where for said in await ears.hear(MessagePosted, 2)] == [where_is(ayu)] * 2
    assert [(opened.open, opened.where) for opened in ears.heard(ChatChanged)] == [(True, where_is(ayu))]


async def test_somebody_joins_and_leaves(chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild) -> None:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    joined = await ears.hear_one(MemberJoined)
    assert (joined.actor.id, joined.actor.name, joined.where) == (str(ayu.id), "Ayu", where_is(kopi))
    assert joined.pending is False
    await ayu.leaves(kopi)
    left = await ears.hear_one(MemberLeft)
    assert (left.actor.id, left.where, left.banned) == (str(ayu.id), where_is(kopi), False)


async def test_a_ban_is_a_leaving(chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild) -> None:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    await ayu.is_banned(kopi)
    told = await ears.hear(MemberLeft, 2)
    assert {left.banned for left in told} == {True, False}
    assert len({left.event_id for left in told}) == 2


async def test_a_bot_that_joins_is_no_person(chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild) -> None:
    robot = await dc.person("Robot", bot=True)
    await robot.joins(kopi)
    assert (await ears.hear_one(MemberJoined)).actor.kind is ActorKind.BOT


async def test_reactions_come_and_go(chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild) -> None:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    id = await ayu.says(kopi["general"], "Halo")
    await ayu.reacts(kopi["general"], id, "👍")
    await ayu.takes_back_reaction(kopi["general"], id, "👍")
    told = await ears.hear(ReactionChanged, 2)
    assert [(r.message_id, r.emoji, r.present, r.actor.id) for r in told] == [
        (str(id), "👍", True, str(ayu.id)),
        (str(id), "👍", False, str(ayu.id)),
    ]


async def test_a_group_is_renamed_lost_and_found_again(chat: DiscordChat, ears: Ears, kopi: Guild) -> None:
    await kopi.world.order("rename_guild", guild=kopi.id, name="Kopi Nusantara")
    await kopi.kicks_bot()
    await kopi.invites_bot()
    told = await ears.hear(GroupChanged, 4)
    changes = [(changed.change, changed.title) for changed in told]
    assert changes[1:] == [
        (GroupChange.RENAMED, "Kopi Nusantara"),
        (GroupChange.REMOVED, ""),
        (GroupChange.ADDED, "Kopi Nusantara"),
    ]
    assert len({changed.event_id for changed in told}) == 4


async def test_an_outage_is_no_removal(chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild) -> None:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    await kopi.goes_down()
    await kopi.comes_back()
    await ayu.says(kopi["general"], "Halo")
    await ears.hear_one(MessagePosted)
    assert GroupChange.REMOVED not in {changed.change for changed in ears.heard(GroupChanged)}


class TestScreening:
    async def test_who_waits_is_told_and_told_again_when_in(self, bot: Bot, dc: DiscordWorld) -> None:
        kopi = await dc.add_guild("Kopi", screening=True)
        ayu = await dc.person("Ayu")
        async with bot.runs():
            await ayu.joins(kopi)
            await ayu.passes_screening(kopi)
            told = await bot.ears.hear(MemberJoined, 2)
        assert [joined.pending for joined in told] == [True, False]
        assert told[0].at <= told[1].at

    async def test_other_changes_of_members_are_no_joins(self, bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
        ayu = await dc.person("Ayu")
        async with bot.runs():
            await ayu.joins(kopi)
            role = await kopi.add_role("barista")
            await kopi.gives_role(ayu, role)
            await kopi.takes_role(ayu, role)
            await ayu.says(kopi["general"], "Halo")
            await bot.ears.hear_one(MessagePosted)
        assert len(bot.ears.heard(MemberJoined)) == 1

    async def test_who_waited_when_the_bot_was_restarted_is_told_when_in(self, bot: Bot, dc: DiscordWorld) -> None:
        kopi = await dc.add_guild("Kopi", screening=True)
        ayu = await dc.person("Ayu")
        async with bot.runs():
            await ayu.joins(kopi)
            await bot.ears.hear_one(MemberJoined)
        bot.ears.events.clear()
        async with bot.runs():
            await ayu.passes_screening(kopi)
            await bot.ears.hear_one(MemberJoined, lambda joined: joined.pending is False)


@pytest.mark.promise("R20")
async def test_an_event_that_cannot_be_read_is_passed_over(
    chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild
) -> None:
    ayu = await dc.person("Ayu")
    for name in ("MESSAGE_CREATE", "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_CREATE", "GUILD_ROLE_UPDATE"):
        await dc.trouble.injects(name, {"guild_id": str(kopi.id), "odd": True})
        await dc.trouble.injects(name, ["no object"])
    await dc.order("send_raw", text="{broken")
    await ayu.joins(kopi)
    await ayu.says(kopi["general"], "Halo")
    assert (await ears.hear_one(MessagePosted)).text == "Halo"
    stats = await dc.stats()
    assert (len(stats.identifies), len(stats.resumes)) == (1, 0)
