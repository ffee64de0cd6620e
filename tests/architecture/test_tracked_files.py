"""Nothing that is committed points at the machine it was written on, or carries a secret."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT, short, tracked

# Written so that no pattern matches itself.
UNWANTED = {
    "a registry's address": re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|debian)\b", re.IGNORECASE),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:root|work|farm|home/\w+|Users/\w+)/[\w.]"),
    # An invented one says so: 123456789:AAExample…
    "a bot token": re.compile(
        r"(?!\S*Example)\b\d{8,10}:AA[\w-]{33}\b|(?!\S*Example)\b[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}\b"
    ),
}


@pytest.mark.parametrize("what", UNWANTED)
def test_no_tracked_file_holds(what: str) -> None:
    found = [
        f"{short(path)}:{number}: {line.strip()[:120]}"
        for path in tracked()
        for number, line in enumerate(path.read_text(errors="ignore").splitlines(), start=1)
        if UNWANTED[what].search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a registry's address", "index-url = https" + "://pypi" + ".org/simple"),
        ("a path of one machine", "see /home" + "/ayu/notes.md"),
        ("a bot token", "1234567890:AA" + "x" * 33),
    ],
)
def test_the_search_finds(what: str, line: str) -> None:
    assert UNWANTED[what].search(line)


def test_secrets_and_data_are_ignored() -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"/.env", "/data/", "*.db"} <= set(ignored)
