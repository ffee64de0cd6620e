"""Silences that became lulls while the program was off: asked into once, whoever is killed and whatever moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.lulls import (
    AT_ONCE,
    OWN,
    PROMPT,
    asked,
    fell_silent,
    is_asked,
    is_looked_at_again,
    is_set_up,
    is_settled,
    killed_before_it_is_said,
    looks,
    manager_on_telegram,
    prompts,
    told_managers,
)
from tests.faults.processes import Forks
from tests.faults.town import Town, eventually, found_town
from tests.faults.voting import QUIET

BOTH = pytest.mark.parametrize("platform", ["telegram", "discord"])


@BOTH
@pytest.mark.promise("R3", "R7")
async def test_a_silence_that_became_a_lull_while_the_program_was_off(
    tmp_path: Path, forks: Forks, platform: str
) -> None:
    """Killed once it has decided to ask, and looking again after it did."""
    async with found_town(tmp_path, forks, platform, welcome=QUIET) as town:
        is_set_up(town, OWN + AT_ONCE)
        await town.met_before()
        await fell_silent(town, platform)
        await killed_before_it_is_said(town, platform)
        run = await town.guyub()
        side = town.sides[platform]
        await is_asked(town, side)
        assert asked(town) == [("lull", "sent", 1)]
        await run.killed()
        for _ in range(2):
            await is_looked_at_again(town, platform)
            run = await town.guyub()
            await eventually(lambda: has_looked(town))
            await run.killed()
        await town.guyub()
        await is_asked(town, side)
        assert asked(town) == [("lull", "sent", 1)]
        assert await side.told_managers() == []


async def test_the_bots_own_last_word_counts_under_either_name_of_the_channel(tmp_path: Path, forks: Forks) -> None:
    """Newcomers are greeted in a channel that is named, which is the one that the server itself means."""
    async with found_town(tmp_path, forks, "discord", welcome=QUIET) as town:
        is_set_up(town, OWN + AT_ONCE)
        await town.met_before()
        await fell_silent(town, "discord", last_word="Halo Ayu!")
        await town.guyub()
        await eventually(lambda: has_looked(town))
        assert town.rows("SELECT fate, rule FROM posts_decisions") == [("withheld", "own")]
        assert await prompts(town.discord) == []


@pytest.mark.promise("R10")
@pytest.mark.parametrize("seen", [["to", "from"], []], ids=["told", "untold"])
async def test_a_group_that_became_a_supergroup_while_the_program_was_off_is_asked_where_it_is_now(
    tmp_path: Path, forks: Forks, seen: list[str]
) -> None:
    """Whichever comes first, the news of the move or the look; without news the refused prompt brings it."""
    async with found_town(tmp_path, forks, "telegram", welcome=QUIET, group={"kind": "group"}) as town:
        is_set_up(town, OWN + AT_ONCE)
        await town.met_before()
        await fell_silent(town, "telegram")
        moved = await town.telegram.group.migrates(seen=seen)
        run = await town.guyub()
        await moved.hears(PROMPT, timeout=20)
        await eventually(lambda: is_settled(town))
        assert asked(town) == [("lull", "sent", 1)]
        for table in ("activity", "quiet_channels", "quiet_prompts", "posts_lulls", "posts_decisions"):
            assert town.rows(f"SELECT DISTINCT group_id FROM {table}") == [(str(moved.id),)], table
        ayu = await town.telegram.person("Ayu")
        await ayu.says("kopi tubruk", moved)

        async def is_heard() -> bool:
            return looks(town) == [(str(moved.id), "")]

        await eventually(is_heard)
        await run.killed()
        await town.guyub()
        assert len([said for said in await moved.messages() if said["text"] == PROMPT]) == 1


async def has_looked(town: Town) -> bool:
    return not looks(town)


@BOTH
async def test_on_trial_managers_are_shown_it_first_and_send_it(tmp_path: Path, forks: Forks, platform: str) -> None:
    """Pressed on Telegram while the program is off; the lull is on either platform."""
    async with found_town(tmp_path, forks, welcome=QUIET) as town:
        is_set_up(town, OWN)
        rina = await manager_on_telegram(town)
        await town.met_before()
        await fell_silent(town, platform)
        run = await town.guyub()
        for side in town.sides.values():
            told = await told_managers(side, "sedang sepi")
            assert told.buttons
            assert f"({platform.capitalize()})" in told.text
            assert PROMPT in told.text
            assert await prompts(side) == []
        await eventually(lambda: has_looked(town))
        await run.killed()
        assert asked(town) == [("lull", "offered", 0)]
        pressed = await rina.presses("Kirim", town.telegram.managers)
        await is_looked_at_again(town, platform)
        await killed_before_it_is_said(town, platform)
        await town.guyub()
        await rina.sees_answer(pressed)
        await is_asked(town, town.sides[platform])
        for side in town.sides.values():
            told = await told_managers(side, "Atas permintaan Rina")
            assert told.edits
            assert not told.buttons
        others = [side for name, side in town.sides.items() if name != platform]
        assert [await prompts(side) for side in others] == [[]]
        assert asked(town) == [("lull", "sent", 1)]
