"""Telegram's pace, as strictly as it can be read: sliding windows that answer 429."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.servers.telegram.refusals import too_many

SLACK = 0.002  # seconds that the loop's own scheduling may shift an arrival


@dataclass(slots=True)
class Limits:
    """Of messages and edits together. Off until a number is above 0.

    Refused requests count as refused, not towards the limit.
    """

    per_second: int = 0  # everywhere together
    per_chat_second: int = 0
    per_group_minute: int = 0
    refused: int = 0
    clock: Callable[[], float] = time.monotonic
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=dict)

    def pass_or_refuse(self, chat_id: int) -> None:
        """Raises 429 with the seconds until the tightest window has room."""
        if not (self.per_second or self.per_chat_second or self.per_group_minute):
            return
        now = self.clock()
        windows = [
            (self._all, self.per_second, 1.0),
            (self._chats.setdefault(chat_id, deque()), self.per_chat_second, 1.0),
        ]
        if chat_id < 0:
            windows.append((self._groups.setdefault(chat_id, deque()), self.per_group_minute, 60.0))
        wait = max(_room_in(window, most, length, now) for window, most, length in windows)
        if wait > 0:
            self.refused += 1
            raise too_many(max(1, math.ceil(wait)))
        for window, most, _ in windows:
            if most:
                window.append(now)


def _room_in(window: deque[float], most: int, length: float, now: float) -> float:
    """Seconds until one more fits; 0 when it fits now."""
    if not most:
        return 0.0
    while window and window[0] <= now - length + SLACK:
        window.popleft()
    return window[len(window) - most] + length - now if len(window) >= most else 0.0
