"""SIGTERM: what is running is finished, the rest is left to the next start, and nothing is lost on the way."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.sides import greetings_of
from tests.faults.town import eventually, found_town

PEOPLE = [f"Ayu{n}x" for n in range(45)]
ASKING = PEOPLE[::5]  # no more: a group is told at most 20 things a minute, answers before greetings


@pytest.mark.promise("R11")
async def test_stopped_under_load_and_started_again(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks) as town:
        await town.met_before()
        for third in range(3):
            run = await town.guyub(until=bool(third))
            for name in PEOPLE[third::3]:
                await asyncio.gather(*(side.joins(name) for side in town.sides.values()))
                if name in ASKING:
                    await town.telegram.people[name].says("/help", town.telegram.group)
            begun = time.monotonic()
            # While it is starting nothing needs to be finished.
            assert await run.stopped() in ((0,) if third else (0, -signal.SIGTERM)), town.log()
            assert time.monotonic() - begun < 10
        await town.guyub()

        async def all_are_greeted() -> bool:
            return all([all((await greetings_of(side, PEOPLE)).values()) for side in town.sides.values()])

        await eventually(all_are_greeted, within=30)
        for side in town.sides.values():
            assert set((await greetings_of(side, PEOPLE)).values()) == {1}
        assert town.states("telegram").get("uncertain", 0) == 0
        asked = "SELECT state, count(*) FROM outbox WHERE kind = 'answer' AND key NOT LIKE '%:private' GROUP BY state"
        assert town.rows(asked) == [("sent", len(ASKING))]  # every command was run, once


@pytest.mark.promise("R11")
async def test_stopped_while_the_platforms_do_not_answer(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks) as town:
        run = await town.guyub()
        for side in town.sides.values():
            await side.stalls("after")
            await side.joins("Ayu0x")
        for side in town.sides.values():
            await side.stalled()
        begun = time.monotonic()
        os.kill(run.pid, signal.SIGTERM)
        assert await run.ends() == 0
        assert time.monotonic() - begun < 10
        for side in town.sides.values():
            await side.release()
        await town.guyub()
        for side in town.sides.values():
            await side.joins("Budi0x")

        async def budi_is_greeted() -> bool:
            return all([(await greetings_of(side, ["Budi0x"]))["Budi0x"] for side in town.sides.values()])

        await eventually(budi_is_greeted, within=15)
        for side in town.sides.values():
            assert (await greetings_of(side, ["Ayu0x"]))["Ayu0x"] == 1
