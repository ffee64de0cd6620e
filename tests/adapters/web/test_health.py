"""What machines and people are told about the running bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from adapters.web.metrics import Metrics
from adapters.web.server import WebServer
from bot.core.chat import Connection, Problem
from bot.core.vitals import Vitals
from tests.adapters.web.browser import Browser, words

UP, DOWN = Connection(True, "guyub_bot", "1", lag=2.5), Connection(False, problems=(Problem("token_refused"),))


class Bot:
    """Says of itself what the test wants."""

    def __init__(self) -> None:
        self.now = Vitals(connections={"telegram": UP, "discord": UP}, outbox={"queued": 3, "sent": 40}, set_aside=1)

    async def vitals(self) -> Vitals:
        return self.now


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def url(bot: Bot) -> AsyncIterator[str]:
    server = WebServer.for_bot(bot, Metrics(), "id", port=0)
    await server.start()
    yield server.url
    await server.stop()


async def asked(url: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"{url}healthz") as answer:
        return answer.status, await answer.json()


async def test_all_is_well(url: str) -> None:
    status, told = await asked(url)
    assert (status, told["status"], told["reasons"]) == (200, "ok", [])
    assert told["platforms"]["discord"] == {"connected": True, "lag": 2.5}


async def test_one_platform_missing_is_degraded_and_says_why(url: str, bot: Bot) -> None:
    bot.now = replace(bot.now, connections={"telegram": DOWN, "discord": UP})
    status, told = await asked(url)
    assert (status, told["status"]) == (503, "degraded")
    assert told["reasons"][0].startswith("Telegram: My token is not accepted.")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"database": "the disk is full"}, "The database can't be used: the disk is full"),
        ({"engine": "it is not running"}, "The engine has stopped: it is not running"),
        ({"connections": {"discord": Connection(False)}}, "Discord: there is no connection just now."),
    ],
)
async def test_nothing_can_be_done(url: str, bot: Bot, change: dict[str, Any], reason: str) -> None:
    bot.now = replace(bot.now, **change)
    status, told = await asked(url)
    assert (status, told["status"]) == (503, "down")
    assert told["reasons"] == [reason]


async def test_a_problem_that_breaks_no_connection_is_told_with_200(url: str, bot: Bot) -> None:
    uneasy = replace(UP, problems=(Problem("missing_intents", "members"),))
    bot.now = replace(bot.now, connections={"discord": uneasy})
    status, told = await asked(url)
    assert (status, told["status"]) == (200, "ok")
    assert "privileged intent" in told["reasons"][0]


async def test_people_find_a_plain_page_in_their_language(url: str, bot: Bot) -> None:
    bot.now = replace(bot.now, connections={"telegram": UP, "discord": DOWN})
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        page = words(await answer.text())
    assert "Guyub berjalan, tapi tidak di semua tempat" in page
    assert "tersambung sebagai guyub_bot" in page
    async with aiohttp.ClientSession() as session, session.get(f"{url}events") as answer:
        assert answer.status == 404  # there is no playground


async def test_prometheus_is_told_what_was_counted(rina: Browser) -> None:
    """The playground's own program is counted like any other."""
    await rina.does("newcomer", face="telegram")
    await rina.does("time", stride="minute")
    await rina.says("discord", "/ping")
    async with rina.session.get(f"{rina.url}metrics") as answer:
        assert answer.content_type == "text/plain"
        told = (await answer.text()).splitlines()
    assert 'guyub_events_total{kind="MemberJoined",platform="telegram"} 2.0' in told  # each join is told twice there
    assert 'guyub_events_total{kind="CommandInvoked",platform="discord"} 1.0' in told
    assert 'guyub_sends_total{kind="greeting",platform="telegram",result="delivered"} 1.0' in told
    assert 'guyub_outbox_rows{state="sent"} 2.0' in told
    assert 'guyub_platform_connected{platform="discord"} 1.0' in told
    assert "guyub_database_up 1.0" in told
    assert any(line.startswith("guyub_handling_seconds_bucket") for line in told)
    assert any(line.startswith("process_resident_memory_bytes") for line in told)


async def test_prometheus_is_told_how_it_is_now(url: str, bot: Bot) -> None:
    bot.now = replace(bot.now, database="gone", events_waiting=7, posts_waiting={"telegram": 5})
    async with aiohttp.ClientSession() as session, session.get(f"{url}metrics") as answer:
        told = (await answer.text()).splitlines()
    for line in (
        "guyub_database_up 0.0",
        "guyub_events_waiting 7.0",
        'guyub_posts_waiting{platform="telegram"} 5.0',
        'guyub_outbox_rows{state="queued"} 3.0',
        'guyub_platform_heard_seconds{platform="telegram"} 2.5',
        "guyub_events_set_aside_kept 1.0",
        "guyub_config_reloads_total 0.0",
    ):
        assert line in told
