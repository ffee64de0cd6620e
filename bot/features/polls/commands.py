"""What people ask of polls: start one, look, close, call off, mend, do it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from bot.core.events import ButtonPressed, CommandInvoked, MessagePosted
from bot.core.feature import Context, Instead, Mistake
from bot.core.messages import Button, Message, lines
from bot.core.names import visible
from bot.features.polls import closing, posting, repeating, starting, telling, wizard
from bot.features.polls.asking import EXAMPLES, FLAGS, KNOWN_FLAGS, alike, check_flags, check_how, proposal, text_of
from bot.features.polls.choosing import check_open, is_author, may_change, poll_meant, rather_a_question, series_meant
from bot.features.polls.counting import as_told
from bot.features.polls.model import FIX_WITHIN, LONGEST_OPTION, MOST_OPTIONS, Poll, Polls, State
from bot.features.polls.reading import read_filled
from bot.locale import _

Asked = CommandInvoked | MessagePosted
EXAMPLES_OF_FIX = {
    "en": '/poll fix {number} "Where shall we meet?" Senopati | Kemang',
    "id": '/poling perbaiki {number} "Ngopi di mana?" Senopati | Kemang',
}


def new(event: Asked, ctx: Context, **asked: Any) -> Message | None:
    """Start a poll, or one that comes again; what came by a form without a word about how is asked that by buttons."""
    starting.check_may_start(event, ctx)
    told = _told(event, asked)
    wanted = proposal(ctx, told, spoken=isinstance(event, MessagePosted))
    starting.check_may_repeat(wanted, ctx)
    if isinstance(event, MessagePosted) and not any(told.get(flag) is not None for flag in FLAGS):
        return wizard.first(wanted, event, ctx)
    return starting.begin(wanted, event, ctx)


def check_before_form(event: CommandInvoked, ctx: Context, given: Mapping[str, Any]) -> None:
    """Nobody writes options for nothing."""
    starting.check_may_start(event, ctx)
    check_how(ctx, given)


def _told(event: Asked, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was typed has been read already; what was filled in has not."""
    if isinstance(event, CommandInvoked) and event.options is None:
        return asked
    return read_filled(asked, spoken=isinstance(event, MessagePosted))


def show_how(event: CommandInvoked, ctx: Context) -> Message:
    """How to ask, for those who write `/poll help`."""
    language = ctx.say.language
    example, known = EXAMPLES.get(language, EXAMPLES["en"]), KNOWN_FLAGS.get(language, KNOWN_FLAGS["en"])
    like_this = ctx.say(_("Ask like this: `{example}`"), example=example)
    return Message(lines(like_this, ctx.say(_("You may add: {known}"), known=known), ctx.say(MANAGE)))


MANAGE = _("`/poll list` shows polls; `/poll close`, `cancel`, `results` and `clone` look after them.")


def show_list(event: CommandInvoked, ctx: Context) -> Message:
    store, community = ctx.unit.store(Polls), ctx.served.slug
    recent = [poll for poll in store.newest(community, 20) if poll.state is not State.OPEN]
    return telling.overview(store.open_in(community), store.series_of(community), recent[:5], ctx)


def results(event: CommandInvoked, ctx: Context, number: Any = None, chart: bool = False, **more: Any) -> Message:
    _check_no_more(ctx, more)
    poll = poll_meant(event, ctx, number, only_open=False)
    if poll.state is State.CANCELLED:
        raise Mistake(ctx.say(_("Poll {number} was called off."), number=poll.number))
    if poll.state is State.OPEN and poll.rules.hide_results:
        raise Mistake(ctx.say(_("The results of poll {number} stay hidden until it closes."), number=poll.number))
    return telling.results(poll, as_told(poll, ctx), ctx, chart=chart)


def close(event: CommandInvoked, ctx: Context, number: Any = None, **more: Any) -> Message | None:
    _check_no_more(ctx, more)
    poll = poll_meant(event, ctx, number, only_open=True)
    _check_may_change(event, poll, ctx)
    check_open(poll, ctx)
    closing.close_now(poll, ctx)
    return ctx.say.message(_("Poll {number} is closed."), number=poll.number)


def cancel(event: CommandInvoked, ctx: Context, number: Any = None, **more: Any) -> Message:
    """A poll, or one that comes again."""
    _check_no_more(ctx, more)
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
    """The same once more, open for as long as the first was, except for what is said otherwise."""
    starting.check_may_start(event, ctx)
    poll = poll_meant(event, ctx, number, only_open=False)
    rules = {name: value for name, value in asdict(poll.rules).items() if name != "most"}
    before = {"question": poll.question, "options": "\n".join(poll.options), "max_per_person": poll.rules.most or None}
    wanted = proposal(ctx, before | rules | {name: value for name, value in asked.items() if value is not None})
    if asked.get("closes") is None:
        wanted = replace(wanted, closes_at=ctx.now + (poll.closes_at - poll.created_at))
    starting.check_may_repeat(wanted, ctx)
    return starting.begin(wanted, event, ctx)


