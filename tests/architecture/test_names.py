"""The house keeps its shape: who is named where, how files are called, how long they get."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.architecture.tree import PACKAGES, ROOT, modules, short, tracked

PLATFORMS = re.compile("telegram|discord", re.IGNORECASE)
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
LONGEST = 400
GENERATED = re.compile(r"storage/migrations/versions/")
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.sleep"}
THE_CLOCK = "bot/core/clock.py"  # handed in by whoever starts the program


def test_the_engine_and_the_features_name_no_platform() -> None:
    named = [
        f"{short(path)}:{number}: {line.strip()}"
        for path in modules("bot/core", "bot/features")
        for number, line in enumerate([short(path), *path.read_text().splitlines()])
        if PLATFORMS.search(line)
    ]
    assert not named, "\n".join(named)


def test_modules_and_folders_say_what_they_hold() -> None:
    named = [
        short(path)
        for path in tracked()
        if path.suffix == ".py" and EMPTY_NAMES & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    ]
    assert not named, named


def test_files_stay_short_enough_to_read() -> None:
    long = {
        short(path): lines
        for path in tracked()
        if path.suffix == ".py"
        and not GENERATED.search(short(path))
        and (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert not long, long


def test_the_engine_and_the_features_ask_no_clock_for_the_time() -> None:
    asked = [
        f"{short(path)}:{line}: {name}"
        for path in modules("bot/core", "bot/features")
        if short(path) != THE_CLOCK
        for line, name in calls(path)
        if name in CLOCKS
    ]
    assert not asked, "time comes from outside (ctx.now):\n" + "\n".join(asked)


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and last two names of every call, so that datetime.datetime.now reads datetime.now."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield node.lineno, ".".join(ast.unparse(node.func).split(".")[-2:])


def test_every_part_of_the_program_is_a_package() -> None:
    """Without its __init__.py a folder would be in no contract of import-linter, and in no installation."""
    without = {
        short(path.parent)
        for path in modules(*PACKAGES)
        if "storage/migrations" not in short(path) and not (path.parent / "__init__.py").exists()
    }
    assert not without, without


def test_no_folder_of_tests_shadows_a_library() -> None:
    """A test in tests/adapters/telegram/ with an __init__.py, but none in tests/adapters/, would sit in `telegram`."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    roots = {package_root(folder) for folder in folders if (folder / "__init__.py").exists()}
    installed = {folder.name for folder in roots if find_spec(folder.name)} - {"tests"}
    assert not installed, installed


def package_root(folder: Path) -> Path:
    """The outermost folder of the unbroken chain of packages that holds it."""
    while (folder.parent / "__init__.py").exists():
        folder = folder.parent
    return folder
