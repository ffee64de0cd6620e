"""What was missed while the line was down is found out afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.chat import Problem
from bot.core.events import MemberJoined
from tests.adapters.discord.conftest import Bot
from tests.adapters.ears import connected, until
from tests.servers.discord import DiscordWorld, Guild

pytestmark = pytest.mark.promise("R9")


async def test_who_joined_while_the_bot_was_down(bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
    ayu, budi, citra = await dc.person("Ayu"), await dc.person("Budi"), await dc.person("Citra")
    async with bot.runs():
        await ayu.joins(kopi)
        [before] = await bot.ears.hear(MemberJoined)
    await budi.joins(kopi)
    await citra.joins(kopi, pending=True)
    async with bot.runs():
        told = await bot.ears.hear(MemberJoined, 4)
    assert {(event.actor.name, event.pending) for event in told} == {("Ayu", False), ("Budi", False), ("Citra", True)}
    # Who came within the hour is told again, under the id that is known already.
    assert [event.event_id for event in told if event.actor.name == "Ayu"] == [before.event_id] * 2


async def test_who_joined_while_a_session_was_lost(bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
    ayu = await dc.person("Ayu")
    async with bot.runs() as chat:
        await dc.trouble.refuses_gateway(0.3)
        await dc.trouble.invalidates_session()
        await until(lambda: not chat.connection().connected)
        await ayu.joins(kopi)
        await connected(chat)
        assert "Ayu" in {event.actor.name for event in await bot.ears.hear(MemberJoined)}


async def test_the_first_start_of_all_greets_nobody_who_was_there(bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
    ayu, budi = await dc.person("Ayu"), await dc.person("Budi")
    await ayu.joins(kopi)
    async with bot.runs():
        await budi.joins(kopi)
        told = await bot.ears.hear(MemberJoined)
    assert [event.actor.name for event in told] == ["Budi"]


async def test_who_was_in_a_group_before_the_bot_is_no_newcomer(bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
    async with bot.runs():
        pass
    teh = await dc.add_guild("Teh", with_bot=False)
    ayu, budi = await dc.person("Ayu"), await dc.person("Budi")
    await ayu.joins(teh)
    async with bot.runs():
        await teh.invites_bot()
        await budi.joins(teh)
        await until(lambda: "Budi" in {event.actor.name for event in bot.ears.heard(MemberJoined)})
    here = {event.actor.name for event in bot.ears.heard(MemberJoined) if event.where.group == str(teh.id)}
    assert here == {"Budi"}


async def test_who_came_long_ago_is_not_told_again(bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
    async with bot.runs():
        await (await dc.person("Ayu")).joins(kopi)
        await bot.ears.hear_one(MemberJoined)
        bot.clock.ahead = timedelta(hours=2)
        bot.state.kept["discord.heard"] = bot.clock.now().isoformat()
    bot.ears.events.clear()
    async with bot.runs():
        await dc.eventually(lambda: dc.requests("GET /guilds/*/members"))
    assert bot.ears.heard(MemberJoined) == []


async def test_who_passed_screening_while_the_bot_was_down(bot: Bot, dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi", screening=True)
    ayu = await dc.person("Ayu")
    async with bot.runs() as chat:
        await ayu.joins(kopi)
        await bot.ears.hear_one(MemberJoined)
        await chat._hearing.note()  # as each minute
    await ayu.passes_screening(kopi)
    bot.state.kept["discord.heard"] = (bot.clock.now() + timedelta(hours=3)).isoformat()
    bot.ears.events.clear()
    async with bot.runs():
        passed = await bot.ears.hear_one(MemberJoined)
    assert (passed.actor.name, passed.pending) == ("Ayu", False)


async def test_many_members_are_looked_through_in_pages(bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
    async with bot.runs():
        pass
    await kopi.crowd_joins(2500)
    async with bot.runs():
        await bot.ears.hear(MemberJoined, 2500)
    assert len(await dc.requests("GET /guilds/*/members")) == 3


async def test_a_group_too_large_to_look_through_is_named(bot: Bot, dc: DiscordWorld) -> None:
    await dc.add_guild("Raksasa", member_count=250_000)
    async with bot.runs():
        pass
    async with bot.runs() as chat:
        await until(lambda: Problem("members_unchecked", "Raksasa") in chat.connection().problems)
    assert await dc.requests("GET /guilds/*/members") == []


async def test_a_passing_failure_while_looking(bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
    async with bot.runs():
        pass
    await (await dc.person("Ayu")).joins(kopi)
    await dc.trouble.fails("GET /guilds/*/members", status=503)
    async with bot.runs() as chat:
        assert "Ayu" in {event.actor.name for event in await bot.ears.hear(MemberJoined)}
        assert chat.connection().problems == ()
