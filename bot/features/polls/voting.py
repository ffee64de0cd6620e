"""Votes, however they come: a press, `/vote`, or the platform's own poll. One ballot a person, the last one counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.events import ActorKind, ButtonPressed, CommandInvoked, Event, PollVoted
from bot.core.feature import Context, Mistake
from bot.core.messages import Message, Text
from bot.core.moments import moment_span
from bot.core.names import safe_name
from bot.core.stores import Identity, Members, People
from bot.features.polls import ballots, closing, posting
from bot.features.polls.ballots import Rolls, Void
from bot.features.polls.choosing import poll_meant
from bot.features.polls.counting import rolls, settings_of
from bot.features.polls.model import MOST_OPTIONS, Ballot, Ballots, Poll, Polls, State
from bot.locale import _

LONGEST_NAME = 64


def press(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Message:
    """One of the options."""
    poll = _poll(data, ctx)
    if data["revision"] != poll.revision or data["option"] >= len(poll.options):
        raise Mistake(ctx.say(_("This poll has just been changed. Please choose once more.")))
    return _choose(poll, data["option"], event, ctx)


def take_back(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Message:
    poll = _poll(data, ctx)
    _check_open(poll, event.at, ctx)
    if not poll.rules.revote:
        raise Mistake(ctx.say(_("A vote is final in this poll.")))
    if not _cast_by(poll, event, ctx):
        return ctx.say.message(_("You haven't voted in this poll."))
    _write(poll, (), event, ctx)
    return ctx.say.message(_("Your vote is taken back. You may vote again until it closes."))


def how_to_add(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Message:
    poll = _poll(data, ctx)
    _check_open(poll, event.at, ctx)
    if len(poll.options) >= MOST_OPTIONS:
        raise Mistake(ctx.say(_("There are {most} options already; that's all a poll can have."), most=MOST_OPTIONS))
    return ctx.say.message(_("Write your idea like this: /poll add {number} Blok M"), number=poll.number)


def vote(event: CommandInvoked, ctx: Context, choice: str = "", poll: Any = None, unknown: str = "") -> Message:
    """`/vote 2`, `/vote Kemang`: for whoever can't press."""
    if unknown or not choice:
        raise Mistake(ctx.say(_("Say the number of the option, like this: `/vote 2`")))
    meant = poll_meant(event, ctx, poll, only_open=True)
    if meant.native and meant.state is State.OPEN:
        raise Mistake(ctx.say(_("Please vote in the poll itself; I can't do that for you.")))
    if meant.rules.secret and not (event.where.private or ctx.service.capabilities(event.where).private_reply):
        raise Mistake(
            ctx.say(_("This poll is secret, and everybody reads along here. Press a button, or write to me alone."))
        )
    return _choose(meant, _option_meant(meant, choice, ctx), event, ctx)


def _option_meant(poll: Poll, choice: str, ctx: Context) -> int:
    words = choice.strip().strip("#.").casefold()
    if words.isdecimal() and 1 <= int(words[:9]) <= len(poll.options):
        return int(words) - 1
    known = [option.casefold() for option in poll.options]
    found = [n for n, option in enumerate(known) if option == words]
    found = found or [n for n, option in enumerate(known) if option.startswith(words)]
    if len(found) == 1:
        return found[0]
    all_of_them = ", ".join(f"{n}. {option}" for n, option in enumerate(poll.options, 1))
    raise Mistake(
        ctx.say(_("`{found}` is no option of this poll. There are: {all}"), found=choice[:40], all=all_of_them)
    )


def _choose(poll: Poll, option: int, event: ButtonPressed | CommandInvoked, ctx: Context) -> Message:
    _check_open(poll, event.at, ctx)
    current = _choice(_cast_by(poll, event, ctx))
    chosen = ballots.changed(poll, current, option)
    _check_choice(poll, current, chosen, ctx)
    if chosen != current:
        _write(poll, chosen, event, ctx)
    return Message(_taken(poll, chosen, ctx) + _warning(poll, event, ctx))


def _check_choice(poll: Poll, current: Sequence[int], chosen: Sequence[int], ctx: Context) -> None:
    if current and not poll.rules.revote and not set(current) < set(chosen) and tuple(current) != tuple(chosen):
        raise Mistake(ctx.say(_("You have voted already, and a vote is final in this poll.")))
    if len(chosen) > poll.most and not poll.rules.revote:
        raise Mistake(ctx.say(_("You may choose at most {most} here, and a vote is final."), most=poll.most))
    if len(chosen) > poll.most:
        words = _("You may choose at most {most} here. Press one that you chose to give it up first.")
        raise Mistake(ctx.say(words, most=poll.most))


def _taken(poll: Poll, chosen: Sequence[int], ctx: Context) -> Text:
    """What a note shows; of a secret poll it doesn't say what was chosen, for it passes through more hands."""
    if not chosen:
        return ctx.say(_("You chose none now."))
    if poll.rules.secret:
        return ctx.say(_("Your secret vote is in. ✓"))
    return ctx.say(_("Your vote: {options} ✓"), options=", ".join(poll.options[n] for n in chosen))


