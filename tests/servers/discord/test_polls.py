"""Native polls as discord.py posts, hears, ends and looks them up; and what Discord refuses of them."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest

from .client import DiscordWorld, OrderRefused
from .driver import Bot, running, text_channel
from .handles import Guild


def drinks(*, multiple: bool = False) -> discord.Poll:
    poll = discord.Poll("Which drink?", timedelta(hours=24), multiple=multiple)
    for answer in ("Tea", "Coffee"):
        poll.add_answer(text=answer)
    return poll


@pytest.fixture
async def kopi(dc: DiscordWorld) -> Guild:
    return await dc.add_guild("Kopi", channels=["general"])


async def posted(bot: Bot, kopi: Guild, *, multiple: bool = False) -> discord.Message:
    return await text_channel(bot, kopi["general"].id).send(poll=drinks(multiple=multiple))


async def test_voters_are_listed_in_pages(dc: DiscordWorld, kopi: Guild) -> None:
    people = await kopi.crowd_joins(250)
    async with running(dc) as bot:
        message = await posted(bot, kopi)
        await kopi["general"].crowd_votes((who, "Tea" if n % 5 else "Coffee") for n, who in enumerate(people))
        assert message.poll is not None
        await bot.hears("raw_poll_vote_add", 250)
        message = await message.channel.fetch_message(message.id)
        assert message.poll is not None
        tea, coffee = [[voter.id async for voter in answer.voters()] for answer in message.poll.answers]
        assert set(tea) == {who.id for n, who in enumerate(people) if n % 5}
        assert (len(tea), len(coffee)) == (200, 50)


async def test_its_end_is_told_twice_and_exactly(dc: DiscordWorld, kopi: Guild) -> None:
    """The message changes, and a line of Discord's own names the winner."""
    [ayu] = await kopi.crowd_joins(1)
    async with running(dc) as bot:
        message = await posted(bot, kopi)
        await ayu.votes(kopi["general"], "Coffee")
        ended = await message.end_poll()
        assert ended.poll is not None
        assert ended.poll.is_finalised()
        assert [answer.vote_count for answer in ended.poll.answers] == [0, 1]
        told = await bot.hears("raw_message_edit")
        assert told.data["poll"]["results"]["is_finalized"]
        line = (await kopi["general"].messages(by_bot=True))[-1]
        assert (line.raw["type"], line.raw["embeds"][0]["type"]) == (46, "poll_result")


async def test_what_is_refused(dc: DiscordWorld, kopi: Guild) -> None:
    ayu, robot = await dc.person("Ayu"), await dc.person("Robot", bot=True)
    await robot.joins(kopi)
    async with running(dc) as bot:
        message = await posted(bot, kopi)
        said = await message.channel.send("Halo")
        for refused, code in (
            (message.edit(content="Other"), 520003),
            (said.end_poll(), 520006),
            (message.channel.send(poll=discord.Poll("?" * 301, timedelta(hours=1))), 50035),
        ):
            with pytest.raises(discord.HTTPException) as caught:
                await refused
            assert caught.value.code == code
        await message.end_poll()
        with pytest.raises(discord.HTTPException) as caught:
            await message.end_poll()
        assert caught.value.code == 520001
    for who in (ayu, robot):
        with pytest.raises(OrderRefused, match="can't vote there"):
            await who.votes(kopi["general"], "Tea")


@pytest.mark.parametrize("resumable", [True, False])
async def test_votes_while_nobody_listens(dc: DiscordWorld, kopi: Guild, resumable: bool) -> None:
    people = await kopi.crowd_joins(20)
    async with running(dc) as bot:
        await posted(bot, kopi)
        async with dc.gateway_away(resumable=resumable):
            await kopi["general"].crowd_votes((who, "Tea") for who in people)
        await dc.connected(within=20)
        if resumable:
            await bot.hears("raw_poll_vote_add", 20)
        else:
            assert bot.heard("raw_poll_vote_add") == []
