"""Which category, which prompt, which place, which part of the day: what revived before decides, and chance. Pure.

Thompson sampling: of each arm's Beta posterior one value is drawn, and the highest wins. So what is good is chosen
often, and what is little known now and then. The prior is what holds in all communities together.
`benchmarks/prompts.py` shows what that gains in a simulation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Final, Protocol, TypeVar

from bot.features.quiet.model import NO_REPEAT, REVIVED_WITHIN

OWN: Final = "own"
"""The arm of the community's own prompts, beside the categories."""

PRIOR: Final = 6.0
"""So many prompts all communities' experience is worth."""
SURE: Final = 20.0
"""The same for parts of the day, which differ less from each other."""
_UNKNOWN_RATE, _UNKNOWN_WEIGHT = 0.5, 2.0
RECOVERY, RECOVERS_IN = 0.3, 3.0
"""A category just used is worth that much less, and half of that after so many prompts."""
DOUBT: Final = 0.05
"""So often what was learned here about a category is left aside: communities change."""
LIKELIER: Final = 1.5
"""How much likelier a prompt about the community's interests is than a general one, at least (see `pick`)."""
PROVED: Final = 5.0
"""So many prompts here in either part of the day, and they can be compared."""
DRAWS: Final = 5
"""So many draws must agree that waiting is better; one alone is often noise."""
WAITING, AN_HOUR = 0.85, 0.965
"""What a later part of the day is worth beside now, and how much of that each hour until then leaves: 73 % were
answered after one to two hours of silence, 50 % after eight to sixteen."""
DEAD: Final = 0.5
"""Hours with less than that share of the usual talk are no better ones."""
BEFORE_QUIET: Final = timedelta(hours=1)
"""So long before the quiet hours a part must begin."""


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


def together(tallies: Iterable[Tally]) -> Tally:
    every = list(tallies)
    return Tally(sum(one.revived for one in every), sum(one.ignored for one in every))


def posterior(own: Tally, pooled: Tally, strength: float) -> tuple[float, float]:
    """Alpha and beta. `pooled` may have `own` in it: leaving it out gained nothing in the simulation."""
    rate = (pooled.revived + _UNKNOWN_RATE * _UNKNOWN_WEIGHT) / (pooled.count + _UNKNOWN_WEIGHT)
    return own.revived + rate * strength, own.ignored + (1.0 - rate) * strength


def sampled(own: Tally, pooled: Tally, chance: Random, strength: float = PRIOR) -> float:
    """A draw of how probable it is that this arm revives a channel. `strength`: prompts that the prior is worth."""
    return chance.betavariate(*posterior(own, pooled, strength))


# ---------------------------------------------------------------- what


def rank_categories(
    arms: Collection[str],
    own: Tallies,
    pooled: Tallies,
    recent: Sequence[str],
    chance: Random,
    strength: float = PRIOR,
) -> list[str]:
    """Best first; the one that was used last comes last. `recent`: arms of the last prompts, newest first."""

    def worth(arm: str) -> float:
        ago = recent.index(arm) if arm in recent else None
        recovered = 1.0 if ago is None else 1.0 - RECOVERY * 0.5 ** (ago / RECOVERS_IN)
        here = NONE if chance.random() < DOUBT else own.get(arm, NONE)
        return sampled(here, pooled.get(arm, NONE), chance, strength) * recovered

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
    """One of a category's that was not said within 90 days; None if all were. `tags`: the community's interests.

    Half of the time one about their interests if there is any; more often where most are.
    """
    fresh = [one for one in _suiting(prompts, tags) if one.key not in said_at or now - said_at[one.key] >= NO_REPEAT]
    if not fresh:
        return None
    about = sum(bool(one.interests) for one in fresh)
    likelier = max(LIKELIER, (len(fresh) - about) / about) if about else 1.0
    return chance.choices(fresh, [likelier if one.interests else 1.0 for one in fresh])[0]


def oldest(prompts: Sequence[S], said_at: Mapping[str, datetime], tags: frozenset[str]) -> S | None:
    """Where all were said within 90 days: the one said longest ago. None: there are none at all."""
    return min(_suiting(prompts, tags), key=lambda one: said_at.get(one.key, _NEVER), default=None)


def _suiting(prompts: Sequence[S], tags: frozenset[str]) -> list[S]:
    return [one for one in prompts if not one.interests or one.interests & tags]


# ---------------------------------------------------------------- where


def rank_places(places: Sequence[str], own: Tallies, alive: Mapping[str, float], chance: Random) -> list[str]:
    """Where a prompt will most likely be answered comes first: where prompts were, and where there is talk about now.

    `alive`: how much is usually said there at this hour; answers grow slower than talk, hence its root. The order given
    decides where nothing else does.
    """
    everywhere = together(own.get(place, NONE) for place in places)
    if not everywhere.count or len(places) == 1:
        return sorted(places, key=lambda place: -alive.get(place, 0.0))
    least = max(max(alive.values(), default=0.0) / 20, 1e-6)
    worth = {
        place: sampled(own.get(place, NONE), everywhere, chance) * max(alive.get(place, 0.0), least) ** 0.5
        for place in places
    }
    return sorted(places, key=lambda place: -worth[place])


# ---------------------------------------------------------------- when


class Part(StrEnum):
    """Parts of a local day: from 5, 11, 15 and 18 o'clock. The night belongs to the evening."""

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

    `ends`: when nothing may be said any more in the evening; `alive`: how usual talk is at each local hour, 24 values,
    1 is the mean.
    """
    here = part_of(local.hour)
    worth = {here: 1.0} | {
        part: WAITING * AN_HOUR ** (_until(part, local) / timedelta(hours=1))
        for part in Part
        if part is not here and _possible(part, local, ends, alive)
    }
    worth = {part: share for part, share in worth.items() if own.get(part, NONE).count >= PROVED}
    if here not in worth or len(worth) == 1:
        return None
    won: Counter[Part] = Counter()
    for _ in range(DRAWS):
        drawn = {part: share * _sampled_part(part, own, pooled, chance) for part, share in worth.items()}
        won[max(drawn, key=drawn.__getitem__)] += 1
    return None if won[here] else won.most_common(1)[0][0]


def _sampled_part(part: Part, own: Tallies, pooled: Tallies, chance: Random) -> float:
    """A part of which little is known anywhere is taken for one like all others."""
    known, all_day = pooled.get(part, NONE), together(pooled.values())
    rate = posterior(NONE, all_day, 1.0)[0]
    usual = Tally(SURE * rate, SURE * (1.0 - rate))
    return sampled(own.get(part, NONE), together([known, usual]), chance, SURE)


def _until(part: Part, local: datetime) -> timedelta:
    return local.replace(hour=_BEGINS[part], minute=0, second=0, microsecond=0) - local


def _possible(part: Part, local: datetime, ends: time | None, alive: Sequence[float]) -> bool:
    """Later today, well before the quiet hours, and alive while answers would count."""
    wait, first = _until(part, local), _BEGINS[part]
    hours = alive[first : first + REVIVED_WITHIN // timedelta(hours=1)]
    if wait <= timedelta() or sum(hours) < DEAD * len(hours):
        return False
    return ends is None or wait + BEFORE_QUIET <= _time_until(ends, local)


def _time_until(end: time, local: datetime) -> timedelta:
    """Until the clock next shows that; after midnight belongs to the evening."""
    today = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return today - local if today > local else today + timedelta(days=1) - local
