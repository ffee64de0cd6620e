"""Very many join at once: few posts, little memory, and whoever asks for something is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.flood import flood
from tests.faults.processes import Forks
from tests.faults.town import eventually, found_town

JOINING = 1000  # on each platform within six seconds, as fast as 10,000 in a minute; `make faults` has all of them


@pytest.mark.promise("R24")
async def test_a_thousand_join_in_six_seconds(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, welcome='window = "1s"\n') as town:
        run = await town.guyub()
        await town.discord.world.eventually(town.discord.world.commands)

        async def all_are_known() -> bool:
            return town.rows("SELECT count(*) >= ? FROM memberships", 2 * JOINING) == [(1,)]

        seen = await flood(town, run, JOINING, 6.0, all_are_known)
        for side in town.sides.values():
            assert await eventually(side.said) != []
        for platform in town.sides:
            assert seen.wait(platform, 0.99) < 2.0, seen.waits[platform]
            assert seen.most_in_a_minute(platform) <= 20
        assert seen.grown < 150
