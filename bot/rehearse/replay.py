"""Lets recorded activity happen again, to the real program, under a virtual clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.core.activity import Spoken
from bot.core.events import Actor, ActorKind, MessagePosted
from bot.play.stage import Stage

TOGETHER: Final = timedelta(minutes=15)
"""What is said within this time is told at once: nothing falls due because of it any sooner."""

Pause = Callable[[], Awaitable[None]]


async def replay(stage: Stage, spoken: Iterable[Spoken], look: Pause, told: Callable[[datetime], None]) -> None:
    """`look` is awaited whenever the program may have done something; `told` hears how far it has come."""
    together: list[MessagePosted] = []
    due = await stage.next_due()
    for number, one in enumerate(spoken):
        if together and (one.at >= together[0].at + TOGETHER or (due is not None and due <= one.at)):
            await stage.hear(together)
            together = []
            due = await stage.next_due()
        while due is not None and due <= one.at:
            await stage.advance(due)
            await look()
            told(stage.clock.now())
            due = await stage.next_due()
        together.append(heard(one, number))
    await stage.hear(together)


def heard(one: Spoken, number: int = 0) -> MessagePosted:
    """As the platform told of it, but for the words."""
    kind = ActorKind.PERSON if one.account else ActorKind.ANONYMOUS
    return MessagePosted(
        f"replayed-{number}",
        one.at,
        one.where,
        Actor(one.account, "", kind),
        one.message_id,
        "?" if one.asks else "",
        one.reply_to,
        one.reply_to_account,
    )
