"""Guilds, members, roles, events and private chats through discord.py."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord
import pytest

from tests.servers.discord import DiscordWorld
from tests.servers.discord.driver import Bot, running, text_channel


async def test_a_sharded_client_asks_for_its_gateway_and_finds_its_guilds(dc: DiscordWorld) -> None:
    made = (await dc.order("many_guilds", count=6))["guilds"]
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True))
    client._connection.guild_ready_timeout = 0.05
    ready = asyncio.Event()

    @client.event
    async def on_ready() -> None:
        ready.set()

    await dc.trouble.fails("GET /gateway/bot", status=502)
    task = asyncio.create_task(client.start(dc.token))
    await asyncio.wait_for(ready.wait(), 5)
    assert {g.id for g in client.guilds} == {g["id"] for g in made}
    await client.close()
    await asyncio.gather(task, return_exceptions=True)
    assert [r["status"] for r in await dc.requests("GET /gateway/bot")] == [502, 200]


async def test_roles_are_given_only_below_the_bots_own(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    badge = await kopi.add_role("Ambassador")
    async with running(dc) as bot:
        guild = bot.guilds[0]
        member = await guild.fetch_member(ayu.id)
        await member.add_roles(discord.Object(badge))
        assert (await kopi.truth())["members"][str(ayu.id)]["roles"] == [badge]
        with pytest.raises(discord.Forbidden) as refused:
            await member.add_roles(discord.Object((await kopi.truth())["roles"]["guyub"]))
        assert refused.value.code == 50013
        made = await guild.create_role(name="Helper")
        await bot.hears("guild_role_create")
        assert (await kopi.truth())["roles"]["Helper"] == made.id
        assert [m.id for m in await guild.query_members(user_ids=[ayu.id])] == [ayu.id]
        assert {m.id async for m in guild.fetch_members(limit=None)} == {kopi.owner.id, guild.me.id, ayu.id}


async def test_a_scheduled_event_finds_interested_people(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    async with running(dc) as bot:
        begins = discord.utils.utcnow() + timedelta(days=1)
        event = await bot.guilds[0].create_scheduled_event(
            name="Ngopi",
            start_time=begins,
            end_time=begins + timedelta(hours=2),
            entity_type=discord.EntityType.external,
            privacy_level=discord.PrivacyLevel.guild_only,
            location="Senopati",
        )
        await dc.order("mark_interested", guild=kopi.id, event=event.id, user=kopi.owner.id)
        await bot.hears("scheduled_event_user_add")
        assert [u.id async for u in event.users()] == [kopi.owner.id]
        await event.edit(name="Ngopi bareng")
        [kept] = (await kopi.truth())["events"]
        assert (kept["name"], kept["interested"]) == ("Ngopi bareng", [kopi.owner.id])


async def test_the_bot_speaks_in_private_and_leaves(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    async with running(dc) as bot:
        user = await bot.fetch_user(ayu.id)
        await user.send("Halo, Ayu")
        await ayu.says(await ayu.dm(), "Halo")
        assert (await bot.hears("message", 2)).content == "Halo"
        await bot.guilds[0].leave()
        await bot.hears("guild_remove")
        with pytest.raises(discord.Forbidden) as refused:
            await user.send("Masih di sana?")
        assert refused.value.code == 50007
        with pytest.raises(discord.NotFound) as gone:
            await bot.fetch_guild(kopi.id)
        assert gone.value.code == 10004
    assert [m.text for m in await (await ayu.dm()).messages()] == ["Halo, Ayu", "Halo"]
    assert not (await kopi.truth())["bot_inside"]


async def test_channels_deleted_and_hidden_are_told(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi", ["general", "secret"])
    async with running(dc) as bot:
        secret = text_channel(bot, kopi["secret"].id)
        await kopi["secret"].denies_bot("view_channel")
        assert (await bot.hears("guild_channel_delete")).id == secret.id
        await kopi.owner.says(kopi["secret"], "psst")
        await kopi["secret"].denies_bot()
        await bot.hears("guild_channel_create")
        await kopi.owner.says(kopi["secret"], "loud")
        assert (await bot.hears("message")).content == "loud"
        await kopi["general"].disappears()
        with pytest.raises(discord.NotFound) as gone:
            await bot.fetch_channel(kopi["general"].id)
        assert gone.value.code == 10003


async def test_when_the_days_identifies_are_spent_the_token_is_reset(dc: DiscordWorld) -> None:
    await dc.add_guild("Kopi")
    await dc.trouble.budget(1)
    async with running(dc):
        assert (await dc.stats()).budget == 0
    bot = Bot()
    with pytest.raises(discord.ConnectionClosed) as ended:
        await bot.start(dc.token)
    await bot.close()
    assert ended.value.code == 4004
    assert (await dc.stats()).token_reset
