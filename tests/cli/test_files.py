"""guyub init, check, schema: what an admin types and reads."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.config.load import load
from bot.features import SETTINGS

KOPI = """\
[communities.kopi]
name = "Kopi"

[[communities.kopi.groups]]
platform = "telegram"
id = "-1001234567890"
"""
ANSWERS = ("--name", "Kopi Nusantara", "--language", "id", "--timezone", "Asia/Jakarta", "--kind", "sponsored")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An admin's folder, with nothing in it and in the environment."""
    for name in ("TELEGRAM_TOKEN", "DISCORD_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def guyub(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, words, input=typed)


def checked(text: str) -> tuple[int, list[str]]:
    """The exit code of `guyub check` on such a file, and what it said."""
    Path("community.toml").write_text(text, encoding="utf-8")
    result = guyub("check")
    return result.exit_code, result.output.splitlines()


# ---------------------------------------------------------------- init


def test_what_init_writes_is_right(folder: Path) -> None:
    result = guyub("init", *ANSWERS)
    assert result.exit_code == 0, result.output
    (kopi,) = load(folder / "community.toml", SETTINGS).communities.values()
    assert (kopi.name, kopi.language, kopi.timezone, kopi.kind) == ("Kopi Nusantara", "id", "Asia/Jakarta", "sponsored")
    assert guyub("check").exit_code == 0
    assert "Next: guyub check, then guyub run." in result.output


def test_what_init_tells_to_type_next_can_be_typed() -> None:
    program = Path(sys.executable).with_name("guyub")
    clean = {"PATH": os.defpath, "HOME": os.environ.get("HOME", "/")}
    told = subprocess.run([program, "init", *ANSWERS], env=clean, capture_output=True, text=True, check=True).stdout
    assert f"Next: {program} check, then {program} run." in told


def test_init_asks_what_it_is_not_told_and_asks_again() -> None:
    result = guyub("init", typed="Teh Tarik\nklingon\nEN\nJakarta\nAsia/Jakarta\n\n")
    assert result.exit_code == 0, result.output
    assert '"klingon" won\'t do; it is one of: id, en' in result.output
    assert 'unknown time zone "Jakarta"; did you mean "Asia/Jakarta"?' in result.output
    (teh,) = load(Path("community.toml"), SETTINGS).communities.values()
    assert (teh.name, teh.language, teh.timezone, teh.kind) == ("Teh Tarik", "en", "Asia/Jakarta", "organic")


@pytest.mark.parametrize("name", ['"; drop = 1', "a\\nb", "[x]", "Kopi 😀 \u202e", "'", "é" * 60])
def test_any_name_can_be_given(name: str) -> None:
    assert guyub("init", "--name", name, *ANSWERS[2:]).exit_code == 0
    (community,) = load(Path("community.toml"), SETTINGS).communities.values()
    assert community.name == name


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--language", "jv", "id, en"), ("--kind", "secret", "organic, sponsored"), ("--timezone", "WIB", "Asia/Jakarta")],
)
def test_a_wrong_answer_on_the_command_line_ends_it(option: str, value: str, said: str) -> None:
    words = list(ANSWERS)
    words[words.index(option) + 1] = value
    result = guyub("init", *words)
    assert result.exit_code == 1
    assert said in result.output
    assert not Path("community.toml").exists()


def test_nothing_is_overwritten_unless_asked_to() -> None:
    Path("community.toml").write_text("# mine")
    Path(".env").write_text("TELEGRAM_TOKEN=secret")
    result = guyub("init", *ANSWERS)
    assert result.exit_code == 1
    assert result.output == ("community.toml is there already. Edit it, or overwrite it with: guyub init --force\n")
    assert Path("community.toml").read_text() == "# mine"

    assert guyub("init", "--force", *ANSWERS).exit_code == 0
    assert "Kopi Nusantara" in Path("community.toml").read_text(encoding="utf-8")
    assert Path(".env").read_text() == "TELEGRAM_TOKEN=secret"


