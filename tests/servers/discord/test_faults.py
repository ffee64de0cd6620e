"""Faults and limits of the REST side."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.servers.discord import Channel, DiscordWorld, Posted
from tests.servers.discord.driver import running, text_channel


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
    assert answers[:5] == [(200, "1.1 google", str(left)) for left in (4, 3, 2, 1, 0)]
    assert answers[5:8] == [(429, "1.1 google", "0")] * 3
    assert answers[8] == (429, None, None)
    assert (await dc.stats()).banned


async def test_a_429_says_what_is_limited_and_for_how_long(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    await dc.trouble.strict_limits(per_second=2, per_channel=None)
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {dc.token}"}) as http:
        url = f"{dc.api_url}/channels/{kopi['general'].id}"
        assert [(await http.get(url)).status for _ in range(2)] == [200, 200]
        answer = await http.get(url)
        body = await answer.json()
    assert (answer.status, answer.headers["Content-Type"]) == (429, "application/json")
    assert (answer.headers["X-RateLimit-Scope"], answer.headers["X-RateLimit-Global"]) == ("global", "true")
    assert (body["global"], 0 < body["retry_after"] <= 1) == (True, True)


async def test_a_call_given_up_while_stalled_takes_effect_all_the_same(dc: DiscordWorld) -> None:
    kopi = await dc.add_guild("Kopi")
    url, head = f"{dc.api_url}/channels/{kopi['general'].id}/messages", {"Authorization": f"Bot {dc.token}"}
    await dc.trouble.stalls(when="after")
    await dc.trouble.stalls(when="before")
    async with aiohttp.ClientSession(headers=head) as http:
        for number in range(2):
            call = asyncio.create_task(http.post(url, json={"content": str(number)}))
            await dc.eventually(lambda number=number: _stalls(dc, number + 1))  # type: ignore[misc]
            call.cancel()
    assert [p.text for p in await kopi["general"].posts()] == ["0"]
    await dc.trouble.release()
    assert [p.text for p in await dc.eventually(lambda: _said(kopi["general"], 2))] == ["0", "1"]


async def _said(channel: Channel, count: int) -> list[Posted] | None:
    posts = await channel.posts()
    return posts if len(posts) == count else None


async def _stalls(dc: DiscordWorld, count: int) -> bool:
    return int((await dc.order("faults_open"))["stalled"]) == count
