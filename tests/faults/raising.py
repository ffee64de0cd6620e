"""A feature with a fault in it: it raises at everybody called Racun (poison), and at every message that says so."""

from __future__ import annotations

from bot.core.events import MemberJoined, MessagePosted
from bot.core.feature import Context, Feature


def _raises(event: MemberJoined | MessagePosted, ctx: Context) -> None:
    if event.actor.name == "Racun":
        raise RuntimeError(f"{event.actor.name} can't be handled")


feature = Feature(name="raising", on={MemberJoined: _raises, MessagePosted: _raises})
