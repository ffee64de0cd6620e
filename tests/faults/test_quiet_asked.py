"""Prompts that people suggest and ask for, through real clients; the program is killed before they are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.lulls import (
    OWN,
    PROMPT,
    asked,
    is_asked,
    is_set_up,
    is_settled,
    killed_before_it_is_said,
    manager_on_telegram,
    told_managers,
)
from tests.faults.processes import Forks
from tests.faults.test_polls_asked import listens, offered
from tests.faults.town import eventually, found_town
from tests.faults.voting import QUIET

IDEA = "Biji apa yang kamu seduh *minggu* ini?"
BOTH = pytest.mark.parametrize("platform", ["telegram", "discord"])


# ---------------------------------------------------------------- ideas


@BOTH
async def test_an_idea_is_let_in_on_one_platform_and_the_other_sees_it(
    tmp_path: Path, forks: Forks, platform: str
) -> None:
    """Suggested in one group, decided on in the other platform's managers' chat; killed in between."""
    async with found_town(tmp_path, forks, welcome=QUIET) as town:
        is_set_up(town, "packs = false\n")
        general, staff = town.discord.guild["general"], town.discord.guild["pengurus"]
        rina, owner = await manager_on_telegram(town), town.discord.guild.owner
        ayu = await town.telegram.person("Ayu")
        await ayu.joins(town.telegram.group, via=())
        dewi = await town.discord.person("Dewi")
        await town.discord.joins("Dewi")
        run = await listens(town)
        if platform == "telegram":
            await ayu.says(f"/usul@guyub_bot {IDEA}", town.telegram.group)
            await town.telegram.group.hears("Terima kasih!…")
        else:
            answer = await (await dewi.slash(general, "suggest", text=IDEA)).answer()
            assert answer.ephemeral
            assert "Terima kasih!" in answer.text
        for side in town.sides.values():
            told = await told_managers(side, "mengusulkan topik (nomor 1)")
            assert told.buttons
            assert ("Ayu" if platform == "telegram" else "Dewi") in told.text
        await eventually(lambda: is_settled(town))
        await run.killed()
        if platform == "discord":
            pressed = await rina.presses("Setujui", town.telegram.managers)
            await listens(town)
            await rina.sees_answer(pressed)
        else:
            await listens(town)
            await owner.presses(staff, "Setujui")
        for name, side in town.sides.items():
            told = await told_managers(side, "menyetujui nomor 1")
            assert told.edits
            assert told.buttons == (name != platform)  # it can be undone where it was decided
        assert town.rows("SELECT number, standing FROM quiet_ideas") == [(1, "approved")]

        answer = await (await owner.slash(general, "prompt now")).answer()
        assert answer.ephemeral
        said = await is_asked(town, town.discord, "ide dari")
        assert said.text.endswith(f"– ide dari {'Ayu' if platform == 'telegram' else 'Dewi'}")


# ---------------------------------------------------------------- asked for


@pytest.mark.promise("R1", "R2", "R3")
async def test_prompt_now_is_asked_once_on_telegram_though_killed_before_it_is(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, "telegram", welcome=QUIET) as town:
        is_set_up(town, OWN)
        await town.met_before()
        rina, staff = await manager_on_telegram(town), town.telegram.managers
        await rina.says("/topik sekarang", staff)
        await killed_before_it_is_said(town, "telegram")
        await town.guyub()
        await is_asked(town, town.telegram)
        await staff.hears(f"Ditanyakan di …{PROMPT}…")
        assert asked(town) == [("manager", "sent", 1)]
        await rina.says("/prompt history", staff)
        await staff.hears(f"…(Telegram), …kita lihat nanti…“{PROMPT}”")
        await is_asked(town, town.telegram)


@pytest.mark.promise("R3", "R4")
@pytest.mark.parametrize("when", ["before", "after"])
async def test_prompt_now_is_asked_once_on_discord_though_killed_while_it_is(
    tmp_path: Path, forks: Forks, when: str
) -> None:
    async with found_town(tmp_path, forks, "discord", welcome=QUIET) as town:
        is_set_up(town, OWN)
        run = await listens(town)
        general, owner = town.discord.guild["general"], town.discord.guild.owner
        await town.discord.stalls(when)
        act = await owner.slash(general, "prompt now")
        await town.discord.stalled()
        await run.killed()
        await town.discord.release()
        await town.guyub()
        await is_asked(town, town.discord)
        await eventually(lambda: offered(town))
        assert asked(town) == [("manager", "sent", 1)]
        answer = await (await owner.slash(general, "prompt history")).answer()
        assert answer.ephemeral
        assert "Kopi (Discord)" in answer.text
        assert PROMPT in answer.text
        assert (await act.answer()).buttons == ("Tarik kembali",)
        await owner.presses(general, "Tarik kembali")

        async def is_gone() -> bool:
            return await is_settled(town) and not [post for post in await general.posts() if PROMPT in post.text]

        await eventually(is_gone)
        assert asked(town) == [("manager", "taken_back", 0)]
