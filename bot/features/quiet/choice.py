"""Which category, which prompt, which place, which part of the day: what revived before decides, and chance. Pure.

Thompson sampling: of each arm's Beta posterior one value is drawn, and the highest wins. So what is good is chosen
often, and what is little known now and then. The prior is what holds in all communities together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Final, Protocol, TypeVar

from bot.features.quiet.model import NO_REPEAT

OWN: Final = "own"
"""The arm of the community's own prompts, beside the categories."""

PRIOR: Final = 6.0
"""So many prompts the other communities' experience is worth."""
SURE: Final = 20.0
"""The same for parts of the day, which differ less from each other."""
_UNKNOWN_RATE, _UNKNOWN_WEIGHT = 0.5, 2.0
RECOVERY, RECOVERS_IN = 0.3, 3.0
"""A category just used is worth that much less, and half of that after so many prompts."""
INTERESTED: Final = 3.0
"""How much likelier a prompt about the community's interests is than a general one."""
PROVED: Final = 5.0
"""So many prompts here in either part of the day, and they can be compared."""
WAITING: Final = 0.75
"""What a later hour is worth beside now: the longer the silence, the rarer the answer."""
DEAD: Final = 0.5
"""An hour with less than that share of the usual talk is no better one."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often it revived a channel and how often it didn't. Fractions are managers' choices."""

    revived: float = 0.0
    ignored: float = 0.0

    @property
    def count(self) -> float:
        return self.revived + self.ignored


NONE: Final = Tally()
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
Tallies = Mapping[str, Tally]


def posterior(own: Tally, pooled: Tally, strength: float) -> tuple[float, float]:
    """Alpha and beta."""
    rate = (pooled.revived + _UNKNOWN_RATE * _UNKNOWN_WEIGHT) / (pooled.count + _UNKNOWN_WEIGHT)
    return own.revived + rate * strength, own.ignored + (1.0 - rate) * strength


def sampled(own: Tally, pooled: Tally, chance: Random, strength: float = PRIOR) -> float:
    """A draw of how probable it is that this arm revives a channel."""
    return chance.betavariate(*posterior(own, pooled, strength))


# ---------------------------------------------------------------- what


def rank_categories(
    arms: Collection[str], own: Tallies, pooled: Tallies, recent: Sequence[str], chance: Random
) -> list[str]:
    """Best first; the one that was used last comes last. `recent`: arms of the last prompts, newest first."""

    def worth(arm: str) -> float:
        ago = recent.index(arm) if arm in recent else None
        recovered = 1.0 if ago is None else 1.0 - RECOVERY * 0.5 ** (ago / RECOVERS_IN)
        return sampled(own.get(arm, NONE), pooled.get(arm, NONE), chance) * recovered

    drawn = {arm: worth(arm) for arm in sorted(arms)}
    return sorted(drawn, key=lambda arm: (recent[:1] == [arm], -drawn[arm]))


class Sayable(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def interests(self) -> frozenset[str]: ...


S = TypeVar("S", bound=Sayable)


def pick(
    prompts: Sequence[S], said_at: Mapping[str, datetime], tags: frozenset[str], now: datetime, chance: Random
) -> S | None:
    """One of a category's that was not said within 90 days; None if all were. `tags`: the community's interests."""
    fresh = [
        prompt
        for prompt in prompts
        if (not prompt.interests or prompt.interests & tags)
        and (prompt.key not in said_at or now - said_at[prompt.key] >= NO_REPEAT)
    ]
    if not fresh:
        return None
    return chance.choices(fresh, [INTERESTED if prompt.interests else 1.0 for prompt in fresh])[0]


def oldest(prompts: Sequence[S], said_at: Mapping[str, datetime], tags: frozenset[str]) -> S | None:
    """Where all were said within 90 days: the one said longest ago. None: there are none at all."""
    suiting = [prompt for prompt in prompts if not prompt.interests or prompt.interests & tags]
    return min(suiting, key=lambda prompt: said_at.get(prompt.key, _NEVER), default=None)


# ---------------------------------------------------------------- where


def rank_places(places: Sequence[str], own: Tallies, alive: Mapping[str, float], chance: Random) -> list[str]:
    """Where a prompt will most likely be answered comes first: where prompts were, and where there is talk about now.

    `alive`: how much is usually said there at this hour. The order given decides where nothing else does.
    """
    if not any(own.get(place, NONE).count for place in places):
        return sorted(places, key=lambda place: -alive.get(place, 0.0))
    least = max(max(alive.values(), default=0.0) / 20, 1e-6)
    worth = {
        place: sampled(own.get(place, NONE), NONE, chance) * max(alive.get(place, 0.0), least) ** 0.5
        for place in places
    }
    return sorted(places, key=lambda place: -worth[place])


# ---------------------------------------------------------------- when


class Part(StrEnum):
    """Parts of a local day; the night belongs to the evening."""

    MORNING = "morning"
    MIDDAY = "midday"
    AFTERNOON = "afternoon"
    EVENING = "evening"


_BEGINS: Final = {Part.MORNING: 5, Part.MIDDAY: 11, Part.AFTERNOON: 15, Part.EVENING: 18}


def part_of(hour: int) -> Part:
    return next((part for part in reversed(Part) if _BEGINS[part] <= hour), Part.EVENING)


def begins(part: Part) -> int:
    """At which local hour."""
    return _BEGINS[part]


def wait_until(
    local: datetime, own: Tallies, pooled: Tallies, ends: time | None, alive: Sequence[float], chance: Random
) -> Part | None:
    """A later part of the same day, if experience promises so much more that it is worth waiting for; None: now.

    `ends`: when nothing may be said any more in the evening; `alive`: how usual talk is at each local hour.
    """
    here = part_of(local.hour)
    if own.get(here, NONE).count < PROVED:
        return None
    now = sampled(own.get(here, NONE), pooled.get(here, NONE), chance, SURE)
    best, chosen = now, None
    for part in Part:
        begin = local.replace(hour=_BEGINS[part], minute=0, second=0, microsecond=0)
        if begin <= local or own.get(part, NONE).count < PROVED or alive[begin.hour] < DEAD:
            continue
        if ends is not None and _too_late(begin, ends):
            continue
        promise = WAITING * sampled(own.get(part, NONE), pooled.get(part, NONE), chance, SURE)
        if promise > best:
            best, chosen = promise, part
    return chosen


def _too_late(begin: datetime, ends: time) -> bool:
    """Less than an hour before the evening's quiet hours."""
    return ends.hour >= 12 and (begin + timedelta(hours=1)).time() > ends
