"""docs/adding-a-feature.md is followed to the letter, in a copy of the project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.worked_example import PAGE, Copy

CHAT = "tests/scenarios/away/away.chat"
TOUCHED = re.compile(
    r"bot/features/away/.*|storage/features/away\.py|storage/migrations/versions/\d+_away\.py"
    r"|bot/locale/(en|id)/LC_MESSAGES/messages\.po|tests/scenarios/away/.*|bot/features/__init__\.py"
)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    copy = Copy.of_the_project(tmp_path_factory.mktemp("copy"))
    copy.follow()
    return copy


def shown(command: str) -> str:
    """What the page says that a command prints."""
    found = re.search(rf"^\$ {re.escape(command)}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"the page doesn't show {command}"
    return found[1].rstrip()


def test_the_conversation_goes_as_the_page_says(followed: Copy) -> None:
    played = followed.run("bot", "play", CHAT)
    assert played.returncode == 0, played.stdout + played.stderr
    assert played.stdout.rstrip() == shown(f"guyub play {CHAT}")


def test_the_conversation_in_indonesian(followed: Copy) -> None:
    config = "tests/scenarios/kopi.toml"
    played = followed.run("bot", "play", "tests/scenarios/away/away-id.chat", "--config", config)
    assert played.returncode == 0, played.stdout + played.stderr


def test_the_feature_passes_the_checks_of_the_house(followed: Copy) -> None:
    names = "tests/architecture/test_names.py::test_"
    checks = [
        f"{names}the_engine_and_the_features_name_no_platform",
        f"{names}the_engine_and_the_features_ask_no_clock_for_the_time",
        "tests/architecture/test_texts.py",
        "tests/architecture/test_migrations.py",
        "tests/storage/test_schema.py::test_the_migrations_make_the_tables_that_the_program_knows",
    ]
    done = followed.run("pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_asyncio.plugin", *checks)
    assert done.returncode == 0, done.stdout


def test_the_feature_is_well_written_and_imports_nobody_it_may_not(followed: Copy) -> None:
    ours = ["bot/features", "storage/features", "storage/migrations"]
    for words in (["ruff", "check", "--no-cache", *ours], ["ruff", "format", "--no-cache", "--check", *ours]):
        done = followed.run(*words)
        assert done.returncode == 0, done.stdout
    lint = "import sys; from importlinter.cli import lint_imports_command as run; sys.path.insert(0, '.'); run()"
    (followed.folder / "lint_the_imports.py").write_text(lint)
    done = followed.run("lint_the_imports", "--no-cache", "--no-logo")
    (followed.folder / "lint_the_imports.py").unlink()
    assert done.returncode == 0, done.stdout


def test_nothing_else_is_touched(followed: Copy) -> None:
    followed.git("add", "--all")
    touched = followed.git("diff", "--cached", "--name-only").split()
    assert touched
    assert [path for path in touched if not TOUCHED.fullmatch(path)] == []
    listed = re.findall(r"^ (\S+) +\|", shown("git diff --stat"), re.MULTILINE)
    assert [unnumbered(path) for path in listed] == [unnumbered(path) for path in touched]
    changed = followed.git("diff", "--cached", "-U0", "bot/features/__init__.py")
    assert len(re.findall(r"^\+[^+]", changed, re.MULTILINE)) == 2, "the import, and the name in ALL"


def unnumbered(path: str) -> str:
    """Its number is that of the day."""
    return re.sub(r"versions/\d+_", "versions/", path)


def test_the_files_of_the_page_have_been_found(followed: Copy) -> None:
    for path in ("__init__", "handlers", "model", "views"):
        assert Path(followed.folder / f"bot/features/away/{path}.py").is_file()
