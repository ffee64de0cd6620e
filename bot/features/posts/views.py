"""What is said about posts, holds and announcements. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.interruptions import Decision, Hold, Kind, Rule, Verdict
from bot.core.messages import Button, Message, Text, lines, text
from bot.core.moments import moment_span
from bot.core.reasons import told
from bot.core.speech import Speaker
from bot.features.posts.model import Said
from bot.features.posts.wording import LONGEST
from bot.locale import _, _n

NAMES: Mapping[str, str] = {
    Kind.ANNOUNCEMENT: _("Announcement"),
    Kind.SPOTLIGHT: _("Spotlight"),
    Kind.THANKS: _("Weekly thanks"),
    Kind.INTRODUCTION: _("Introduction"),
    Kind.CELEBRATION: _("Celebration"),
    Kind.PROMPT: _("Prompt"),
    "greeting": _("Greeting"),
    "poll": _("Poll"),
    "result": _("Result of a poll"),
    "reminder": _("Reminder"),
    "statement": _("Statement"),
    "answer": _("Answer"),
    "notice": _("Notice"),
}
OTHERWISE: Mapping[str, str] = {
    "greeting": _("somebody joined"),
    "poll": _("somebody asked the community something"),
    "result": _("a poll closed"),
    "reminder": _("it was asked for"),
    "answer": _("somebody asked me, with a command or a button"),
    "notice": _("something happened that has to be known"),
}
"""Why something was said, where the program noted no more than what it was."""
UNKNOWN = _("I don't know any more")


class Clock:
    """Tells times as a community reads them."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self.now, self.zone = now, zone

    def tell(self, moment: datetime, say: Speaker) -> Text:
        return moment_span(moment, self.now, self.zone, say.language)


def name_of(kind: str, say: Speaker) -> str:
    return say.words(NAMES.get(kind, kind))


# ---------------------------------------------------------------- why


def reason(kind: str, why: str, say: Speaker) -> Text:
    return told(why, say) or say(OTHERWISE.get(kind, UNKNOWN))


def explained(
    said: Said, used: int, per_day: int, clock: Clock, say: Speaker, *, promo: bool, counted: bool
) -> Message:
    """Why one post was made, by which rule, and how much of the day's allowance is used."""
    head = say(_("*{kind}*, {moment}"), kind=name_of(said.kind, say), moment=clock.tell(said.at, say))
    because = say(_("Why: {reason}."), reason=reason(said.kind, said.why, say))
    return Message(
        lines(
            head, because, _rule(said.kind, per_day, say, promo=promo, counted=counted), allowance(used, per_day, say)
        )
    )


def _rule(kind: str, per_day: int, say: Speaker, *, promo: bool, counted: bool) -> Text:
    if counted and kind in list(Kind):
        rule = say.counted(COUNTED, per_day)
        return lines(rule, say(_("It is a promotion: at most one post in ten is one."))) if promo else rule
    if kind == "answer":
        return ()
    return say(_("The rule: posts of this kind aren't counted."))


COUNTED = _n(
    "The rule: a channel gets at most {n} post a day that nobody asked for, and there was room for this one.",
    "The rule: a channel gets at most {n} posts a day that nobody asked for, and there was room for this one.",
)


def allowance(used: int, per_day: int, say: Speaker) -> Text:
    return say(_("Used here today: {used} of {per_day}."), used=used, per_day=per_day)


def listed(said: Sequence[Said], clock: Clock, say: Speaker) -> Text:
    if not said:
        return say(_("I've posted nothing here of late."))
    rows = [
        say(
            _("{number}. {kind}, {moment}: {reason}"),
            number=number,
            kind=name_of(one.kind, say),
            moment=clock.tell(one.at, say),
            reason=reason(one.kind, one.why, say),
        )
        for number, one in enumerate(said, 1)
    ]
    return lines(say(_("*What I posted here last*")), *rows)


def withheld(decisions: Sequence[Decision], places: Sequence[str], clock: Clock, say: Speaker) -> Text:
    """With the places where they would have stood, if they are asked about from elsewhere."""
    rows = [_withheld(one, place, clock, say) for one, place in zip(decisions, places, strict=True)]
    return lines(say(_("*What I held back* (only managers see this)")), *rows)


def _withheld(decision: Decision, place: str, clock: Clock, say: Speaker) -> Text:
    return say(
        _("– {kind}, {moment}: {rule}. It was due because {reason}."),
        kind=" · ".join(filter(None, (name_of(decision.kind, say), place))),
        moment=clock.tell(decision.at, say),
        rule=rule(decision.verdict, say),
        reason=reason(decision.kind, decision.why, say),
    )


