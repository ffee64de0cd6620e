"""Communities that fall silent, for the fault tests: what is set, and weeks of talk in a moment."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.core.activity import Activity, Spoken
from bot.core.events import Where
from bot.core.unit import Unit
from bot.features.quiet.looking import LOOK
from storage.database import SqlDatabase
from tests.faults.town import Town

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


async def fell_silent(town: Town, platform: str) -> None:
    """For weeks they spoke every ten minutes of the day, until a few hours ago. Only while the program is off."""
    heard, spoken = heard_on(town, platform), main_place(town, platform)

    def work(unit: Unit) -> None:
        for number, at in enumerate(_talk(unit.now)):
            account = SPEAKERS[number % len(SPEAKERS)]
            unit.store(Activity).add(Spoken(heard, f"past {number}", account, at))
        unit.schedule(LOOK, unit.now, key=str(spoken), community="kopi", where=spoken)

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


async def _write(town: Town, work: object) -> None:
    async with SqlDatabase(f"sqlite:///{town.folder / 'data' / 'guyub.db'}") as database:
        await database.run(work, datetime.now(UTC))  # type: ignore[arg-type]
