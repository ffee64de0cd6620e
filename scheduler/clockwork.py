"""Makes due things happen: a handful of fixed jobs, the one-second tick above all.

Everything that a community schedules is a row with a due time; a tick hands on what is due.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Work = Callable[[], Awaitable[None]]


class Clockwork:
    """`tick` every second, `listen` twice a minute, `tidy` every hour.

    A run that is late is made up for once, and never twice at a time.
    """

    def __init__(self, tick: Work, tidy: Work, listen: Work) -> None:
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_job(tick, "interval", seconds=1, id="tick")
        self._scheduler.add_job(listen, "interval", seconds=30, id="listen")
        self._scheduler.add_job(tidy, "interval", hours=1, id="tidy")

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)
