"""What is said about prompts, to managers and to whoever had an idea. Pure but for looking up names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.events import Where
from bot.core.feature import Context
from bot.core.messages import Button, Message, Text, lines, text
from bot.core.moments import moment_span
from bot.core.reasons import told
from bot.core.speech import Speaker
from bot.core.stores import Places
from bot.features.quiet.library import Candidate, message, words_of
from bot.features.quiet.model import Asked, Idea, Standing, State
from bot.features.quiet.prompts import Category
from bot.locale import _, _n

CATEGORIES: Mapping[str, str] = {
    Category.ICEBREAKER: _("icebreaker"),
    Category.SHOW_AND_TELL: _("show and tell"),
    Category.OPINION: _("opinion"),
    Category.HELP_ME_CHOOSE: _("help me choose"),
    Category.THROWBACK: _("throwback"),
    Category.TIPS: _("tips"),
    Category.GRATITUDE: _("gratitude"),
    Category.SHARED_GOAL: _("shared goal"),
    "own": _("your own"),
}
SHORT = 80  # characters of a prompt in a list


def place_name(where: Where, ctx: Context) -> str:
    known = ctx.unit.store(Places).group(where.platform, where.group)
    title = (known.title if known else "") or ctx.served.name
    return f"{title} ({where.platform.capitalize()})"


def moment(at: datetime, ctx: Context, say: Speaker) -> Text:
    return moment_span(at, ctx.now, ctx.served.zone, say.language)


def short(words: str) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= SHORT else one_line[: SHORT - 1].rstrip() + "…"


# ---------------------------------------------------------------- the trial


def offer(
    asked: Asked, chosen: Candidate, why: str, ctx: Context, seen: Sequence[str] = (), *, others: bool = True
) -> Message:
    """A prompt as managers see it first, with the choice. `others`: whether there may be another one."""
    say = ctx.tell
    data = {"asked": asked.id, "why": why, "seen": list(seen)}
    send = Button(say.words(_("Send")), action="quiet.send", data=data)
    another = Button(say.words(_("Another")), action="quiet.another", data=data)
    skip = Button(say.words(_("Skip")), action="quiet.skip", data=data)
    return Message(
        lines(
            say(_("*{place}* has gone quiet: {reason}."), place=place_name(asked.where, ctx), reason=told(why, say)),
            () if others else say(NO_OTHER),
            say(_("Shall I ask this there?")),
            message(chosen, ctx).text,
            gap="\n\n",
        ),
        buttons=((send, another, skip) if others else (send, skip),),
    )


def none_left(asked: Asked, ctx: Context) -> Message:
    words = ctx.tell(_("So I ask nothing in *{place}*."), place=place_name(asked.where, ctx))
    return Message(lines(ctx.tell(NO_OTHER), words))


NO_OTHER = _("There is no other prompt just now. `/prompt add` makes one.")


def was_sent(asked: Asked, chosen: Candidate, name: str, ctx: Context) -> Message:
    say = ctx.tell
    head = say(_("{name} had me ask this in *{place}*:"), name=_manager(name, say), place=place_name(asked.where, ctx))
    return Message(lines(head, message(chosen, ctx).text, gap="\n\n"))


def was_skipped(asked: Asked, name: str, ctx: Context) -> Message:
    say = ctx.tell
    words = say(
        _("{name} skipped this one, so I ask nothing in *{place}*."),
        name=_manager(name, say),
        place=place_name(asked.where, ctx),
    )
    return Message(words)


def found_no_room(asked: Asked, ctx: Context) -> Message:
    return ctx.tell.message(
        _("I couldn't ask that in *{place}* after all. `/why` tells managers why."), place=place_name(asked.where, ctx)
    )


def talk_again(asked: Asked, ctx: Context) -> Message:
    return ctx.tell.message(
        _("People are talking again in *{place}*, so nothing needs to be asked."), place=place_name(asked.where, ctx)
    )


def lapsed(asked: Asked, ctx: Context) -> Message:
    return ctx.tell.message(
        _("Nobody chose in time, so I asked nothing in *{place}*."), place=place_name(asked.where, ctx)
    )


def decided_before(say: Speaker) -> Message:
    return say.message(_("That was decided already."))


def _manager(name: str, say: Speaker) -> str:
    return name or say.words(_("A manager"))


def rests(asked: Asked, ignored: int, until: datetime, ctx: Context) -> Text:
    say = ctx.tell
    return lines(
        say.counted(IGNORED, ignored, place=place_name(asked.where, ctx)),
        say(_("So I ask nothing there until {moment}, unless you do: `/prompt now`."), moment=moment(until, ctx, say)),
    )


IGNORED = _n(
    "The last prompt in *{place}* went unanswered.", "The last {n} prompts in a row in *{place}* went unanswered."
)


# ---------------------------------------------------------------- asked for


def asked_now(asked: Asked, chosen: Candidate, ctx: Context) -> Message:
    say = ctx.say
    head = say(_("Asked in *{place}*:"), place=place_name(asked.where, ctx))
    undo = Button(say.words(_("Take it back")), action="quiet.take_back", data={"asked": asked.id})
    return Message(lines(head, message(chosen, ctx).text, gap="\n\n"), buttons=((undo,),))


def history(asked: Sequence[Asked], ctx: Context) -> Message:
    if not asked:
        return ctx.say.message(_("I haven't asked anything yet. `/prompt next` tells when I would."))
    rows = [_row(one, ctx) for one in asked]
    return Message(lines(ctx.say(_("*What I asked, and how many people spoke within two hours*")), *rows))


def _row(asked: Asked, ctx: Context) -> Text:
    return ctx.say(
        _("– {moment}, {place}, {category}: {outcome}. “{words}”"),
        moment=moment(asked.posted_at or asked.at, ctx, ctx.say),
        place=place_name(asked.where, ctx),
        category=ctx.say.words(CATEGORIES.get(asked.arm, asked.arm)),
        outcome=_outcome(asked, ctx),
        words=short(words_of(asked, ctx)),
    )


def _outcome(asked: Asked, ctx: Context) -> Text:
    if asked.state is not State.SENT:
        return ctx.say(STATES[asked.state])
    if asked.people is None:
        over = asked.posted_at is not None and (ctx.now - asked.posted_at).total_seconds() > 2 * 3600
        return ctx.say(_("nobody knows how many, I couldn't hear") if over else _("let's see"))
    if asked.people == 0:
        return ctx.say(_("nobody answered"))
    return ctx.say.counted(PEOPLE, asked.people)


STATES: Mapping[State, str] = {
    State.OFFERED: _("managers are asked"),
    State.SKIPPED: _("skipped"),
    State.LAPSED: _("nobody chose in time"),
    State.WITHHELD: _("held back"),
    State.FAILED: _("couldn't be posted"),
    State.TAKEN_BACK: _("taken back"),
}
PEOPLE = _n("{n} person", "{n} people")


# ---------------------------------------------------------------- ideas


def idea_told(idea: Idea, say: Speaker) -> Message:
    """To managers, who may let it in."""
    head = say(_("*{name}* suggests a prompt (number {number}):"), name=idea.name or "?", number=idea.number)
    return Message(lines(head, text(idea.text), gap="\n\n"), buttons=(decide_buttons(idea, say),))


def decide_buttons(idea: Idea, say: Speaker) -> tuple[Button, ...]:
    return (
        Button(say.words(_("Approve")), action="quiet.approve", data={"idea": idea.id}),
        Button(say.words(_("Reject")), action="quiet.reject", data={"idea": idea.id}),
    )


def decided(idea: Idea, by: str, say: Speaker, before: Standing, *, pressed: bool = False) -> Message:
    """`before`: what Undo makes it again; `pressed`: this takes the place of the suggestion that managers were told."""
    pattern = _("{name} approved number {number}:") if idea.standing is Standing.APPROVED else REJECTED
    head = say(pattern, name=_manager(by, say), number=idea.number)
    return Message(lines(head, text(idea.text), gap="\n\n"), buttons=((_undo(idea, say, before, pressed),),))


def added(idea: Idea, say: Speaker) -> Message:
    head = say(_("Added as number {number}:"), number=idea.number)
    undo = _undo(idea, say, Standing.REJECTED)
    return Message(lines(head, text(idea.text), gap="\n\n"), buttons=((undo,),))


def _undo(idea: Idea, say: Speaker, before: Standing, pressed: bool = False) -> Button:
    data = {"idea": idea.id, "decided": str(idea.standing), "before": str(before), "pressed": pressed}
    return Button(say.words(_("Undo")), action="quiet.undecide", data=data)


REJECTED = _("{name} rejected number {number}:")


def listing(ideas: Sequence[Idea], own: int, shipped: int, ctx: Context) -> Message:
    say = ctx.say
    pending = [idea for idea in ideas if idea.standing is Standing.PENDING]
    approved = [idea for idea in ideas if idea.standing is Standing.APPROVED]
    return Message(
        lines(
            lines(say(_("*Waiting for your decision*")), *(_idea(idea, say) for idea in pending)) if pending else (),
            lines(say(_("*Yours, from the chat*")), *(_idea(idea, say) for idea in approved)) if approved else (),
            say(
                _("Besides, {own} of your admin's and {shipped} of my own fit this community."),
                own=own,
                shipped=shipped,
            ),
            say(_("`/prompt approve 3`, `/prompt reject 3`, `/prompt add` with your own words.")),
            gap="\n\n",
        )
    )


def _idea(idea: Idea, say: Speaker) -> Text:
    if idea.name:
        return say(_("{number}. “{words}” ({name})"), number=idea.number, words=short(idea.text), name=idea.name)
    return say(_("{number}. “{words}”"), number=idea.number, words=short(idea.text))