def rule(verdict: Verdict, say: Speaker) -> Text:
    """Why something can't be posted."""
    if verdict.rule is Rule.ONE_IN_TEN:
        return say.counted(ONE_IN_TEN, verdict.others)
    if verdict.rule is Rule.USED_UP:
        return say.counted(USED_UP, verdict.per_day) if verdict.per_day else say(NONE_AT_ALL)
    if verdict.rule is Rule.KEPT:
        kinds = ", ".join(dict.fromkeys(name_of(kind, say) for kind in verdict.kept))
        return say(KEPT, left=verdict.per_day - verdict.used, per_day=verdict.per_day, kinds=kinds)
    if verdict.rule is Rule.OWN:
        return told(verdict.reason, say)
    return say(RULES[verdict.rule])


RULES = {
    Rule.ROOM: _("there is room for it"),
    Rule.HOLD: _("cheerful posts are on hold"),
    Rule.LATE: _("it came too late to be said"),
    Rule.NO_PROMOTIONS: _("this community takes no promotions"),
    Rule.LULL: _("nobody is talking there, and a promotion is no way to begin"),
}
ONE_IN_TEN = _n(
    "at most one post in ten is a promotion, so {n} other post has to come first",
    "at most one post in ten is a promotion, so {n} other posts have to come first",
)
USED_UP = _n("the one post of the day was used up", "all {n} posts of the day were used up")
NONE_AT_ALL = _("no posts that nobody asked for are allowed here (`posts.per_day` is 0)")
KEPT = _("what is left of the day ({left} of {per_day}) is kept for what ranks higher: {kinds}")


# ---------------------------------------------------------------- previews


def places(names: Sequence[str], say: Speaker) -> Text:
    return say(_("It will stand in: {places}"), places=", ".join(names))


def preview(message: Message, below: Sequence[Text], action: str, data: Mapping[str, Any], say: Speaker) -> Message:
    """What everybody will read, where, and the choice."""
    head = say(_("*This is what everybody will read:*"))
    post = Button(say.words(_("Post it")), action=action, data=data)
    cancel = Button(say.words(_("Cancel")), action="posts.cancel")
    return Message(lines(head, message.text, lines(*below), gap="\n\n"), buttons=((post, cancel),))


def nowhere(name: str, verdict: Verdict, say: Speaker) -> Text:
    return say(_("Not in {place}: {rule}."), place=name, rule=rule(verdict, say))


def again_at(moment: datetime, clock: Clock, say: Speaker) -> Text:
    return say(_("There will be room again {moment}."), moment=clock.tell(moment, say))


def posted(names: Sequence[str], say: Speaker) -> Text:
    return say(_("Posted in: {places}"), places=", ".join(names))


# ---------------------------------------------------------------- holds


def who(hold: Hold, say: Speaker) -> str:
    return hold.name or say.words(_("a manager"))


def is_on(hold: Hold, held: int, clock: Clock, say: Speaker) -> Text:
    since = say(
        _("Cheerful posts are *on hold* on every platform, since {moment}, by {name}."),
        moment=clock.tell(hold.since, say),
        name=who(hold, say),
    )
    return lines(since, held_back(held, say) if held else (), say(_("`/hold off` lets them come again.")))


def is_off(say: Speaker) -> Text:
    return say(_("Nothing is on hold. `/hold on` stops all cheerful posts on every platform."))


def begun(hold: Hold, say: Speaker) -> Message:
    words = lines(
        say(_("Done: from now on nothing cheerful is posted on any platform, until `/hold off`.")),
        say(_("I'll remind managers every morning. `/hold statement` posts a few words to everybody.")),
    )
    undo = Button(say.words(_("Undo")), action="posts.release", data={"hold": hold.id})
    return Message(words, buttons=((undo,),))


def too_long(say: Speaker) -> Text:
    words = _("Your statement is too long: at most {longest} characters. Send it again with `/hold statement`.")
    return say(words, longest=LONGEST)


def is_held(say: Speaker) -> Text:
    """Under the statement that comes with it."""
    return say(_("Cheerful posts are on hold from now on, whichever button you press. `/hold off` ends that."))


def ended(hold: Hold, held: int, say: Speaker) -> Message:
    words = lines(
        say(_("The hold is over: cheerful posts come again.")),
        held_back(held, say),
        say(_("What was held back stays unsaid.")) if held else (),
    )
    undo = Button(say.words(_("Undo")), action="posts.resume", data={"hold": hold.id})
    return Message(words, buttons=((undo,),))


HELD = _n("{n} post was held back.", "{n} posts were held back.")


def held_back(held: int, say: Speaker) -> Text:
    return say.counted(HELD, held) if held else say(_("Nothing had to be held back."))


def reminder(hold: Hold, held: int, clock: Clock, say: Speaker) -> Text:
    return lines(say(_("A reminder:")), is_on(hold, held, clock, say))


def managers_told(hold: Hold, say: Speaker, *, on: bool) -> Text:
    if on:
        return say(_("*{name}* has put all cheerful posts on hold, on every platform."), name=who(hold, say))
    return say(_("*{name}* has ended the hold: cheerful posts come again."), name=who(hold, say))


def as_it_stands(words: str) -> Message:
    """A manager's words, nothing of them parsed."""
    return Message(text(words))
