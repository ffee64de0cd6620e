"""What tests of voting have in common: a poll is asked, and looked at."""

from __future__ import annotations

import pytest

from bot.core.unit import Unit
from bot.features.polls.model import Poll, Polls
from tests.driver import Conversation

FACES = ("telegram", "discord")
OTHER = {"telegram": "discord", "discord": "telegram"}
in_each_language = pytest.mark.parametrize("language", ["en", "id"])
on_each_face = pytest.mark.parametrize("face", FACES)
kept_or_not = pytest.mark.parametrize("flags", ["", "--secret"], ids=["visible", "secret"])


async def asks(talk: Conversation, flags: str = "", question: str = "Where?", face: str = "telegram") -> None:
    command = f'/poll new "{question}" Senopati | Kemang --closes 1h {flags}'
    await talk.person("Rina", manager=True).says(face, command)


async def poll(talk: Conversation, number: int = 1) -> Poll:
    def find(unit: Unit) -> Poll | None:
        return unit.store(Polls).numbered(talk.stage.scene.community.slug, number)

    found = await talk.stage.program.database.run(find, talk.clock.now())
    assert found
    return found


async def counts(talk: Conversation, number: int = 1) -> tuple[tuple[int, ...], dict[str, int]]:
    """As it is told at the close."""
    await talk.person("Rina", manager=True).says("discord", f"/poll close {number}")
    await talk.clock.advance(seconds=1)
    outcome = (await poll(talk, number)).outcome
    assert outcome
    return outcome.counts, dict(outcome.by_platform)
