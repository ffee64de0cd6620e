"""A simulated year of a dying, a stable and a growing community: Guyub's prompts beside fixed timers, in one run.

Arrival of messages: public logs (GUYUB_RHYTHM_DATA, else ../shared/rhythm/data beside the project; they are not part of
the project). *Stable*: the log as it is. *Dying*: conversations (runs without half an hour's pause) stay with a
probability that falls from 1 to 0.15 over the year. *Growing*: it rises from 0.25 to 1. The first eight weeks are only
listened to.

Answers, a stated model: somebody answers a prompt with the probability (0.73, 0.62, 0.50 or 0.35 after a silence of up
to 2, 8, 16 hours or longer, docs/rhythm.md) × how usual talk is at that hour (1 at most) × health (1 at the beginning,
the kept share of conversations later) × a factor of the prompt's category, which each community draws for itself
(0.5 to 1.5). Then 1 to 5 people speak within two hours; two make a revival. What they say is heard by everybody.

*Nuisance*: talk would have resumed within the hour by itself. *At night*: at an hour with less than half its even share
of talk. The timers post once in a silence of so many hours, within 08:00 to 21:30 of the channel's own clock, which is
taken to be the one that puts its liveliest hour at 20:00; Guyub has the same quiet hours.
"""

from __future__ import annotations

import csv
import gzip
import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.measuring import Figure
from bot.core.settings import check
from bot.features.quiet.choice import Tally, rank_categories
from bot.features.quiet.days import Calendar
from bot.features.quiet.listening import GAP
from bot.features.quiet.outcomes import IGNORED, LONGEST_REST, REST
from bot.features.quiet.prompts import Category
from bot.features.quiet.rhythm import Rhythm
from bot.features.quiet.settings import QuietSettings, threshold

CHANNELS = ("discord-kmd-ask", "zulip-lean4-dev", "zulip-maths", "discord-kmd-dexbeta")
KINDS: dict[str, Callable[[float], float]] = {
    "dying": lambda share: 1 - 0.85 * share,
    "stable": lambda share: 1.0,
    "growing": lambda share: 0.25 + 0.75 * share,
}
TIMERS = (6, 12, 24)
YEAR, LISTENED = timedelta(days=364), timedelta(weeks=8)
PAUSE = timedelta(minutes=30)
UTC_ZONE = ZoneInfo("UTC")
SETTINGS = check(QuietSettings, {})


def data_folder() -> Path:
    return Path(os.environ.get("GUYUB_RHYTHM_DATA", Path(__file__).parents[2] / "shared" / "rhythm" / "data"))


def read(channel: str) -> list[datetime]:
    """A year of a log, shifted so that its liveliest hour is 20:00: a clock of its own, in which it is kept."""
    with gzip.open(data_folder() / f"{channel}.csv.gz", "rt") as file:
        moments = [datetime.fromtimestamp(int(row["ts"]), UTC) for row in csv.DictReader(file)]
    begin = moments[0]
    year = [moment for moment in sorted(moments) if moment < begin + YEAR]
    liveliest, _ = Counter(moment.hour for moment in year).most_common(1)[0]
    return [moment + timedelta(hours=20 - liveliest) for moment in year]


def thinned(moments: Sequence[datetime], keep: Callable[[float], float], chance: Random) -> list[datetime]:
    """Whole conversations stay or go."""
    begin, kept, stays = moments[0], list[datetime](), True
    for before, moment in zip([moments[0] - PAUSE, *moments], moments, strict=False):
        if moment - before >= PAUSE:
            stays = chance.random() < keep((moment - begin) / YEAR)
        if stays:
            kept.append(moment)
    return kept


@dataclass
class Told:
    """What a contender did in a year."""

    posted: int = 0
    nuisance: int = 0
    revived: int = 0
    at_night: int = 0
    ignored_in_a_row: int = 0
    _ignored: int = 0

    def note(self, people: int, *, nuisance: bool, at_night: bool) -> None:
        self.posted += 1
        self.nuisance += nuisance
        self.at_night += at_night
        self.revived += people >= 2
        self._ignored = 0 if people else self._ignored + 1
        self.ignored_in_a_row = max(self.ignored_in_a_row, self._ignored)


@dataclass
class Community:
    """Who would answer what, and when."""

    said: list[datetime]
    health: Callable[[float], float]
    chance: Random
    taste: dict[str, float] = field(default_factory=dict)
    usual: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        hours = Counter(moment.hour for moment in self.said)
        self.usual = [24 * hours[hour] / max(1, len(self.said)) for hour in range(24)]
        self.taste = {category: self.chance.uniform(0.5, 1.5) for category in Category}

    def answers(self, at: datetime, silent: timedelta, category: str) -> list[datetime]:
        """What is said because of a prompt, one moment a person."""
        hours = silent / timedelta(hours=1)
        base = next(rate for limit, rate in ((2, 0.73), (8, 0.62), (16, 0.50), (1e9, 0.35)) if hours <= limit)
        health = self.health((at - self.said[0]) / YEAR)
        if self.chance.random() >= base * min(1.0, self.usual[at.hour]) * health * self.taste[category]:
            return []
        return sorted(at + timedelta(minutes=self.chance.uniform(1, 110)) for _ in range(self.chance.randint(1, 5)))

    def resumes(self, at: datetime) -> datetime:
        here = bisect_right(self.said, at)
        return self.said[here] if here < len(self.said) else at + YEAR


