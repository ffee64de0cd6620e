"""Tells when `community.toml` says something else than before."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

from bot.config.feature_tables import Features
from bot.config.load import loads
from bot.config.model import Config
from bot.config.problems import ConfigError
from bot.config.reading import read_text

_BETWEEN_LOOKS = 0.5


async def _half_a_second() -> None:
    await asyncio.sleep(_BETWEEN_LOOKS)


async def watch(
    path: Path,
    features: Features,
    running: Config,
    *,
    pause: Callable[[], Awaitable[None]] = _half_a_second,
) -> AsyncGenerator[Config | ConfigError, None]:
    """Yield what the file says whenever that differs from the last that was known, `running` at first.

    Looks at the contents, not at notifications: those are lost on network drives, in containers, and with editors that
    replace the file. A change counts once two looks in a row agree, so half-written saves pass unseen. Edits that mean
    the same (a comment, say) are passed over; after an error, a good file is told even if it is the one that runs.
    """
    seen = known = await _look(path)
    last: Config | ConfigError = running
    fresh = True
    while True:
        if fresh:
            outcome = await asyncio.to_thread(_outcome, path, known, features)
            fresh = False
            if not _same(outcome, last):
                last = outcome
                yield outcome
        await pause()
        before, seen = seen, await _look(path)
        if not _same(seen, known) and _same(seen, before):
            known, fresh = seen, True


async def _look(path: Path) -> str | ConfigError:
    def read() -> str | ConfigError:
        try:
            return read_text(path)
        except ConfigError as error:
            return error

    return await asyncio.to_thread(read)


def _outcome(path: Path, text: str | ConfigError, features: Features) -> Config | ConfigError:
    try:
        return text if isinstance(text, ConfigError) else loads(text, features, file=str(path))
    except ConfigError as error:
        return error


def _same(one: object, other: object) -> bool:
    if isinstance(one, ConfigError) and isinstance(other, ConfigError):
        return one.problems == other.problems
    return one == other
