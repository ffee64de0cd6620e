"""What the tests of the sender share: places, posts, and a town in which they are told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.core.events import Where
from bot.core.messages import Message, text
from bot.core.stores import Outbox
from bot.core.unit import Unit
from tests.core.fakes import GROUP, MANAGERS, FakeChat, Town, play, town

OTHER = Where("telegram", "-1001000000002", "")
TOPIC = Where("telegram", GROUP.group, "topic:5")
AYU = Where("telegram", "", "ayu")


def story(*chats: FakeChat) -> Callable[[Callable[[Town], Awaitable[None]]], None]:
    """Tell it at once, in a town with these platforms."""

    def tell(told: Callable[[Town], Awaitable[None]]) -> None:
        async def story() -> None:
            async with town(chats=chats) as here:
                await told(here)

        play(story())

    return tell


async def post(
    here: Town, words: str, where: Where = GROUP, kind: str = "greeting", key: str = "", **more: object
) -> int:
    def work(unit: Unit) -> int:
        return unit.post(Message(text(words)), where, kind=kind, key=key or words, community="kopi", **more)  # type: ignore[arg-type]

    return await here.do(work)


async def states(here: Town) -> dict[str, int]:
    return await here.do(lambda unit: unit.store(Outbox).counts())


async def runs(here: Town, seconds: float) -> None:
    """The sender runs by itself for so long."""
    task = asyncio.create_task(here.delivery.run())
    await asyncio.sleep(seconds)
    assert not task.done() or task.result() is None
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def told_managers(here: Town) -> list[str]:
    return here.chats["telegram"].words(MANAGERS)
