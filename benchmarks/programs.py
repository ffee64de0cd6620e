"""Guyub's own program around whatever chats a benchmark gives it, in a database that goes away with it."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from bot.bootstrap import Program
from bot.config.model import CommunityConfig, Config, GroupConfig
from bot.core.chat import Chat
from bot.core.clock import Clock, SystemClock
from bot.core.feature import Feature
from bot.features import ALL
from storage.database import SqlDatabase


def community(groups: Mapping[str, Sequence[int]], name: str = "Kopi") -> CommunityConfig:
    """`groups`: ids by platform."""
    places = tuple(GroupConfig(platform=platform, id=str(id)) for platform, ids in groups.items() for id in ids)  # type: ignore[arg-type]
    return CommunityConfig(slug=name.casefold(), name=name, groups=places)


def serving(groups: Mapping[str, Sequence[int]]) -> Config:
    """One community with all of these groups."""
    return Config(communities={"kopi": community(groups)})


@asynccontextmanager
async def running(
    chats: Mapping[str, Chat],
    config: Config,
    *,
    clock: Clock | None = None,
    features: Sequence[Feature] = ALL,
    background: bool = True,
) -> AsyncIterator[Program]:
    """Started; stopped at the end."""
    with tempfile.TemporaryDirectory(prefix="guyub-bench-") as folder:
        database = SqlDatabase(f"sqlite:///{Path(folder) / 'guyub.db'}")
        program = Program(config, database, chats, clock or SystemClock(), Random(0), features)
        await program.start(background)
        try:
            yield program
        finally:
            await program.stop()
