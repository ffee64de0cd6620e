"""A join flood on both platforms, with people who ask for things meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.faults.processes import Running
from tests.faults.town import Town

EACH = 0.5  # seconds between two commands, and between two looks at the memory
MEGABYTE = 1 << 20


@dataclass(slots=True)
class Flooded:
    """What was measured: waits in seconds by platform, posts by platform as they came, memory in bytes."""

    seconds: float = 0.0
    memory_before: int = 0
    memory_most: int = 0
    waits: dict[str, list[float]] = field(default_factory=lambda: {"telegram": [], "discord": []})
    posts: dict[str, list[float]] = field(default_factory=dict)

    @property
    def grown(self) -> float:
        """MB."""
        return (self.memory_most - self.memory_before) / MEGABYTE

    def wait(self, platform: str, share: float) -> float:
        """The wait that this share of the commands did not exceed."""
        waits = sorted(self.waits[platform])
        return waits[min(len(waits) - 1, int(share * len(waits)))]

    def most_in_a_minute(self, platform: str) -> int:
        times = sorted(self.posts[platform])
        return max((sum(start <= at < start + 60 for at in times) for start in times), default=0)


async def flood(town: Town, run: Running, count: int, seconds: float, known: Callable[[], Awaitable[bool]]) -> Flooded:
    """`count` people join each group within so many seconds; measured until `known` says that all were taken in."""
    seen = Flooded(memory_before=run.memory)
    begun = time.monotonic()
    async with asyncio.TaskGroup() as group:
        acts = (
            lambda: _watch_memory(run, seen),
            lambda: _ask_on_telegram(town, seen),
            lambda: _ask_on_discord(town, seen),
        )
        watching = [group.create_task(_each(act)) for act in acts]
        await asyncio.gather(_join_telegram(town, count, seconds), _join_discord(town, count, seconds))
        while not await known():
            await asyncio.sleep(EACH)
        seen.seconds = time.monotonic() - begun
        await asyncio.sleep(2 * EACH)
        for task in watching:
            task.cancel()
    for name, side in town.sides.items():
        seen.posts[name] = [said.at for said in await side.said()]
    return seen


async def _join_telegram(town: Town, count: int, seconds: float) -> None:
    await town.telegram.world.ask("log", keep=False)
    begun, joined = time.monotonic(), 0
    while joined < count:
        due = min(count, int(count * (time.monotonic() - begun) / seconds) + 1)
        crowd = {"chat": town.telegram.group.id, "count": due - joined, "first_id": 5_000_000 + joined}
        await town.telegram.world.ask("crowd_joins", via=["chat_member", "service"], name="Tamu {n}", **crowd)
        joined = due
        await asyncio.sleep(0.1)


async def _join_discord(town: Town, count: int, seconds: float) -> None:
    await town.discord.guild.crowd_joins(count, per_second=count / seconds)


async def _each(act: Callable[[], Awaitable[None]]) -> None:
    while True:
        await act()
        await asyncio.sleep(EACH)


async def _watch_memory(run: Running, seen: Flooded) -> None:
    seen.memory_most = max(seen.memory_most, run.memory)


async def _ask_on_telegram(town: Town, seen: Flooded) -> None:
    who = await town.telegram.world.person(f"Sari{len(seen.waits['telegram'])}")
    begun = time.monotonic()
    await who.starts()
    await who.hears(timeout=30)
    seen.waits["telegram"].append(time.monotonic() - begun)


async def _ask_on_discord(town: Town, seen: Flooded) -> None:
    begun = time.monotonic()
    asked = await town.discord.guild.owner.slash(town.discord.guild["general"], "help")
    await asked.answer(within=30)
    seen.waits["discord"].append(time.monotonic() - begun)
