"""Every request and its answer, and when what was sent."""

from __future__ import annotations

import json
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Entry:
    """One request. `status` 0 means that the connection was cut; `sent_answer` is what the bot could read."""

    at: float
    bot_id: int
    method: str
    params: Json
    status: int
    sent_answer: str
    fault: str | None = None
    seconds: float = 0.0

    def shown(self, index: int) -> Json:
        """As the control side shows it."""
        try:
            answer = json.loads(self.sent_answer) if self.sent_answer else None
        except ValueError:
            answer = self.sent_answer
        return {
            "index": index,
            "at": self.at,
            "bot": self.bot_id,
            "method": self.method,
            "params": self.params,
            "status": self.status,
            "answer": answer,
            "fault": self.fault,
            "seconds": self.seconds,
        }


@dataclass(slots=True)
class Journal:
    """Counts always; keeps requests only while `keeps`."""

    keeps: bool = True
    entries: list[Entry] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)  # "sendMessage 429" → how often
    sends: list[tuple[float, int]] = field(default_factory=list)  # (when, chat) of everything delivered
    started: float = field(default_factory=time.time)

    def note(self, entry: Entry) -> None:
        """Records one request."""
        self.calls[entry.method] += 1
        self.statuses[f"{entry.method} {entry.status}"] += 1
        if self.keeps:
            self.entries.append(entry)

    def rates(self) -> Json:
        """The busiest second overall and in one chat, the busiest minute in one chat; windows slide."""
        by_chat: defaultdict[int, list[float]] = defaultdict(list)
        for at, chat in self.sends:
            by_chat[chat].append(at)
        times = sorted(at for at, _ in self.sends)
        return {
            "sends": len(times),
            "first": times[0] if times else None,
            "last": times[-1] if times else None,
            "busiest_second": busiest(times, 1.0),
            "busiest_second_in_a_chat": max((busiest(sorted(t), 1.0) for t in by_chat.values()), default=0),
            "busiest_minute_in_a_chat": max((busiest(sorted(t), 60.0) for t in by_chat.values()), default=0),
        }


def busiest(times: list[float], seconds: float) -> int:
    """The largest number of sorted `times` in any window of that length, its end excluded."""
    return max((i + 1 - bisect_right(times, at - seconds) for i, at in enumerate(times)), default=0)
