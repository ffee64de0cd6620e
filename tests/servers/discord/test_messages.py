"""Messages, polls, threads and refusals, as discord.py sends and reads them."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import discord
import pytest

from tests.servers.discord import DiscordWorld
from tests.servers.discord.driver import running, text_channel


async def test_a_nonce_sent_twice_posts_once(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    async with running(dc) as bot:
        general = text_channel(bot, kopi["general"].id)
        first = await general.send("halo", nonce="g-1")
        again = await general.send("halo", nonce="g-1")
        assert (again.id, again.nonce) == (first.id, "g-1")
        await dc.pass_time(600)
        assert (await general.send("halo", nonce="g-1")).id != first.id
    assert [p.nonce for p in await kopi["general"].posts()] == ["g-1", "g-1"]


async def test_pings_are_those_that_would_really_notify(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    baristas = await kopi.add_role("baristas")
    async with running(dc) as bot:
        general = text_channel(bot, kopi["general"].id)
        text = f"@everyone <@{ayu.id}> <@&{baristas}> `@here`"
        await general.send(text)
        await general.send(
            text, allowed_mentions=discord.AllowedMentions(users=[discord.Object(ayu.id)], everyone=False)
        )
        await general.send(text, allowed_mentions=discord.AllowedMentions.all())
        said = await ayu.says(kopi["general"], "halo")
        await general.send("halo juga", reference=general.get_partial_message(said), mention_author=True)
        with pytest.raises(discord.HTTPException, match="Unknown message"):
            await general.send("?", reference=discord.MessageReference(message_id=1, channel_id=general.id))
    pings = [p.pings for p in await kopi["general"].posts()]
    everybody = ("everyone", f"user:{ayu.id}", f"role:{baristas}")
    assert pings == [(), (f"user:{ayu.id}",), everybody, (f"user:{ayu.id}",)]


async def test_refusals_have_discords_codes(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi", ["general", "secret", "quiet"])
    await kopi["secret"].denies_bot("view_channel")
    await kopi["quiet"].denies_bot("send_messages")
    hermit = await dc.person("Hermit", dms_open=False)
    await hermit.joins(kopi)

    async def code(call: Any) -> int:
        with pytest.raises(discord.HTTPException) as refused:
            await call
        return refused.value.code

    async with running(dc) as bot:
        general = text_channel(bot, kopi["general"].id)
        assert await code(bot.fetch_channel(1)) == 10003
        assert await code(bot.fetch_channel(kopi["secret"].id)) == 50001
        assert await code(general.fetch_message(1)) == 10008
        assert await code(text_channel(bot, kopi["quiet"].id).send("hm")) == 50013
        assert await code(general.send("x" * 2001)) == 50035
        assert await code(general.send(" ")) == 50006
        user = bot.get_user(hermit.id)
        assert user is not None
        assert await code(user.send("psst")) == 50007
        assert await code(bot.http.add_role(kopi.id, hermit.id, 1)) == 10011
        assert await code(bot.http.kick(1, kopi.id)) == 10013


async def test_native_polls_threads_reactions_pins_and_events(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    ayu, budi = await dc.person("Ayu"), await dc.person("Budi")
    await ayu.joins(kopi)
    await budi.joins(kopi)
    async with running(dc) as bot:
        general = text_channel(bot, kopi["general"].id)
        poll: discord.Poll = discord.Poll("Di mana?", duration=timedelta(hours=1))
        asked = await general.send(poll=poll.add_answer(text="Senopati").add_answer(text="Kemang"))
        await ayu.votes(kopi["general"], "Senopati")
        await ayu.votes(kopi["general"], "Kemang")
        await budi.votes(kopi["general"], "Kemang")
        await bot.hears("raw_poll_vote_add", 3)
        await bot.hears("raw_poll_vote_remove")
        assert asked.poll is not None
        kemang = asked.poll.answers[1]
        assert {u.id async for u in kemang.voters()} == {ayu.id, budi.id}
        await dc.pass_time(3600)
        fetched = await general.fetch_message(asked.id)
        assert fetched.poll is not None
        assert fetched.poll.is_finalised()
        assert [a.vote_count for a in fetched.poll.answers] == [0, 2]
        said = await ayu.says(kopi["general"], "Kapan?")
        message = await general.fetch_message(said)
        thread = await message.create_thread(name="Kapan?")
        await thread.send("Minggu", file=discord.File(BytesIO(b"cal"), "minggu.ics"))
        await message.add_reaction("👍")
        await message.pin()
        assert [m.id async for m in general.pins()] == [said]
        await ayu.reacts(kopi["general"], said, "👍")
        assert (await bot.hears("raw_reaction_add", 2)).user_id == ayu.id
    [opened] = await kopi.threads()
    [reply] = await opened.posts()
    assert (opened.name, reply.text, reply.raw["attachments"][0]["size"]) == ("Kapan?", "Minggu", 3)
