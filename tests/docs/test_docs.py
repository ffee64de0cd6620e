"""What the pages say about the program is so: tables, links, commands, messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.config.load import loads
from bot.features import SETTINGS
from tests.architecture.tree import ROOT, short
from tests.docs.tables import PAGES, with_tables

ALL_PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\((?P<to>[^)\s]+)\)")
TARGETS = set(re.findall(r"^([a-z]+):.*?## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """The names that headings can be linked to by."""
    heads = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize("page", PAGES)
def test_tables_are_those_of_the_program(page: str) -> None:
    written = (ROOT / page).read_text(encoding="utf-8")
    assert written == with_tables(page, written), "write them anew: .venv/bin/python -m tests.docs.tables"


def test_the_example_of_a_configuration_is_right() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    (example,) = [match["text"] for match in FENCE.finditer(page) if match["kind"] == "toml"]
    assert loads(example, SETTINGS).communities


# ---------------------------------------------------------------- links


@pytest.mark.parametrize("page", ALL_PAGES, ids=short)
def test_links_lead_somewhere(page: Path) -> None:
    assert not list(broken(page))


def broken(page: Path) -> Iterator[str]:
    for to in (match["to"] for match in LINK.finditer(prose(page))):
        if re.match(r"https?://", to):
            continue
        name, _, anchor = to.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists():
            yield f"{short(page)}: {to}: there is no such file"
        elif anchor and anchor not in anchors(target):
            yield f"{short(page)}: {to}: there is no such heading"


# ---------------------------------------------------------------- commands


def told(page: Path) -> Iterator[str]:
    """The commands to be typed: `$ …` in blocks, and what stands in backticks and begins like one."""
    text = page.read_text(encoding="utf-8")
    for block in FENCE.finditer(text):
        yield from re.findall(r"^\$ (.+)$", block["text"], re.MULTILINE)
    yield from re.findall(r"`((?:make|guyub|\.venv/bin/guyub) [^`]+)`", prose(page))


@pytest.mark.parametrize("page", ALL_PAGES, ids=short)
def test_commands_exist(page: Path) -> None:
    planned = re.compile(r"guyub (?:backup|doctor)\b")  # named as what does not exist yet
    wrong = [line for line in told(page) if not planned.search(line) and not exists(line)]
    assert not wrong


def exists(line: str) -> bool:
    """Whether a line that calls `make` or `guyub` names what they have; of other programs nothing is known."""
    words = [word for word in line.split() if word != "sudo" and not re.match(r"[A-Z_]+=", word)]
    if words[:3] == ["docker", "compose", "exec"]:
        words = words[4:]
    program = words[0].rpartition("/")[2]
    if program == "make":
        return len(words) == 1 or words[1] in TARGETS
    if program != "guyub":
        return True
    known = subcommands()
    return words[1] in known and all(word in known[words[1]] for word in words[2:] if word.startswith("-"))


def subcommands() -> dict[str, set[str]]:
    group = typer.main.get_command(app)
    commands = getattr(group, "commands", {})
    return {name: {opt for param in command.params for opt in param.opts} for name, command in commands.items()}


def test_wrong_commands_are_noticed() -> None:
    assert not exists("make coffee")
    assert not exists(".venv/bin/guyub brew")
    assert not exists("guyub run --milk")
    assert not exists("docker compose exec guyub guyub brew")
    assert exists("sudo /opt/guyub/bin/guyub invite --days 3")


def test_every_command_of_the_program_is_told() -> None:
    everything = "".join(page.read_text(encoding="utf-8") for page in ALL_PAGES)
    assert [name for name in subcommands() if f"guyub {name}" not in everything] == []
