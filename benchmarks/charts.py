"""A chart, drawn by the process that draws: how long it takes, what the loop and the memory notice of it."""

from __future__ import annotations

import asyncio
import gc
import statistics
import sys
import time
from collections.abc import Coroutine

import psutil  # type: ignore[import-untyped]

from adapters.charts.drawer import Drawer
from benchmarks.measuring import Figure, percentile
from bot.core.messages import Bar, Chart

CHARTS = 20
RESULTS = Chart(
    "Ngopi di mana Sabtu ini?",
    tuple(Bar(f"Kedai Kopi Nusantara nomor {n}", 10 - n, f"{10 - n} ({10 - n}%)") for n in range(6)),
    "30 suara",
)
_IMPORT = "import matplotlib.figure, matplotlib.backends.backend_agg"


async def run(full: bool) -> list[Figure]:
    drawer, me = Drawer(), psutil.Process()
    await drawer(RESULTS)  # the first one also writes the list of fonts
    gc.collect()
    before = me.memory_info().rss
    taken: list[float] = []
    await _draw(drawer, CHARTS * (3 if full else 1), taken)
    gc.collect()
    grown = (me.memory_info().rss - before) / 2**20
    quiet, _ = await _turns(asyncio.sleep(5))
    late, computed = await _turns(_draw(drawer, CHARTS, []))
    drawer.close()
    beside = statistics.median([await _imported() for _ in range(5)])
    drawn, most = statistics.median(taken), max(computed)
    return [
        Figure("a chart of six bars, until its picture is there", drawn, "ms", beside, "matplotlib imported"),
        Figure("the longest turn of the loop meanwhile, CPU", most, "ms", target="≤ 5 ms", met=most <= 5),
        Figure(
            "… by how much a turn is late, 99 of 100", percentile(late, 0.99), "ms", percentile(quiet, 0.99), "idle"
        ),
        Figure(f"memory that {len(taken)} charts leave behind", grown, "MiB", target="≤ 1 MiB", met=grown <= 1),
    ]


async def _draw(drawer: Drawer, count: int, taken: list[float]) -> None:
    for _ in range(count):
        began = time.perf_counter()
        await drawer(RESULTS)
        taken.append((time.perf_counter() - began) * 1000)


async def _turns(work: Coroutine[None, None, None]) -> tuple[list[float], list[float]]:
    """Of each turn of the loop while the work goes on, in ms: by how much it was late, and what it computed."""
    late: list[float] = []
    computed: list[float] = []
    task = asyncio.create_task(work)
    while not task.done():
        began, cpu = time.perf_counter(), time.thread_time()
        await asyncio.sleep(0.001)
        late.append((time.perf_counter() - began - 0.001) * 1000)
        computed.append((time.thread_time() - cpu) * 1000)
    await task
    return late, computed


async def _imported() -> float:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _IMPORT)
    await process.wait()
    return (time.perf_counter() - began) * 1000
