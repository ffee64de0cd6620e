"""Every *.chat of this folder is played. A comment `# config: FILE.toml` names a config that lies next to it."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.play.community import scene
from bot.play.conductor import play
from bot.play.grammar import read
from bot.play.report import explain
from bot.play.script import Clock, Heard
from bot.play.stage import Stage

FOLDER = Path(__file__).parent
SCENARIOS = sorted(FOLDER.rglob("*.chat"))


def config_of(chat: Path) -> Path | None:
    named = re.search(r"^# config: (\S+\.toml)$", chat.read_text(encoding="utf-8"), re.MULTILINE)
    return chat.parent / named[1] if named else None


@pytest.mark.parametrize("chat", SCENARIOS, ids=lambda chat: chat.relative_to(FOLDER).with_suffix("").as_posix())
async def test_scenario(chat: Path) -> None:
    lines = read(chat.read_text(encoding="utf-8"))
    assert any(isinstance(line.step, Heard) for line in lines), "a scenario in which nothing is heard shows nothing"
    first = lines[0].step
    assert isinstance(first, Clock)
    stage = Stage(scene(config_of(chat)), first.until)
    for line in lines:
        stage.places.check(line)
    async with stage:
        failures = await play(stage, lines)
    assert not failures, "\n".join(explain(failure, chat.name, ZoneInfo("UTC")) for failure in failures)


def test_there_are_scenarios() -> None:
    assert SCENARIOS
