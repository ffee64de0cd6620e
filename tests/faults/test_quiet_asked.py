"""Prompts through real clients: suggested, asked for and found due by a silence, and the program killed meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.faults.lulls import AT_ONCE, OWN, PROMPT, fell_silent, is_looked_at_again, is_set_up, looks
from tests.faults.processes import Forks
from tests.faults.sides import Said, Side
from tests.faults.test_polls_asked import listens, offered
from tests.faults.town import Town, eventually, found_town
from tests.faults.voting import QUIET
from tests.servers import telegram

IDEA = "Biji apa yang kamu seduh *minggu* ini?"
BOTH = pytest.mark.parametrize("platform", ["telegram", "discord"])


async def prompts(side: Side, words: str = PROMPT) -> list[Said]:
    """All the bot ever asked in the group; not the answers to commands."""
    answers = ("Ditanyakan di", "– ")
    return [said for said in await side.said() if words in said.text and not said.text.startswith(answers)]


async def is_asked(town: Town, side: Side, words: str = PROMPT) -> Said:
    """It is said once, and everything is settled."""

    async def look() -> list[Said]:
        moving = town.rows("SELECT id FROM outbox WHERE state IN ('queued', 'sending')")
        return [] if moving else await prompts(side, words)

    said = await eventually(look, within=20, what=f"prompt on {side.name}")
    assert len(said) == 1, said
    return said[0]


def asked(town: Town) -> list[tuple[Any, ...]]:
    return town.rows("SELECT origin, state, posted_at IS NOT NULL FROM quiet_prompts")


async def manager_on_telegram(town: Town) -> telegram.Person:
    rina = await town.telegram.person("Rina")
    for group in (town.telegram.group, town.telegram.managers):
        await rina.joins(group, via=())
        await rina.is_promoted(group, via=())
    return rina


async def told_managers(side: Side, words: str) -> Said:
    async def look() -> list[Said]:
        return [said for said in await side.told_managers() if words in said.text]

    [said] = await eventually(look, what=f"{words} on {side.name}")
    return said


async def killed_before_it_is_said(town: Town, platform: str) -> None:
    """It is decided, and nobody has read it: Telegram says no to it for now, Discord has not answered."""
    side = town.sides[platform]
    if platform == "telegram":
        telegram, group = town.telegram.world, str(town.telegram.group.id)
        await telegram.fault("sendMessage", retry_after=3, times=0, chat_id=group)
    else:
        await side.stalls("before")
    run = await town.guyub()

    async def is_held_back() -> bool:
        state = "queued" if platform == "telegram" else "sending"
        return town.rows("SELECT state, attempts FROM outbox WHERE kind = 'prompt'") == [(state, 1)]

    await eventually(is_held_back)
    if platform == "discord":
        await side.stalled()
    await run.killed()
    assert await prompts(side) == []
    await (town.telegram.world.clear_faults() if platform == "telegram" else side.release())
    town.forgets_sessions()


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
            moving = town.rows("SELECT id FROM outbox WHERE state IN ('queued', 'sending')")
            return not moving and not [post for post in await general.posts() if PROMPT in post.text]

        await eventually(is_gone)
        assert asked(town) == [("manager", "taken_back", 0)]


# ---------------------------------------------------------------- a lull


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
        await eventually(lambda: is_settled(town))
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


async def is_settled(town: Town) -> bool:
    return town.rows("SELECT state FROM outbox WHERE kind = 'prompt'") == [("sent",)] and bool(asked(town)[0][2])


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
        await eventually(lambda: is_settled(town))
        assert asked(town) == [("lull", "sent", 1)]
