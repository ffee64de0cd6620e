"""Which prompt: how many revive a community, chosen by chance, in turn, as Guyub does, and by one who knows all.

A simulation (revival.py states its assumptions): it tells which way of choosing learns sooner, not how many prompts
will be answered. All ways meet the same communities, lulls and luck.
"""

from __future__ import annotations

import statistics
import time as clock
from collections.abc import Callable, Sequence
from datetime import datetime, time
from random import Random
from typing import Final

from benchmarks.measuring import Figure
from benchmarks.revival import (
    BY_ARM,
    PROMPTS,
    Community,
    Evidence,
    Said,
    founded,
    hours_until,
    lull,
    probability,
    take,
)
from bot.features.quiet.choice import PRIOR, Part, part_of, pick, rank_categories, wait_until
from bot.features.quiet.model import NO_REPEAT
from bot.features.quiet.prompts import Prompt

Way = Callable[[Community, Evidence, datetime, Random], Said]
"""Chooses for a community, with what its whole pool has seen, when it fell silent."""

COMMUNITIES: Final = 200
QUIET: Final = time(21, 30)
ALIVE: Final = [1.0] * 24
FLAT: Final = 2.0


# ---------------------------------------------------------------- ways to choose


def fresh(here: Community, arm: str, at: datetime) -> list[Prompt]:
    """What suits the community and wasn't said within 90 days."""
    return [
        one
        for one in BY_ARM[arm]
        if (not one.interests or one.interests & here.tags)
        and (one.key not in here.said_at or at - here.said_at[one.key] >= NO_REPEAT)
    ]


def by_chance(here: Community, pool: Evidence, at: datetime, chance: Random) -> Said:
    arm = chance.choice([arm for arm in BY_ARM if fresh(here, arm, at)])
    return Said(chance.choice(fresh(here, arm, at)), part_of(at.hour))


def in_turn(here: Community, pool: Evidence, at: datetime, chance: Random) -> Said:
    arms = list(BY_ARM)
    first = arms.index(here.recent[0]) + 1 if here.recent else chance.randrange(len(arms))
    arm = next(arm for arm in [*arms[first:], *arms[:first]] if fresh(here, arm, at))
    return Said(chance.choice(fresh(here, arm, at)), part_of(at.hour))


def learning(strength: float) -> Way:
    """As Guyub does."""

    def choose(here: Community, pool: Evidence, at: datetime, chance: Random) -> Said:
        seen = here.seen
        part = wait_until(at, seen.parts, pool.parts, QUIET, ALIVE, chance) or part_of(at.hour)
        for arm in rank_categories(BY_ARM, seen.categories, pool.categories, here.recent, chance, strength):
            if prompt := pick(BY_ARM[arm], here.said_at, here.tags, at, chance):
                return Said(prompt, part)
        raise AssertionError("the pack is too small")

    return choose


def flat(here: Community, pool: Evidence, at: datetime, chance: Random) -> Said:
    """The same without what others have seen, and all rates equally likely."""
    return learning(FLAT)(here, Evidence(), at, chance)


def knowing(here: Community, pool: Evidence, at: datetime, chance: Random) -> Said:
    """The best of this moment; it doesn't plan ahead."""
    parts = [part for part in Part if hours_until(part, at) >= 0]
    best = [max(prompts, key=lambda one: bool(one.interests)) for arm in BY_ARM if (prompts := fresh(here, arm, at))]
    return max((Said(one, part) for one in best for part in parts), key=lambda said: probability(here, said, at))


# ---------------------------------------------------------------- what comes of it


def revived(way: Way, count: int = COMMUNITIES, seed: int = 1) -> list[float]:
    """The mean probability with which the communities' first, second, … prompt revived. They share what they see."""
    world, chance, pool, course = Random(seed), Random(seed + 1), Evidence(), []
    communities = [founded(world) for _ in range(count)]
    for number in range(PROMPTS):
        probable = []
        for here in communities:
            at, luck = lull(number, world), world.random()
            said = way(here, pool, at, chance)
            probable.append(probability(here, said, at))
            take(here, said, at, luck < probable[-1])
            pool.add(said, luck < probable[-1])
        course.append(statistics.fmean(probable))
    return course


def _choosing(times: int = 2000) -> float:
    """Microseconds of one choice, for a community with a year behind it."""
    world, chance, pool = Random(3), Random(4), Evidence()
    here, way = founded(world), learning(PRIOR)
    at = lull(0, world)
    for number in range(PROMPTS):
        at = lull(number, world)
        said, revived_it = way(here, pool, at, chance), world.random() < 0.5
        take(here, said, at, revived_it)
        pool.add(said, revived_it)
    taken = []
    for _ in range(7):
        began = clock.process_time()
        for _ in range(times):
            way(here, pool, at, chance)
        taken.append((clock.process_time() - began) / times * 1e6)
    return statistics.median(taken)


def _percent(course: Sequence[float]) -> float:
    return 100 * statistics.fmean(course)


async def run(full: bool) -> list[Figure]:
    seeds = range(1, 10_000 if full else 2000, 1000)

    def course(way: Way, count: int = COMMUNITIES, repeated: int = 1) -> list[float]:
        runs = [revived(way, count, seed + turn) for seed in seeds for turn in range(repeated)]
        return [statistics.fmean(turn) for turn in zip(*runs, strict=True)]

    guyub, unpooled, lone = course(learning(PRIOR)), course(flat), course(learning(PRIOR), 1, COMMUNITIES)
    all_, first, last = "prompts that revive", "… of the first 20", "… of the last 20"
    cost = _choosing()
    return [
        *(
            Figure(all_, _percent(guyub), "%", _percent(course(way)), name)
            for name, way in (("by chance", by_chance), ("in turn", in_turn))
        ),
        Figure(all_, _percent(guyub), "%", _percent(unpooled), "flat priors"),
        Figure(first, _percent(guyub[:20]), "%", _percent(unpooled[:20]), "flat priors"),
        Figure(last, _percent(guyub[-20:]), "%", _percent(unpooled[-20:]), "flat priors"),
        Figure(all_, _percent(guyub), "%", _percent(course(knowing)), "one who knows all"),
        Figure("… where a community is alone", _percent(lone), "%"),
        Figure("one choice", cost, "µs", target="≤ 1,000 µs", met=cost <= 1000),
    ]
