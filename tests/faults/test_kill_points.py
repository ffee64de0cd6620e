"""`kill -9` at every point of greeting somebody: nobody is forgotten, nobody is greeted twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.rounds import Round, Rounds
from tests.faults.town import found_town

KILLS = (
    ("received", 1),
    ("received", 2),
    ("before commit", 1),
    ("before commit", 2),
    ("committed", 1),
    ("committed", 2),
    ("claimed", 1),
    ("sent", 1),
    ("settled", 1),
    ("stalled before", 1),
    ("stalled after", 1),
)
BETWEEN = ("claimed", "sent", "stalled before", "stalled after")
"""Killed there, the program can't know whether the post arrived, unless the platform recognises a repeat."""


@pytest.mark.promise("R1", "R3", "R4", "R5")
@pytest.mark.parametrize("platform", ["telegram", "discord"])
async def test_killed_at_every_point_of_greeting(tmp_path: Path, forks: Forks, platform: str) -> None:
    async with found_town(tmp_path, forks, platform) as town:
        side = town.sides[platform]
        rounds = Rounds(town, side)
        await rounds.play(
            Round(point, count, (f"Ayu{n}x",), late_release=bool(n % 2)) for n, (point, count) in enumerate(KILLS)
        )
        figures = rounds.figures
        assert [point for point, seen in figures.items() if seen.killed_there < seen.rounds] == []
        assert [name for seen in figures.values() for name in seen.lost] == []
        assert [name for seen in figures.values() for name in seen.doubled] == []
        assert rounds.untold == 0
        # Those who were not greeted before the next round share its greeting, and its fate.
        unsure = town.states(platform).get("uncertain", 0)
        assert unsure <= (0 if side.repeats else sum(point in BETWEEN for point, _ in KILLS))
