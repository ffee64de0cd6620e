"""Polls that come again each week: one for each local date, whatever clocks and outages do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.events import JobDue, Where
from bot.core.feature import Context
from bot.core.interruptions import holds_back
from bot.core.moments import moment_span
from bot.core.notices import to_managers
from bot.core.reasons import because
from bot.features.polls import posting
from bot.features.polls.asking import Proposal
from bot.features.polls.counting import NAME
from bot.features.polls.model import Author, Poll, Polls, Series
from bot.locale import _

WEEK = timedelta(weeks=1)
FRESH_FOR = timedelta(hours=6)
"""One that could not be posted for longer than this is left out; and never one that would have closed by now."""


def begin(proposal: Proposal, author: Author, here: Where, ctx: Context) -> Series:
    assert proposal.every is not None
    series = Series(
        id=0,
        community=ctx.served.slug,
        number=0,
        author=author,
        question=proposal.question,
        options=proposal.options,
        rules=proposal.rules,
        open_for=proposal.closes_at - ctx.now,
        every=proposal.every,
        place=here,
    )
    series = ctx.unit.store(Polls).add_series(series)
    _schedule(series, ctx)
    return series


def end(series: Series, ctx: Context) -> None:
    ctx.unit.store(Polls).remove_series(series.id)
    ctx.unit.unschedule(f"{NAME}.repeat", str(series.id))


def again(series: Series, ctx: Context) -> Series:
    """Take the end back: it goes on under a new number."""
    series = ctx.unit.store(Polls).add_series(series)
    _schedule(series, ctx)
    return series


def due(event: JobDue, ctx: Context) -> None:
    """`polls.repeat`."""
    store = ctx.unit.store(Polls)
    series = store.series(int(event.job_key))
    if series is None:
        return
    if ctx.community is None:  # the config doesn't know it just now: it goes on once it does
        ctx.unit.schedule(event.job, event.at + WEEK, key=event.job_key, community=event.community)
        return
    today = event.at.astimezone(ctx.served.zone).date().isoformat()
    if series.last_on != today:
        series = replace(series, last_on=today)
        store.put_series(series)
        if holds_back(
            ctx, "poll", series.place, f"{NAME}:series:{series.id}:{today}", because(_("it comes each week"))
        ):
            pass  # left out: what comes by itself would be out of place
        elif _is_fresh(series, event, ctx):
            post(series, ctx, closes_after=event.at)
        else:
            _tell_left_out(series, event, ctx)
    _schedule(series, ctx)


def post(series: Series, ctx: Context, closes_after: datetime | None = None) -> Poll:
    """Put up the next one; it is open for as long as was said, from when it was due."""
    closes_at = (closes_after or ctx.now) + series.open_for
    proposal = Proposal(series.question, series.options, series.rules, closes_at)
    return posting.start(proposal, series.author, series.place, ctx, series=series.id)


def _is_fresh(series: Series, event: JobDue, ctx: Context) -> bool:
    return ctx.now - event.at <= FRESH_FOR and event.at + series.open_for > ctx.now


def _schedule(series: Series, ctx: Context) -> None:
    at = series.every.next_after(ctx.now, ctx.served.zone)
    ctx.unit.schedule(f"{NAME}.repeat", at, key=str(series.id), community=series.community)


def _tell_left_out(series: Series, event: JobDue, ctx: Context) -> None:
    words = ctx.tell(
        _("I was away when the poll “{question}” was due ({moment}), and left it out this time."),
        question=series.question,
        moment=moment_span(event.at, ctx.now, ctx.served.zone, ctx.tell.language),
    )
    to_managers(ctx.unit, ctx.served, words, key=f"{NAME}-left-out:{series.id}:{event.at.date()}")
