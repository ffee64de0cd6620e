"""A command in, its answer out: 500 a second are offered by 500 people in private, over the loopback server."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figure, percentile
from benchmarks.processes import bot
from tests.servers.telegram import TelegramWorld

PEOPLE, PER_SECOND, SECONDS, FULL = 500, 500, 5, 10
PATIENCE = 2.0  # seconds after the last question
ANSWER = (
    "I'm Guyub. I help communities stay close.\n\n/help – what you may do here\n/language – in which language I "
    "answer you\n/settings show – what is set, and where each value comes from\n/ping – is everything connected\n\n"
    "As a manager\n/settings set – change a setting\n/welcome preview – what newcomers are told"
)


async def _asked(name: str, seconds: int, **given: Any) -> dict[str, float]:
    async with TelegramWorld.start("--no-log") as tg:
        people = [(await tg.person(f"Person {n}")).id for n in range(PEOPLE)]
        on = {"token": tg.token, "url": tg.url}
        async with bot(name, telegram=on, answer=ANSWER, **given) as running:
            for who in people:
                await tg.ask("start", user=who)
            await tg.wait("confirmed", timeout=20)
            await running.quiet()
            answered = (await tg.stats())["calls"].get("sendmessage", 0)
            before = running.cpu
            count = PER_SECOND * seconds
            await tg.ask("feed", chats=people, users=people, count=count, per_second=PER_SECOND, text="/help")
            await tg.wait("fed", timeout=60)
            with contextlib.suppress(AssertionError):  # what is missing is counted below
                await tg.wait("sends", count=answered + count, timeout=PATIENCE)
            cpu = running.cpu - before
        return _told(await tg.messages(), cpu)


def _told(messages: list[dict[str, Any]], cpu: float) -> dict[str, float]:
    asked = {(m["chat"], m["id"]): m["at"] for m in messages if not m["from_bot"] and m["text"] == "/help"}
    answers = {(m["chat"], m["reply_to"]): m["at"] for m in messages if m["from_bot"] and m["reply_to"]}
    took = [answers[which] - at for which, at in asked.items() if which in answers]
    last = max(answers.values()) - min(asked.values())
    return {
        "answered": len(took),
        "rate": len(took) / last,
        "p50": percentile(took, 0.5) * 1e3,
        "p99": percentile(took, 0.99) * 1e3,
        "cpu": cpu / len(took) * 1e3,
    }


async def run(full: bool) -> list[Figure]:
    seconds = FULL if full else SECONDS
    with tempfile.TemporaryDirectory() as folder:
        guyub = await _asked("guyub", seconds, database=str(Path(folder) / "guyub.db"), free=True)
    raw, library = await _asked("raw", seconds), await _asked("library", seconds)
    beside, stock = "raw aiohttp", "stock python-telegram-bot"
    ours, theirs = (f"{found['answered']:,.0f} of {PER_SECOND * seconds:,} answered" for found in (guyub, library))
    held, cheap = guyub["rate"] >= 0.98 * PER_SECOND, guyub["cpu"] <= 1.5 * raw["cpu"]
    rate = f"answers a second, {PER_SECOND} offered"
    return [
        Figure(rate, guyub["rate"], "/s", raw["rate"], beside, f"{PER_SECOND} held", held, ours),
        Figure("… the same", guyub["rate"], "/s", library["rate"], f"{stock}, {theirs}"),
        Figure("… from question to answer, p50", guyub["p50"], "ms", raw["p50"], beside),
        Figure("… p99", guyub["p99"], "ms", raw["p99"], beside, "≤ 100 ms", guyub["p99"] <= 100),
        Figure("… p99, the same", guyub["p99"], "ms", library["p99"], stock),
        Figure("… CPU an answer", guyub["cpu"], "ms", raw["cpu"], beside, "≤ 1.5×", cheap),
        Figure("… CPU an answer, the same", guyub["cpu"], "ms", library["cpu"], stock),
    ]
