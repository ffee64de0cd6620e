"""One Telegram message: bytes of getUpdates' answers → committed effects, in batches of 100."""

from __future__ import annotations

import json

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from adapters.telegram.actors import Me
from adapters.telegram.incoming import decode
from benchmarks.measuring import CpuTime, Figure, Round, side_by_side
from benchmarks.programs import running, serving
from benchmarks.telegram_line import AT_ONCE, TOKEN, Replay, answer, chat_on, messages
from bot.core.clock import SystemClock

MESSAGES, ROUNDS = 2000, 7
GROUPS = [-1001000000001 - number for number in range(20)]


class Updates:
    """Fresh ones for each round: what was seen before costs less."""

    def __init__(self) -> None:
        self._next = 1

    def more(self) -> tuple[list[bytes], int]:
        """With the id of the first."""
        first, self._next = self._next, self._next + MESSAGES
        return messages(first, MESSAGES, GROUPS), first

    def answers(self) -> list[bytes]:
        some, _ = self.more()
        return [answer(some[start : start + AT_ONCE]) for start in range(0, MESSAGES, AT_ONCE)]


def library(updates: Updates) -> Round:
    """python-telegram-bot: parse, and dispatch to one handler that does nothing."""
    app = Application.builder().token(TOKEN).updater(None).build()
    app._initialized = True
    heard = 0

    async def take(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        nonlocal heard
        heard += 1

    app.add_handler(MessageHandler(filters.TEXT, take))

    async def measure() -> float:
        some = updates.answers()
        before = heard
        with CpuTime() as cpu:
            for got in some:
                for raw in json.loads(got)["result"]:
                    await app.process_update(Update.de_json(raw, app.bot))
        assert heard - before == MESSAGES
        return cpu.seconds

    return measure


def decoding(updates: Updates) -> Round:
    """Guyub's part before the engine: JSON and the library's objects → events."""
    me, clock = Me(123456789, "guyub_bot"), SystemClock()

    async def measure() -> float:
        some = updates.answers()
        with CpuTime() as cpu:
            for got in some:
                for raw in json.loads(got)["result"]:
                    assert decode(Update.de_json(raw, None), me, clock.now(), lambda poll: None)
        return cpu.seconds

    return measure


def guyub(updates: Updates, replay: Replay) -> Round:
    async def measure() -> float:
        some, first = updates.more()
        with CpuTime() as cpu:
            await replay.finish(some, first)
        return cpu.seconds

    return measure


async def run(full: bool) -> list[Figure]:
    updates, bare, whole = Updates(), Replay(), Replay()
    config = serving({"telegram": GROUPS})
    async with (
        running({"telegram": chat_on(bare)}, config, features=()),
        running({"telegram": chat_on(whole)}, config),
    ):
        taken = await side_by_side(
            ROUNDS,
            {
                "library": library(updates),
                "decoding": decoding(updates),
                "recorded": guyub(updates, bare),
                "heard": guyub(updates, whole),
            },
        )
    alone, decoded, recorded, heard = (value / MESSAGES * 1e6 for value in taken.values())
    return [
        *_beside("Telegram message, recorded", recorded, decoded, alone),
        *_beside("… with all features", heard, decoded, alone),
    ]


def _beside(what: str, whole: float, decoded: float, alone: float) -> list[Figure]:
    on, adds = "python-telegram-bot, parse + dispatch", whole - decoded
    return [
        Figure(what, whole, "µs", alone, on, "≤ 1.15×", whole <= 1.15 * alone, f"batches of {AT_ONCE}"),
        Figure("… of which engine + storage", adds, "µs", alone, on, "≤ 25 µs", adds <= 25),
    ]