@pytest.mark.promise("S14")
def test_the_file_for_secrets_is_private() -> None:
    guyub("init", *ANSWERS)
    assert stat.S_IMODE(Path(".env").stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_told() -> None:
    result = guyub("init", "--config", "no/such/community.toml", *ANSWERS)
    assert result.exit_code == 1
    assert result.output == "There is no folder no/such. Make it first: mkdir -p no/such\n"


# ---------------------------------------------------------------- check


def test_a_right_file_is_said_to_be_right() -> None:
    assert checked(KOPI) == (0, ["community.toml: all right (1 community, 1 group)."])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            KOPI + '[communities.kopi.welcome]\nwindw = "30s"\n',
            'community.toml:8:1: communities.kopi.welcome.windw: unknown key; did you mean "window"?',
        ),
        (
            KOPI.replace('name = "Kopi"', 'nmae = "Kopi"'),
            'community.toml:2:1: communities.kopi.nmae: unknown key; did you mean "name"?',
        ),
        (
            KOPI + '[communities.kopi.welcome]\nnames = "ten"\n',
            (
                'community.toml:8:9: communities.kopi.welcome.names: "ten" is not a whole number; '
                "write it like 3, without quotes"
            ),
        ),
        (
            KOPI + "[communities.kopi.welcome]\nwindow = 30\n",
            'community.toml:8:10: communities.kopi.welcome.window: 30 has no unit; write "30s", "30m", "30h" or "30d"',
        ),
        (
            '[defaults]\ntimezone = "Asia/Jakrata"\n' + KOPI,
            'community.toml:2:12: defaults.timezone: unknown time zone "Asia/Jakrata"; did you mean "Asia/Jakarta"?',
        ),
        (
            KOPI + '[communities.kopi.welcome]\ntexts = [\n  "Hi {name}",\n  "Halo {nme}!",\n]\n',
            "community.toml:10:3: communities.kopi.welcome.texts[2]: unknown placeholder {nme}; did you mean {name}?",
        ),
        (
            KOPI.replace("-1001234567890", "@kopi"),
            (
                'community.toml:6:6: communities.kopi.groups[1].id: "@kopi" is not the id of a Telegram group; '
                'write it like "-1001234567890"'
            ),
        ),
        (
            KOPI + '[communities.kopi.managers]\ntelegram = "-1001234567890"\n',
            (
                'community.toml:8:12: communities.kopi.managers.telegram: "-1001234567890" is where members are; '
                "managers need a chat of their own"
            ),
        ),
    ],
    ids=["key of a feature", "key", "type", "unit", "zone", "placeholder", "group", "managers among members"],
)
def test_what_is_wrong_is_told_with_line_column_and_what_is_near(text: str, said: str) -> None:
    code, lines = checked(text)
    assert code == 1
    assert any(line.startswith(said) for line in lines), lines
    assert lines[-1].endswith("found.")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    code, lines = checked(KOPI + '[communities.kopi.welcome]\nwindw = "30s"\nnames = "ten"\n')
    assert code == 1
    assert lines[-1] == "2 problems found."


def test_a_file_that_is_no_toml_or_not_there() -> None:
    assert checked("x = [")[1][0].startswith("community.toml:1:1: not valid TOML")
    result = guyub("check", "--config", "none.toml")
    assert result.exit_code == 1
    assert result.output == 'none.toml: there is no such file; make one with "guyub init"\n1 problem found.\n'


def test_the_environment_is_checked_too() -> None:
    Path(".env").write_text("TELEGRAM_TOKEN=12345\n")
    code, lines = checked(KOPI)
    assert code == 1
    assert ".env" in lines[0]
    assert "TELEGRAM_TOKEN" in lines[0]


@pytest.mark.promise("S10")
def test_a_wrong_token_is_not_shown() -> None:
    Path(".env").write_text("TELEGRAM_TOKEN=canary-of-a-token\nDISCORD_TOKEN=canary of another\n")
    assert "canary" not in "".join(checked(KOPI)[1])


# ---------------------------------------------------------------- schema


def test_the_schema_is_one_and_knows_the_settings() -> None:
    result = guyub("schema")
    assert result.exit_code == 0
    schema = json.loads(result.output)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"admin", "defaults", "communities"} <= set(schema["properties"])
    for feature, model in SETTINGS.items():
        assert f'"{feature}"' in result.output
        for key in model.model_fields:
            assert f'"{key}"' in result.output
