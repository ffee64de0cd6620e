"""Secrets and addresses from the environment and `.env`; no message and no repr shows their values."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import SecretStr

from bot.config.mistakes import Mistake
from bot.config.problems import ConfigError, Problem
from bot.config.reading import read_text
from bot.core.setting_errors import nearest

# Self-hosted servers and proxies have tokens of other lengths: only what can be no token at all is turned down here.
_TELEGRAM_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]{3,}")
_DISCORD_TOKEN = re.compile(r"[A-Za-z0-9_-]{18,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{20,}")
_SOME_DISCORD_TOKEN = re.compile(r"[A-Za-z0-9_.-]{8,}")
_USABLE = re.compile(r"[A-Za-z0-9:._~-]+")
_SERVER_OF = {"TELEGRAM_TOKEN": "TELEGRAM_API_URL", "DISCORD_TOKEN": "DISCORD_API_URL"}
"""Where the server is another one, it alone says what a token looks like."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What does not belong into community.toml. The addresses are None unless the platforms' own are replaced."""

    telegram_token: SecretStr | None
    discord_token: SecretStr | None
    database_url: str = field(repr=False)
    telegram_api_url: str | None = field(repr=False)
    discord_api_url: str | None = field(repr=False)
    discord_gateway_url: str | None = field(repr=False)


def read_environment(folder: Path, environ: Mapping[str, str] | None = None) -> Environment:
    """Read `.env` in the configuration's folder, if there is one, and the environment, which wins.

    Without DATABASE_URL the database is data/guyub.db in that folder. Raises ConfigError with all problems.
    """
    problems: list[Problem] = []
    given = _from_file(folder / ".env", problems)
    for name, value in (os.environ if environ is None else environ).items():
        if name in _CHECKS and value.strip():
            given[name] = ("environment", 0, value.strip())
    right: dict[str, str] = {}
    for name, (file, line, value) in given.items():
        try:
            right[name] = value if _SERVER_OF.get(name) in given and _USABLE.fullmatch(value) else _CHECKS[name](value)
        except Mistake as mistake:
            column = 1 if line else 0
            problems.append(Problem(file, line, column, name, mistake.message, None, mistake.hint))
    if problems:
        raise ConfigError(problems)
    return _environment(right, f"sqlite:///{folder.resolve() / 'data' / 'guyub.db'}")


def _environment(values: Mapping[str, str], database: str) -> Environment:
    telegram, discord = values.get("TELEGRAM_TOKEN"), values.get("DISCORD_TOKEN")
    return Environment(
        telegram_token=SecretStr(telegram) if telegram else None,
        discord_token=SecretStr(discord) if discord else None,
        database_url=values.get("DATABASE_URL", database),
        telegram_api_url=values.get("TELEGRAM_API_URL"),
        discord_api_url=values.get("DISCORD_API_URL"),
        discord_gateway_url=values.get("DISCORD_GATEWAY_URL"),
    )


def _from_file(path: Path, problems: list[Problem]) -> dict[str, tuple[str, int, str]]:
    """Name → (file, line, value) of every known variable that has a value."""
    if not path.exists():
        return {}
    given: dict[str, tuple[str, int, str]] = {}
    for binding in parse_stream(StringIO(read_text(path))):
        blank = len(binding.original.string) - len(binding.original.string.lstrip())
        line = binding.original.line + binding.original.string[:blank].replace("\r\n", "\n").count("\n")
        name, value = binding.key, (binding.value or "").strip()
        if binding.error:
            problems.append(Problem(str(path), line, 1, "", "can't be understood", None, "write NAME=value"))
        elif name in _CHECKS and value:
            given[name] = (str(path), line, value)
        elif name and name not in _CHECKS and (near := _meant(name)):
            problems.append(Problem(str(path), line, 1, name, "unknown variable", None, f'did you mean "{near}"?'))
    return given


def _meant(name: str) -> str | None:
    """A variable of ours that is nearly called so; others in the file are somebody else's."""
    plain = name.upper().replace("_BOT_", "_")
    return plain if plain in _CHECKS else nearest(name, _CHECKS) if name.endswith(("TOKEN", "TOKN", "URL")) else None


def _telegram_token(value: str) -> str:
    if _TELEGRAM_TOKEN.fullmatch(value):
        return value
    hint = "@BotFather gives one like 123456789:AAE…, digits, a colon and 35 characters"
    if _DISCORD_TOKEN.fullmatch(value):
        hint = "it looks like one for Discord; call it DISCORD_TOKEN"
    raise Mistake("not a Telegram bot's token", hint)


def _discord_token(value: str) -> str:
    if _SOME_DISCORD_TOKEN.fullmatch(value) and not value.isdigit():
        return value
    hint = 'the developer portal gives one on the page "Bot": three parts with dots between'
    if value.startswith("Bot "):
        hint = 'leave out the word "Bot"'
    elif value.isdigit():
        hint = 'it looks like an application id; the token is on the developer portal\'s page "Bot"'
    elif _TELEGRAM_TOKEN.fullmatch(value):
        hint = "it looks like one for Telegram; call it TELEGRAM_TOKEN"
    raise Mistake("not a Discord bot's token", hint)


def _address(*schemes: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        try:
            parts = urlsplit(value)
            right = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            right = False
        if not right:
            raise Mistake("not an address", f"write it like {schemes[0]}://localhost:8081")
        return value.rstrip("/")

    return check


def _database(value: str) -> str:
    """SQLAlchemy takes psycopg 3 only when it is named."""
    scheme, separator, rest = value.partition("://")
    if scheme in ("postgres", "postgresql"):
        scheme = "postgresql+psycopg"
    if not separator or not rest or scheme not in ("sqlite", "postgresql+psycopg"):
        hint = "write sqlite:///data/guyub.db"
        raise Mistake("not a database that Guyub can use", hint)
    return f"{scheme}://{rest}"


_CHECKS: dict[str, Callable[[str], str]] = {
    "TELEGRAM_TOKEN": _telegram_token,
    "DISCORD_TOKEN": _discord_token,
    "DATABASE_URL": _database,
    "TELEGRAM_API_URL": _address("http", "https"),
    "DISCORD_API_URL": _address("http", "https"),
    "DISCORD_GATEWAY_URL": _address("ws", "wss"),
}
