"""How often a new session may be begun. Kept over restarts, so that even a crash loop can't burn the token.

Discord resets the token of a bot that IDENTIFYs more than 1,000 times in 24 hours. Guyub stays far below: 25
are free, so that trying things out and lost sessions cost nothing; after them there is one an hour, 50 a day at most.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.clock import Clock

LoadState = Callable[[str], Awaitable[str | None]]
"""What was kept under a key; None or empty if nothing was."""
SaveState = Callable[[str, str], Awaitable[None]]

KEY = "discord.identifies"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """`free` sessions may follow each other at once; the others of `per_day` are spread over the day."""

    free: int = 25
    per_day: int = 50

    @property
    def gap(self) -> timedelta:
        return DAY / (self.per_day - self.free)


def wait(begun: list[datetime], now: datetime, allowance: Allowance) -> timedelta:
    """How long to wait before the next session, given when those of the last day were begun."""
    recent = _recent(begun, now)
    if len(recent) < allowance.free:
        return timedelta(0)
    earliest = recent[-1] + allowance.gap
    if len(recent) >= allowance.per_day:
        earliest = max(earliest, recent[-allowance.per_day] + DAY)
    return max(earliest - now, timedelta(0))


def _recent(begun: list[datetime], now: datetime) -> list[datetime]:
    """Those of the last day. One that lies ahead was noted before the clock was put back: it counts as just now."""
    return sorted(min(at, now) for at in begun if now - at < DAY)


ELSEWHERE = Allowance(free=900, per_day=1000)
"""Where another gateway than Discord's own is named (a proxy, a test): the limit that it tells is what counts."""


class IdentifyBudget:
    def __init__(self, load: LoadState, save: SaveState, clock: Clock, allowance: Allowance | None = None) -> None:
        self._load = load
        self._save = save
        self._clock = clock
        self._allowance = allowance or Allowance()

    async def wait(self) -> timedelta:
        return wait(await self._begun(), self._clock.now(), self._allowance)

    async def spend(self) -> None:
        """Note a session. Returns once that is stored, and only then may it be begun."""
        now = self._clock.now()
        begun = [*_recent(await self._begun(), now), now][-self._allowance.per_day :]
        await self._save(KEY, " ".join(at.isoformat() for at in begun))

    async def _begun(self) -> list[datetime]:
        return [datetime.fromisoformat(word) for word in (await self._load(KEY) or "").split()]