def by_day(at: datetime) -> bool:
    clock = at.time()
    hours = SETTINGS.quiet_hours
    return hours is None or not hours.contains(clock)


def awake(at: datetime) -> datetime:
    """The first moment from then on that is not in quiet hours, to ten minutes."""
    while not by_day(at):
        at += timedelta(minutes=10)
    return at


def silences(heard: list[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Each with what ends it; what is said because of a prompt is heard, too."""
    here = 0
    while here + 1 < len(heard):
        yield heard[here], heard[here + 1]
        here += 1


def timer(community: Community, hours: int) -> Told:
    told, heard, begin = Told(), list(community.said), community.said[0]
    for last, ends in silences(heard):
        at = awake(last + timedelta(hours=hours))
        if at < ends and last - begin >= LISTENED:
            category = community.chance.choice(list(Category))
            answered = community.answers(at, at - last, category)
            _happened(community, told, at, answered, heard)
    return told


def guyub(community: Community) -> Told:
    """The rhythm, the choice and the manners of the feature, without database and network."""
    told, heard, begin = Told(), list(community.said), community.said[0]
    settings, rhythm = SETTINGS, Rhythm(Calendar(UTC_ZONE))
    enough = threshold(settings.prompts_per_week)
    own: dict[str, Tally] = {}
    recent: list[str] = []
    posted: list[datetime] = []
    last_lull, rests_until, ignored = begin - YEAR, begin, 0
    for last, ends in silences(heard):
        rhythm.observe(last)
        if ends - last < timedelta(minutes=20) or last - begin < LISTENED:
            continue
        at = rhythm.due_at(enough, lambda local: not by_day(local), max(last, last_lull + GAP))
        if at is None or at >= ends:
            continue
        last_lull = at
        week = [moment for moment in posted if at - moment < timedelta(days=7)]
        if at < rests_until or len(week) >= settings.most_a_week or any(one.date() == at.date() for one in week):
            continue
        category = rank_categories(list(Category), own, {}, recent[:12], community.chance)[0]
        answered = community.answers(at, at - last, category)
        _happened(community, told, at, answered, heard)
        posted.append(at)
        recent.insert(0, category)
        tally = own.get(category, Tally())
        revived = len(answered) >= 2
        own[category] = Tally(tally.revived + revived, tally.ignored + (not revived))
        ignored = 0 if answered else ignored + 1
        if ignored >= IGNORED:
            rests_until = at + min(REST * 2 ** (ignored - IGNORED), LONGEST_REST)
    return told


def _happened(community: Community, told: Told, at: datetime, answered: list[datetime], heard: list[datetime]) -> None:
    soon = community.resumes(at) - at < timedelta(hours=1)
    told.note(len(answered), nuisance=soon, at_night=community.usual[at.hour] < 0.5)
    for moment in answered:
        heard.insert(bisect_right(heard, moment), moment)


def year(kind: str, contender: Callable[[Community], Told], channels: Sequence[Sequence[datetime]]) -> Told:
    """All channels together, always with the same chance."""
    total = Told()
    for number, moments in enumerate(channels):
        said = thinned(moments, KINDS[kind], Random(number))
        told = contender(Community(said, KINDS[kind], Random(100 + number)))
        for name in ("posted", "nuisance", "revived", "at_night"):
            setattr(total, name, getattr(total, name) + getattr(told, name))
        total.ignored_in_a_row = max(total.ignored_in_a_row, told.ignored_in_a_row)
    return total


async def run(full: bool) -> list[Figure]:
    if not data_folder().is_dir():
        print(f"there are no logs in {data_folder()}: set GUYUB_RHYTHM_DATA to where they are")
        return []
    channels = [read(channel) for channel in CHANNELS]
    figures = []
    for kind in KINDS:
        ours = year(kind, guyub, channels)
        print(_row(kind, "Guyub", ours))
        for hours in TIMERS:
            told = year(kind, lambda community, hours=hours: timer(community, hours), channels)  # type: ignore[misc]
            print(_row(kind, f"timer {hours} h", told))
            beside = f"a timer of {hours} h, {told.posted} posted"
            figures.append(
                Figure(
                    f"{kind}: posts that were a nuisance, of {ours.posted}", ours.nuisance, "", told.nuisance, beside
                )
            )
            mine, its = (100 * one.revived / max(1, one.posted) for one in (ours, told))
            figures.append(Figure(f"{kind}: revived", mine, "%", its, beside))
    return figures


def _row(kind: str, who: str, told: Told) -> str:
    nuisance, revived, night = (
        f"{count} ({100 * count / max(1, told.posted):.0f} %)" for count in (told.nuisance, told.revived, told.at_night)
    )
    return f"| {kind} | {who} | {told.posted} | {nuisance} | {revived} | {night} | {told.ignored_in_a_row} |"
