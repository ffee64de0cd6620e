"""Tokens and addresses from `.env` and the environment."""

from pathlib import Path

import pytest

from bot.config.environment import read_environment
from bot.config.problems import ConfigError

TELEGRAM = "123456789:AAExampleExampleExampleExampleExam1"
DISCORD = "MTAxMDEwMTAxMDEwMTAxMDEw.GexAmP.ExampleExampleExampleExampleExample"


def said(folder: Path, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_environment(folder, environ or {})
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_nothing_set_is_a_database_next_to_the_configuration_and_no_tokens(tmp_path: Path) -> None:
    environment = read_environment(tmp_path, {})
    assert environment.database_url == f"sqlite:///{tmp_path.resolve()}/data/guyub.db"
    assert (environment.telegram_token, environment.discord_token, environment.telegram_api_url) == (None, None, None)


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    other = TELEGRAM.replace("1234", "4321")
    (tmp_path / ".env").write_text(
        f'\ufeff# tokens\nTELEGRAM_TOKEN="{TELEGRAM}"\r\nexport DISCORD_TOKEN={DISCORD}  # mine\n'
        "DATABASE_URL=\nHOME=x\n"
        "TELEGRAM_API_URL=http://localhost:8081/\nDISCORD_GATEWAY_URL=ws://127.0.0.1:9\n"
    )
    environment = read_environment(tmp_path, {"TELEGRAM_TOKEN": other, "DISCORD_TOKEN": " ", "LANG": "C"})
    assert environment.telegram_token is not None
    assert environment.telegram_token.get_secret_value() == other
    assert environment.discord_token is not None
    assert environment.discord_token.get_secret_value() == DISCORD
    assert environment.database_url.endswith("/data/guyub.db")
    assert environment.telegram_api_url == "http://localhost:8081"
    assert environment.discord_gateway_url == "ws://127.0.0.1:9"


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    database = "postgresql://guyub:hunter2@db/guyub"
    environment = read_environment(
        tmp_path, {"TELEGRAM_TOKEN": TELEGRAM, "DISCORD_TOKEN": DISCORD, "DATABASE_URL": database}
    )
    for text in (repr(environment), str(environment)):
        assert not [secret for secret in (TELEGRAM, DISCORD, "hunter2") if secret in text]


def test_postgresql_is_spoken_to_with_psycopg_3(tmp_path: Path) -> None:
    for written in ("postgres://u:p@h/n", "postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"):
        assert read_environment(tmp_path, {"DATABASE_URL": written}).database_url == "postgresql+psycopg://u:p@h/n"


WRONG = {
    ("TELEGRAM_TOKEN", "hunter2"): "not a Telegram bot's token; @BotFather gives one like 123456789:AAE…, digits, "
    "a colon and 35 characters",
    ("TELEGRAM_TOKEN", DISCORD): "not a Telegram bot's token; it looks like one for Discord; call it DISCORD_TOKEN",
    ("DISCORD_TOKEN", "hunter2"): 'not a Discord bot\'s token; the developer portal gives one on the page "Bot": '
    "three parts with dots between",
    ("DISCORD_TOKEN", f"Bot {DISCORD}"): 'not a Discord bot\'s token; leave out the word "Bot"',
    ("DISCORD_TOKEN", "112233445566778899"): "not a Discord bot's token; it looks like an application id; "
    'the token is on the developer portal\'s page "Bot"',
    ("DISCORD_TOKEN", TELEGRAM): "not a Discord bot's token; it looks like one for Telegram; call it TELEGRAM_TOKEN",
    ("DATABASE_URL", "mysql://u:hunter2@h/n"): "not a database that Guyub can use; write sqlite:///data/guyub.db",
    ("TELEGRAM_API_URL", "localhost"): "not an address; write it like http://localhost:8081",
    ("DISCORD_API_URL", "http://[::1"): "not an address; write it like http://localhost:8081",
    ("DISCORD_GATEWAY_URL", "http://localhost"): "not an address; write it like ws://localhost:8081",
}


@pytest.mark.parametrize(("given", "message"), WRONG.items())
def test_a_wrong_value_is_explained_but_not_shown(tmp_path: Path, given: tuple[str, str], message: str) -> None:
    name, value = given
    assert said(tmp_path, {name: value}) == [f"environment: {name}: {message}"]
    (tmp_path / ".env").write_text(f"\n\n{name}='{value}'\n")
    assert said(tmp_path) == [f".env:3:1: {name}: {message}"]


def test_another_server_has_tokens_of_its_own_making(tmp_path: Path) -> None:
    given = {
        "TELEGRAM_TOKEN": "test", "TELEGRAM_API_URL": "http://localhost:1",
        "DISCORD_TOKEN": "test", "DISCORD_API_URL": "http://localhost:2",
    }  # fmt: skip
    environment = read_environment(tmp_path, given)
    assert environment.telegram_token is not None
    assert environment.telegram_token.get_secret_value() == "test"
    assert environment.discord_token is not None
    assert environment.discord_token.get_secret_value() == "test"
    assert said(tmp_path, {**given, "DISCORD_TOKEN": "Bot x"}) == [
        'environment: DISCORD_TOKEN: not a Discord bot\'s token; leave out the word "Bot"'
    ]


def test_all_problems_of_the_file_are_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_TOKN=x\n\nTELEGRAM_BOT_TOKEN=x\n= 3\nDISCORD_API_URL=x\nMY_TOKEN_SALT=x\n")
    assert said(tmp_path) == [
        '.env:1:1: TELEGRAM_TOKN: unknown variable; did you mean "TELEGRAM_TOKEN"?',
        '.env:3:1: TELEGRAM_BOT_TOKEN: unknown variable; did you mean "TELEGRAM_TOKEN"?',
        ".env:4:1: can't be understood; write NAME=value",
        ".env:5:1: DISCORD_API_URL: not an address; write it like http://localhost:8081",
    ]


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"A=\xff")
    assert said(tmp_path) == [".env:1:3: byte 0xff is not UTF-8; save the file as UTF-8"]
