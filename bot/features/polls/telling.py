"""What is answered about polls: which there are, how they stand, that one was started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from bot.core.events import ButtonPressed
from bot.core.feature import Context, Instead, Mistake
from bot.core.messages import Button, Message, Text, lines
from bot.core.moments import moment_span, weekly_text
from bot.features.polls import repeating, views
from bot.features.polls.ballots import Tally
from bot.features.polls.counting import settings_of
from bot.features.polls.model import Poll, Polls, Series, State
from bot.locale import _

_SERIES = TypeAdapter(Series)
NO_POLL_YET = _('There has been no poll yet. Start one: `/poll "Question" A | B`')
NO_POLL_OF_MANAGERS_YET = _('There has been no poll yet. Managers start one like this: `/poll "Question" A | B`')


def begun(poll: Poll, ctx: Context) -> Message:
    until = moment_span(poll.closes_at, ctx.now, ctx.served.zone, ctx.say.language)
    words = ctx.say(_("Poll {number} is up, open until {moment}."), number=poll.number, moment=until)
    how = ctx.say(_("Close it earlier with `/poll close {number}`."), number=poll.number)
    return Message(lines(words, how))


def series_begun(series: Series, ctx: Context) -> Message:
    """It begins next time; the first one can be had now."""
    first = series.every.next_after(ctx.now, ctx.served.zone)
    words = ctx.say(
        _("“{question}” comes {every} from now on. The first: {moment}, open until {until}."),
        question=series.question,
        every=weekly_text(series.every, ctx.served.zone, ctx.say.language),
        moment=moment_span(first, ctx.now, ctx.served.zone, ctx.say.language),
        until=moment_span(first + series.open_for, ctx.now, ctx.served.zone, ctx.say.language),
    )
    how = ctx.say(_("End it with `/poll cancel {number}`."), number=series.number)
    now = Button(ctx.say.words(_("Post one now, too")), action="polls.post_now", data={"series": series.id})
    return Message(lines(words, how), buttons=((now,),))


def post_now(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    series = ctx.unit.store(Polls).series(data["series"])
    if series is None:
        return Instead(ctx.say.message(_("It has been ended meanwhile.")))
    _check_may_repeat(ctx)
    poll = repeating.post(series, ctx)
    return Instead(begun(poll, ctx))


def ended(series: Series, ctx: Context) -> Message:
    words = ctx.say(_("“{question}” comes no more."), question=series.question)
    undo = Button(
        ctx.say.words(_("Undo")), action="polls.again", data={"series": _SERIES.dump_python(series, mode="json")}
    )
    return Message(words, buttons=((undo,),))


def again(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """Undo ending a poll that comes again."""
    series = _SERIES.validate_python(data["series"])
    _check_may_repeat(ctx)
    return Instead(series_begun(repeating.again(series, ctx), ctx))


def _check_may_repeat(ctx: Context) -> None:
    if not ctx.manager:
        raise Mistake(ctx.say(_("Only managers may press this.")))


def overview(open_polls: Sequence[Poll], series: Sequence[Series], recent: Sequence[Poll], ctx: Context) -> Message:
    parts: list[Text] = []
    if open_polls:
        parts.append(lines(ctx.say(_("*Open*")), *(_open_line(poll, ctx) for poll in open_polls)))
    if series:
        parts.append(lines(ctx.say(_("*Repeating*")), *(_series_line(one, ctx) for one in series)))
    if recent:
        parts.append(lines(ctx.say(_("*Lately*")), *(_ended_line(poll, ctx) for poll in recent)))
    if not parts:
        return ctx.say.message(NO_POLL_YET if settings_of(ctx).members else NO_POLL_OF_MANAGERS_YET)
    return Message(lines(*parts, gap="\n\n"))


def _open_line(poll: Poll, ctx: Context) -> Text:
    until = moment_span(poll.closes_at, ctx.now, ctx.served.zone, ctx.say.language)
    return ctx.say(_("{number}. {question} – until {moment}"), number=poll.number, question=_short(poll), moment=until)


def _series_line(series: Series, ctx: Context) -> Text:
    every = weekly_text(series.every, ctx.served.zone, ctx.say.language)
    return ctx.say(_("{number}. {question} – {every}"), number=series.number, question=_short(series), every=every)


def _ended_line(poll: Poll, ctx: Context) -> Text:
    if poll.state is State.CANCELLED:
        return ctx.say(_("{number}. {question} – called off"), number=poll.number, question=_short(poll))
    counts = poll.outcome.counts if poll.outcome else ()
    most = max(counts, default=0)
    leaders = [option for option, count in zip(poll.options, counts, strict=False) if most and count == most]
    won = " / ".join(leaders) or ctx.say.words(_("nobody voted"))
    return ctx.say(_("{number}. {question} – {won}"), number=poll.number, question=_short(poll), won=won)


def _short(what: Poll | Series) -> str:
    return what.question if len(what.question) <= 60 else what.question[:59] + "…"


def results(poll: Poll, told: Tally, ctx: Context, *, chart: bool) -> Message:
    if poll.state is State.OPEN:
        until = moment_span(poll.closes_at, ctx.now, ctx.served.zone, ctx.say.language)
        shown = views.standing(poll, told, ctx.say(_("Open until {moment}."), moment=until), ctx.say)
    else:
        members = poll.outcome.members if poll.outcome else 0
        shown = views.result(poll, told, ctx.say, members=members)
    who = () if poll.rules.secret else views.who_voted(poll, told, ctx.say)
    return Message(lines(shown.text, who, gap="\n\n"), chart=views.chart(poll, told, ctx.say) if chart else None)