def _warning(poll: Poll, event: Event, ctx: Context) -> Text:
    """A kind word for whoever will be too new at the close."""
    settings = settings_of(ctx)
    if not settings.min_membership:
        return ()
    ballot = _ballot(poll, (), event, ctx)
    at_close = ballots.Close(poll.closes_at, poll.closes_at)
    judge = ballots.judge_at(at_close, _rolls(ballot, ctx), count_leavers=True, min_membership=settings.min_membership)
    if judge(ballot) is not Void.TOO_NEW:
        return ()
    return ctx.say(_(" It won't count this time, though: you are too new here. Welcome!"))


def _rolls(ballot: Ballot, ctx: Context) -> Rolls:
    return rolls([ballot], ctx)


# ---------------------------------------------------------------- the platform's own polls


def on_voted(event: PollVoted, ctx: Context) -> None:
    """The platform has shown it already; here it is written down."""
    poll = ctx.unit.store(Polls).at_message(event.where.platform, event.where, event.poll)
    if poll is None or poll.community != ctx.served.slug or event.actor.kind is not ActorKind.PERSON:
        return
    if any(option >= len(poll.options) for option in event.options) or poll.state is State.CANCELLED:
        return
    if not _still_taken(poll, ctx.now):
        return
    current = _choice(_cast_by(poll, event, ctx))
    if event.chosen is None:
        chosen = tuple(sorted(set(event.options)))
    elif event.chosen:
        chosen = tuple(sorted({*(current if poll.rules.multiple else ()), *event.options}))
    else:
        chosen = tuple(option for option in current if option not in event.options)
    if chosen != current:
        _write(poll, chosen, event, ctx)


def _still_taken(poll: Poll, now: datetime) -> bool:
    """A platform takes no votes after the close, so whatever it tells was given before."""
    return poll.ended_at is None or closing.may_amend(poll, now)


# ---------------------------------------------------------------- ballots


def _poll(data: Mapping[str, Any], ctx: Context) -> Poll:
    poll = ctx.unit.store(Polls).get(data["poll"])
    if poll is None or poll.community != ctx.served.slug:
        raise Mistake(ctx.say(_("This poll is gone.")))
    return poll


def _check_open(poll: Poll, at: datetime, ctx: Context) -> None:
    """A vote given before the close counts, also if it is heard a little later."""
    if poll.state is State.CANCELLED:
        raise Mistake(ctx.say(_("This poll was called off.")))
    late = poll.ended_at is not None and not closing.may_amend(poll, ctx.now)
    if late or not poll.takes_votes_of(at):
        closed_at = moment_span(poll.ended_at or poll.closes_at, ctx.now, ctx.served.zone, ctx.say.language)
        words = _("This poll closed {moment}. /poll results {number} shows how it ended.")
        raise Mistake(ctx.say(words, moment=closed_at, number=poll.number))


def _cast_by(poll: Poll, event: Event, ctx: Context) -> Ballot | None:
    """The ballot that counts of this person, by whichever account it was cast."""
    accounts = ctx.unit.store(People).accounts_of(_identity(event))
    cast = ctx.unit.store(Ballots).of_accounts(poll.id, poll.rules.secret, accounts)
    return max(cast, key=lambda ballot: ballot.order, default=None)


def _choice(ballot: Ballot | None) -> tuple[int, ...]:
    return ballot.options if ballot else ()


def _write(poll: Poll, chosen: tuple[int, ...], event: Event, ctx: Context) -> None:
    """In place of all that this person cast before by any of their accounts."""
    store, own = ctx.unit.store(Ballots), _identity(event)
    for account in ctx.unit.store(People).accounts_of(own):
        if account != own or not chosen:
            store.withdraw(poll.id, poll.rules.secret, account)
    ballot = _ballot(poll, chosen, event, ctx)
    if chosen:
        store.cast(poll.id, poll.rules.secret, ballot)
    poll = replace(poll, votes_cast=ballot.order)
    ctx.unit.store(Polls).put(poll)
    if poll.state is State.CLOSED:
        closing.amend(poll, ctx)
    else:
        posting.changed(poll, ctx, event.message_id if isinstance(event, ButtonPressed) else "")


def _ballot(poll: Poll, chosen: tuple[int, ...], event: Event, ctx: Context) -> Ballot:
    name = safe_name(event.actor.name)[:LONGEST_NAME]
    group = event.where.group or _home_of(event, ctx)
    return Ballot(event.where.platform, group, event.actor.id, name, chosen, event.at, poll.votes_cast + 1)


def _home_of(event: Event, ctx: Context) -> str:
    """The group in which somebody who writes in private is a member."""
    groups = [group.id for group in ctx.served.groups if group.platform == event.where.platform]
    present = ctx.unit.store(Members).groups_of(event.where.platform, event.actor.id)
    return next((group for group in groups if group in present), groups[0] if groups else "")


def _identity(event: Event) -> Identity:
    return Identity(event.where.platform, event.actor.id)
