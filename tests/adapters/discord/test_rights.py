"""What can be shown where, and where a server's talk is heard, as far as discord.py knows the server just now."""

from __future__ import annotations

from dataclasses import replace

import discord
import pytest

from adapters.discord import places
from adapters.discord.adapter import DiscordChat
from bot.core.activity import heard_in
from bot.core.events import MessagePosted
from tests.adapters.discord.conftest import Bot, where_is
from tests.adapters.ears import Ears, until
from tests.servers.discord import DiscordWorld, Guild, Person


@pytest.fixture
async def ayu(dc: DiscordWorld, kopi: Guild) -> Person:
    who = await dc.person("Ayu")
    await who.joins(kopi)
    return who


async def test_a_server_means_the_first_channel_that_may_be_written_in(chat: DiscordChat, kopi: Guild) -> None:
    server = where_is(kopi)
    assert chat.capabilities(server).home_channel == str(kopi["general"].id)
    assert chat.capabilities(where_is(kopi["helpers"])).home_channel == ""
    await kopi["general"].denies_bot("send_messages")
    await until(lambda: chat.capabilities(server).home_channel == str(kopi["helpers"].id))
    await kopi["general"].denies_bot()
    await until(lambda: chat.capabilities(server).home_channel == str(kopi["general"].id))
    await kopi["general"].disappears()
    await until(lambda: chat.capabilities(server).home_channel == str(kopi["helpers"].id))


async def test_where_nothing_may_be_said_no_channel_is_meant(chat: DiscordChat, kopi: Guild) -> None:
    for name in ("general", "helpers"):
        await kopi[name].denies_bot("send_messages")
    await until(lambda: chat.capabilities(where_is(kopi)).home_channel == "")
    assert heard_in(where_is(kopi), chat.capabilities) == where_is(kopi)


async def test_talk_in_a_thread_is_heard_in_its_channel(
    chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person
) -> None:
    thread = await ayu.opens_thread(kopi["general"], "Gayo")
    await ayu.says(thread, "Halo")
    said = await ears.hear_one(MessagePosted, lambda said: said.text == "Halo")
    assert (said.where.channel, said.where.thread) == (str(kopi["general"].id), str(thread.id))
    assert heard_in(where_is(kopi), chat.capabilities) == replace(said.where, thread="")
    assert heard_in(said.where, chat.capabilities) == replace(said.where, thread="")


async def test_it_is_reckoned_once_until_something_changes(
    chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    reckoned = []

    def may_write(guild: discord.Guild, channel: discord.abc.GuildChannel) -> bool:
        reckoned.append(channel.name)
        return True

    monkeypatch.setattr(places, "may_write", may_write)
    await ayu.says(kopi["general"], "Halo")
    await ears.hear_one(MessagePosted, lambda said: said.text == "Halo")
    server = where_is(kopi)
    chat.capabilities(server)
    before = len(reckoned)
    for _ in range(100):
        chat.capabilities(server)
    await ayu.says(kopi["helpers"], "Lagi")
    await ears.hear_one(MessagePosted, lambda said: said.text == "Lagi")
    chat.capabilities(server)
    assert len(reckoned) == before
    await kopi.add_channel("resep")
    await until(lambda: bool(chat.capabilities(server)) and len(reckoned) > before)


async def test_before_there_is_a_line_nothing_is_known(bot: Bot, kopi: Guild) -> None:
    limits = bot.chat().capabilities(where_is(kopi))
    assert (limits.home_channel, limits.private_link) == ("", "")
    assert limits.polls


async def test_a_server_that_is_not_known_has_no_channel(chat: DiscordChat, kopi: Guild) -> None:
    nowhere = replace(where_is(kopi), group="1")
    assert chat.capabilities(nowhere).home_channel == ""
    assert chat.capabilities(nowhere).private_link
