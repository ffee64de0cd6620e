"""One post to each of many groups, against servers that enforce the platforms' limits; an answer in the middle of it;
and a kill on the way, after which the rest is sent, once.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figure
from benchmarks.processes import bot
from tests.servers.discord import DiscordWorld
from tests.servers.telegram import TelegramWorld

GROUPS, FULL, BROKEN_OFF = 300, 3000, 90
TELEGRAM_RATE, DISCORD_RATE = 30, 50  # a second


async def run(full: bool) -> list[Figure]:
    groups = FULL if full else GROUPS
    return [*await _telegram(groups), *await _telegram_killed(), *await _discord(groups)]


def _figures(platform: str, groups: int, took: float, floor: float, refused: int, posts: Counter[Any]) -> list[Figure]:
    lost, doubled = groups - len(posts), sum(n - 1 for n in posts.values())
    met = not (refused or lost or doubled) and took <= 1.05 * floor
    what, note = (
        f"one post to each of {groups:,} groups on {platform}",
        f"{lost} lost, {doubled} doubled, {refused} × 429",
    )
    return [Figure(what, took, "s", floor, "the least the limit allows", "≤ 1.05×, 0 × 429", met, note)]


# ---------------------------------------------------------------- Telegram


async def _groups(tg: TelegramWorld, count: int) -> list[int]:
    return [(await tg.add_group(f"Group {n}")).id for n in range(count)]


async def _telegram(count: int) -> list[Figure]:
    async with TelegramWorld.start("--no-log") as tg:
        groups = await _groups(tg, count)
        asker = await tg.person("Ayu")
        with tempfile.TemporaryDirectory() as folder:
            given = _telegram_bot(tg, groups, Path(folder))
            async with bot("guyub", **given) as running:
                await asker.starts()
                await asker.hears(timeout=20)
                await running.quiet()
                await tg.limits(per_second=TELEGRAM_RATE, per_chat_second=1, per_group_minute=20)
                before = len(await tg.messages(by="bot"))
                running.say("post")
                await tg.wait("sends", count=before + count // 2, timeout=600)
                asked = await asker.says("/help")
                await tg.wait("sends", count=before + count + 1, timeout=600)
        stats = await tg.stats()
        posts = [m for m in await tg.messages(by="bot") if m["text"].startswith("Kabar")]
        answered = [m for m in await asker.messages() if m["reply_to"] == asked["message_id"]]
        said = next(m for m in await asker.messages(by="people") if m["id"] == asked["message_id"])
    times = sorted(m["at"] for m in posts)
    # One of the sends was the answer, so the posts had count + 1 turns.
    floor = count / TELEGRAM_RATE
    found = Counter(m["chat"] for m in posts)
    latency = (answered[0]["at"] - said["at"]) * 1e3
    return [
        *_figures("Telegram", count, times[-1] - times[0], floor, stats["refused_by_limits"], found),
        Figure("… an answer asked for in the middle", latency, "ms", target="goes first: ≤ 200 ms", met=latency <= 200),
    ]


def _telegram_bot(tg: TelegramWorld, groups: list[int], folder: Path) -> dict[str, Any]:
    on = {"token": tg.token, "url": tg.url}
    return {"telegram": on, "groups": {"telegram": groups}, "database": str(folder / "guyub.db")}


async def _telegram_killed() -> list[Figure]:
    async with TelegramWorld.start("--no-log") as tg:
        groups = await _groups(tg, BROKEN_OFF)
        await tg.limits(per_second=TELEGRAM_RATE, per_chat_second=1, per_group_minute=20)
        with tempfile.TemporaryDirectory() as folder:
            given = _telegram_bot(tg, groups, Path(folder))
            async with bot("guyub", **given) as first:
                first.say("post")
                await tg.wait("sends", count=BROKEN_OFF // 3, timeout=60)
                await first.kill()
            async with bot("guyub", **given):
                await _all_or_quiet(tg, BROKEN_OFF)
        posts = Counter(m["chat"] for m in await tg.messages(by="bot") if m["text"].startswith("Kabar"))
    doubled, lost = sum(n - 1 for n in posts.values()), BROKEN_OFF - len(posts)
    what = f"killed on the way through {BROKEN_OFF} groups: posts doubled"
    note = f"{lost} uncertain, not repeated"
    return [Figure(what, doubled, "", target="0 doubled, ≤ 1 uncertain", met=not doubled and lost <= 1, note=note)]


async def _all_or_quiet(tg: TelegramWorld, count: int) -> None:
    """Until that many were sent; what was under way at the kill may not be among them."""
    try:
        await tg.wait("sends", count=count - 1, timeout=30)
        await tg.wait("sends", count=count, timeout=1)
    except AssertionError:
        pass


# ---------------------------------------------------------------- Discord


async def _discord(count: int) -> list[Figure]:
    async with DiscordWorld.start() as dc:
        made = (await dc.order("many_guilds", count=count, member_count=50))["guilds"]
        ids = [guild["id"] for guild in made]
        with tempfile.TemporaryDirectory() as folder:
            on = {"token": dc.token, "api": dc.api_url, "gateway": dc.gateway_url}
            given = {"discord": on, "groups": {"discord": ids}, "database": str(Path(folder) / "guyub.db")}
            async with bot("guyub", **given) as running:
                await running.quiet()  # all guilds have been told by then
                await dc.trouble.strict_limits()
                began = time.time()
                running.say("post")
                await dc.eventually(lambda: _posted(dc, count), within=600)
        stats = await dc.stats()
        sends = [call for call in await dc.requests("POST /channels/*/messages", since=began) if call["status"] == 200]
        posts = Counter(post.channel for post in await dc.posts() if post.text.startswith("Kabar"))
    took = sends[-1]["at"] - sends[0]["at"]
    return _figures("Discord", count, took, (count - 1) / DISCORD_RATE, stats.refused_429, posts)


async def _posted(dc: DiscordWorld, count: int) -> bool:
    await asyncio.sleep(0.5)
    return len(await dc.requests("POST /channels/*/messages")) >= count
