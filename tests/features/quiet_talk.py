"""Weeks of talk in a moment, for conversations about silence: what was said before the story begins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.activity import Activity, Spoken
from bot.core.events import Where
from bot.core.unit import Unit
from bot.rehearse.replay import heard, replay
from tests.driver import Conversation

JAKARTA = ZoneInfo("Asia/Jakarta")
MONDAY = date(2026, 6, 1)  # Pancasila day, a holiday: the first of a long past that only begins there
PEOPLE = ("ayu", "budi", "citra", "dewi")
ZONES = {"en": "Europe/London", "id": "Asia/Jakarta"}

CONFIG = """
[defaults]
language = "{language}"
timezone = "{zone}"

[communities.kopi]
name = "Kopi"
interests = ["espresso", "roasting"]

[[communities.kopi.groups]]
platform = "telegram"
id = "-1001000000001"

[[communities.kopi.groups]]
platform = "discord"
id = "100000000000000001"
main = "100000000000000002"
{managers}
[communities.kopi.quiet]
holidays = "none"
{quiet}
"""
MANAGERS = """
[communities.kopi.managers]
telegram = "-1001000000009"
discord = "100000000000000009"
"""


def config(quiet: str = "", *, language: str = "en", zone: str = "Asia/Jakarta", managers: bool = False) -> str:
    """A community on both faces, without holidays unless `quiet` says otherwise."""
    body = CONFIG.format(language=language, zone=zone, quiet=quiet, managers=MANAGERS if managers else "")
    return body.replace('holidays = "none"\n', "") if "holidays" in quiet else body


def at(day: date, clock: str, zone: ZoneInfo = JAKARTA) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def days(count: int, first: date = MONDAY) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def talk_of(dates: Iterable[date], begin: str, end: str, every: int = 15, zone: ZoneInfo = JAKARTA) -> list[datetime]:
    """Somebody speaks every so many minutes of those local hours."""
    moments: list[datetime] = []
    for day in dates:
        moment, last = at(day, begin, zone), at(day, end, zone)
        while moment < last:
            moments.append(moment)
            moment += timedelta(minutes=every)
    return moments


def place(talk: Conversation, face: str) -> Where:
    groups = talk.stage.scene.community.groups
    return next(group.main_place for group in groups if group.platform == face)


async def was_said(talk: Conversation, face: str, moments: Sequence[datetime]) -> None:
    """By four people in turns. All but the last day is put where the bot would have recorded it; that day happens."""
    spoken = _spoken(place(talk, face), sorted(moments))
    today = spoken[-1].at - timedelta(hours=20)
    past = [one for one in spoken if one.at < today]

    def record(unit: Unit) -> None:
        for one in past:
            unit.store(Activity).add(one)

    now = talk.clock.now()
    await talk.stage.program.database.run(record, now)
    if past:
        await talk.stage.hear([heard(past[-1])])
        await talk.stage.settle()
    await happens(talk, [one for one in spoken if one.at >= today])


async def happens(talk: Conversation, spoken: Sequence[Spoken]) -> None:
    async def nothing() -> None: ...

    await replay(talk.stage, spoken, nothing, lambda now: None)


def _spoken(where: Where, moments: Sequence[datetime]) -> list[Spoken]:
    return [
        Spoken(where, f"{moment.timestamp():.0f}", PEOPLE[number % len(PEOPLE)], moment)
        for number, moment in enumerate(moments)
    ]


def spoken_in(talk: Conversation, **moments: Sequence[datetime]) -> list[Spoken]:
    """In several places at once: telegram=[…], discord=[…]."""
    spoken = [one for face, said in moments.items() for one in _spoken(place(talk, face), said)]
    return sorted(spoken, key=lambda one: one.at)
