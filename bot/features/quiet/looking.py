"""When a channel is looked at: twenty minutes after the last message, and when its silence would become a lull.

Nothing is computed for a message. A look costs what is due, not what exists.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.activity import heard_in
from bot.core.events import ActorKind, JobDue, MessagePosted, Where
from bot.core.feature import Context
from bot.core.interruptions import begin_lull
from bot.features.quiet import asking, offering, weekly_asking
from bot.features.quiet.listening import Listened, keep, last_spoken, listened, main_group, settings_of
from bot.features.quiet.model import Course, Courses
from bot.features.quiet.rhythm import FIRST_LOOK, HORIZON
from bot.features.quiet.settings import NAME
from bot.features.quiet.slots import SLOT

LOOK: Final = f"{NAME}.look"
A_LOOK_LATE: Final = timedelta(seconds=SLOT)
"""A lull is found to ten minutes."""
PEOPLE: Final = (ActorKind.PERSON, ActorKind.ANONYMOUS)


def on_message(event: MessagePosted, ctx: Context) -> None:
    """Somebody spoke: look again in twenty minutes at the latest."""
    if ctx.group is None or event.actor.kind not in PEOPLE:
        return
    place = ctx.group.main_place
    if event.where.channel == heard_in(place, ctx.service.capabilities).channel:
        look_at(place, min(event.at, ctx.now) + FIRST_LOOK, ctx, sooner=True)


def look_at(place: Where, at: datetime, ctx: Context, *, sooner: bool = False) -> None:
    ctx.unit.schedule(LOOK, at, key=str(place), community=ctx.served.slug, where=place, sooner=sooner)


def look(event: JobDue, ctx: Context) -> None:
    """`quiet.look`."""
    place = event.where
    if ctx.community is None or main_group(place, ctx.community) is None or not settings_of(ctx.community).awake:
        return  # the next message has it looked at again
    _listen_from_now_on(ctx)
    weekly_asking.schedule(ctx.unit, ctx.served)
    offering.settle_talk(place, ctx)
    last = last_spoken(place, ctx)
    if last is not None and ctx.now < last + FIRST_LOOK:  # as it mostly is where people talk: it costs next to nothing
        look_at(place, last + FIRST_LOOK, ctx)
        return
    here = listened(place, ctx)
    if here.silence is None or here.found:
        keep(here.channel, ctx)
    elif ctx.now < here.silence + FIRST_LOOK:
        keep(here.channel, ctx)
        look_at(place, here.silence + FIRST_LOOK, ctx)
    else:
        _look(here, ctx)


def _look(here: Listened, ctx: Context) -> None:
    due = here.due_at(after=ctx.now - A_LOOK_LATE)
    if due is None:
        keep(here.channel, ctx)
        look_at(here.place, ctx.now + HORIZON / 2, ctx)
    elif due > ctx.now:
        keep(here.channel, ctx)
        look_at(here.place, due, ctx)
    else:
        _found(here, ctx)


def _found(here: Listened, ctx: Context) -> None:
    found = replace(here, channel=replace(here.channel, lull_at=ctx.now, lull_of=here.silence))
    keep(found.channel, ctx)
    begin_lull(ctx.unit, here.place, ctx.now)
    asking.attempt(found, ctx)


def ask(event: JobDue, ctx: Context) -> None:
    """`quiet.ask`: a lull in which nothing was asked at first, if it still is one."""
    place = event.where
    if ctx.community is None or main_group(place, ctx.community) is None or not settings_of(ctx.community).awake:
        return
    here = listened(place, ctx)
    keep(here.channel, ctx)
    if not here.found:  # there was talk
        return
    if here.is_lull(ctx.now):
        asking.attempt(here, ctx)
    elif due := here.rhythm_due(ctx.now):
        asking.try_again(here, due, ctx)


def _listen_from_now_on(ctx: Context) -> None:
    """A community's trial begins when it is first listened to."""
    store = ctx.unit.store(Courses)
    if store.get(ctx.served.slug) is None:
        store.put(Course(ctx.served.slug, ctx.now))
