"""What `/why` is told about messages of the bot. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.events import Where


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the bot, as the outbox remembers it."""

    where: Where
    message_id: str
    kind: str
    key: str
    why: str
    at: datetime


class Sayings(Protocol):
    def find(self, where: Where, message_id: str) -> Said | None:
        """In that group, whatever the channel; in that private chat."""
        ...

    def newest(self, where: Where, limit: int) -> list[Said]:
        """What was said in a channel and answers nobody, newest first."""
        ...
