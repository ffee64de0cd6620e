"""A prompt on its way: noted, posted if there is room, or unsaid."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.events import Where
from bot.core.feature import Context
from bot.core.interruptions import Interruption, Kind, Verdict, interrupt, judge
from bot.core.messages import Message
from bot.features.quiet import choice
from bot.features.quiet.library import Candidate, kept_words, message
from bot.features.quiet.model import Asked, Origin, Prompted, State

LIVES: Final = timedelta(minutes=30)
"""A prompt that can't be said within this time stays unsaid: there may be talk by then."""


def note(
    chosen: Candidate, place: Where, origin: Origin, state: State, ctx: Context, silence: datetime | None = None
) -> Asked:
    part = choice.part_of(ctx.now.astimezone(ctx.served.zone).hour)
    asked = Asked(
        0, ctx.served.slug, place, chosen.key, chosen.arm, part, origin, state, ctx.now, kept_words(chosen), silence
    )
    return ctx.unit.store(Prompted).add(asked)


def say(asked: Asked, chosen: Candidate, why: str, ctx: Context) -> Verdict:
    """Post it, if there is room for it."""
    verdict = interrupt(ctx, interruption(asked, message(chosen, ctx), why, ctx.now + LIVES))
    if not verdict:
        unsaid(asked, ctx)
    return verdict


def has_room(asked: Asked, chosen: Candidate, why: str, ctx: Context) -> bool:
    return bool(judge(ctx, interruption(asked, message(chosen, ctx), why, ctx.now + LIVES)))


def unsaid(asked: Asked, ctx: Context) -> None:
    """The gate withheld it."""
    ctx.unit.store(Prompted).put(replace(asked, state=State.WITHHELD))


def interruption(asked: Asked, said: Message, why: str, expires: datetime) -> Interruption:
    lull = asked.origin is Origin.LULL
    return Interruption(Kind.PROMPT, said, asked.where, asked.post_key, why, expires, lull=lull)
