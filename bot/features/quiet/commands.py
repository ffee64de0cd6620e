"""`/prompt now | next | pause | resume | history`: what managers want, and want to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.core.events import ButtonPressed, CommandInvoked, Where
from bot.core.feature import Context, Instead, Mistake
from bot.core.interruptions import on_hold
from bot.core.messages import Button, Message, lines
from bot.core.moments import MomentError, parse_moment
from bot.core.names import safe_name
from bot.core.notices import to_managers
from bot.features.quiet import choice, choosing, forecast, reasons, saying, views
from bot.features.quiet.library import message
from bot.features.quiet.listening import listened
from bot.features.quiet.model import Course, Courses, Origin, Prompted, State
from bot.features.quiet.obstacles import paused_until
from bot.features.quiet.settings import NAME
from bot.locale import _

SHOWN: Final = 8
FOR_EVER: Final = timedelta(days=3650)


def now(event: CommandInvoked, ctx: Context) -> Message:
    """Ask something at once: here, or from elsewhere where most would answer."""
    if on_hold(ctx):
        raise Mistake(ctx.say(_("Cheerful posts are on hold. `/hold off` comes first.")))
    chosen = choosing.choose(ctx)
    if chosen is None:
        raise Mistake(ctx.say(_("There is no prompt that fits just now. `/prompt add` makes one.")))
    asked = saying.note(chosen, _here(event, ctx), Origin.MANAGER, State.SENT, ctx)
    ctx.unit.post(
        message(chosen, ctx),
        asked.where,
        kind="prompt",
        key=asked.post_key,
        community=ctx.served.slug,
        expires=ctx.now + saying.LIVES,
        why=reasons.MANAGER,
    )
    return views.asked_now(asked, chosen, ctx)


def take_back(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """Undo of `/prompt now`."""
    store = ctx.unit.store(Prompted)
    asked = store.get(data["asked"])
    if asked is None or asked.community != ctx.served.slug or asked.state is not State.SENT:
        return Instead(views.decided_before(ctx.say))
    store.put(replace(asked, state=State.TAKEN_BACK, posted_at=None))
    ctx.unit.delete(asked.post_key)
    return Instead(ctx.say.message(_("Taken back.")))


def _here(event: CommandInvoked, ctx: Context) -> Where:
    if ctx.group is not None:
        return ctx.group.main_place
    places = {str(group.main_place): listened(group.main_place, ctx) for group in ctx.served.groups}
    if not places:
        raise Mistake(ctx.say(_("I don't know any group of this community yet.")))
    own, _pooled = choosing.tallies("place", ctx)
    best = choice.rank_places(list(places), own, choosing.alive(places.values(), ctx), ctx.random)[0]
    return places[best].place


def next_(event: CommandInvoked, ctx: Context) -> Message:
    """When something would be asked, where and why."""
    return forecast.told(ctx)


def history(event: CommandInvoked, ctx: Context) -> Message:
    return views.history(ctx.unit.store(Prompted).newest(ctx.served.slug, SHOWN), ctx)


# ---------------------------------------------------------------- pausing


def pause(event: CommandInvoked, ctx: Context, until: str = "") -> Message:
    """Until a time; without one, until `/prompt resume`."""
    moment = ctx.now + FOR_EVER
    if until.strip():
        try:
            moment = parse_moment(until, ctx.now, ctx.served.zone)
        except MomentError:
            raise Mistake(
                ctx.say(_("I don't understand “{found}”. Like this: `/prompt pause 3d`"), found=until[:40])
            ) from None
    before = paused_until(ctx)
    _put(moment, ctx)
    words = forecast.is_paused(moment, ctx)
    _tell_others(event, _("{name} has paused the prompts."), ctx)
    data = {"until": moment.isoformat(), "before": before.isoformat() if before else ""}
    undo = Button(ctx.say.words(_("Undo")), action=f"{NAME}.unpause", data=data)
    return Message(words, buttons=((undo,),))


def resume(event: CommandInvoked, ctx: Context) -> Message:
    if paused_until(ctx) is None:
        raise Mistake(ctx.say(_("The prompts aren't paused. `/prompt next` tells when I would ask.")))
    _put(None, ctx)
    _tell_others(event, _("{name} lets the prompts come again."), ctx)
    return ctx.say.message(_("Good: when a channel goes quiet, I'll ask something again."))


def unpause(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """Undo of that pause, if it is still the one: as it was before."""
    now = paused_until(ctx)
    if now is None or now != datetime.fromisoformat(data["until"]):
        return Instead(views.decided_before(ctx.say))
    before = datetime.fromisoformat(data["before"]) if data["before"] else None
    _put(before, ctx)
    if before is not None and before > ctx.now:
        return Instead(
            Message(lines(ctx.say(_("Taken back. It is as it was before.")), forecast.is_paused(before, ctx)))
        )
    _tell_others(event, _("{name} lets the prompts come again."), ctx)
    return Instead(ctx.say.message(_("Taken back. The prompts aren't paused any more.")))


def _put(until: datetime | None, ctx: Context) -> None:
    store = ctx.unit.store(Courses)
    course = store.get(ctx.served.slug) or Course(ctx.served.slug, ctx.now)
    store.put(replace(course, paused_until=until))


def _tell_others(event: CommandInvoked | ButtonPressed, pattern: str, ctx: Context) -> None:
    """In the managers' chats: where it was asked for, the answer tells."""
    except_in = event.where if ctx.served.is_managers_place(event.where) else None
    name = safe_name(event.actor.name) or ctx.tell.words(_("A manager"))
    words = ctx.tell(pattern, name=name)
    to_managers(ctx.unit, ctx.served, words, key=f"{NAME}:told:{event.key}", except_in=except_in)
