"""`python -m adapters.charts`: a chart as JSON on stdin, its picture on stdout. On an error one line without words."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from bot.core.messages import Bar, Chart

CPU_SECONDS = 30  # of a process whose parent is gone; otherwise the parent ends it sooner
NICENESS = 10


def chart_of(data: dict[str, object]) -> Chart:
    bars = data["bars"]
    assert isinstance(bars, list)
    return Chart(str(data["title"]), tuple(Bar(**bar) for bar in bars), str(data["note"]))


def main() -> int:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        asked = json.loads(sys.stdin.buffer.read())
        from adapters.charts.drawing import draw

        sys.stdout.buffer.write(draw(chart_of(asked["chart"]), asked["format"]))
        sys.stdout.buffer.flush()
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent is told which and where
        last = error.__traceback__
        while last and last.tb_next:
            last = last.tb_next
        where = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last else ""
        sys.stderr.write(f"{type(error).__name__} at {where}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
