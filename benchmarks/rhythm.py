"""A channel's rhythm: what a message and a silence cost; and the detector for a scorer of logs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bot.features.quiet.days import Calendar
from bot.features.quiet.rhythm import Rhythm


class Detector:
    """The project's own rhythm as scorers ask for it: seconds in UTC in, scores out."""

    def __init__(self) -> None:
        self.rhythm = Rhythm(Calendar(ZoneInfo("UTC")))

    def observe(self, ts: int, author: str) -> None:
        self.rhythm.observe(datetime.fromtimestamp(ts, UTC))

    def offline(self, begin: int, end: int) -> None:
        self.rhythm.offline(datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC))

    def score(self, nows: Iterable[int]) -> NDArray[np.float64]:
        return np.array([self.rhythm.score(datetime.fromtimestamp(int(now), UTC)) for now in nows])


factory = Detector
