"""Which prompt, where, and at what part of the day: what revived this community before decides, and chance."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from typing import Final

from bot.core.feature import Context
from bot.core.interruptions import Lulls
from bot.core.recurring import instant_of
from bot.features.quiet import choice
from bot.features.quiet.choice import Tally
from bot.features.quiet.library import Candidate, Library
from bot.features.quiet.listening import Listened, listened
from bot.features.quiet.model import SAID, Evidence, Prompted
from bot.features.quiet.obstacles import obstacle

LATELY: Final = 0.01
"""What talk just now is worth, in active slots a day: next to nothing beside what is known."""


def choose(ctx: Context, besides: Collection[str] = ()) -> Candidate | None:
    """A prompt, of the category that promises most; `besides`: keys that aren't wanted. None: there is no other."""
    library, store = Library(ctx, ctx.now), ctx.unit.store(Prompted)
    candidates = [candidate for candidate in library.candidates() if candidate.key not in besides]
    said_at = store.said_at(ctx.served.slug)
    by_arm: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        by_arm.setdefault(candidate.arm, []).append(candidate)
    recent = [asked.arm for asked in store.newest(ctx.served.slug, 12) if asked.state in SAID]
    own, pooled = tallies("category", ctx)
    for arm in choice.rank_categories(list(by_arm), own, pooled, recent, ctx.random):
        if found := choice.pick(by_arm[arm], said_at, library.tags, ctx.now, ctx.random):
            return found
    return choice.oldest(candidates, said_at, library.tags)


def tallies(kind: str, ctx: Context) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """This community's, and those of all together."""
    store = ctx.unit.store(Evidence)
    own, pooled = store.of(ctx.served.slug, kind), store.pooled(kind)
    return {arm: Tally(*count) for arm, count in own.items()}, {arm: Tally(*count) for arm, count in pooled.items()}


def best_place(here: Listened, ctx: Context) -> Listened:
    """Of the community's channels in which there is a lull, the one where a prompt will most likely be answered."""
    others = [listened(group.main_place, ctx) for group in ctx.served.groups if group.main_place != here.place]
    lulls = ctx.unit.store(Lulls)
    free = [
        other
        for other in others
        if lulls.since(other.place) and other.found and other.is_lull(ctx.now) and obstacle(other, ctx) is None
    ]
    if not free:
        return here
    known = {str(one.place): one for one in (here, *free)}
    return known[choice.rank_places(list(known), tallies("place", ctx)[0], alive(known.values(), ctx), ctx.random)[0]]


def alive(channels: Iterable[Listened], ctx: Context) -> dict[str, float]:
    """How much is usually said in each about this time; where nothing is known yet, the one with the latest talk."""
    hour = ctx.now.astimezone(ctx.served.zone).hour
    found: dict[str, float] = {}
    for one in channels:
        profile, last = one.rhythm.profile, one.rhythm.silent_since
        usual = profile.daily * profile.alive[hour] if profile else 0.0
        found[str(one.place)] = usual + (LATELY / (1 + (ctx.now - last) / timedelta(days=1)) if last else 0.0)
    return found


def better_later(here: Listened, ctx: Context) -> datetime | None:
    """Whether a later part of the day has revived this community so much more often that it is worth waiting for."""
    own, pooled = tallies("part", ctx)
    profile, local = here.rhythm.profile, ctx.now.astimezone(ctx.served.zone)
    if profile is None:
        return None
    hours = here.settings.quiet_hours
    part = choice.wait_until(local, own, pooled, hours.start if hours else None, profile.alive, ctx.random)
    if part is None:
        return None
    at = instant_of(local.date(), time(choice.begins(part)), ctx.served.zone)
    return here.rhythm_due(at)
