"""What people ask of polls: start one, look, close, call off, mend, do it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.events import ButtonPressed, CommandInvoked, MessagePosted
from bot.core.feature import Context, Instead, Mistake
from bot.core.messages import Button, Message
from bot.features.polls import closing, posting, repeating, starting, telling, wizard
from bot.features.polls.asking import FLAGS, Proposal, check_options, proposal, text_of
from bot.features.polls.choosing import check_open, is_author, may_change, poll_meant, series_meant
from bot.features.polls.counting import as_told
from bot.features.polls.model import FIX_WITHIN, LONGEST_OPTION, MOST_OPTIONS, Poll, Polls, State
from bot.locale import _

Asked = CommandInvoked | MessagePosted


def new(event: Asked, ctx: Context, **asked: Any) -> Message | None:
    """Start a poll, or one that comes again; what came by a form without a word about how is asked that by buttons."""
    starting.check_may_start(event, ctx)
    wanted = proposal(ctx, asked)
    if isinstance(event, MessagePosted) and not any(asked.get(flag) for flag in FLAGS):
        return wizard.first(wanted, event, ctx)
    return starting.begin(wanted, event, ctx)


def show_list(event: CommandInvoked, ctx: Context) -> Message:
    store, community = ctx.unit.store(Polls), ctx.served.slug
    recent = [poll for poll in store.newest(community, 20) if poll.state is not State.OPEN]
    return telling.overview(store.open_in(community), store.series_of(community), recent[:5], ctx)


def results(event: CommandInvoked, ctx: Context, number: Any = None, chart: bool = False) -> Message:
    poll = poll_meant(event, ctx, number, only_open=False)
    if poll.state is State.CANCELLED:
        raise Mistake(ctx.say(_("Poll {number} was called off."), number=poll.number))
    if poll.state is State.OPEN and poll.rules.hide_results:
        raise Mistake(ctx.say(_("The results of poll {number} stay hidden until it closes."), number=poll.number))
    return telling.results(poll, as_told(poll, ctx), ctx, chart=chart)


def close(event: CommandInvoked, ctx: Context, number: Any = None) -> Message | None:
    poll = poll_meant(event, ctx, number, only_open=True)
    _check_may_change(event, poll, ctx)
    check_open(poll, ctx)
    closing.close_now(poll, ctx)
    return ctx.say.message(_("Poll {number} is closed."), number=poll.number)


def cancel(event: CommandInvoked, ctx: Context, number: Any = None) -> Message:
    """A poll, or one that comes again."""
    series = series_meant(ctx, number)
    if series is not None:
        if not may_change(event, ctx, series.author):
            raise Mistake(ctx.say(_("Only its author and managers may do that.")))
        repeating.end(series, ctx)
        return telling.ended(series, ctx)
    poll = poll_meant(event, ctx, number, only_open=True)
    _check_may_change(event, poll, ctx)
    check_open(poll, ctx)
    poll = closing.cancel(poll, ctx)
    words = ctx.say(_("Poll {number} is called off."), number=poll.number)
    if poll.native:
        return Message(words)
    undo = Button(ctx.say.words(_("Undo")), action="polls.resume", data={"poll": poll.id})
    return Message(words, buttons=((undo,),))


def resume(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """Undo calling it off."""
    poll = ctx.unit.store(Polls).get(data["poll"])
    if poll is None or not may_change(event, ctx, poll.author):
        raise Mistake(ctx.say(_("Only its author and managers may do that.")))
    if closing.resume(poll, ctx) is None:
        return Instead(ctx.say.message(_("It's too late to undo that.")))
    return Instead(ctx.say.message(_("Poll {number} goes on."), number=poll.number))


def clone(event: CommandInvoked, ctx: Context, number: Any = None, **asked: Any) -> Message | None:
    """The same question once more, open for as long as the first was, unless something else is said."""
    starting.check_may_start(event, ctx)
    poll = poll_meant(event, ctx, number, only_open=False)
    again = proposal(ctx, {"question": poll.question, "options": "\n".join(poll.options), **asked})
    closes_at = again.closes_at if asked.get("closes") else ctx.now + (poll.closes_at - poll.created_at)
    return starting.begin(Proposal(poll.question, poll.options, poll.rules, closes_at, again.every), event, ctx)


def fix(event: CommandInvoked, ctx: Context, number: Any = None, **asked: Any) -> Message:
    """Mend the text: by its author, within five minutes, before the first vote."""
    poll = poll_meant(event, ctx, number, only_open=True)
    check_open(poll, ctx)
    if not is_author(event, ctx, poll.author):
        raise Mistake(ctx.say(_("Only whoever started a poll may change its text.")))
    if poll.votes_cast:
        raise Mistake(ctx.say(_("Somebody has voted already, so the text stays. You may cancel it and start anew.")))
    if ctx.now - poll.created_at > FIX_WITHIN:
        raise Mistake(ctx.say(_("A text can be changed for five minutes only. You may cancel it and start anew.")))
    if asked.get("question") and not asked.get("options"):
        asked = {**asked, "options": "\n".join(poll.options)}
    elif asked.get("options") and not asked.get("question"):
        asked = {**asked, "question": poll.question}
    question, options = text_of(ctx, asked)
    mended = replace(poll, question=question, options=options, revision=poll.revision + 1)
    ctx.unit.store(Polls).put(mended)
    _show_mended(mended, event, ctx)
    return ctx.say.message(_("Poll {number} is changed."), number=poll.number)


def _show_mended(poll: Poll, event: CommandInvoked, ctx: Context) -> None:
    if not poll.native:
        posting.edit_all(poll, posting.message_of(poll, ctx), ctx)
        return
    store = ctx.unit.store(Polls)
    here = event.where
    for post in store.posts(poll.id):  # the platform's own can't be edited: it is posted anew
        here = post.where
        ctx.unit.delete(post.key)
        store.remove_post(post.key)
    posting.put_up(poll, here, ctx)


def add(event: CommandInvoked, ctx: Context, number: Any = None, option: str = "") -> Message:
    """A member's own idea, in a poll that takes them."""
    poll = poll_meant(event, ctx, number, only_open=True)
    check_open(poll, ctx)
    if not poll.rules.add_options:
        raise Mistake(ctx.say(_("Nothing can be added to poll {number}."), number=poll.number))
    option = " ".join(option.split())
    if not option:
        raise Mistake(ctx.say(_("What shall be added? Like this: `/poll add {number} Blok M`"), number=poll.number))
    if len(poll.options) >= MOST_OPTIONS:
        raise Mistake(ctx.say(_("There are {most} options already; that's all a poll can have."), most=MOST_OPTIONS))
    if len(option) > LONGEST_OPTION:
        raise Mistake(ctx.say(_("An option has at most {longest} characters."), longest=LONGEST_OPTION))
    options = [*poll.options, option]
    check_options(ctx, options)
    poll = replace(poll, options=tuple(options))
    ctx.unit.store(Polls).put(poll)
    posting.edit_all(poll, posting.message_of(poll, ctx), ctx)
    return ctx.say.message(_("“{option}” is added to poll {number}."), option=option, number=poll.number)


def _check_may_change(event: Asked, poll: Poll, ctx: Context) -> None:
    if not may_change(event, ctx, poll.author):
        raise Mistake(ctx.say(_("Only its author and managers may do that.")))
