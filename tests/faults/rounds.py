"""Rounds of killing: people join, the program is killed at some point of greeting them, and started again.

All rounds of a town share its database, so that each start also recovers from the kill before. At the end the truth at
the platform is compared with who joined.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from bot.core.steps import STEPS
from tests.faults.sides import Side, greetings_of
from tests.faults.town import Town, eventually

STALLS = ("stalled before", "stalled after")
"""The platform stands still before or after the effect of a send, and the program is killed meanwhile."""
POINTS = (*STEPS, *STALLS)
PATIENCE = 4.0  # seconds in which a step that is reached at all is reached


@dataclass(frozen=True, slots=True)
class Round:
    """`count`: how often the step is passed until the kill; `people` join, the first `early` while it is off."""

    point: str
    count: int
    people: tuple[str, ...]
    early: int = 0
    late_release: bool = False  # a stalled send goes on only after the next start


@dataclass(slots=True)
class Figures:
    """Of one point."""

    rounds: int = 0
    killed_there: int = 0  # in the others the step was not reached so often, and the program was killed at rest
    joined: int = 0
    greeted: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    uncertain: int = 0


@dataclass
class Rounds:
    town: Town
    side: Side
    figures: dict[str, Figures] = field(default_factory=dict)
    untold: int = 0  # uncertain greetings that managers were not told of
    _played: list[Round] = field(default_factory=list)

    async def play(self, rounds: Iterable[Round]) -> None:
        """All of them, then one run without a kill in which everything settles."""
        await self.town.met_before()
        for one in rounds:
            await self._play(one)
        self.town.forgets_sessions()
        last = await self.town.guyub()
        await self.side.release()
        with suppress(AssertionError):  # what did not settle is found to be lost
            await eventually(self._settled, within=60)
        await last.stopped()
        await self._count()

    async def _play(self, one: Round) -> None:
        figures = self.figures.setdefault(one.point, Figures())
        figures.rounds += 1
        figures.joined += len(one.people)
        self._played.append(one)
        for name in one.people[: one.early]:
            await self.side.joins(name)
        self.town.forgets_sessions()
        if one.point in STALLS:
            figures.killed_there += await self._killed_while_stalled(one)
        else:
            figures.killed_there += await self._killed_at_step(one)

    async def _killed_at_step(self, one: Round) -> bool:
        await self.side.release()
        run = await self.town.guyub(kill_at=f"{one.point}:{one.count}")
        await self._others_join(one)
        with suppress(TimeoutError):
            return await run.ends(PATIENCE) == -9
        await run.killed()
        return False

    async def _killed_while_stalled(self, one: Round) -> bool:
        await self.side.release()
        await self.side.stalls(one.point.removeprefix("stalled "))
        run = await self.town.guyub(until=False)
        await self._others_join(one)
        await self.side.stalled()
        await run.killed()
        if not one.late_release:
            await self.side.release()
        return True

    async def _others_join(self, one: Round) -> None:
        for name in one.people[one.early :]:
            await asyncio.sleep(0.05)  # at different moments of the start
            await self.side.joins(name)

    # ------------------------------------------------------------------ the truth

    async def _settled(self) -> bool:
        moving = self.town.rows("SELECT id FROM outbox WHERE state IN ('queued', 'sending', 'waiting')")
        waiting = self.town.rows("SELECT account_id FROM welcome_newcomers")
        if moving or waiting:
            return False
        posts, unsure = await self._posts(), self._unsure()
        return all(posts[name] or name in unsure for one in self._played for name in one.people)

    async def _posts(self) -> Counter[str]:
        return await greetings_of(self.side, [name for one in self._played for name in one.people])

    def _unsure(self) -> set[str]:
        """Who was named in a greeting of which it isn't known whether it arrived."""
        rows = self.town.rows("SELECT payload FROM outbox WHERE state = 'uncertain' AND kind = 'greeting'")
        return {name for one in self._played for name in one.people if any(name in row[0] for row in rows)}

    async def _count(self) -> None:
        posts, unsure = await self._posts(), self._unsure()
        for one in self._played:
            figures = self.figures[one.point]
            figures.uncertain += sum(name in unsure for name in one.people)
            figures.greeted += sum(posts[name] == 1 for name in one.people)
            figures.doubled += [f"{name} at {one.point}:{one.count}" for name in one.people if posts[name] > 1]
            lost = [name for name in one.people if not posts[name] and name not in unsure]
            figures.lost += [f"{name} at {one.point}:{one.count}" for name in lost]
        rows = self.town.rows("SELECT id FROM outbox WHERE state = 'uncertain' AND kind = 'greeting'")
        told = {row[0] for row in self.town.rows("SELECT key FROM outbox WHERE state IN ('sent', 'uncertain')")}
        self.untold = sum(f"uncertain:{id}@{self.side.name}" not in told for (id,) in rows)


def some_rounds(random: Random, count: int, prefix: str) -> list[Round]:
    """Every point in turn, with chance deciding how often its step is passed, who joins, and when."""
    return [_some_round(random, POINTS[n % len(POINTS)], f"{prefix}{n}") for n in range(count)]


def _some_round(random: Random, point: str, prefix: str) -> Round:
    people = tuple(f"{name}{prefix}x" for name in ("Ayu", "Budi", "Citra")[: random.randint(1, 3)])
    count = random.choice((1, 1, 2)) if point in ("claimed", "sent", "settled") else random.randint(1, 3)
    return Round(point, count, people, random.randint(0, len(people)), random.random() < 0.5)
