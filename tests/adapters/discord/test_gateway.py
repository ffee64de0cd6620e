"""The line to Discord breaks in every way, and is mended; what only a person can mend is told."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from discord.http import Route

from adapters.discord.adapter import DiscordChat
from adapters.discord.budget import Allowance
from adapters.discord.gateway import Timing
from bot.core.chat import NotSent
from bot.core.clock import SystemClock
from bot.core.events import MemberJoined, MessagePosted
from bot.core.messages import Message, text
from tests.adapters.discord.conftest import QUICK, Bot, sending
from tests.adapters.ears import Ears, State, connected, until
from tests.servers.discord import DiscordWorld, Guild, Person


@pytest.fixture
async def ayu(dc: DiscordWorld, kopi: Guild) -> Person:
    ayu = await dc.person("Ayu")
    await ayu.joins(kopi)
    return ayu


async def still_hears(bot: Bot, kopi: Guild, ayu: Person) -> None:
    """Whatever was said while the line was down or is said now arrives, once."""
    id = await ayu.says(kopi["general"], "Masih di sana?")
    await until(lambda: [said for said in bot.ears.heard(MessagePosted) if said.message_id == str(id)])


@pytest.mark.promise("R22")
class TestMending:
    def test_nothing_takes_longer_than_half_a_minute(self) -> None:
        usual = Timing()
        assert usual.dead_after + usual.check <= 30
        assert max(usual.longest_backoff, usual.new_session, usual.open_within) <= 30
        assert usual.probe_after + usual.check < usual.dead_after  # there is time for a sign to come back

    @pytest.mark.parametrize("code", [None, 1000, 1001, 4000, 4001, 4008, 4009])
    async def test_a_connection_that_is_closed_is_resumed(
        self, bot: Bot, dc: DiscordWorld, kopi: Guild, ayu: Person, code: int | None
    ) -> None:
        async with bot.runs() as chat:
            await dc.trouble.closes_gateway(code)
            await still_hears(bot, kopi, ayu)
            await connected(chat)
        ids = [said.message_id for said in bot.ears.heard(MessagePosted)]
        assert len(ids) == len(set(ids))

    async def test_what_was_said_while_the_line_was_down_is_heard(
        self, bot: Bot, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        async with bot.runs(timing=replace(QUICK, longest_backoff=0.05)):
            await dc.trouble.refuses_gateway(0.3)
            await dc.trouble.closes_gateway()
            for words in ("satu", "dua"):
                await ayu.says(kopi["general"], words)
            said = await bot.ears.hear(MessagePosted, 2)
        assert [s.text for s in said] == ["satu", "dua"]
        assert (len((await dc.stats()).identifies), (await dc.stats()).resumes[-1]["known"]) == (1, True)

    async def test_discord_asks_to_reconnect(self, bot: Bot, dc: DiscordWorld, kopi: Guild, ayu: Person) -> None:
        async with bot.runs():
            await dc.trouble.asks_to_reconnect()
            await still_hears(bot, kopi, ayu)
        assert len((await dc.stats()).identifies) == 1

    async def test_a_session_that_is_over_is_begun_anew(
        self, bot: Bot, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        async with bot.runs() as chat:
            await dc.trouble.invalidates_session()
            await dc.eventually(lambda: _identifies(dc, 2))
            await connected(chat)
            await still_hears(bot, kopi, ayu)

    async def test_a_dead_line_is_noticed(self, bot: Bot, dc: DiscordWorld, kopi: Guild, ayu: Person) -> None:
        async with bot.runs() as chat:
            await dc.trouble.stops_acks()
            await dc.eventually(lambda: _resumes(dc, 1))
            await dc.order("heartbeats", acks=True)
            await connected(chat)
            await still_hears(bot, kopi, ayu)
        assert len((await dc.stats()).identifies) == 1

    async def test_a_quiet_line_is_no_dead_one(self, bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
        async with bot.runs(timing=replace(QUICK, probe_after=0.05, dead_after=0.15, check=0.02)) as chat:
            heard = (await dc.order("heartbeats"))["heard"]

            async def asked_often() -> bool:
                return bool((await dc.order("heartbeats"))["heard"] >= heard + 5)

            await dc.eventually(asked_often)
            assert chat.connection().connected
        assert (await dc.stats()).resumes == []

    @pytest.mark.parametrize("status", [404, 500, 503])
    @pytest.mark.parametrize("route", ["GET /gateway/bot", "GET /users/@me", "GET /oauth2/applications/@me"])
    async def test_a_passing_failure_at_the_start(
        self, bot: Bot, dc: DiscordWorld, kopi: Guild, route: str, status: int
    ) -> None:
        await dc.trouble.fails(route, status=status)
        async with bot.runs():
            pass

    async def test_a_platform_that_is_down_at_the_start(self, bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
        await dc.trouble.refuses_gateway(0.5)
        chat = bot.chat()
        await chat.start(bot.ears.submit)
        await until(lambda: chat.connection().problems)
        assert [problem.code for problem in chat.connection().problems] == ["disconnected"]
        await connected(chat)
        assert chat.connection().problems == ()
        await chat.stop()

    async def test_it_posts_while_the_gateway_is_down(self, bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
        async with bot.runs() as chat:
            await dc.trouble.refuses_gateway(60)
            await dc.trouble.closes_gateway()
            await until(lambda: not chat.connection().connected)
            await chat.perform(sending(kopi["general"], Message(text("Halo"))))
            assert len(await kopi["general"].posts()) == 1
            await dc.trouble.refuses_gateway(0)


class TestWhatAPersonMustMend:
    async def test_a_token_that_is_refused(
        self, bot: Bot, dc: DiscordWorld, kopi: Guild, caplog: pytest.LogCaptureFixture
    ) -> None:
        chat = bot.chat(token="wrong.token.canary")
        await chat.start(bot.ears.submit)
        await until(lambda: chat.connection().problems)
        assert [problem.code for problem in chat.connection().problems] == ["token_refused"]
        with pytest.raises(NotSent):
            await chat.perform(sending(kopi["general"], Message(text("Halo"))))
        await dc.eventually(lambda: _calls(dc, "GET /users/@me", 3))
        await chat.stop()
        errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        assert len(errors) == 1
        assert "DISCORD_TOKEN" in errors[0]
        assert "canary" not in caplog.text

    async def test_a_token_that_is_reset_while_running(self, bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
        async with bot.runs() as chat:
            await dc.order("reset_token")
            await dc.trouble.closes_gateway(4004)
            await until(lambda: [p.code for p in chat.connection().problems] == ["token_refused"])
            await dc.order("reset_token", token=dc.token)
            await connected(chat)

    @pytest.mark.parametrize(
        ("on", "missing"),
        [
            (["members"], "Message Content Intent"),
            (["message_content"], "Server Members Intent"),
            ([], "Server Members Intent, Message Content Intent"),
        ],
    )
    async def test_a_switch_that_is_off(
        self, bot: Bot, dc: DiscordWorld, kopi: Guild, on: list[str], missing: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        await dc.trouble.portal(*on)
        chat = bot.chat()
        await chat.start(bot.ears.submit)
        await until(lambda: chat.connection().problems)
        [problem] = chat.connection().problems
        assert (problem.code, problem.detail) == ("missing_intents", missing)
        await dc.eventually(lambda: _calls(dc, "GET /oauth2/applications/@me", 4))
        assert len((await dc.stats()).identifies) == 1  # asking costs no session
        await dc.trouble.portal("members", "message_content")
        await connected(chat)
        await chat.stop()
        assert "Developer Portal" in caplog.text


async def _calls(dc: DiscordWorld, pattern: str, least: int) -> bool:
    return len(await dc.requests(pattern)) >= least


async def _resumes(dc: DiscordWorld, least: int) -> bool:
    return len((await dc.stats()).resumes) >= least


async def _identifies(dc: DiscordWorld, least: int) -> bool:
    return len((await dc.stats()).identifies) >= least


class TestBudget:
    @pytest.mark.promise("R22")
    async def test_a_crash_loop_stays_within_the_day(self, bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
        allowance = Allowance(free=3, per_day=5)
        for _ in range(3):
            async with bot.runs(allowance=allowance):
                pass
        chat = bot.chat(allowance=allowance)
        await chat.start(bot.ears.submit)
        await until(lambda: chat.connection().problems)
        assert chat.connection().problems[0].code == "identify_budget"
        assert len((await dc.stats()).identifies) == 3
        bot.clock.ahead = timedelta(hours=12, minutes=1)
        await connected(chat)
        await chat.stop()

    async def test_resuming_costs_nothing(self, bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
        async with bot.runs(allowance=Allowance(free=1, per_day=2)) as chat:
            for times in range(1, 4):
                await dc.trouble.closes_gateway()
                await dc.eventually(lambda times=times: _resumes(dc, times))  # type: ignore[misc]
                await connected(chat)
        assert len((await dc.stats()).identifies) == 1

    async def test_what_discord_has_left_is_respected(self, bot: Bot, dc: DiscordWorld, kopi: Guild) -> None:
        await dc.trouble.budget(1)
        chat = bot.chat()
        await chat.start(bot.ears.submit)
        await until(lambda: chat.connection().problems)
        assert chat.connection().problems[0].code == "identify_budget"
        await dc.trouble.budget(900)
        await connected(chat)
        await chat.stop()
        assert not (await dc.stats()).token_reset


async def test_events_wait_on_the_line_when_they_are_not_stored(
    bot: Bot, dc: DiscordWorld, kopi: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot.runs(timing=replace(QUICK, dead_after=60)) as chat:
        monkeypatch.setattr(chat._hearing.backlog, "_most", 50)
        bot.ears.hold(lambda event: isinstance(event, MemberJoined))
        await kopi.crowd_joins(300)
        await until(lambda: len(bot.ears.heard(MemberJoined)) >= 50)
        assert len(bot.ears.heard(MemberJoined)) < 300
        bot.ears.let_go()
        await bot.ears.hear(MemberJoined, 300)


@pytest.mark.parametrize("root", ["/api/v10", "/api", ""])
async def test_a_proxy_is_found_without_the_end_of_its_path(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says the charset of its JSON, too, as servers made with aiohttp do."""

    async def answer(request: web.Request) -> web.Response:
        user = {"id": "5", "username": "guyub", "discriminator": "0", "avatar": None}
        known = {"/api/v10/users/@me": user, "/api/v10/oauth2/applications/@me": APPLICATION}
        found = known.get(request.path)
        return web.json_response(found or {"message": "404"}, status=200 if found else 404)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", answer)
    async with TestServer(app) as server:
        monkeypatch.setattr(Route, "BASE", "")
        state = State()
        url = str(server.make_url(root)).rstrip("/")
        chat = DiscordChat("t", url, clock=SystemClock(), load_state=state.load, save_state=state.save)
        await chat.start(Ears().submit)
        await until(lambda: chat.connection().account)
        assert chat.connection().account_id == "5"
        await chat.stop()


APPLICATION = {
    "id": "5", "name": "Guyub", "description": "", "bot_public": True, "bot_require_code_grant": False,
    "verify_key": "", "flags": 0, "icon": None, "summary": "", "team": None,
    "owner": {"id": "1", "username": "o", "discriminator": "0", "avatar": None},
}  # fmt: skip
