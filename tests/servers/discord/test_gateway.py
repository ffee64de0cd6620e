"""What a real discord.py client hears from the loopback gateway, in good weather and bad."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest
from discord.backoff import ExponentialBackoff

from tests.servers.discord import DiscordWorld, OrderRefused
from tests.servers.discord.driver import WITHIN, Bot, running


async def test_a_bot_logs_in_and_hears_who_joins_and_leaves(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi", ["general", "welcome"], member_count=5000, screening=True)
    async with running(dc) as bot:
        [guild] = bot.guilds
        assert (guild.name, guild.member_count, [c.name for c in guild.text_channels]) == (
            "Kopi",
            5000,
            list(kopi.channels),
        )
        ayu = await dc.person("Ayu <b>@everyone</b>", locale="id")
        await ayu.joins(kopi)
        joined = await bot.hears("member_join")
        assert (joined.display_name, joined.pending, joined.bot) == ("Ayu <b>@everyone</b>", True, False)
        with pytest.raises(OrderRefused, match="screening"):
            await ayu.says(kopi["general"], "halo")
        await ayu.passes_screening(kopi)
        assert (await bot.hears("member_update")).pending
        assert not guild.get_member(ayu.id).pending  # type: ignore[union-attr]
        await ayu.leaves(kopi)
        assert (await bot.hears("member_remove")).id == ayu.id
        fetched = await bot.fetch_guild(kopi.id, with_counts=True)
        assert fetched.approximate_member_count == 5000
    stats = await dc.stats()
    assert [len(stats.identifies), len(stats.resumes), stats.budget] == [1, 0, 999]


async def test_a_wrong_token_and_a_reset_one_are_refused(dc: DiscordWorld) -> None:
    bot = Bot()
    with pytest.raises(discord.LoginFailure):
        await bot.start("wrong")
    await bot.close()
    async with aiohttp.ClientSession() as http, http.ws_connect(dc.gateway_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}})
        await socket.receive()
        assert socket.close_code == 4004
    assert (await dc.stats()).invalid_requests == 1


async def test_intents_that_are_not_switched_on_end_the_connection_with_4014(dc: DiscordWorld) -> None:
    await dc.trouble.portal("message_content")
    bot = Bot()
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await bot.start(dc.token)
    await bot.close()


async def test_without_privileged_intents_there_are_no_joins_and_no_foreign_content(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    ayu = await dc.person("Ayu")
    async with running(dc, Bot(discord.Intents.default())) as bot:
        await ayu.joins(kopi)
        await ayu.says(kopi["general"], "a secret")
        assert (await bot.hears("message")).content == ""
        assert bot.user is not None
        await ayu.says(kopi["general"], f"<@{bot.user.id}> you there?")
        assert (await bot.hears("message", 2)).content.endswith("you there?")
        await ayu.says(await ayu.dm(), "in private")
        private = await bot.hears("message", 3)
        assert (private.content, private.guild) == ("in private", None)
        assert bot.heard("member_join") == []


async def test_after_a_drop_the_session_resumes_and_nothing_is_missed(
    dc: DiscordWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The library draws its waits at random, up to seconds.
    monkeypatch.setattr(ExponentialBackoff, "delay", lambda _: 0.05)
    kopi = await dc.add_guild("Kopi")
    async with running(dc) as bot:
        await dc.trouble.refuses_gateway(60)
        await dc.trouble.closes_gateway(4000)
        names = [f"Guest {n}" for n in range(5)]
        for name in names:
            await (await dc.person(name)).joins(kopi)
        assert bot.heard("member_join") == []
        await dc.trouble.refuses_gateway(0)
        await bot.hears("resumed")
        await bot.hears("member_join", 5)
        await dc.trouble.closes_gateway()
        await bot.hears("resumed", 2)
        await dc.trouble.asks_to_reconnect()
        await bot.hears("resumed", 3)
        await dc.trouble.invalidates_session(resumable=True)
        await bot.hears("resumed", 4)
        assert [m.name for m in bot.heard("member_join")] == [n.lower().replace(" ", "_") for n in names]
    stats = await dc.stats()
    assert (len(stats.identifies), len(stats.resumes), stats.gateway_refused > 0) == (1, 4, True)


async def test_an_invalid_session_identifies_anew_and_events_are_lost(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    async with running(dc) as bot:
        await dc.trouble.invalidates_session()
        await bot.hears("ready", 2)
        await (await dc.person("Ayu")).joins(kopi)
        await bot.hears("member_join")
        await kopi.kicks_bot()
        await bot.hears("guild_remove")
        await kopi.invites_bot()
        assert (await bot.hears("guild_join")).name == "Kopi"
        await kopi.goes_down()
        await bot.hears("guild_unavailable")
        await kopi.comes_back()
        await bot.hears("guild_available", 3)
    stats = await dc.stats()
    assert (len(stats.identifies), stats.invalidated, stats.budget) == (2, 1, 998)


async def test_a_malformed_event_and_silent_heartbeats_can_be_had(dc: DiscordWorld) -> None:
    await dc.add_guild("Kopi")
    bot = Bot(heartbeat_timeout=0.6)
    await dc.order("heartbeats", interval_ms=100)
    async with running(dc, bot):
        await dc.trouble.stops_acks()
        await bot.hears("resumed")
    other = Bot()
    task = asyncio.create_task(other.start(dc.token))
    await other.hears("ready")
    await dc.trouble.injects("MESSAGE_CREATE", {"id": "not a snowflake"})
    with pytest.raises(KeyError):
        await asyncio.wait_for(task, WITHIN)
    await other.close()


async def test_ten_thousand_joins_arrive_in_order_and_the_server_is_quick(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    async with aiohttp.ClientSession() as http, http.ws_connect(dc.gateway_url, max_msg_size=0) as socket:
        await socket.receive_json()
        await socket.send_json({"op": 2, "d": {"token": dc.token, "intents": 3, "properties": {}}})
        crowd = asyncio.create_task(kopi.crowd_joins(10_000))
        joined: list[str] = []
        while len(joined) < 10_000:
            event = await socket.receive_json(timeout=WITHIN)
            if event["t"] == "GUILD_MEMBER_ADD":
                joined.append(event["d"]["user"]["username"])
        await crowd
    assert joined == [f"guest{n}" for n in range(10_000)]
