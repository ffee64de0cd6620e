"""`guyub run`: from the files to a running program, and to its end."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from random import SystemRandom

from adapters.charts.drawer import Drawer
from adapters.web.metrics import Metrics
from adapters.web.server import CannotListen, WebServer
from bot.bootstrap import Program
from bot.config.calling import typed
from bot.config.environment import Environment, read_environment
from bot.config.load import ConfigError, load
from bot.config.model import Config
from bot.config.watch import watch
from bot.core.chat import Chat
from bot.core.clock import SystemClock
from bot.core.events import Where
from bot.core.notices import to_admin
from bot.core.speech import Speaker
from bot.core.stores import State
from bot.core.unit import StorageUnavailable
from bot.features import SETTINGS
from bot.locale import _
from storage.database import SqlDatabase
from storage.errors import CannotOpen

log = logging.getLogger("guyub")


async def serve(path: Path, host: str, port: int | None, verbose: bool) -> int:
    """Run until SIGTERM or SIGINT. Return the exit code: 1 when the files or the database don't allow a start."""
    try:
        environment = read_environment(path.parent)
        configure_logging(verbose, _secrets(environment))
        config = read_config(path)
        if not (environment.telegram_token or environment.discord_token):
            return await _playground(config, host, port)
        return await _bot(path, config, environment, host, port)
    except (ConfigError, CannotOpen, CannotListen, StorageUnavailable) as error:
        print(error, file=sys.stderr)  # noqa: T201 - the admin's console
        return 1


def read_config(path: Path) -> Config:
    """The file; without one, all defaults."""
    if path.exists():
        return load(path, SETTINGS)
    log.info("there is no %s yet: make one with %s init", path, typed())
    return Config()


async def _playground(config: Config, host: str, port: int | None) -> int:
    from bot.play.live import PlaygroundStage

    metrics, drawer = Metrics(), Drawer()
    async with PlaygroundStage.open(config, metrics, draw=drawer) as stage:
        server = WebServer.for_playground(stage, metrics, host=host, port=port)
        await server.start()
        print(f"No tokens in .env, so here is the playground:  {server.url}")  # noqa: T201 - for the newcomer
        print("Press Ctrl+C to end it.")  # noqa: T201
        await _signalled().wait()
        await server.stop()
    drawer.close()
    return 0


async def _bot(path: Path, config: Config, environment: Environment, host: str, port: int | None) -> int:
    clock, metrics = SystemClock(), Metrics()
    database = SqlDatabase(environment.database_url)

    def language(where: Where) -> str:
        return program.language(where)

    chats = _chats(environment, database, clock, language)
    drawer = Drawer()
    program = Program(config, database, chats, clock, SystemRandom(), observer=metrics, draw=drawer)
    server = WebServer.for_bot(program, metrics, config.defaults.language, host=host, port=port)
    stopped = _signalled()
    await server.start()
    if await _started(program, stopped):
        watcher = asyncio.create_task(_follow(path, program))
        log.info("running on %s; pages at %s", " and ".join(program.chats), server.url)
        await stopped.wait()
        log.info("stopping: finishing what is under way")
        watcher.cancel()
    await server.stop()
    await program.stop()
    drawer.close()
    return 0


async def _started(program: Program, stopped: asyncio.Event) -> bool:
    """False if the program is asked to end while it still waits for its database."""
    starting, asked = asyncio.create_task(program.start()), asyncio.create_task(stopped.wait())
    await asyncio.wait({starting, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if starting.done():
        starting.result()
        return True
    starting.cancel()
    await asyncio.wait({starting})
    return False


def _chats(
    environment: Environment, database: SqlDatabase, clock: SystemClock, language: Callable[[Where], str]
) -> dict[str, Chat]:
    """The platforms that have a token; each library is loaded only for its own."""

    async def load_state(key: str) -> str:
        return await database.run(lambda unit: unit.store(State).get(key), clock.now())

    async def save_state(key: str, value: str) -> None:
        await database.run(lambda unit: unit.store(State).put(key, value), clock.now())

    chats: dict[str, Chat] = {}
    if environment.telegram_token:
        from adapters.telegram.adapter import API_URL, TelegramChat

        chats["telegram"] = TelegramChat(
            environment.telegram_token.get_secret_value(),
            api_url=environment.telegram_api_url or API_URL,
            clock=clock,
            load_state=load_state,
            save_state=save_state,
        )
    if environment.discord_token:
        from adapters.discord.adapter import DiscordChat

        chats["discord"] = DiscordChat(
            environment.discord_token.get_secret_value(),
            api_url=environment.discord_api_url,
            gateway_url=environment.discord_gateway_url,
            clock=clock,
            load_state=load_state,
            save_state=save_state,
            language=language,
        )
    return chats


async def _follow(path: Path, program: Program) -> None:
    """Take over what is saved; with a mistake in it go on as before, and tell the admin where."""
    async for found in watch(path, SETTINGS, program.config):
        if not isinstance(found, ConfigError):
            program.apply(found)
            log.info("took over the new %s", path)
            continue
        if not await asyncio.to_thread(path.exists):
            if program.config.communities:
                log.warning("there is no %s any more: going on with what was in force", path)
            continue
        log.error("%s has a mistake, so the last good one stays in force:\n%s", path, found)
        await _tell_admin(program, found)


async def _tell_admin(program: Program, error: ConfigError) -> None:
    service, now = program.resolver.service, program.clock.now()
    problems = "\n".join(map(str, error.problems[:5]))
    text = Speaker(service.language)(
        _("The configuration has a mistake, so I go on with the last good one:\n{problems}"), problems=problems
    )
    await program.unasked(lambda unit: to_admin(unit, service, text, key=f"config:{now.isoformat()}"))


def _signalled() -> asyncio.Event:
    """Set once the program is asked to end."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    return stopped


# ---------------------------------------------------------------- logging


class _Redacting(logging.Formatter):
    """No secret reaches the log, whatever library wrote the line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
        self._secrets = [secret for secret in secrets if len(secret) > 5]

    def format(self, record: logging.LogRecord) -> str:
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, "[secret]")
        return line


def configure_logging(verbose: bool, secrets: Iterable[str]) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_Redacting(secrets))
    logging.basicConfig(level=logging.DEBUG if verbose else logging.INFO, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "asyncio", "discord", "telegram", "uvicorn", "apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.INFO if verbose else logging.WARNING)


def _secrets(environment: Environment) -> list[str]:
    tokens = (environment.telegram_token, environment.discord_token)
    return [token.get_secret_value() for token in tokens if token]
