"""`/announce`: everybody reads it, within the day's allowance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.core.events import ButtonPressed, CommandInvoked, MessagePosted, Where
from bot.core.feature import Context, Instead, Mistake
from bot.core.interruptions import (
    NAME,
    ORGANIC,
    Interruption,
    Kind,
    Rule,
    Verdict,
    interrupt,
    judge,
    labelled,
    next_day,
    on_hold,
)
from bot.core.messages import Message, Text, lines
from bot.core.reasons import because
from bot.features.posts import views
from bot.features.posts.standing import clock_of, main_places, name_of, told
from bot.features.posts.wording import checked
from bot.locale import _

LIVES = timedelta(hours=12)
WHY = because(_("a manager announced it (`/announce`)"))
Judged = Sequence[tuple[Where, Verdict]]


def announce(event: CommandInvoked | MessagePosted, ctx: Context, text: str, promo: bool = False) -> Message:
    """Shown first, with the places where it would stand."""
    words = checked(text, ctx.say)
    judged = [(where, judge(ctx, _announcement(words, where, "", ctx, promo=promo))) for where in main_places(ctx)]
    refused = _refusals(judged, ctx)
    allowed = [where for where, verdict in judged if verdict]
    if not allowed:
        raise Mistake(lines(ctx.say(_("I can't post that just now.")), *refused))
    shown = labelled(views.as_it_stands(words), ctx) if promo else views.as_it_stands(words)
    below = [*told(allowed, ctx, views.places), *refused]
    if on_hold(ctx):
        below.append(ctx.say(_("Cheerful posts are on hold; this is posted all the same.")))
    return views.preview(shown, below, f"{NAME}.announce", {"text": words, "promo": promo}, ctx.say)


def check_before_form(event: CommandInvoked, ctx: Context, given: Mapping[str, Any]) -> None:
    """Nobody writes for nothing."""
    if given.get("promo") and ctx.served.kind == ORGANIC:
        raise Mistake(ctx.say(_("This community takes no promotions: its admin calls it organic.")))


def post(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """What has changed since the preview counts."""
    judged = [
        (where, interrupt(ctx, _announcement(data["text"], where, f"{event.key}:{number}", ctx, promo=data["promo"])))
        for number, where in enumerate(main_places(ctx))
    ]
    allowed = [where for where, verdict in judged if verdict]
    head = told(allowed, ctx, views.posted) if allowed else [ctx.say(_("I couldn't post that after all."))]
    return Instead(Message(lines(*head, *_refusals(judged, ctx))))


def cancel(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    return Instead(ctx.say.message(_("Nothing was posted.")))


def _announcement(words: str, where: Where, key: str, ctx: Context, *, promo: bool) -> Interruption:
    return Interruption(
        Kind.ANNOUNCEMENT,
        views.as_it_stands(words),
        where,
        f"{NAME}:announcement:{key}",
        WHY,
        ctx.now + LIVES,
        promo=promo,
        cheerful=promo,
    )


def _refusals(judged: Judged, ctx: Context) -> list[Text]:
    """Where not and why, and when it will be possible."""
    refused = [views.nowhere(name_of(where, ctx), verdict, ctx.say) for where, verdict in judged if not verdict]
    if any(verdict.rule is Rule.USED_UP and verdict.per_day for _where, verdict in judged):
        refused.append(views.again_at(next_day(ctx.now, ctx.served.zone), clock_of(ctx), ctx.say))
    return refused
