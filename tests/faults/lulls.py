"""Communities that fall silent, for the fault tests: what is set, weeks of talk in a moment, and what was asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.activity import Activity, Spoken
from bot.core.events import Where
from bot.core.messages import Message, text
from bot.core.unit import Unit
from bot.features.quiet.looking import LOOK
from storage.database import SqlDatabase
from tests.faults.sides import Said, Side
from tests.faults.town import Town, eventually
from tests.servers import telegram

PROMPT = "Kopi apa yang kamu minum pagi ini?"
OWN = f'packs = false\nprompts = ["{PROMPT}"]\n'
AT_ONCE = 'trial = "0s"\n'
ALWAYS = 'quiet_hours = "none"\nholidays = "none"\n'
SPEAKERS = ("11", "12", "13", "14")
SILENT = timedelta(hours=3)
WEEKS = 6


def is_set_up(town: Town, quiet: str = "") -> None:
    """Where it is afternoon now; the bot itself has to find out which channel of Discord's is the main one."""
    file = town.folder / "community.toml"
    words = re.sub(r'^main = "\d+"\n', "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    words = words.replace("Asia/Jakarta", _afternoon())
    file.write_text(f"{words}[communities.kopi.quiet]\n{ALWAYS}{quiet}", encoding="utf-8")


def _afternoon() -> str:
    """A zone where it is about three o'clock; those names count the other way."""
    east = 15 - datetime.now(UTC).hour
    return f"Etc/GMT{-min(east, 14):+d}"


async def fell_silent(town: Town, platform: str, last_word: str = "") -> None:
    """For weeks they spoke every ten minutes of the day, until a few hours ago. Only while the program is off.

    `last_word`: the bot's own, to be said where they spoke.
    """
    heard, spoken = heard_on(town, platform), main_place(town, platform)

    def work(unit: Unit) -> None:
        for number, at in enumerate(_talk(unit.now)):
            account = SPEAKERS[number % len(SPEAKERS)]
            unit.store(Activity).add(Spoken(heard, f"past {number}", account, at))
        unit.schedule(LOOK, unit.now, key=str(spoken), community="kopi", where=spoken)
        if last_word:
            unit.post(Message(text(last_word)), heard, kind="greeting", key="last word", community="kopi")

    await _write(town, work)


async def is_looked_at_again(town: Town, platform: str) -> None:
    """A look is due. Only while the program is off."""
    place = main_place(town, platform)
    await _write(town, lambda unit: unit.schedule(LOOK, unit.now, key=str(place), community="kopi", where=place))


def looks(town: Town) -> list[tuple[str, ...]]:
    """Those that are planned: group and channel."""
    return town.rows("SELECT group_id, channel_id FROM jobs WHERE job = ? ORDER BY group_id", LOOK)


def main_place(town: Town, platform: str) -> Where:
    """As the program's files name it: the group itself."""
    return Where(platform, str(town.telegram.group.id if platform == "telegram" else town.discord.guild.id), "")


def heard_on(town: Town, platform: str) -> Where:
    """Where people speak."""
    if platform == "telegram":
        return main_place(town, platform)
    return Where(platform, str(town.discord.guild.id), str(town.discord.guild["general"].id))


def _talk(now: datetime) -> Iterator[datetime]:
    """Between seven in the morning and ten in the evening there, if it is three o'clock now."""
    moment, until = now - timedelta(weeks=WEEKS), now - SILENT
    while moment < until:
        if not timedelta(hours=7) < (now - moment) % timedelta(days=1) < timedelta(hours=16):
            yield moment
        moment += timedelta(minutes=10)


async def _write(town: Town, work: Callable[[Unit], None]) -> None:
    async with SqlDatabase(f"sqlite:///{town.folder / 'data' / 'guyub.db'}") as database:
        await database.run(work, datetime.now(UTC))


# ---------------------------------------------------------------- what came of it


async def is_settled(town: Town) -> bool:
    """All is said, and noted as such."""
    return not town.rows("SELECT id FROM outbox WHERE state IN ('queued', 'sending')")


async def prompts(side: Side, words: str = PROMPT) -> list[Said]:
    """All the bot ever asked in the group; not the answers to commands."""
    answers = ("Ditanyakan di", "– ")
    return [said for said in await side.said() if words in said.text and not said.text.startswith(answers)]


async def is_asked(town: Town, side: Side, words: str = PROMPT) -> Said:
    """It is said once, and everything is settled."""

    async def look() -> list[Said]:
        return await prompts(side, words) if await is_settled(town) else []

    said = await eventually(look, within=20, what=f"prompt on {side.name}")
    assert len(said) == 1, said
    return said[0]


def asked(town: Town) -> list[tuple[Any, ...]]:
    return town.rows("SELECT origin, state, posted_at IS NOT NULL FROM quiet_prompts")


async def manager_on_telegram(town: Town) -> telegram.Person:
    rina = await town.telegram.person("Rina")
    for group in (town.telegram.group, town.telegram.managers):
        await rina.joins(group, via=())
        await rina.is_promoted(group, via=())
    return rina


async def told_managers(side: Side, words: str) -> Said:
    async def look() -> list[Said]:
        return [said for said in await side.told_managers() if words in said.text]

    [said] = await eventually(look, what=f"{words} on {side.name}")
    return said


async def killed_before_it_is_said(town: Town, platform: str) -> None:
    """It is decided, and nobody has read it: Telegram says no to it for now, Discord has not answered."""
    side = town.sides[platform]
    if platform == "telegram":
        group = str(town.telegram.group.id)
        await town.telegram.world.fault("sendMessage", retry_after=3, times=0, chat_id=group)
    else:
        await side.stalls("before")
    run = await town.guyub()

    async def is_held_back() -> bool:
        state = "queued" if platform == "telegram" else "sending"
        return town.rows("SELECT state, attempts FROM outbox WHERE kind = 'prompt'") == [(state, 1)]

    await eventually(is_held_back)
    if platform == "discord":
        await side.stalled()
    await run.killed()
    assert await prompts(side) == []
    await (town.telegram.world.clear_faults() if platform == "telegram" else side.release())
    town.forgets_sessions()
