"""Polls as one plays them from a file: what is printed, and what is told as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.play import main

BEGIN = "2026-01-05 09:00 Asia/Jakarta\n"
SINGLE = """\
[communities.kopi]
name = "Kopi"
language = "en"
timezone = "Asia/Jakarta"

[[communities.kopi.groups]]
platform = "{face}"
id = "{id}"

[communities.kopi.polls]
count_leavers = true
"""
IDS = {"telegram": "-1001234567890", "discord": "112233445566778899"}
NATIVE = """\
FACE> Rina (manager): /poll new "Ngopi di mana?" Senopati | Kemang | Blok M --closes 2h --multiple
FACE< Guyub: Ngopi di mana? Senopati 0 Kemang 0 Blok M 0…
FACE> Budi votes Kemang
FACE> Budi votes Senopati
FACE> Ayu votes Senopati
FACE> Ayu takes back the vote
+3h
FACE< Guyub: Ngopi di mana? Senopati 1 Kemang 1 Blok M 0…(closed)
FACE> Dewi votes Blok M
FACE! …Blok M 1…
"""


@pytest.mark.parametrize("face", ["telegram", "discord"])
def test_the_platforms_own_poll(face: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chat, config = tmp_path / "poll.chat", tmp_path / "community.toml"
    chat.write_text(BEGIN + NATIVE.replace("FACE", face), encoding="utf-8")
    config.write_text(SINGLE.format(face=face, id=IDS[face]), encoding="utf-8")

    assert main(chat, config) == 0
    shown = capsys.readouterr().out
    assert f"09:00:00  {face}  * Budi votes on “Guyub: Ngopi di mana?" in shown
    assert f"11:00:00  {face}  * the poll closes: “Guyub: Ngopi di mana? Senopati 1 Kemang 1 Blok M 0" in shown

    assert main(chat, config, as_json=True) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    votes = [(vote["options"], vote["chosen"]) for vote in told if vote.get("event") == "PollVoted"]
    ballots = [([1], None), ([0, 1], None), ([0], None), ([], None)]
    toggles = [([1], True), ([0], True), ([0], True), ([0], False)]
    assert votes == (ballots if face == "telegram" else toggles)
    (closed,) = [line["post"] for line in told if line.get("change") == "closed"]
    assert closed["poll"]["closed"]
    assert [option["votes"] for option in closed["poll"]["options"]] == [1, 1, 0]
    assert closed["poll"]["closes_at"] == "2026-01-05T04:00:00+00:00"


def test_a_poll_with_buttons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A vote shows as the press that it is; taking it back needs no label."""
    chat = tmp_path / "poll.chat"
    chat.write_text(
        BEGIN + 'telegram> Rina (manager): /poll new "Kopi apa?" Kopi | Kopi susu --closes 2h\n'
        "discord> Budi votes Kopi\n"
        "discord> Ayu votes Kopi susu\n"
        "telegram> Dewi votes Kopi susu\n"
        "telegram> Dewi takes back the vote\n"
        "+2h\n"
        "discord< Guyub: …tie…\n",
        encoding="utf-8",
    )
    assert main(chat) == 0
    shown = capsys.readouterr().out.split("\n")
    for line in (
        "09:00:00  discord  * Budi presses [Kopi]",
        "09:00:00  discord  * Ayu presses [Kopi susu]",
        "09:00:00  telegram  * Dewi presses [Take back my vote]",
    ):
        assert line in shown
