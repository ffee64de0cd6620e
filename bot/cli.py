"""The commands of `guyub`."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, cast

import typer

from bot.config.calling import typed
from bot.config.environment import read_environment
from bot.config.example import Answers, example
from bot.config.load import ConfigError, Problem, load
from bot.config.model import Config
from bot.config.schema import json_schema
from bot.config.tables import CommunityKind
from bot.core.durations import parse_zone
from bot.core.setting_errors import SettingError
from bot.features import SETTINGS
from bot.features.arrival.setup import digest, new_code

app = typer.Typer(
    help="Guyub keeps a community alive on Telegram and Discord.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CONFIG = Path("community.toml")
ConfigOption = Annotated[Path, typer.Option("--config", help="The configuration file.")]
KIND = "Is it organic (by its members) or sponsored (by a brand)?"
ENV = """\
# Secrets of Guyub. Keep this file to yourself.
# From @BotFather on Telegram (/newbot):
#TELEGRAM_TOKEN=123456789:AA…
# From the Discord developer portal, under "Bot":
#DISCORD_TOKEN=…
"""


@app.command()
def run(
    config: ConfigOption = CONFIG,
    host: Annotated[str, typer.Option(help="Address of the web pages.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(help="Port of the web pages. Default: 8080, or the next free one.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log more.")] = False,
) -> None:
    """Run the bot: the platforms whose tokens are in .env, or the playground when there are none."""
    from bot.running import serve  # the whole program is loaded only where it runs

    raise typer.Exit(asyncio.run(serve(config, host, port, verbose)))


@app.command()
def play(
    file: Annotated[Path, typer.Argument(help="The conversation, FILE.chat.")],
    config: Annotated[Path | None, typer.Option("--config", help="The configuration file.")] = None,
    community: Annotated[str | None, typer.Option(help="Which community of the file. Default: the first.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print every event and post as one JSON object a line.")
    ] = False,
) -> None:
    """Play a scripted conversation under a virtual clock and print what everybody said.

    Ends with 1 when an expectation fails, with 2 when the file is not understood.
    """
    from bot.play import main as play_file

    raise typer.Exit(play_file(file, config, community, as_json))


@app.command()
def rehearse(
    config: ConfigOption = CONFIG,
    source: Annotated[
        Path | None,
        typer.Option("--from", help="A CSV of ts,author (packed or not). Default: what the bot has recorded."),
    ] = None,
    community: Annotated[str | None, typer.Option(help="Which community of the file. Default: the first.")] = None,
    face: Annotated[
        str | None, typer.Option("--on", help="The platform whose group the CSV is taken for. Default: the first.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, lulls among them.")] = False,
) -> None:
    """Replay recorded activity with a configuration: what would have been posted, where, when and why, and what not.

    Nothing is sent, and nothing is changed.
    """
    from bot.rehearse import main as rehearse_file

    raise typer.Exit(rehearse_file(config, source, community, face, as_json=as_json))


@app.command()
def check(config: ConfigOption = CONFIG) -> None:
    """Check community.toml and .env: every problem with its line and the nearest right key."""
    problems: list[Problem] = []
    loaded = Config()
    try:
        loaded = load(config, SETTINGS)
    except ConfigError as error:
        problems += list(error.problems)
    try:
        read_environment(config.parent)
    except ConfigError as error:
        problems += list(error.problems)
    if problems:
        for problem in problems:
            typer.echo(str(problem), err=True)
        typer.echo(f"{_counted(len(problems), 'problem', 'problems')} found.", err=True)
        raise typer.Exit(1)
    groups = sum(len(community.groups) for community in loaded.communities.values())
    found = f"{_counted(len(loaded.communities), 'community', 'communities')}, {_counted(groups, 'group', 'groups')}"
    typer.echo(f"{config}: all right ({found}).")
    if not groups:
        typer.echo(f"No group is named yet: add one, or let a manager set one up in the chat, with: {typed()} invite")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


@app.command()
def schema() -> None:
    """Print the JSON Schema of community.toml, for editors."""
    typer.echo(json.dumps(json_schema(SETTINGS), indent=2, ensure_ascii=False))


@app.command()
def init(
    config: ConfigOption = CONFIG,
    name: Annotated[str | None, typer.Option(help="The community's name.")] = None,
    language: Annotated[str | None, typer.Option(help="id or en.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Like Asia/Jakarta.")] = None,
    kind: Annotated[str | None, typer.Option(help="organic (by its members) or sponsored (by a brand).")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write a commented community.toml from a few answers, and a .env to put the tokens into."""
    if not config.parent.is_dir():
        typer.echo(f"There is no folder {config.parent}. Make it first: mkdir -p {config.parent}", err=True)
        raise typer.Exit(1)
    if config.exists() and not force:
        typer.echo(f"{config} is there already. Edit it, or overwrite it with: {typed()} init --force", err=True)
        raise typer.Exit(1)
    answers = Answers(
        name=name or typer.prompt("What is your community called?", default="Kopi Nusantara"),
        language=_asked(language, "Which language shall I speak, id or en?", "id", ("id", "en")),
        timezone=_zone(timezone),
        kind=cast("CommunityKind", _asked(kind, KIND, "organic", ("organic", "sponsored"))),
        groups={"telegram": None, "discord": None},
    )
    config.write_text(example(answers, SETTINGS), encoding="utf-8")
    typer.echo(f"Wrote {config}.")
    env = config.parent / ".env"
    if not env.exists():
        env.touch(mode=0o600)
        env.write_text(ENV, encoding="utf-8")
        typer.echo(f"Wrote {env}: put your tokens there.")
    typer.echo(f"Next: {typed()} check, then {typed()} run.")


def _asked(given: str | None, question: str, default: str, choices: tuple[str, ...]) -> str:
    while True:
        answer = (given or str(typer.prompt(question, default=default))).strip().casefold()
        if answer in choices:
            return answer
        typer.echo(f'"{answer}" won\'t do; it is one of: {", ".join(choices)}', err=True)
        if given:
            raise typer.Exit(1)


def _zone(given: str | None) -> str:
    while True:
        answer = given or str(typer.prompt("In which time zone does it live?", default="Asia/Jakarta"))
        try:
            return parse_zone(answer)
        except SettingError as error:
            typer.echo(str(error), err=True)
            if given:
                raise typer.Exit(1) from None


@app.command()
def invite(
    config: ConfigOption = CONFIG,
    days: Annotated[int, typer.Option(min=1, max=90, help="How long the code is valid.")] = 7,
) -> None:
    """Make a one-time code with which a manager sets up a group in the chat: /setup CODE."""
    from bot.core.stores import Invites
    from storage.database import SqlDatabase
    from storage.errors import CannotOpen

    async def make() -> str:
        code, now = new_code(), datetime.now(UTC)
        async with SqlDatabase(read_environment(config.parent).database_url, exclusive=False) as database:
            await database.run(lambda unit: unit.store(Invites).add(digest(code), now + timedelta(days=days)), now)
        return code

    try:
        code = asyncio.run(make())
    except (ConfigError, CannotOpen) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Code: {code}")
    typer.echo(f"Valid once, for {_counted(days, 'day', 'days')}. In the group, an administrator sends:  /setup {code}")


def main() -> None:
    """The entry point. Windows' consoles and pipes get UTF-8 too."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
