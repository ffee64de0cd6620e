"""On the stage, too, talk is recorded where the bot speaks: with or without a main channel, on both faces."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.activity import Activity, heard_in
from bot.core.community import Group
from bot.play.community import BUILT_IN
from tests.driver import Conversation, conversation

WITHOUT_MAIN = BUILT_IN.replace('main = "100000000000000002"\n', "")
DAY = timedelta(days=1)
FACES = ("telegram", "discord")


def group_on(talk: Conversation, face: str) -> Group:
    return next(group for group in talk.stage.scene.community.groups if group.platform == face)


async def hears_talk(talk: Conversation, face: str) -> bool:
    """Whether what was said this second is recorded where the bot would look for it."""
    program, place = talk.stage.program, group_on(talk, face).main_place
    heard = heard_in(place, program.capabilities)
    return await program.database.run(lambda unit: unit.store(Activity).last(heard), program.clock.now()) == (
        talk.clock.now()
    )


@pytest.mark.parametrize("config", [BUILT_IN, WITHOUT_MAIN], ids=["with a main channel", "without"])
@pytest.mark.parametrize("face", FACES)
async def test_what_is_said_in_the_group_is_heard_there(face: str, config: str) -> None:
    async with conversation(config) as talk:
        await talk.person("Ayu").says(face, "Halo")
        assert await hears_talk(talk, face)
        await talk.clock.advance(hours=1)
        await talk.person("Budi").says(f"{face}#resep", "Halo")
        assert not await hears_talk(talk, face)


async def test_it_is_still_known_after_a_restart() -> None:
    async with conversation(WITHOUT_MAIN) as talk:
        await talk.person("Ayu").says("discord", "Halo")
        await talk.restarts()
        assert await hears_talk(talk, "discord")


async def test_it_is_forgotten_after_half_a_year() -> None:
    async with conversation() as talk:
        await talk.person("Ayu").says("telegram", "Halo")
        group = group_on(talk, "telegram")
        program = talk.stage.program

        async def count() -> int:
            await program.tidy()
            now = program.clock.now()
            return await program.database.run(
                lambda unit: len(list(unit.store(Activity).replay("telegram", group.id))), now
            )

        talk.stage.clock.advance(talk.clock.now() + 179 * DAY)
        assert await count() == 1
        talk.stage.clock.advance(talk.clock.now() + 2 * DAY)
        assert await count() == 0
