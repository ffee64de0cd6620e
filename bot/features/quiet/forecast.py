"""`/prompt next`: when something would be asked in each channel if nobody spoke, why, and what keeps it from being."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.core.feature import Context
from bot.core.interruptions import on_hold
from bot.core.messages import Message, Text, lines
from bot.core.moments import weekly_text
from bot.core.reasons import told as reason_told
from bot.features.quiet import offering, reasons, views
from bot.features.quiet.listening import Listened, listened, settings_of
from bot.features.quiet.obstacles import Obstacle, obstacle, paused_until
from bot.features.quiet.rhythm import FIRST_LOOK, HORIZON
from bot.features.quiet.weekly import WeeklyPrompt
from bot.locale import _

LONG_AWAY: Final = timedelta(days=365)


def told(ctx: Context) -> Message:
    settings = settings_of(ctx.served)
    heads: list[Text] = []
    if on_hold(ctx):
        heads.append(ctx.say(_("Cheerful posts are on hold.")))
    if not settings.awake:
        heads.append(ctx.say(_("Prompts for lulls are switched off (`/settings show quiet`).")))
    elif (until := paused_until(ctx)) is not None:
        heads.append(is_paused(until, ctx))
    places = [_channel(listened(group.main_place, ctx), ctx) for group in ctx.served.groups] if settings.awake else []
    return Message(lines(lines(*heads), *places, _weekly(ctx), _trial(ctx), gap="\n\n"))


def is_paused(until: datetime, ctx: Context) -> Text:
    if until - ctx.now > LONG_AWAY:
        return ctx.say(_("The prompts are paused until `/prompt resume`."))
    return ctx.say(_("The prompts are paused until {moment}."), moment=views.moment(until, ctx, ctx.say))


def _channel(here: Listened, ctx: Context) -> Text:
    head = ctx.say(_("*{place}*"), place=views.place_name(here.place, ctx))
    if here.silence is None:
        return lines(head, ctx.say(_("I have heard nobody there yet, so I can't tell when it is quiet.")))
    sure = round(100 * here.rhythm.confidence)
    return lines(head, _when(here, ctx), ctx.say(_("How well I know this channel: {sure} %."), sure=sure))


def _when(here: Listened, ctx: Context) -> Text:
    assert here.silence is not None
    since = views.moment(here.silence, ctx, ctx.say)
    kept = obstacle(here, ctx)
    if kept is not None and kept.by is Obstacle.IN_A_ROW:
        return ctx.say(_("Nobody has spoken since my last post there, so I wait for somebody."))
    after = max(here.silence + FIRST_LOOK, ctx.now, *((kept.until,) if kept and kept.until else ()))
    due = here.rhythm_due(after) if here.found else here.due_at(after)
    if due is None:
        days = HORIZON.days
        return ctx.say(
            _("Somebody spoke {moment}. Even {days} days of silence would be usual here."), moment=since, days=days
        )
    why = reason_told(reasons.lull(here.why(due)), ctx.say)
    words = ctx.say(
        _("Somebody spoke last {moment}. If nobody does until {due}, I'd ask something then, because {reason}."),
        moment=since,
        due=views.moment(due, ctx, ctx.say),
        reason=why,
    )
    if kept is None:
        return words
    return lines(words, ctx.say(_("Not earlier: {reason}."), reason=ctx.say(str(reasons.KEPT_BY[kept.by]))))


def _weekly(ctx: Context) -> Text:
    settings = settings_of(ctx.served)
    entries = [WeeklyPrompt.parse(written) for written in settings.calendar] if settings.enabled else []
    if not entries:
        return ()
    rows = [
        ctx.say(
            _("– {weekly}: “{words}”"),
            weekly=weekly_text(entry.when, ctx.served.zone, ctx.say.language),
            words=views.short(entry.text),
        )
        for entry in entries
    ]
    return lines(ctx.say(_("*From the calendar*")), *rows)


def _trial(ctx: Context) -> Text:
    until = offering.trial_until(ctx)
    if until is None or not ctx.served.managers or until <= ctx.now:
        return ()
    return ctx.say(_("Until {moment} I show managers first what I'd ask."), moment=views.moment(until, ctx, ctx.say))
