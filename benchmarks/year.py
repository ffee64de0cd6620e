"""A simulated year of a dying, a stable and a growing community: Guyub's prompts beside fixed timers, in one run.

lives.py states how people speak and who answers: a guess. Guyub here is its rhythm, choice and manners without database
and network, from the first day on, knowing nothing; real_year.py lets the whole program live through the same. A timer
posts whenever nobody has spoken for so many hours, once a silence, of any category: within the hours in which Guyub may
speak, too (21:30 to 08:00 it waits), or at any hour.

*Nuisance*: talk would have resumed within the hour by itself. *At night*: at an hour with less than half its even share
of talk, in the whole log.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from benchmarks.lives import KINDS, Community, Life, Said, Told, chosen, folder, founded, read, usable
from benchmarks.measuring import Figure
from bot.core.interruptions import next_day
from bot.core.recurring import instant_of
from bot.core.settings import check
from bot.features.quiet.asking import A_WHILE
from bot.features.quiet.choice import NONE, Tally, begins, part_of, rank_categories, together, wait_until
from bot.features.quiet.days import Calendar
from bot.features.quiet.listening import GAP
from bot.features.quiet.model import REVIVED, REVIVED_WITHIN
from bot.features.quiet.obstacles import WEEK
from bot.features.quiet.outcomes import IGNORED, LONGEST_REST, REST
from bot.features.quiet.prompts import Category
from bot.features.quiet.rhythm import FIRST_LOOK, HORIZON, Rhythm
from bot.features.quiet.settings import QuietSettings, threshold

CHANNELS: Final = 6
TIMERS: Final = (6, 12, 24)
ZONE: Final = ZoneInfo("UTC")
SETTINGS: Final = check(QuietSettings, {})
STEP: Final = timedelta(minutes=10)

Contender = Callable[[Community], Life]


def is_quiet(local: datetime) -> bool:
    return SETTINGS.quiet_hours is not None and SETTINGS.quiet_hours.contains(local.time())


def awake(at: datetime) -> datetime:
    """The first moment from then on that is not in quiet hours, to ten minutes."""
    while is_quiet(at):
        at += STEP
    return at


def timer(hours: int, *, nights: bool = False) -> Contender:
    def live(community: Community) -> Life:
        life, chance = Life(community), Random(community.seed)
        while silence := life.next_silence():
            last, ends = silence
            at = last + timedelta(hours=hours)
            at = at if nights else awake(at)
            if at < ends:
                life.post(at, chance.choice(list(Category)))
        return life

    return live


def guyub(community: Community) -> Life:
    life = Life(community)
    bot = Guyub(life)
    while silence := life.next_silence():
        bot.meet(*silence)
    return life


class Guyub:
    """What looking.py, asking.py, obstacles.py and outcomes.py do, with one channel and no manager."""

    def __init__(self, life: Life) -> None:
        self._life, self._chance = life, Random(life.community.seed)
        self._rhythm = Rhythm(Calendar(ZONE))
        self._enough = threshold(SETTINGS.prompts_per_week)
        self._lull_at: datetime | None = None
        self._rests_until: datetime | None = None
        self._ignored = 0
        self._recent: list[str] = []
        self._categories: dict[str, Tally] = {}
        self._parts: dict[str, Tally] = {}

    def meet(self, last: datetime, ends: datetime) -> None:
        """A silence. Once something was posted into it, nothing follows: never two in a row."""
        self._rhythm.observe(last)
        if ends - last < FIRST_LOOK:
            return
        at = self._found(last if self._lull_at is None else max(last, self._lull_at + GAP), ends)
        if at is None:
            return
        self._lull_at = at
        while at is not None and at < ends:
            until = self._kept_until(at) or self._better_later(at)
            if until is None:
                self._post(at)
                return
            due = self._due(until)
            at = due and max(due, at + A_WHILE)

    def _found(self, begin: datetime, ends: datetime) -> datetime | None:
        while begin < ends:
            if at := self._due(begin):
                return at if at < ends else None
            begin += HORIZON / 2
        return None

    def _due(self, begin: datetime) -> datetime | None:
        return self._rhythm.due_at(self._enough, is_quiet, begin)

    def _kept_until(self, at: datetime) -> datetime | None:
        """Until when a rule keeps the channel from being asked, if one does."""
        if self._rests_until and self._rests_until > at:
            return self._rests_until
        lately = [one for one in reversed(self._life.posts) if at - one < WEEK]
        if sum(one.date() == at.date() for one in lately) >= SETTINGS.prompts_per_day:
            return next_day(at, ZONE)
        return lately[SETTINGS.most_a_week - 1] + WEEK if len(lately) >= SETTINGS.most_a_week else None

    def _better_later(self, at: datetime) -> datetime | None:
        profile, hours = self._rhythm.profile, SETTINGS.quiet_hours
        assert profile is not None
        ends = hours.start if hours else None
        part = wait_until(at.astimezone(ZONE), self._parts, self._parts, ends, profile.alive, self._chance)
        return instant_of(at.date(), time(begins(part)), ZONE) if part else None

    def _post(self, at: datetime) -> None:
        category = rank_categories(list(Category), self._categories, self._categories, self._recent[:12], self._chance)[
            0
        ]
        people = self._life.post(at, category)
        self._recent.insert(0, category)
        one = Tally(float(people >= REVIVED), float(people < REVIVED))
        for tallies, arm in ((self._categories, category), (self._parts, part_of(at.hour))):
            tallies[arm] = together([tallies.get(arm, NONE), one])
        self._ignored = 0 if people else self._ignored + 1
        self._rests_until = None
        if self._ignored >= IGNORED:
            rest = min(REST * 2 ** (self._ignored - IGNORED), LONGEST_REST)
            self._rests_until = at + REVIVED_WITHIN + rest


CONTENDERS: Final[dict[str, Contender]] = {
    "Guyub": guyub,
    **{f"timer {hours} h": timer(hours) for hours in TIMERS},
    **{f"timer {hours} h, nights too": timer(hours, nights=True) for hours in TIMERS},
}


def year(kind: str, contender: Contender, channels: Sequence[Sequence[Said]]) -> Told:
    """All channels together. Contenders meet the same communities."""
    total = Told()
    for seed, said in enumerate(channels):
        total.add(contender(founded(said, kind, seed)).told)
    return total


async def run(full: bool) -> list[Figure]:
    """The table goes to stderr, where it is seen; the figures are Guyub beside the timers that keep quiet hours."""
    if not (folder() / "channels.json").is_file():
        _say(f"there are no logs in {folder()}, so nothing is measured; GUYUB_RHYTHM_DATA names another folder")
        return []
    listed = usable() if full else chosen(usable(), CHANNELS)
    _say(", ".join(f"{one['channel']} ({one['msgs_per_day']:.0f} a day)" for one in listed))
    channels = [read(one) for one in listed]
    figures = []
    for kind in KINDS:
        found = {name: year(kind, contender, channels) for name, contender in CONTENDERS.items()}
        for name, told in found.items():
            _say(row(kind, name, told))
        for hours in TIMERS:
            figures += _beside(kind, found["Guyub"], f"timer {hours} h", found[f"timer {hours} h"])
    return figures


def _beside(kind: str, ours: Told, name: str, its: Told) -> list[Figure]:
    beside = f"{name}, {its.posted} posted"
    shares = (
        ("a nuisance", "nuisance"),
        ("revived", "revived"),
        ("revived and no nuisance", "useful"),
        ("at night", "at_night"),
    )
    return [
        Figure(f"{kind}: {what}, of {ours.posted}", _share(ours, of), "%", _share(its, of), beside)
        for what, of in shares
    ]


def _share(told: Told, of: str) -> float:
    count: int = getattr(told, of)
    return 100 * count / max(1, told.posted)


def row(kind: str, name: str, told: Told) -> str:
    shares = [f"{getattr(told, of)} ({_share(told, of):.0f} %)" for of in ("nuisance", "revived", "useful", "at_night")]
    return f"| {kind} | {name} | {told.posted} | {' | '.join(shares)} | {told.ignored_in_a_row} |"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
