"""`kill -9` in the middle of voting and at the close: the result is right and told once."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.faults.poll_rounds import PollRounds, Round
from tests.faults.processes import Forks
from tests.faults.town import found_town
from tests.faults.voting import QUIET

KILLS = (
    Round("voting", "received", 9),
    Round("voting", "before commit", 5, secret=True),
    Round("voting", "committed", 7),
    Round("voting", "sent", 6),
    Round("close", "before commit", 1),
    Round("close", "committed", 1, secret=True),
    Round("close", "claimed", 3),
    Round("close", "sent", 4),
    Round("close", "stalled after", 1, side="discord"),
    Round("close", "stalled before", 1, side="telegram", late_release=True),
)
"""`make faults` plays a hundred rounds with every point."""


@pytest.mark.promise("R1", "R3", "R4", "R5")
async def test_killed_while_people_vote_and_at_the_close(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, welcome=QUIET) as town:
        rounds = PollRounds(town, Random(5), hasty=True)
        await rounds.play(KILLS)
        figures = rounds.figures
        assert [problem for seen in figures.values() for problem in seen.wrong] == []
        assert [way for way, seen in figures.items() if seen.killed_there < seen.rounds] == []
        assert sum(seen.told + seen.uncertain for seen in figures.values()) >= 2 * len(KILLS)
