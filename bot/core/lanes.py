"""What may be sent next, and when: in order per place, most urgent first, within the platform's pace.

Notes, which their askers alone see, are in no order, and only the pace of the whole platform holds for them.

Times are seconds of a monotonic clock. A gap never catches up: after a pause there is no burst.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.core.chat import Pace
from bot.core.events import Where
from bot.core.unit import NOTE, PRIORITY

MINUTE = 60.0
ON_THE_WAY = 0.5
"""Seconds by which a platform may see a minute's first send later than the one after it."""


@dataclass(slots=True)
class Lane:
    """The rows waiting for one place, as (priority, id), or a single note."""

    where: Where
    is_note: bool = False
    rows: list[tuple[int, int]] = field(default_factory=list)
    busy: bool = False
    free_at: float = 0.0
    later: dict[int, float] = field(default_factory=dict)  # row id → not before


@dataclass(slots=True)
class Target:
    """What a platform counts against its limits: a place, or a whole group."""

    free_at: float = 0.0
    minute: deque[float] = field(default_factory=deque)


class Lanes:
    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._lanes: dict[Where, Lane] = {}
        self._targets: dict[tuple[str, str], Target] = {}
        self._ready: list[tuple[int, int, Where]] = []
        self._timers: list[tuple[float, str, Where]] = []
        self._known: set[int] = set()
        self.paused: set[tuple[str, str | None]] = set()  # (group, channel); channel None: the whole group
        self.free_at = 0.0  # nothing to anybody before that

    def __len__(self) -> int:
        return len(self._known)

    def add(self, row: int, where: Where, priority: int, not_before: float = 0.0) -> None:
        """A row that waits; a row that is known already is left where it is. A note has a place of its own."""
        if row in self._known:
            return
        self._known.add(row)
        if priority == NOTE:
            where = replace(where, thread=f"{where.thread}/{row}")
        lane = self._lanes.setdefault(where, Lane(where, priority == NOTE))
        heapq.heappush(lane.rows, (priority, row))
        if not_before:
            lane.later[row] = not_before
        self._offer(lane)

    def take(self, now: float, limit: int = 1) -> list[tuple[int, Where]]:
        """The rows to send now, most urgent first, at most one a place; they keep their places busy until `done`."""
        self._wake(now)
        taken: list[tuple[int, Where]] = []
        begun: list[Target] = []
        while self._ready and len(taken) < limit and self.free_at <= now:
            priority, row, where = heapq.heappop(self._ready)
            lane = self._lanes.get(where)
            if lane is None or lane.busy or not lane.rows or lane.rows[0] != (priority, row) or self.is_paused(where):
                continue
            free, target = self._free_at(lane, row, priority), self._target(where)
            if any(target is other for other in begun) and not self._is_free(lane, priority):
                free = max(free, now + self._pace.target_gap)
            if free > now:
                self._later(free, where)
                continue
            heapq.heappop(lane.rows)
            lane.later.pop(row, None)
            lane.busy = True
            taken.append((row, where))
            if not lane.is_note:
                begun.append(target)
        return taken

    def started(self, where: Where, at: float, priority: int) -> None:
        """A send to that place begins."""
        if self._is_free(self._lanes.get(where), priority):
            return
        target = self._target(where)
        target.free_at = at + self._pace.target_gap
        if self._pace.target_per_minute:
            target.minute.append(at)

    def delayed(self, where: Where, at: float) -> None:
        """A send to that place, begun earlier, goes out only then: the next keeps its distance from that."""
        self.free_at = at + self._pace.gap
        target = self._target(where)
        target.free_at = max(target.free_at, at + self._pace.target_gap)

    def done(self, where: Where, row: int) -> None:
        """The place is free again; the row is gone from here."""
        self._known.discard(row)
        lane = self._lanes[where]
        lane.busy = False
        if lane.rows:
            self._offer(lane)
        else:
            del self._lanes[where]

    def put_back(self, where: Where, row: int, priority: int, until: float) -> None:
        """The row was surely not sent: it stays first in its place, which waits until then."""
        lane = self._lanes[where]
        lane.busy = False
        lane.free_at = max(lane.free_at, until)
        heapq.heappush(lane.rows, (priority, row))
        self._offer(lane)

    def next_at(self) -> float | None:
        """When something may become ready without any news; None if nothing waits for time."""
        times = [self._timers[0][0]] if self._timers else []
        if self._ready:
            times.append(self.free_at)
        return min(times) if times else None

    def resume(self, paused: Iterable[tuple[str, str | None]]) -> None:
        """From now on these are paused; whatever is not any more goes on."""
        self.paused = set(paused)
        for lane in self._lanes.values():
            if not lane.busy:
                self._offer(lane)

    def is_paused(self, where: Where) -> bool:
        return bool(self.paused) and ((where.group, None) in self.paused or (where.group, where.channel) in self.paused)

    def _offer(self, lane: Lane) -> None:
        if lane.rows and not lane.busy:
            heapq.heappush(self._ready, (*lane.rows[0], lane.where))

    def _later(self, at: float, where: Where) -> None:
        heapq.heappush(self._timers, (at, str(where), where))

    def _wake(self, now: float) -> None:
        while self._timers and self._timers[0][0] <= now:
            lane = self._lanes.get(heapq.heappop(self._timers)[2])
            if lane:
                self._offer(lane)

    def _is_free(self, lane: Lane | None, priority: int) -> bool:
        """Whether it counts against no limit of its target."""
        is_note = lane is not None and lane.is_note
        return is_note or (self._pace.answers_apart and priority == PRIORITY["answer"])

    def _free_at(self, lane: Lane, row: int, priority: int) -> float:
        if self._is_free(lane, priority):
            return max(lane.free_at, lane.later.get(row, 0.0))
        target = self._target(lane.where)
        free = max(lane.free_at, target.free_at, lane.later.get(row, 0.0))
        if self._pace.target_per_minute and len(target.minute) >= self._pace.target_per_minute and lane.where.group:
            while len(target.minute) > self._pace.target_per_minute:
                target.minute.popleft()
            free = max(free, target.minute[0] + MINUTE + ON_THE_WAY)
        return free

    def _target(self, where: Where) -> Target:
        key = (where.group, "") if self._pace.per_group and where.group else (where.group, where.channel)
        return self._targets.setdefault(key, Target())

    def forget_idle_targets(self, now: float) -> None:
        """Targets that nothing was sent to for a minute bear no limit any more."""
        idle = [key for key, target in self._targets.items() if target.free_at < now - MINUTE]
        for key in idle:
            del self._targets[key]
