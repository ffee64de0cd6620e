"""The loopback Discord, driven by a real discord.py client: what it does must be what the library expects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.servers.discord import DiscordWorld, OrderRefused

WITHIN = 5.0


class Bot(discord.Client):
    """A client that remembers what it was told, and a few commands to try."""

    def __init__(self, intents: discord.Intents | None = None, **how: Any) -> None:
        granted = intents or discord.Intents.all()
        granted.presences = False
        super().__init__(intents=granted, allowed_mentions=discord.AllowedMentions.none(), **how)
        self._connection.guild_ready_timeout = 0.05
        self.told: list[tuple[str, Any]] = []
        self.tree = app_commands.CommandTree(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """The library waits 5 s before it identifies again; this server need not be spared."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        if event != "socket_event_type":
            self.told.append((event, args[0] if args else None))
        super().dispatch(event, *args, **kwargs)

    def heard(self, event: str) -> list[Any]:
        return [what for name, what in self.told if name == event]

    async def hears(self, event: str, count: int = 1) -> Any:
        """The newest event of that name, once there are so many."""
        async with asyncio.timeout(WITHIN):
            while len(self.heard(event)) < count:
                await asyncio.sleep(0.005)
        return self.heard(event)[-1]


@pytest.fixture
async def dc() -> AsyncIterator[DiscordWorld]:
    async with DiscordWorld.start() as world:
        yield world


