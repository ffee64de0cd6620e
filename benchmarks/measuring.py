"""How things are measured: process CPU time, in turns, medians; and a line of the table for each figure."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self

Round = Callable[[], Awaitable[float]]
"""Does the work once and returns what it took."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: Guyub beside its anchor. `anchor` None: there is nothing to compare it with.

    `met`: whether the target is reached; None where there is no target.
    """

    what: str
    guyub: float
    unit: str
    anchor: float | None = None
    anchored_on: str = ""
    target: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.guyub / self.anchor if self.anchor else None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class CpuTime(AbstractContextManager["CpuTime"]):
    """`with CpuTime() as cpu: …`; then `cpu.seconds` of this process, all of its threads together."""

    seconds: float = 0.0

    def __enter__(self) -> Self:
        gc.collect()
        self._began = time.process_time()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.seconds = time.process_time() - self._began


async def side_by_side(rounds: int, contenders: dict[str, Round]) -> dict[str, float]:
    """The median of each contender. They take turns, and who begins changes; the first round only warms up."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for number in range(rounds + 1):
        for name in order:
            seconds = await contenders[name]()
            if number:
                taken[name].append(seconds)
        order.append(order.pop(0))
    return {name: statistics.median(values) for name, values in taken.items()}


def percentile(values: list[float], share: float) -> float:
    """The value that `share` (0 to 1) of all stay below or reach."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
