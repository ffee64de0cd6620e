"""Communities that live through a year: who speaks by themselves, taken from public logs, and who answers a prompt.

What is said. Public logs without text (GUYUB_RHYTHM_DATA, else ../shared/rhythm/data beside the project; they are no
part of it): the first 364 days of channels without gaps in the record. Each is moved by whole hours so that its six
quietest hours are from 01:00 to 07:00: a clock of its own. *Stable*: the log as it is. *Dying*: conversations (runs
without half an hour's pause) stay with a probability that falls from 1 to 0.15 over the year. *Growing*: it rises from
0.25 to 1.

Who answers. This is a guess, as nobody knows it: a prompt is answered with the probability

    after the silence × min(1, usual talk at that hour) × health × the community's taste

After the silence: 0.73 at 1.5 hours, 0.50 at 12 (docs/rhythm.md's sources found that of people's own first messages),
on a line over the logarithm of the hours, and never outside 0.15 to 0.73. Usual talk: active slots by hour of the day,
1 is the day's mean. Health: the share of conversations that stay. Taste: rates of each category, drawn from the Beta of
revival.py, divided by their mean. If it is answered, 2 to 6 people who had not spoken speak once each within two hours,
and everybody hears them. What people would have said by themselves they say all the same. Being asked too often has
no effect, which is kind to whoever asks much.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import log2
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any, Final

from benchmarks.revival import MEANS, STRENGTH
from bot.features.quiet.model import REVIVED_WITHIN
from bot.features.quiet.slots import SLOT

Said = tuple[datetime, str]
"""When, and who."""
Health = Callable[[float], float]
"""How much of the talk is left after a share of the year."""

KINDS: Final[dict[str, Health]] = {
    "dying": lambda share: 1.0 - 0.85 * share,
    "stable": lambda share: 1.0,
    "growing": lambda share: 0.25 + 0.75 * share,
}
YEAR: Final = timedelta(days=364)
PAUSE: Final = timedelta(minutes=30)
HOUR: Final = timedelta(hours=1)
NIGHT_BEGINS, NIGHT_HOURS = 1, 6
SMOOTHED: Final = (1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9)
EARLY, LATE = (1.5, 0.73), (12.0, 0.50)  # hours of silence, share answered
LEAST: Final = 0.15
FEWEST, MOST = 2, 6


# ---------------------------------------------------------------- logs


def folder() -> Path:
    beside = Path(__file__).parents[2] / "shared" / "rhythm" / "data"
    return Path(os.environ.get("GUYUB_RHYTHM_DATA") or beside)


def usable() -> list[dict[str, Any]]:
    """Channels with a whole year on record, small ones first."""
    listed = json.loads((folder() / "channels.json").read_text(encoding="utf-8"))
    year = YEAR.total_seconds()
    whole = [
        one
        for one in listed
        if one["end"] - one["start"] >= year and all(begin > one["start"] + year for begin, _ in one["outages"])
    ]
    return sorted(whole, key=lambda one: float(one["msgs_per_day"]))


def chosen(listed: Sequence[dict[str, Any]], count: int, seed: int = 1) -> list[dict[str, Any]]:
    """One of each `count` classes of size."""
    chance, size = Random(seed), len(listed) / count
    return [chance.choice(listed[round(size * part) : round(size * (part + 1))]) for part in range(count)]


def read(channel: dict[str, Any]) -> list[Said]:
    """Its first year, by its own clock, which is called UTC."""
    begin, end = channel["start"], channel["start"] + YEAR.total_seconds()
    with gzip.open(folder() / f"{channel['channel']}.csv.gz", "rt", encoding="utf-8") as file:
        rows = [(int(row["ts"]), row["author"]) for row in csv.DictReader(file)]
    said = sorted((datetime.fromtimestamp(ts, UTC), author) for ts, author in rows if begin <= ts < end)
    shift = night_moved(usual_talk(said))
    return [(at + timedelta(hours=shift), author) for at, author in said]


def night_moved(usual: Sequence[float]) -> int:
    """By how many hours to move talk so that its quietest six are at night."""
    quietest = min(range(24), key=lambda hour: sum(usual[(hour + more) % 24] for more in range(NIGHT_HOURS)))
    return (NIGHT_BEGINS - quietest + 12) % 24 - 12


def usual_talk(said: Sequence[Said]) -> list[float]:
    """By hour: active slots, smoothed as the scorer of docs/rhythm.md does; 1 is the day's mean."""
    active = {int(at.timestamp()) // SLOT for at, _ in said}
    hours = Counter(slot * SLOT // 3600 % 24 for slot in active)
    return [
        24 / max(1, len(active)) * sum(share * hours[(hour + off - 2) % 24] for off, share in enumerate(SMOOTHED))
        for hour in range(24)
    ]


def thinned(said: Sequence[Said], health: Health, chance: Random) -> list[Said]:
    """Whole conversations stay or go."""
    kept, before, stays = list[Said](), said[0][0] - PAUSE, True
    for at, author in said:
        if at - before >= PAUSE:
            stays = chance.random() < health((at - said[0][0]) / YEAR)
        if stays:
            kept.append((at, author))
        before = at
    return kept


# ---------------------------------------------------------------- answers


def after(silent: timedelta) -> float:
    """How often a first message is answered after such a silence."""
    (early, often), (late, seldom) = EARLY, LATE
    fall = (often - seldom) / log2(late / early)
    return min(often, max(LEAST, often - fall * log2(max(silent / HOUR, 0.1) / early)))


def drawn_taste(chance: Random) -> dict[str, float]:
    """How much better or worse than others each category goes down here."""
    mean = fmean(MEANS.values())
    return {arm: chance.betavariate(rate * STRENGTH, (1 - rate) * STRENGTH) / mean for arm, rate in MEANS.items()}


@dataclass
class Community:
    """`usual`: talk by hour of the day; `said`: what is said if nobody asks anything."""

    said: list[Said]
    health: Health
    usual: Sequence[float]
    taste: dict[str, float]
    seed: int
    began: datetime

    def answers(self, at: datetime, silent: timedelta, category: str) -> list[Said]:
        """What is said because of a prompt. The same prompt at the same time has always the same luck."""
        chance = Random(f"{self.seed} {int(at.timestamp()) // SLOT}")
        health = self.health((at - self.began) / YEAR)
        if chance.random() >= after(silent) * min(1.0, self.usual[at.hour]) * health * self.taste[category]:
            return []
        people = chance.randint(FEWEST, MOST)
        minutes = sorted(chance.uniform(1, REVIVED_WITHIN / timedelta(minutes=1)) for _ in range(people))
        return [(at + timedelta(seconds=int(60 * minute)), f"answer {number}") for number, minute in enumerate(minutes)]

    def resumes(self, at: datetime) -> datetime:
        """When somebody speaks by themselves."""
        here = bisect_right(self.said, (at, "￿"))
        return self.said[here][0] if here < len(self.said) else datetime.max.replace(tzinfo=UTC)


def founded(said: Sequence[Said], kind: str, seed: int) -> Community:
    health, chance = KINDS[kind], Random(seed)
    taste = drawn_taste(chance)
    return Community(thinned(said, health, chance), health, usual_talk(said), taste, seed, said[0][0])


# ---------------------------------------------------------------- a year with somebody who asks


@dataclass
class Told:
    """What became of the prompts. `useful`: revived, and no nuisance.

    `ignored_in_a_row`: so often at the most nobody at all spoke within two hours.
    """

    posted: int = 0
    nuisance: int = 0
    revived: int = 0
    useful: int = 0
    at_night: int = 0
    ignored_in_a_row: int = 0
    _ignored: int = 0

    def note(self, people: int, *, revived: bool, nuisance: bool, at_night: bool) -> None:
        self.posted += 1
        self.revived += revived
        self.useful += revived and not nuisance
        self.nuisance += nuisance
        self.at_night += at_night
        self._ignored = 0 if people else self._ignored + 1
        self.ignored_in_a_row = max(self.ignored_in_a_row, self._ignored)

    def add(self, other: Told) -> None:
        self.posted += other.posted
        self.nuisance += other.nuisance
        self.revived += other.revived
        self.useful += other.useful
        self.at_night += other.at_night
        self.ignored_in_a_row = max(self.ignored_in_a_row, other.ignored_in_a_row)


@dataclass
class Life:
    """A community's year in which one contender asks. `heard`: all that people said, because of prompts too."""

    community: Community
    told: Told = field(default_factory=Told)
    posts: list[datetime] = field(default_factory=list)
    heard: list[Said] = field(init=False)
    _here: int = -1

    def __post_init__(self) -> None:
        self.heard = list(self.community.said)

    def next_silence(self) -> tuple[datetime, datetime] | None:
        """From the next message to the one after it, as far as is known yet."""
        self._here += 1
        if self._here + 1 >= len(self.heard):
            return None
        return self.heard[self._here][0], self.heard[self._here + 1][0]

    def post(self, at: datetime, category: str) -> int:
        """Ask into the silence that is on; the number of people who speak within two hours, for whatever reason."""
        here, silent = self.community, at - self.heard[self._here][0]
        answered = here.answers(at, silent, category)
        for said in answered:
            insort(self.heard, said)
        end = bisect_right(self.heard, (at + REVIVED_WITHIN, "￿"))
        people = len({author for _, author in self.heard[self._here + 1 : end]})
        self.posts.append(at)
        soon = here.resumes(at) - at < HOUR
        self.told.note(people, revived=bool(answered), nuisance=soon, at_night=here.usual[at.hour] < 0.5)
        return people
