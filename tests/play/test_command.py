"""`guyub play` as one calls it: what it prints, and its exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.play import main

Written = Callable[..., Path]
BEGIN = "2026-01-05 09:00 Asia/Jakarta\n"

KOPI = """\
[communities.kopi]
name = "Kopi Nusantara"
language = "id"
timezone = "Asia/Jakarta"

[[communities.kopi.groups]]
platform = "telegram"
id = "-1001234567890"

[[communities.kopi.groups]]
platform = "telegram"
id = "-1001234567891"

[communities.teh]
name = "Teh"
language = "en"

[[communities.teh.groups]]
platform = "discord"
id = "112233445566778899"
"""


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str, name: str = "talk.chat") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_it_prints_what_everybody_says(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    chat = written(
        BEGIN + "telegram> Ayu joins\n+40s\ntelegram< Guyub: …Ayu…\n"
        "discord> Rina (manager): /ping\ntelegram> Ayu presses Open a private chat\nuntil 08:00\n"
        "telegram> Budi replies to Guyub: salam\nrestart\noffline 1h\n"
    )

    assert main(chat) == 0

    told = capsys.readouterr()
    assert told.err == ""
    for line in (
        "— Monday 5 January 2026, Asia/Jakarta —",
        "09:00:00  telegram  * Ayu joins",
        "09:00:30  telegram  Guyub: Welcome to Playground, Ayu! So nice that you're here.",
        "                      [Open a private chat]",
        "09:00:40  discord  Rina: /ping",
        "09:00:40  discord  Guyub (only to Rina): Pong! All is well.",
        "09:00:40  telegram@Ayu  Ayu: /start hello",
        "— Tuesday 6 January 2026, Asia/Jakarta —",
        "08:00:00  telegram  Budi (in reply): salam",
        "--------  the bot is killed and starts again",
        "--------  the bot is offline until 09:00:00",
    ):
        assert line in told.out.split("\n")


def test_a_failed_expectation_shows_what_was_heard_instead(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    chat = written(
        BEGIN
        + "telegram> Ayu joins\n+40s\ntelegram< Guyub: …Budi…\ntelegram! …Ayu…\ndiscord> Ayu: hi\ndiscord< Guyub: …"
    )

    assert main(chat) == 1

    told = capsys.readouterr().err
    greeting = (
        "    09:00:30  telegram< Guyub: Welcome to Playground, Ayu! So nice that you're here. [Open a private chat]"
    )
    assert told == (
        f"{chat}:4: telegram< Guyub: …Budi…\n"
        "  expected: Guyub says in telegram: …Budi…\n"
        f"  heard since line 2:\n{greeting}\n"
        f"{chat}:5: telegram! …Ayu…\n"
        "  expected: nobody says in telegram: …Ayu…\n"
        f"  heard since line 2:\n{greeting}\n"
        f"{chat}:7: discord< Guyub: …\n"
        "  expected: Guyub says in discord: …\n"
        "  heard since line 6:\n    09:00:40  discord< Ayu: hi\n"
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("telegram> Ayu presses Nope", "no button [Nope] that Ayu could press; there are no buttons at all"),
        ("telegram> Ayu replies to Budi: hm?", "no message by Budi that could be replied to"),
    ],
)
def test_what_nobody_could_do_fails(
    line: str, reason: str, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    chat = written(f"{BEGIN}{line}\n")
    assert main(chat) == 1
    assert f"{chat}:2: {line}\n  expected: this to be possible, but there is {reason}" in capsys.readouterr().err


def test_a_line_that_is_not_understood(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    chat = written(f"{BEGIN}telegram> Ayu joined\n")

    assert main(chat) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (f"{chat}:2: what does 'Ayu joined' do?\n  telegram> Ayu joined\n  did you mean \"joins\"?\n")


def test_nothing_is_played_when_a_later_line_is_not_understood(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(written(f"{BEGIN}telegram> Ayu joins\ntelegram> Guyub: I speak\n")) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert ":3: Guyub is the bot" in told.err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tmp_path / "none.chat") == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none.chat'}: the file can't be read: No such file or directory\n"


def test_a_file_that_is_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "picture.chat").write_bytes(b"\x89PNG\xff\xfe")
    assert main(tmp_path / "picture.chat") == 2
    assert "this is not a text in UTF-8" in capsys.readouterr().err


# ---------------------------------------------------------------- an admin's own config


def test_telegram_is_the_first_group_of_the_first_community(
    written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    config = written(KOPI, "community.toml")
    chat = written(
        BEGIN + "telegram> Ayu joins\ntelegram/second> Budi joins\n+40s\n"
        "telegram< Guyub: Selamat datang di Kopi Nusantara, Kak Ayu!…\n"
        "telegram/second< Guyub: Selamat datang di Kopi Nusantara, Kak Budi!…\n"
        "telegram! …Budi…\n"
        "telegram/-1001234567891< Guyub: …Budi…\n"
    )
    assert main(chat, config) == 0, capsys.readouterr().err


def test_another_community_is_named(written: Written) -> None:
    config = written(KOPI, "community.toml")
    chat = written(f"{BEGIN}discord> Ayu joins\n+40s\ndiscord< Guyub: Welcome to Teh, Ayu!…\n")
    assert main(chat, config, "teh") == 0


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("discord", "the community kopi has no group on discord"),
        ("telegram#managers", "the community kopi has no managers' chat on telegram"),
    ],
)
def test_a_place_that_the_config_does_not_have(
    place: str, reason: str, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    config, chat = written(KOPI, "community.toml"), written(f"{BEGIN}{place}> Ayu: hi\n")
    assert main(chat, config) == 2
    assert f"{chat}:2: {reason}\n" in capsys.readouterr().err


def test_a_config_with_a_mistake_is_told_as_it_is(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    config = written(KOPI.replace("Asia/Jakarta", "Asia/Jakara"), "community.toml")
    assert main(written(BEGIN), config) == 2
    told = capsys.readouterr().err
    assert f"{config}:4:" in told
    assert 'did you mean "Asia/Jakarta"?' in told


@pytest.mark.parametrize(("name", "hint"), [("kop", "did you mean 'kopi'?"), ("xyz", "it has kopi, teh")])
def test_an_unknown_community(name: str, hint: str, written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(written(BEGIN), written(KOPI, "community.toml"), name) == 2
    assert hint in capsys.readouterr().err


def test_a_config_without_communities(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(written(BEGIN), written("", "community.toml")) == 2
    assert "the config has no community" in capsys.readouterr().err


# ---------------------------------------------------------------- for programs


def test_json_has_every_event_and_post(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    chat = written(
        BEGIN + "telegram> Ayu joins\n+40s\ntelegram< Guyub: …Budi…\nrestart\ndiscord> Rina (manager): /ping\n"
    )

    assert main(chat, as_json=True) == 1

    told: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    events = [(line["event"], line["place"]) for line in told if "event" in line]
    assert events == [
        ("MemberJoined", "telegram"),
        ("MemberJoined", "telegram"),
        ("JobDue", "telegram"),
        ("Delivered", "telegram"),
        ("CommandInvoked", "discord"),
        ("Delivered", "discord"),
    ]
    posts = [(line["place"], line["change"], line["post"]["author"]["name"]) for line in told if "post" in line]
    assert posts == [("telegram", "posted", "Guyub"), ("discord", "posted", "Rina"), ("discord", "posted", "Guyub")]
    (failed,) = [line["failed"] for line in told if "failed" in line]
    assert failed["line"] == 4
    assert "Ayu" in failed["heard"][0]["words"]
    (greeting,) = [line for line in told if line.get("place") == "telegram" and "post" in line]
    assert greeting["at"] == "2026-01-05T02:00:30+00:00"
