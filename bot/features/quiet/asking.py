"""A lull was found: something is said into it, or is kept for later, or isn't said, and then why not is remembered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.core.feature import Context
from bot.core.interruptions import Kind, Rule, next_day, withhold
from bot.core.reasons import because
from bot.features.quiet import choosing, offering, reasons, saying
from bot.features.quiet.library import Candidate
from bot.features.quiet.listening import Listened
from bot.features.quiet.model import Origin, State
from bot.features.quiet.obstacles import Obstacle, obstacle
from bot.features.quiet.settings import NAME

ASK: Final = f"{NAME}.ask"
A_WHILE: Final = timedelta(minutes=1)


def attempt(here: Listened, ctx: Context) -> None:
    """Say something into the lull that was found here, or remember why not."""
    kept = obstacle(here, ctx)
    if kept is not None:
        _withhold(here, kept.by, ctx)
        if kept.until and (due := here.rhythm_due(kept.until)):
            try_again(here, due, ctx)
        return
    if (later := choosing.better_later(here, ctx)) is not None:
        try_again(here, later, ctx)
        return
    there = choosing.best_place(here, ctx)
    chosen = choosing.choose(ctx)
    if chosen is None:
        _withhold(here, Obstacle.NOTHING, ctx)
        return
    _put(there, chosen, ctx)


def _put(there: Listened, chosen: Candidate, ctx: Context) -> None:
    """To managers first while the trial lasts; not at all where the gate has no room for it."""
    why, trial = reasons.lull(there.why(ctx.now)), offering.on_trial(ctx)
    state = State.OFFERED if trial else State.SENT
    asked = saying.note(chosen, there.place, Origin.LULL, state, ctx, there.silence)
    if trial and saying.has_room(asked, chosen, why, ctx):
        offering.offer(asked, chosen, why, ctx)
        return
    verdict = saying.say(asked, chosen, why, ctx)
    if verdict.rule in (Rule.USED_UP, Rule.KEPT) and (due := there.rhythm_due(next_day(ctx.now, ctx.served.zone))):
        try_again(there, due, ctx)


def try_again(here: Listened, at: datetime, ctx: Context) -> None:
    """Later, and never at the same moment again and again."""
    at = max(at, ctx.now + A_WHILE)
    ctx.unit.schedule(ASK, at, key=str(here.place), community=ctx.served.slug, where=here.place)


def _withhold(here: Listened, by: Obstacle, ctx: Context) -> None:
    key = f"{NAME}:lull:{here.place}:{here.silence}:{by}"
    withhold(ctx, Kind.PROMPT, here.place, key, reasons.lull(here.why(ctx.now)), because(reasons.KEPT_BY[by]))
