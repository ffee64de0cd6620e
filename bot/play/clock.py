"""Time that moves only when the script says so."""

from __future__ import annotations

from datetime import datetime


class VirtualClock:
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, to: datetime) -> None:
        """Never backwards: what was due earlier is done late."""
        self._now = max(self._now, to)
