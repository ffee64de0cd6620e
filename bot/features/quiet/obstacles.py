"""What keeps a lull from being answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.core.activity import heard_in
from bot.core.events import Where
from bot.core.feature import Context
from bot.core.interruptions import next_day
from bot.core.stores import Outbox
from bot.features.quiet.listening import Listened, last_spoken, local_date
from bot.features.quiet.model import Courses, Origin, Prompted

WEEK: Final = timedelta(days=7)


class Obstacle(StrEnum):
    PAUSED = "paused"
    RESTING = "resting"
    IN_A_ROW = "in_a_row"
    DAY = "day"
    WEEK = "week"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Kept:
    """`until`: when it is over, if it ends by itself before anybody speaks."""

    by: Obstacle
    until: datetime | None = None


def obstacle(here: Listened, ctx: Context) -> Kept | None:
    """The first thing that keeps this channel from being asked now."""
    if (paused := paused_until(ctx)) is not None:
        return Kept(Obstacle.PAUSED, paused)
    if here.channel.rests_until and here.channel.rests_until > ctx.now:
        return Kept(Obstacle.RESTING, here.channel.rests_until)
    if spoke_last(here.place, ctx):
        return Kept(Obstacle.IN_A_ROW)
    return _too_many(here, ctx)


def paused_until(ctx: Context) -> datetime | None:
    """Until when a manager wants no prompts; None if they are welcome."""
    course = ctx.unit.store(Courses).get(ctx.served.slug)
    until = course.paused_until if course else None
    return until if until and until > ctx.now else None


def spoke_last(place: Where, ctx: Context) -> bool:
    """Whether the bot was the last to say something there, whatever it was, and whichever way the channel was named."""
    outbox, people = ctx.unit.store(Outbox), last_spoken(place, ctx)
    said = (outbox.last_said(where) for where in {place, heard_in(place, ctx.service.capabilities)})
    return any(own is not None and (people is None or own >= people) for own in said)


def _too_many(here: Listened, ctx: Context) -> Kept | None:
    zone, lately = ctx.served.zone, ctx.unit.store(Prompted).since(ctx.served.slug, ctx.now - WEEK)
    today = [asked for asked in lately if local_date(asked.at, ctx) == local_date(ctx.now, ctx)]
    if len(today) >= here.settings.prompts_per_day:
        return Kept(Obstacle.DAY, next_day(ctx.now, zone))
    by_rhythm = [asked for asked in lately if asked.origin is Origin.LULL]
    if len(by_rhythm) >= here.settings.most_a_week:
        return Kept(Obstacle.WEEK, by_rhythm[here.settings.most_a_week - 1].at + WEEK)
    return None
