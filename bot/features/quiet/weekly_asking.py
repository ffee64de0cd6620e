"""Prompts for a day and time of the week: asked then, once a local date, whether it is quiet or not."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.core.community import Community
from bot.core.events import JobDue, Where
from bot.core.feature import Context
from bot.core.interruptions import Kind, interrupt, withhold
from bot.core.messages import Message
from bot.core.reasons import because
from bot.core.templates import Template
from bot.core.unit import Unit
from bot.features.quiet import choice, choosing, reasons, saying
from bot.features.quiet.choice import OWN
from bot.features.quiet.library import Candidate
from bot.features.quiet.listening import last_spoken, listened, settings_of
from bot.features.quiet.model import Origin, Prompted, State
from bot.features.quiet.obstacles import Obstacle, paused_until
from bot.features.quiet.prompts import PLACEHOLDERS
from bot.features.quiet.settings import NAME
from bot.features.quiet.weekly import WeeklyPrompt

WEEKLY: Final = f"{NAME}.weekly"
LATELY: Final = 20  # prompts
FRESH_FOR: Final = timedelta(hours=3)
"""A prompt that comes later than this, because the bot was down say, is left out."""


def schedule(unit: Unit, community: Community) -> None:
    """Have each of the community's entries asked at its next time; what is planned already stays so."""
    settings = settings_of(community)
    for written in settings.calendar if settings.enabled else ():
        entry = WeeklyPrompt.parse(written)
        at = entry.when.next_after(unit.now, community.zone)
        unit.schedule(WEEKLY, at, key=f"{community.slug}:{entry.key}", community=community.slug, keep=True)


def due(event: JobDue, ctx: Context) -> None:
    """`quiet.weekly`."""
    if ctx.community is None:
        return
    settings = settings_of(ctx.community)
    entries = {f"{ctx.served.slug}:{entry.key}": entry for entry in map(WeeklyPrompt.parse, settings.calendar)}
    entry = entries.get(event.job_key)
    if entry is None or not settings.enabled:
        return
    schedule(ctx.unit, ctx.community)
    places = [group.main_place for group in ctx.served.groups]
    chosen = places if settings.calendar_everywhere else places and [_liveliest(places, ctx)]
    day = event.at.astimezone(ctx.served.zone).date()
    for place in chosen:
        _ask(entry, place, f"{NAME}:weekly:{entry.key}:{day}:{place}", event, ctx)


def _liveliest(places: list[Where], ctx: Context) -> Where:
    """Where most answer, of those where the last prompt was answered; where nothing is known, the first."""
    open_ones = [place for place in places if not _alone(place, ctx)]
    known = {str(place): listened(place, ctx) for place in open_ones or places}
    own, _pooled = choosing.tallies("place", ctx)
    best = choice.rank_places(list(known), own, choosing.alive(known.values(), ctx), ctx.random)[0]
    return known[best].place


def _ask(entry: WeeklyPrompt, place: Where, key: str, event: JobDue, ctx: Context) -> None:
    if _alone(place, ctx):
        withhold(ctx, Kind.PROMPT, place, key, reasons.WEEKLY, because(reasons.KEPT_BY[Obstacle.IN_A_ROW]))
        return
    if paused_until(ctx) is not None:
        withhold(ctx, Kind.PROMPT, place, key, reasons.WEEKLY, because(reasons.KEPT_BY[Obstacle.PAUSED]))
        return
    template = Template.parse(entry.text, PLACEHOLDERS)
    if "interest" in template.names and not ctx.served.interests:
        return
    interest = ctx.random.choice(ctx.served.interests) if "interest" in template.names else ""
    chosen = Candidate(f"weekly/{entry.key}", OWN, template.fill({"interest": interest}))
    asked = saying.note(chosen, place, Origin.WEEKLY, State.SENT, ctx)
    verdict = interrupt(ctx, saying.interruption(asked, Message(chosen.said), reasons.WEEKLY, event.at + FRESH_FOR))
    if not verdict:
        saying.unsaid(asked, ctx)


def _alone(place: Where, ctx: Context) -> bool:
    """Whether nobody has spoken since the last prompt there."""
    newest = next(
        (one for one in ctx.unit.store(Prompted).newest(ctx.served.slug, 20) if one.where == place and one.posted_at),
        None,
    )
    if newest is None or newest.posted_at is None:
        return False
    people = last_spoken(place, ctx)
    return people is None or people < newest.posted_at
