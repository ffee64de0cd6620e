"""A model of communities that fall silent and are asked something: what revives them, stated and made up.

What is assumed: in the mean a category revives 26 to 62 % of the time; a community's own rates are drawn from a Beta of
strength 6 around that. Just used, a category is worth 30 % less, halving every 3 prompts. A prompt about the
community's interests is worth 20 % more. Parts of the day differ by up to a third, for each community a little
otherwise. Each hour that one waits in silence costs 3.5 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from bot.features.quiet.choice import NONE, Part, Tally, begins, part_of, together
from bot.features.quiet.prompts import Category, Prompt, pack_of

MEANS: Final = dict(zip(Category, (0.44, 0.56, 0.52, 0.62, 0.40, 0.48, 0.26, 0.34), strict=True))
STRENGTH: Final = 6.0
USED, HALVES_IN = 0.3, 3.0
LIKED: Final = 1.2
PARTS: Final = {Part.MORNING: 0.85, Part.MIDDAY: 0.95, Part.AFTERNOON: 1.0, Part.EVENING: 1.15}
VARIES: Final = 0.12  # standard deviation of each community's own factor
AN_HOUR: Final = 0.965
PROMPTS, WEEKS = 60, 40
FIRST_HOUR, LAST_HOUR = 8, 20  # of a lull
BEGAN: Final = datetime(2026, 1, 5, tzinfo=UTC)
PACK: Final = pack_of("en")
BY_ARM: Final[Mapping[str, list[Prompt]]] = {
    arm: [one for one in PACK.prompts if one.category is arm] for arm in Category
}


@dataclass(frozen=True, slots=True)
class Nature:
    """What nobody knows of a community but the oracle."""

    rates: Mapping[str, float]
    parts: Mapping[Part, float]


@dataclass(slots=True)
class Evidence:
    """Tallies by arm, and by part of the day."""

    categories: dict[str, Tally] = field(default_factory=dict)
    parts: dict[str, Tally] = field(default_factory=dict)

    def add(self, said: Said, revived: bool) -> None:
        one = Tally(float(revived), float(not revived))
        for tallies, arm in ((self.categories, said.prompt.category), (self.parts, said.part)):
            tallies[arm] = together([tallies.get(arm, NONE), one])


@dataclass(slots=True)
class Community:
    nature: Nature
    tags: frozenset[str]
    recent: list[str] = field(default_factory=list)
    said_at: dict[str, datetime] = field(default_factory=dict)
    seen: Evidence = field(default_factory=Evidence)


@dataclass(frozen=True, slots=True)
class Said:
    prompt: Prompt
    part: Part


def founded(chance: Random) -> Community:
    rates: dict[str, float] = {
        arm: chance.betavariate(mean * STRENGTH, (1 - mean) * STRENGTH) for arm, mean in MEANS.items()
    }
    parts = {part: mean * max(chance.gauss(1.0, VARIES), 0.5) for part, mean in PARTS.items()}
    tags = chance.sample(sorted(PACK.interests), chance.randint(0, 4))
    return Community(Nature(rates, parts), frozenset(tags))


def lull(number: int, chance: Random) -> datetime:
    """When a community's prompt of that number could be asked: local, by day."""
    day = BEGAN + timedelta(weeks=WEEKS) / PROMPTS * number
    return day.replace(hour=chance.randint(FIRST_HOUR, LAST_HOUR), minute=chance.randrange(0, 60, 10))


def probability(here: Community, said: Said, at: datetime) -> float:
    """That this prompt, asked at that part of the day, revives a community that fell silent then."""
    arm = said.prompt.category
    worth: float = here.nature.rates[arm] * here.nature.parts[said.part]
    if arm in here.recent:
        worth *= 1 - USED * 0.5 ** (here.recent.index(arm) / HALVES_IN)
    if said.prompt.interests:
        worth *= LIKED
    return min(worth * float(AN_HOUR ** hours_until(said.part, at)), 1.0)


def hours_until(part: Part, at: datetime) -> float:
    return 0.0 if part is part_of(at.hour) else begins(part) - at.hour - at.minute / 60


def take(here: Community, said: Said, at: datetime, revived: bool) -> None:
    """What is remembered of it."""
    here.recent.insert(0, said.prompt.category)
    here.said_at[said.prompt.key] = at
    here.seen.add(said, revived)
