"""One person can't keep the bot busy: beyond some commands in a while they are told so once, and then not heard."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

COMMANDS = 20
WHILE = timedelta(seconds=10)
_REMEMBERED = 2048  # people


@dataclass(slots=True)
class _Recent:
    times: deque[datetime] = field(default_factory=deque)
    told: datetime | None = None


class Flood:
    """Counts commands by account, in memory."""

    def __init__(self) -> None:
        self._people: OrderedDict[str, _Recent] = OrderedDict()

    def is_told(self, account: str, now: datetime) -> bool:
        """Whether this account was told to wait just now, so that nothing more need be done."""
        recent = self._people.get(account)
        return recent is not None and recent.told is not None and timedelta(0) <= now - recent.told < WHILE

    def is_over(self, account: str, now: datetime) -> bool:
        """Count a command; True for the one that is too many."""
        recent = self._people.setdefault(account, _Recent())
        self._people.move_to_end(account)
        while len(self._people) > _REMEMBERED:
            self._people.popitem(last=False)
        while recent.times and now - recent.times[0] >= WHILE:
            recent.times.popleft()
        recent.times.append(now)
        if len(recent.times) <= COMMANDS:
            return False
        recent.times.clear()
        recent.told = now
        return True