@pytest.fixture(autouse=True)
def _point_discord_py_at_it(dc: DiscordWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", dc.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(dc.gateway_url))


@asynccontextmanager
async def running(dc: DiscordWorld, bot: Bot | None = None) -> AsyncIterator[Bot]:
    bot = bot or Bot()
    task = asyncio.create_task(bot.start(dc.token))
    try:
        await bot.hears("ready")
        yield bot
    finally:
        await bot.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def text_channel(bot: Bot, id: int) -> discord.TextChannel:
    channel = bot.get_channel(id)
    assert isinstance(channel, discord.TextChannel)
    return channel


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
        assert await code(kopi_member_role(bot, kopi.id, hermit.id)) == 10011
        assert await code(bot.http.kick(1, kopi.id)) == 10013


async def kopi_member_role(bot: Bot, guild: int, user: int) -> None:
    await bot.http.add_role(guild, user, 1)


async def test_a_slash_command_deferred_then_answered_is_seen_by_its_invoker_only(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    ayu, rina = await dc.person("Ayu", locale="id"), await dc.person("Rina")
    await ayu.joins(kopi)
    await rina.joins(kopi)
    await kopi.grants(rina, "manage_guild")
    bot = Bot()
    poll = app_commands.Group(
        name="poll", description="Polls", default_permissions=discord.Permissions(manage_guild=True)
    )

    @poll.command(name="new", description="Ask")
    async def new(interaction: discord.Interaction, question: str, who: discord.Member, days: int = 1) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(content=f"{question} {who.display_name} {days} {interaction.locale}")

    @new.autocomplete("question")
    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}pi?", value="kopi")]

    bot.tree.add_command(poll)
    async with running(dc, bot):
        await bot.tree.sync()
        with pytest.raises(OrderRefused, match="hidden from Ayu"):
            await ayu.slash(kopi["general"], "poll new", question="Di mana?", who=ayu)
        with pytest.raises(OrderRefused, match="required"):
            await rina.slash(kopi["general"], "poll new", who=ayu)
        asked = await rina.slash(kopi["general"], "poll new", question="Di mana?", who=ayu)
        seen = await asked.answer()
        assert (seen.text, seen.ephemeral) == ("Di mana? Ayu 1 en-US", True)
        assert seen.acknowledged_ms is not None
        assert seen.shown_ms is not None
        assert seen.acknowledged_ms <= seen.shown_ms < 3000
        typing = await rina.types(kopi["general"], "poll new", "question", "ko")
        assert (await typing.answer()).choices == ("kopi?",)
    assert await dc.posts() == []
    assert [p.ephemeral for p in await kopi["general"].messages(by_bot=True)] == [True]
    assert (await dc.stats()).command_syncs == 1


async def test_late_and_double_answers_get_10062_and_40060(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    bot = Bot()
    codes: list[int] = []
    go_on = asyncio.Event()

    @bot.tree.command(name="slow", description="Slow")
    async def slow(interaction: discord.Interaction) -> None:
        await go_on.wait()
        try:
            await interaction.response.send_message("late")
        except discord.NotFound as refused:
            codes.append(refused.code)

    @bot.tree.command(name="twice", description="Twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        interaction.response._response_type = None
        try:
            await interaction.response.defer()
        except discord.HTTPException as refused:
            codes.append(refused.code)
        await interaction.followup.send("done")

    async with running(dc, bot):
        await bot.tree.sync()
        asked = await kopi.owner.slash(kopi["general"], "slow")
        await dc.pass_time(4)
        go_on.set()
        await dc.eventually(lambda: asyncio.sleep(0, codes))
        assert (await asked.answer()).state == "failed"
        again = await kopi.owner.slash(kopi["general"], "twice")
        seen = await again.answer()
        assert (seen.text, seen.ephemeral, len(seen.messages)) == ("done", False, 1)
    assert codes == [10062, 40060]


class Doors(discord.ui.View):
    @discord.ui.button(label="Open", custom_id="open")
    async def open(self, interaction: discord.Interaction, _: discord.ui.Button[Doors]) -> None:
        await interaction.response.edit_message(content="It is open.", view=None)

    @discord.ui.button(label="Knock", custom_id="knock")
    async def knock(self, interaction: discord.Interaction, _: discord.ui.Button[Doors]) -> None:
        await interaction.response.send_modal(Visit())


class Visit(discord.ui.Modal, title="Who is there?"):
    name: discord.ui.TextInput[Visit] = discord.ui.TextInput(label="Your name", custom_id="name")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Come in, {self.name.value}", ephemeral=True)


async def test_buttons_open_forms_and_change_their_message(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    async with running(dc) as bot:
        await text_channel(bot, kopi["general"].id).send("A door", view=Doors(timeout=None))
        [door] = await kopi["general"].posts()
        assert door.buttons == ("Open", "Knock")
        knock = await ayu.presses(kopi["general"], "Knock")
        assert (await knock.answer()).state == "form"
        with pytest.raises(OrderRefused, match="Your name"):
            await knock.submits()
        sent = await knock.submits(name="Ayu")
        assert (await sent.answer()).text == "Come in, Ayu"
        await (await ayu.presses(kopi["general"], "Open")).answer()
        with pytest.raises(OrderRefused, match="no message there shows 'Open'"):
            await ayu.presses(kopi["general"], "Open")
    [door] = await kopi["general"].posts()
    assert (door.text, door.buttons, door.edits) == ("It is open.", (), 1)


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
        await asyncio.sleep(0)
        await dc.trouble.stops_acks()
        await bot.hears("resumed")
    other = Bot()
    task = asyncio.create_task(other.start(dc.token))
    await other.hears("ready")
    await dc.trouble.injects("MESSAGE_CREATE", {"id": "not a snowflake"})
    with pytest.raises(KeyError):
        await asyncio.wait_for(task, WITHIN)
    await other.close()


async def test_429s_resets_and_stalls_are_met_with_one_message(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    async with running(dc) as bot:
        general = text_channel(bot, kopi["general"].id)
        await dc.trouble.rate_limits(retry_after=0.05)
        await dc.trouble.rate_limits(retry_after=0.05, scope="global")
        await general.send("limited")
        await dc.trouble.fails(status=503)
        with pytest.raises(discord.DiscordServerError):
            await general.send("unavailable")
        await dc.trouble.resets(when="after")
        with pytest.raises((aiohttp.ClientError, OSError)):
            await general.send("cut", nonce="n-2")
        await general.send("cut", nonce="n-2")
        await dc.trouble.stalls(when="after")
        waiting = asyncio.create_task(general.send("stalled"))
        await dc.trouble.stalled()
        assert [p.text for p in await kopi["general"].posts()] == ["limited", "cut", "stalled"]
        assert not waiting.done()
        await dc.trouble.release()
        await waiting
    sent = [r["status"] for r in await dc.requests("POST /channels/*/messages")]
    assert sent == [429, 429, 200, 503, 599, 200, 200]
    assert (await dc.stats()).refused_by_scope == {"user": 1, "global": 1}


async def test_strict_limits_refuse_the_sixth_message_and_ban_the_stubborn(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    await dc.trouble.strict_limits(ban_after=3)
    url, head = f"{dc.api_url}/channels/{kopi['general'].id}/messages", {"Authorization": f"Bot {dc.token}"}
    answers = []
    async with aiohttp.ClientSession(headers=head) as http:
        for number in range(9):
            async with http.post(url, json={"content": str(number)}) as answer:
                answers.append((answer.status, answer.headers.get("Via"), answer.headers.get("X-RateLimit-Remaining")))
                assert (
                    answer.status == 200 or answer.content_type != "application/json" or "global" in await answer.json()
                )
    assert answers[:5] == [(200, "1.1 google", str(left)) for left in (4, 3, 2, 1, 0)]
    assert answers[5:8] == [(429, "1.1 google", "0")] * 3
    assert answers[8] == (429, None, None)
    assert (await dc.stats()).banned


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
