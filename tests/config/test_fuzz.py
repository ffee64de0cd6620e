"""Whatever the file holds, loading it gives a Config or a ConfigError."""

import contextlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.config.environment import read_environment
from bot.config.load import ConfigError, Problem, load, loads
from bot.config.written import written
from tests.config.features import FEATURES

pytestmark = pytest.mark.promise("R27")

SAMPLE = Path(__file__).with_name("sample.toml").read_text(encoding="utf-8")
KEYS = ["admin", "contact", "defaults", "communities", "kopi", "groups", "managers", "locked", "welcome", "texts"]
KEYS += ["window", "quiet", "quiet_hours", "id", "platform", "main", "name", "rules", "interests", "timezone", "zone"]
WORDS = ["=", ".", "[", "]", "[[", "]]", "{", "}", ",", '"', "'", '"""', "\n", "\r", "#", "\\", " ", "é", "\x00", "0x"]
WORDS += ["true", "nan", "-inf", "1979-05-27", "07:32:00", '"-1001234567890"', '"telegram"', "{name}", "30s", "1e999"]


def problems_of(attempt: Callable[[], object]) -> tuple[Problem, ...] | None:
    """None when nothing is wrong; whatever else is raised fails the test."""
    try:
        attempt()
    except ConfigError as error:
        return error.problems
    return None


def tried(text: str) -> None:
    problems = problems_of(lambda: loads(text, FEATURES))
    lines = text.replace("\r\n", "\n").split("\n")
    assert problems != ()
    for problem in problems or ():
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert "\n" not in str(problem)


values = st.recursive(
    st.one_of(st.integers().map(str), st.floats().map(str), st.text(max_size=9).map(repr), st.sampled_from(WORDS)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=3).map(
            lambda items: "{ " + ", ".join(f"{key} = {value}" for key, value in items.items()) + " }"
        ),
    ),
    max_leaves=6,
)
paths = st.lists(st.sampled_from(KEYS), min_size=1, max_size=4).map(".".join)
lines = st.one_of(
    st.tuples(paths, values).map(" = ".join), paths.map("[{}]".format), paths.map("[[{}]]".format), st.text(max_size=9)
)


@given(st.lists(lines, max_size=12).map("\n".join))
@settings(deadline=None)
@example("a." * 3000 + "b = 1")
@example("a = " + "{b=" * 2000)
@example("a = " + "9" * 5000)
@example("a = 0x" + "f" * 5000)
@example('a = "\\ud800"')
def test_files_that_look_like_toml(text: str) -> None:
    tried(text)


@given(st.lists(st.sampled_from([*KEYS, *WORDS]), max_size=40).map("".join))
@settings(deadline=None)
def test_files_of_toml_words(text: str) -> None:
    tried(text)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(SAMPLE)),
            st.integers(0, 12),
            st.one_of(st.text(max_size=4), st.sampled_from([*KEYS, *WORDS])),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(deadline=None)
def test_the_sample_with_pieces_replaced(edits: list[tuple[int, int, str]]) -> None:
    text = SAMPLE
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    tried(text)


plain = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=3)), inner)
    ),
    max_leaves=4,
)


def places(path: tuple[Any, ...], value: Any) -> list[tuple[Any, ...]]:
    """The paths of everything in the value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in items for found in [(*path, key), *places((*path, key), inner)]]


@given(st.lists(st.tuples(st.sampled_from(places((), tomllib.loads(SAMPLE))), plain), min_size=1, max_size=4))
@settings(deadline=None)
def test_the_sample_with_other_values(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """Always TOML, so that every mistake gets past the parser."""
    data: Any = tomllib.loads(SAMPLE)
    for path, value in changes:
        place = data
        with contextlib.suppress(KeyError, IndexError, TypeError):  # an earlier change took the place away
            for key in path[:-1]:
                place = place[key]
            place[path[-1] if isinstance(place, list) else str(path[-1])] = value
    tried("\n".join(f"{key} = {written(value)}" for key, value in data.items()))


@pytest.mark.parametrize("part", range(8))
def test_the_sample_cut_off_anywhere(part: int) -> None:
    for length in range(part, len(SAMPLE), 8):
        tried(SAMPLE[:length])


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_files_of_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("community.toml", ".env"):
        (folder / name).write_bytes(data)
    assert problems_of(lambda: load(folder / "community.toml", FEATURES)) != ()
    assert problems_of(lambda: read_environment(folder, {})) != ()
