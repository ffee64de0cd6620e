"""guyub invite, run and play as programs of their own: their exit codes, and that a code works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.stores import Invites
from bot.features.arrival.setup import digest
from storage.database import SqlDatabase
from tests.driver import conversation
from tests.features.stories import adds_bot, kopi

ROOT = Path(__file__).resolve().parents[2]


def guyub(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.endswith(("_TOKEN", "DATABASE_URL"))}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, encoding="utf-8")


async def test_a_code_that_was_made_on_the_console_works_in_the_chat_once(tmp_path: Path) -> None:
    made = guyub(tmp_path, "invite", "--days", "2")
    assert made.returncode == 0, made.stderr
    found = re.search(r"^Code: ([A-Z2-9]{10})$", made.stdout, re.MULTILINE)
    assert found, made.stdout
    code = found[1]
    assert f"Valid once, for 2 days. In the group, an administrator sends:  /setup {code}" in made.stdout

    (file,) = tmp_path.rglob("*.db")
    now = datetime.now(UTC)
    async with SqlDatabase(f"sqlite:///{file}") as database:
        for at, valid in ((now, True), (now + timedelta(days=2, minutes=1), False)):
            assert await database.run(lambda unit, at=at: unit.store(Invites).valid(digest(code), at), now) is valid  # type: ignore[misc]
        assert code not in file.read_bytes().decode("latin-1")

        async with conversation(kopi()) as talk:
            program = talk.stage.program
            expires = talk.clock.now() + timedelta(days=1)
            await program.database.run(lambda unit: unit.store(Invites).add(digest(code), expires), talk.clock.now())
            await adds_bot(talk, "Rina", "telegram/new", "New")
            await talk.person("Rina").says("telegram/new", f"/setup {code}")
            talk.place("telegram/new").shows("Welcome! Which community…")


def test_one_day_is_a_day(tmp_path: Path) -> None:
    assert "Valid once, for 1 day." in guyub(tmp_path, "invite", "--days", "1").stdout


@pytest.mark.parametrize("days", ["0", "91", "soon"])
def test_a_code_lives_for_days(tmp_path: Path, days: str) -> None:
    assert guyub(tmp_path, "invite", "--days", days).returncode == 2


def test_run_with_a_mistake_in_the_file_ends_with_the_place_of_it(tmp_path: Path) -> None:
    (tmp_path / "community.toml").write_text('[communities.kopi]\nname = "Kopi"\nlanguage = "jv"\n', encoding="utf-8")
    run = guyub(tmp_path, "run")
    assert run.returncode == 1
    assert run.stderr.strip().splitlines() == [
        'community.toml:3:12: communities.kopi.language: unknown language "jv"; choose "id" or "en"'
    ]


def test_run_with_a_token_that_is_none_ends_without_showing_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_TOKEN=canary\n")
    run = guyub(tmp_path, "run")
    assert run.returncode == 1
    assert "TELEGRAM_TOKEN" in run.stderr
    assert "canary" not in run.stderr + run.stdout


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("2026-01-05 09:00 UTC\ntelegram> Ayu joins\n+40s\ntelegram< Guyub: …Ayu…\n", 0, ""),
        ("2026-01-05 09:00 UTC\ntelegram> Ayu joins\n+40s\ntelegram< Guyub: …Budi…\n", 1, "expected"),
        ("2026-01-05 09:00 UTC\ntelegram> Ayu dances\n", 2, "2"),
    ],
)
def test_play_tells_by_its_exit_code_how_it_went(tmp_path: Path, script: str, code: int, said: str) -> None:
    (tmp_path / "talk.chat").write_text(script, encoding="utf-8")
    played = guyub(tmp_path, "play", "talk.chat")
    assert played.returncode == code, played.stderr
    assert said in played.stdout + played.stderr


def test_alone_it_says_what_it_can_do(tmp_path: Path) -> None:
    told = guyub(tmp_path)
    for command in ("run", "play", "check", "schema", "init", "invite"):
        assert command in told.stdout + told.stderr
