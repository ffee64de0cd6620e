"""Saving the file while the bot runs."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.config.load import ConfigError, loads
from bot.config.model import Config
from bot.config.watch import watch
from tests.config.features import FEATURES

pytestmark = pytest.mark.promise("R27")

GOOD = '[defaults]\nlanguage = "en"\n'
OTHER = '[defaults]\nlanguage = "id"\n'
BROKEN = '[defaults]\nlanguage = "fr"\n'


class Edits:
    """A watched file; between two looks at it the next edit happens."""

    def __init__(self, path: Path, *texts: str | None) -> None:
        self.path = path
        self.texts = list(texts)
        path.write_text(GOOD)

    async def told(self) -> list[str]:
        """What is told until some looks after the last edit, in short."""
        watching = watch(self.path, FEATURES, loads(GOOD, FEATURES), pause=self._edit)
        told: list[str] = []
        with contextlib.suppress(asyncio.CancelledError):
            async for outcome in watching:
                told.append(short(outcome))
        return told

    async def _edit(self) -> None:
        if not self.texts:
            raise asyncio.CancelledError
        text = self.texts.pop(0)
        if text is None:
            self.path.unlink()
        elif not self.path.exists() or self.path.read_text() != text:
            self.path.write_text(text)


def short(outcome: Config | ConfigError) -> str:
    return str(outcome.problems[0].message) if isinstance(outcome, ConfigError) else outcome.defaults.language


async def test_an_edit_is_told_once(tmp_path: Path) -> None:
    assert await Edits(tmp_path / "c.toml", OTHER, OTHER, OTHER, OTHER).told() == ["id"]


async def test_a_broken_edit_is_told_and_then_that_the_file_is_good_again(tmp_path: Path) -> None:
    edits = Edits(tmp_path / "c.toml", BROKEN, BROKEN, BROKEN, GOOD, GOOD, GOOD)
    assert await edits.told() == ['unknown language "fr"', "en"]


async def test_a_half_written_save_is_passed_over(tmp_path: Path) -> None:
    edits = Edits(tmp_path / "c.toml", "", OTHER[:5], OTHER[:20], OTHER, OTHER, OTHER)
    assert await edits.told() == ["id"]


async def test_edits_that_change_nothing_are_passed_over(tmp_path: Path) -> None:
    comment = GOOD + "# soon more\n"
    assert await Edits(tmp_path / "c.toml", GOOD, GOOD, comment, comment, comment).told() == []


async def test_a_deleted_file_is_told_and_one_that_comes_back_too(tmp_path: Path) -> None:
    class Deleted(Edits):
        async def _edit(self) -> None:
            if self.texts and self.texts[0] is None and not self.path.exists():
                self.texts.pop(0)
            else:
                await super()._edit()

    edits = Deleted(tmp_path / "c.toml", None, None, None, OTHER, OTHER, OTHER)
    assert await edits.told() == ["there is no such file", "id"]


async def test_an_edit_made_before_watching_begins_is_told(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(OTHER)
    watching = watch(path, FEATURES, loads(GOOD, FEATURES))
    assert short(await anext(watching)) == "id"
    await watching.aclose()


async def until(watching: AsyncGenerator[Config | ConfigError, None], wanted: str) -> None:
    async with asyncio.timeout(5):
        async for outcome in watching:
            if short(outcome) == wanted:
                return


async def test_a_real_file_saved_as_editors_do(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(GOOD)
    watching = watch(path, FEATURES, loads(GOOD, FEATURES))
    soon = asyncio.get_running_loop().call_later
    soon(0.1, path.write_text, BROKEN)
    await until(watching, 'unknown language "fr"')
    began = asyncio.get_running_loop().time()
    (tmp_path / "new").write_text(OTHER)
    (tmp_path / "new").replace(path)
    await until(watching, "id")
    assert asyncio.get_running_loop().time() - began < 2
    await watching.aclose()
