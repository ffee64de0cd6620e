"""A community on the loopback platforms, and Guyub in it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from tests.faults.processes import Forks, Running, start_plainly
from tests.faults.sides import DiscordSide, Side, TelegramSide
from tests.servers.discord import DiscordWorld
from tests.servers.telegram import TelegramWorld

T = TypeVar("T")
BOTH = ("telegram", "discord")
WELCOME = 'window = "1s"\nnames = 50\nlarge_group = 1000000\n'


@dataclass
class Town:
    """`sides` are the community's groups by platform; `folder` holds its files. `await guyub()` starts the program."""

    folder: Path
    forks: Forks
    sides: dict[str, Side]
    runs: list[Running] = field(default_factory=list)

    @property
    def telegram(self) -> TelegramSide:
        side = self.sides["telegram"]
        assert isinstance(side, TelegramSide)
        return side

    @property
    def discord(self) -> DiscordSide:
        side = self.sides["discord"]
        assert isinstance(side, DiscordSide)
        return side

    # ------------------------------------------------------------------ the program

    async def guyub(
        self, *, kill_at: str = "", plain: bool = False, until: bool = True, verbose: bool = False, **extra: Any
    ) -> Running:
        """Start it, and wait until it listens to the platforms (unless it is to be killed, or `until` is False).

        `kill_at`: "STEP:N" of bot/core/steps.py. `plain`: with a Python of its own, `verbose` too. `extra`: see
        forking.py.
        """
        started = self._starts()
        env = self._environment() | ({"GUYUB_KILL_AT": kill_at} if kill_at else {})
        if plain or verbose:
            run = start_plainly(self.folder, env, *(["--verbose"] if verbose else []))
        else:
            run = Running(self.forks.start(self.folder, env, extra), self.forks)
        self.runs.append(run)
        if until and not kill_at:
            await self._listens(run, started)
        return run

    async def _listens(self, run: Running, started: int) -> None:
        async def is_up() -> bool:
            return self._starts() > started

        ended = asyncio.create_task(run.ends(60))
        for ready in (*(side.heard() for side in self.sides.values()), eventually(is_up, 20)):
            hearing = asyncio.create_task(ready)
            await asyncio.wait([ended, hearing], return_when=asyncio.FIRST_COMPLETED)
            assert hearing.done(), f"the program ended at once:\n{self.log()}"
            await hearing
        ended.cancel()

    def _starts(self) -> int:
        """How many runs came so far that they only had to go on."""
        return self.log().count(" guyub: running on ")

    async def met_before(self) -> None:
        """Guyub has been here and is off: it knows both groups and has told what it had to tell on arrival."""
        run = await self.guyub()
        await eventually(self._is_noted)
        assert await run.stopped() == 0, self.log()

    async def _is_noted(self) -> bool:
        noted = "discord" not in self.sides or self.rows("SELECT value FROM program_state WHERE key = 'discord.heard'")
        return bool(noted) and not self.rows("SELECT id FROM outbox WHERE state IN ('queued', 'sending')")

    def _environment(self) -> dict[str, str]:
        env: dict[str, str] = {}
        for side in self.sides.values():
            env |= side.environment
        return env

    def log(self) -> str:
        """What the program logged so far, of all its runs."""
        file = self.folder / "guyub.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    # ------------------------------------------------------------------ its database

    def rows(self, query: str, *words: object) -> list[tuple[Any, ...]]:
        """What the database says, also while the program runs."""
        file = self.folder / "data" / "guyub.db"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as database:
            return database.execute(query, words).fetchall()

    def states(self, platform: str, kind: str = "greeting") -> dict[str, int]:
        """How many posts of a kind are in which state."""
        query = "SELECT state, count(*) FROM outbox WHERE platform = ? AND kind = ? AND NOT is_change GROUP BY state"
        return dict(self.rows(query, platform, kind))

    def forgets_sessions(self) -> None:
        """As if a day had passed since the last sessions on Discord were begun. Only while the program is off."""
        with closing(sqlite3.connect(self.folder / "data" / "guyub.db", timeout=5)) as database, database:
            database.execute("DELETE FROM program_state WHERE key = 'discord.identifies'")

    def makes_due(self, question: str, ago: timedelta = timedelta(0)) -> None:
        """As if this poll had been put up earlier, to be closed so long ago. Only while the program is off."""
        due = int((datetime.now(UTC) - ago).timestamp() * 1_000_000)
        with closing(sqlite3.connect(self.folder / "data" / "guyub.db", timeout=5)) as database, database:
            [(poll, closes_at)] = database.execute("SELECT id, closes_at FROM polls WHERE question = ?", (question,))
            earlier = {"poll": poll, "by": closes_at - due}
            database.execute(
                "UPDATE polls SET created_at = created_at - :by, closes_at = closes_at - :by WHERE id = :poll", earlier
            )
            database.execute("UPDATE poll_ballots SET at = at - :by WHERE poll = :poll", earlier)
            database.execute("UPDATE jobs SET due_at = due_at - :by WHERE job = 'polls.close' AND key = :poll", earlier)


@asynccontextmanager
async def found_town(
    folder: Path,
    forks: Forks,
    *platforms: str,
    welcome: str = WELCOME,
    polls: str = "",
    group: Mapping[str, Any] | None = None,
) -> AsyncIterator[Town]:
    """A community on these platforms (both when none is named), without the program.

    `welcome` and `polls`: its settings; `group`: for Telegram's group.
    """
    folder.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        sides: dict[str, Side] = {}
        if "telegram" in (platforms or BOTH):
            telegram = await stack.enter_async_context(TelegramWorld.start())
            sides["telegram"] = await TelegramSide.found(telegram, **(group or {}))
        if "discord" in (platforms or BOTH):
            discord = await stack.enter_async_context(DiscordWorld.start())
            sides["discord"] = await DiscordSide.found(discord)
        town = Town(folder, forks, sides)
        (folder / "community.toml").write_text(_config(sides, welcome, polls), encoding="utf-8")
        try:
            yield town
        finally:
            for run in town.runs:
                await run.killed()
            if os.environ.get("GUYUB_TEST_LOG"):
                print(town.log())


def _config(sides: Mapping[str, Side], welcome: str, polls: str) -> str:
    groups = "".join(f"[[communities.kopi.groups]]\n{side.group_table}\n" for side in sides.values())
    managers = "".join(f'{name} = "{side.managers_id}"\n' for name, side in sides.items())
    return (
        '[defaults]\nlanguage = "id"\ntimezone = "Asia/Jakarta"\n'
        '[communities.kopi]\nname = "Kopi Nusantara"\n'
        f"{groups}[communities.kopi.managers]\n{managers}[communities.kopi.welcome]\n{welcome}"
        f"[communities.kopi.polls]\n{polls}"
    )


async def eventually(look: Callable[[], Awaitable[T]], within: float = 10.0, what: str = "") -> T:
    """Look again and again until what is seen is truthy. Raises AssertionError with what was seen last."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + within
    while True:
        seen = await look()
        if seen:
            return seen
        assert loop.time() < ends, f"not within {within:g} s{f' ({what})' if what else ''}; last seen: {seen!r}"
        await asyncio.sleep(0.02)
