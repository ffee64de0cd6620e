"""The pace keeps Telegram's limits also where requests take differently long to arrive."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from adapters.telegram.limits import PACE
from bot.core.events import Where
from bot.core.lanes import Lanes

KOPI = Where("telegram", "-100", "")
LATE = 0.045  # seconds at most


def test_no_two_arrive_within_a_second_and_no_more_than_twenty_within_a_minute() -> None:
    random, lanes, now = Random(3), Lanes(PACE), 0.0
    for row in range(100):
        lanes.add(row, KOPI, 5)
    arrived: list[float] = []
    while len(arrived) < 100:
        for row, where in lanes.take(now):
            lanes.started(where, now, 5)
            lanes.done(where, row)
            arrived.append(now + random.uniform(0, LATE))
        now = max(now, lanes.next_at() or now)
    assert all(later - earlier >= 1 for earlier, later in pairwise(arrived))
    assert all(later - earlier >= 60 for earlier, later in zip(arrived, arrived[20:], strict=False))
