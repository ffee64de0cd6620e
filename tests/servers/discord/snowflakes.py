"""Snowflake ids: they grow, and hold the millisecond of their making in the bits above 22."""

from __future__ import annotations

from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000


class Snowflakes:
    """Hands out ids that are unique and never decrease."""

    def __init__(self) -> None:
        self._last = 0

    def new(self, now: float) -> int:
        """An id made at `now` (seconds since the epoch)."""
        self._last = max((int(now * 1000) - DISCORD_EPOCH_MS) << 22, self._last + 1)
        return self._last


def made_at(snowflake: int) -> float:
    """Seconds since the epoch at which the id was made."""
    return ((snowflake >> 22) + DISCORD_EPOCH_MS) / 1000


def iso(at: float) -> str:
    """A time as Discord writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


def from_iso(text: str) -> float:
    """Seconds since the epoch. Raises ValueError."""
    return datetime.fromisoformat(text).timestamp()