def fix(event: CommandInvoked, ctx: Context, number: Any = None, **asked: Any) -> Message:
    """Mend the text: by its author, within five minutes, before the first vote."""
    poll = poll_meant(event, ctx, number, only_open=True)
    check_open(poll, ctx)
    _check_may_fix(event, poll, ctx)
    check_flags(ctx, asked)
    question, options = text_of(ctx, _mended(poll, asked, ctx), _fix_example(poll, ctx))
    mended = replace(poll, question=question, options=options, revision=poll.revision + 1)
    if poll.native:
        mended = replace(mended, native=posting.may_be_native(mended, ctx))
    ctx.unit.store(Polls).put(mended)
    if poll.native:
        _post_anew(mended, event, ctx)
    else:
        posting.edit_all(mended, posting.message_of(mended, ctx), ctx)
    return ctx.say.message(_("Poll {number} is changed."), number=poll.number)


def _check_may_fix(event: CommandInvoked, poll: Poll, ctx: Context) -> None:
    if not is_author(event, ctx, poll.author):
        raise Mistake(ctx.say(_("Only whoever started a poll may change its text.")))
    if poll.votes_cast:
        raise Mistake(ctx.say(_("Somebody has voted already, so the text stays. You may cancel it and start anew.")))
    if ctx.now - poll.created_at > FIX_WITHIN:
        raise Mistake(ctx.say(_("A text can be changed for five minutes only. You may cancel it and start anew.")))


def _mended(poll: Poll, asked: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """The text with what is to be changed in it; what nobody named stays."""
    if any(asked.get(flag) is not None for flag in FLAGS):
        raise Mistake(ctx.say(_("Only the text can be changed. For the rest, you may cancel it and start anew.")))
    question, options = asked.get("question"), asked.get("options")
    if not question and not options:
        words = _("What shall it say? Like this: `{example}`")
        raise Mistake(ctx.say(words, example=_fix_example(poll, ctx)))
    before = asked.get("before")
    return {"question": question or poll.question, "options": options or "\n".join(poll.options), "before": before}


def _fix_example(poll: Poll, ctx: Context) -> str:
    return EXAMPLES_OF_FIX.get(ctx.say.language, EXAMPLES_OF_FIX["en"]).format(number=poll.number)


def _post_anew(poll: Poll, event: CommandInvoked, ctx: Context) -> None:
    """The platform's own can't be edited."""
    store = ctx.unit.store(Polls)
    here = event.where
    for post in store.posts(poll.id):
        here = post.where
        ctx.unit.delete(post.key)
        store.remove_post(post.key)
    posting.put_up(poll, here, ctx)


def add(event: CommandInvoked, ctx: Context, number: Any = None, option: str = "") -> Message:
    """A member's own idea, in a poll that takes them."""
    if number is None and not event.reply_to and option.isdecimal() and _numbered(option, ctx):
        number, option = option, ""  # `/poll add 3`: to which is said, what isn't
    if number is None and "|" in option:
        raise rather_a_question(ctx)
    poll = poll_meant(event, ctx, number, only_open=True)
    check_open(poll, ctx)
    if not poll.rules.add_options:
        raise Mistake(ctx.say(_("Nothing can be added to poll {number}."), number=poll.number))
    option = _idea(option, poll, ctx)
    poll = replace(poll, options=(*poll.options, option))
    ctx.unit.store(Polls).put(poll)
    posting.edit_all(poll, posting.message_of(poll, ctx), ctx)
    return ctx.say.message(_("“{option}” is added to poll {number}."), option=option, number=poll.number)


def _numbered(number: str, ctx: Context) -> Poll | None:
    return ctx.unit.store(Polls).numbered(ctx.served.slug, int(number[:9]))


def _idea(said: str, poll: Poll, ctx: Context) -> str:
    """One option that may be added."""
    option = visible(said)
    if not option:
        raise Mistake(ctx.say(_("What shall be added? Like this: `/poll add {number} Blok M`"), number=poll.number))
    if "|" in option:
        raise Mistake(ctx.say(_("One idea at a time, please: `/poll add {number} Blok M`"), number=poll.number))
    if len(poll.options) >= MOST_OPTIONS:
        raise Mistake(ctx.say(_("There are {most} options already; that's all a poll can have."), most=MOST_OPTIONS))
    if len(option) > LONGEST_OPTION:
        raise Mistake(ctx.say(_("An option has at most {longest} characters."), longest=LONGEST_OPTION))
    if alike(option) in map(alike, poll.options):
        raise Mistake(ctx.say(_("“{option}” is there already."), option=option))
    return option


def _check_no_more(ctx: Context, more: Mapping[str, Any]) -> None:
    """Flags of other commands say nothing here."""
    for name, value in more.items():
        found = str(value) if name == "unknown" else f"--{name.replace('_', '-')}"
        raise Mistake(ctx.say(_("I can't do anything with `{found}` here."), found=found[:30]))


def _check_may_change(event: Asked, poll: Poll, ctx: Context) -> None:
    if not may_change(event, ctx, poll.author):
        raise Mistake(ctx.say(_("Only its author and managers may do that.")))
