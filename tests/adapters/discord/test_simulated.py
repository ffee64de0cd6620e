"""The same decoding on payloads made by somebody else: the simulator `simcord`, which knows discord.py and not us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
import simcord
from discord.http import Route

from adapters.discord import incoming, outgoing, places
from adapters.discord.client import INTENTS, Json, attach
from adapters.discord.newcomers import Newcomers
from bot.core.chat import Problem
from bot.core.events import Where
from bot.core.messages import Message, Poll


@dataclass
class World:
    """A discord.py client as the adapter makes it, what its gateway told, and a server with one member."""

    env: simcord.Env
    client: discord.Client
    told: list[tuple[str, Json]]
    guild: simcord.GuildHandle = field(init=False)
    general: simcord.ChannelHandle = field(init=False)
    ayu: simcord.MemberActor = field(init=False)

    def __post_init__(self) -> None:
        self.guild = self.env.create_guild("Kopi")
        self.general = self.guild.create_text_channel("general")
        self.ayu = self.guild.add_member(self.env.create_user("Ayu"))

    def last(self, name: str) -> Json:
        return [data for heard, data in self.told if heard == name][-1]

    def cached(self) -> discord.Guild:
        guild = self.client.get_guild(int(self.guild.id))
        assert guild is not None
        return guild


@pytest.fixture
async def world() -> AsyncIterator[World]:
    client = discord.Client(
        intents=INTENTS,
        member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False,
        max_messages=None,
    )
    told: list[tuple[str, Json]] = []
    attach(client, lambda name, data: told.append((name, data)))
    env = simcord.Env(client)
    await env.start()
    yield World(env, client, told)
    await env.shutdown()
    env.raise_errors()


def no_parent(guild: str, channel: str) -> str:
    return ""


async def test_a_message(world: World) -> None:
    await world.ayu.send(world.general, "Halo")
    said = incoming.message(world.last("MESSAGE_CREATE"), no_parent)
    assert said is not None
    assert (said.text, said.actor.id) == ("Halo", str(world.ayu.id))
    assert said.where == Where("discord", str(world.guild.id), str(world.general.id))


async def test_a_member_joins_and_only_the_bot_itself_is_kept(world: World) -> None:
    budi = world.guild.add_member(world.env.create_user("Budi"))
    joined = Newcomers().added(world.last("GUILD_MEMBER_ADD"))
    assert (joined.actor.id, joined.pending, joined.where.group) == (str(budi.id), False, str(world.guild.id))
    assert {member.id for member in world.cached().members} <= {world.client.user.id}  # type: ignore[union-attr]


async def test_where_the_bot_may_write(world: World) -> None:
    where = Where("discord", str(world.guild.id), str(world.general.id))
    facts = places.facts(world.cached(), where)
    assert (facts.title, facts.problems) == ("Kopi", ())
    silent = discord.PermissionOverwrite(send_messages=False)
    quiet = world.guild.create_text_channel("quiet", overwrites={world.guild.default_role: silent})
    there = Where("discord", str(world.guild.id), str(quiet.id))
    assert places.facts(world.cached(), there).problems == (Problem("cannot_write", "#quiet"),)


async def test_a_reaction(world: World) -> None:
    message: Any = await world.ayu.send(world.general, "Halo")
    await world.ayu.react(message, "👍")
    data = world.last("MESSAGE_REACTION_ADD")
    told = incoming.reaction(data, no_parent, mark="s:1", at=world.env.now(), present=True)
    assert told is not None
    assert (told.emoji, told.present, told.actor.id) == ("👍", True, str(world.ayu.id))


async def test_votes_in_a_poll_and_its_end(world: World) -> None:
    channel = world.client.get_channel(int(world.general.id))
    assert isinstance(channel, discord.TextChannel)
    drinks = Poll("Which?", ("Tea", "Coffee", "Milk"), multiple=True, open_for=timedelta(hours=2))
    asked = await world.client.http.request(
        Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id),
        json=outgoing.post(Message(poll=drinks), "n-1"),
    )
    assert incoming.answers(asked) == [1, 2, 3]
    message = await channel.fetch_message(int(asked["id"]))
    await world.ayu.set_poll_votes(message, answers=[1, 3])
    await world.ayu.remove_vote(message, answer=1)
    now = world.env.now()
    told = [
        incoming.voted(data, no_parent, mark=str(n), at=now, chosen=name.endswith("ADD"))
        for n, (name, data) in enumerate(world.told)
        if "POLL_VOTE" in name
    ]
    assert [(vote.options, vote.chosen) for vote in told] == [((0,), True), ((2,), True), ((0,), False)]
    assert {(vote.actor.id, vote.poll) for vote in told} == {(str(world.ayu.id), asked["id"])}
    assert {vote.where for vote in told} == {Where("discord", str(world.guild.id), str(world.general.id))}
    me = str(world.client.user.id)  # type: ignore[union-attr]
    await message.end_poll()
    tally = incoming.tallied(world.last("MESSAGE_UPDATE"), no_parent, me=me, at=now)
    assert tally is not None
    assert (tally.counts, tally.closed) == ((0, 0, 1), True)


def test_who_passed_screening_is_in_though_it_is_not_told_since_when() -> None:
    newcomers, now = Newcomers(), datetime(2026, 1, 5, tzinfo=UTC)
    ayu: Json = {"guild_id": "1", "user": {"id": "7", "username": "Ayu"}, "joined_at": now.isoformat()}
    assert newcomers.added({**ayu, "pending": True}).pending
    passed = newcomers.updated({**ayu, "pending": False, "joined_at": None}, now)
    assert passed is not None
    assert passed.pending is False


def test_a_message_of_no_told_type_was_said() -> None:
    said = {
        "id": "9",
        "channel_id": "700",
        "guild_id": "1",
        "author": {"id": "7", "username": "Ayu"},
        "content": "halo",
        "timestamp": "2026-01-05T00:00:00+00:00",
    }
    message = incoming.message(said, no_parent)
    assert message is not None
    assert message.text == "halo"
