"""What people did → the engine's events, told the way the platform behind a face would tell them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.playground.acts import (
    Act,
    AddsBot,
    Blocks,
    IsLetIn,
    Joins,
    Leaves,
    Presses,
    Reacts,
    RemovesBot,
    Says,
    SetsWriting,
    Starts,
    Votes,
)
from adapters.playground.handles import Handle
from adapters.playground.limits import TELEGRAM
from adapters.playground.people import BOT_HANDLES
from bot.core.events import (
    Actor,
    ButtonPressed,
    ChatChanged,
    CommandInvoked,
    Event,
    GroupChange,
    GroupChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    PollVoted,
    ReactionChanged,
    Where,
)

_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """What the platform tells besides the act itself.

    `next_id` makes event ids; `message_id` is that of what was said; `reply_to_actor` wrote what it replies to;
    `opened`: this opened the private chat; `changed` False: a vote or reaction that was so already, or did nothing;
    `voted`: all options that the person chooses now, `voted_before`: … before; `service_first`: the service message of
    a join arrives before the member update.
    """

    at: datetime
    actor: Actor
    next_id: Callable[[], str]
    message_id: str = ""
    reply_to_actor: str = ""
    title: str = ""
    opened: bool = False
    changed: bool = True
    service_first: bool = False
    voted_before: tuple[int, ...] = ()
    voted: tuple[int, ...] = ()


def decode(act: Act, told: Told) -> list[Event]:
    """All that a platform would tell the bot about an act; nothing about what it keeps to itself."""
    decoder = _DECODERS.get(type(act))
    return decoder(act, told) if decoder and told.changed else []


def _joins(act: Joins, told: Told) -> list[Event]:
    group, actor = replace(act.where, channel=""), told.actor
    update = MemberJoined(told.next_id(), told.at, group, actor, pending=act.pending)
    if act.where.platform != TELEGRAM:
        return [update]
    service = MemberJoined(told.next_id(), told.at, group, actor, pending=None)
    return [service, update] if told.service_first else [update, service]


def _is_let_in(act: IsLetIn, told: Told) -> list[Event]:
    return [MemberJoined(told.next_id(), told.at, replace(act.where, channel=""), told.actor, pending=False)]


def _leaves(act: Leaves, told: Told) -> list[Event]:
    group, actor = replace(act.where, channel=""), told.actor
    events: list[Event] = [MemberLeft(told.next_id(), told.at, group, actor, banned=act.banned)]
    if act.where.platform == TELEGRAM:
        events.append(MemberLeft(told.next_id(), told.at, group, actor))  # the service message
    return events


def _starts(act: Starts, told: Told) -> list[Event]:
    chat, actor = Where(act.where.platform, "", act.account), told.actor
    handle = str(Handle(told.message_id, act.account))
    return [
        ChatChanged(told.next_id(), told.at, chat, actor, open=True),
        CommandInvoked(told.next_id(), told.at, chat, actor, "start", act.payload, handle=handle),
    ]


def _blocks(act: Blocks, told: Told) -> list[Event]:
    if act.where.platform != TELEGRAM:
        return []  # Discord doesn't tell
    chat = Where(act.where.platform, "", act.account)
    return [ChatChanged(told.next_id(), told.at, chat, told.actor, open=False)]


def _says(act: Says, told: Told) -> list[Event]:
    found = _COMMAND.fullmatch(act.text)
    said = _command(found, act, told) if found else _message(act, told)
    if said is None:
        return []
    if told.opened:
        return [ChatChanged(told.next_id(), told.at, act.where, told.actor, open=True), said]
    return [said]


def _message(act: Says, told: Told) -> MessagePosted:
    return MessagePosted(
        told.next_id(),
        told.at,
        act.where,
        replace(told.actor, standing=None),
        told.message_id,
        act.text,
        act.reply_to,
        told.reply_to_actor,
        handle=str(Handle(told.message_id, act.account)),
    )


def _command(found: re.Match[str], act: Says, told: Told) -> CommandInvoked | None:
    """None for another bot's command."""
    name, addressee, rest = found.groups()
    if addressee and addressee.casefold() not in BOT_HANDLES:
        return None
    return CommandInvoked(
        told.next_id(),
        told.at,
        act.where,
        told.actor,
        name=name.casefold(),
        text=(rest or "").strip(),
        reply_to=act.reply_to,
        handle=str(Handle(told.message_id, act.account)),
        addressed=bool(addressee) or act.where.private,
    )


def _presses(act: Presses, told: Told) -> list[Event]:
    handle = str(Handle(act.message_id, act.account, press=True))
    return [ButtonPressed(told.next_id(), told.at, act.where, told.actor, act.token, act.message_id, handle)]


def _votes(act: Votes, told: Told) -> list[Event]:
    """Telegram tells all that somebody chooses now, Discord each option that they chose or gave up."""

    def event(options: tuple[int, ...], chosen: bool | None) -> Event:
        return PollVoted(told.next_id(), told.at, act.where, told.actor, act.message_id, options, chosen)

    if act.where.platform == TELEGRAM:
        return [event(told.voted, None)]
    given_up = [event((option,), False) for option in told.voted_before if option not in told.voted]
    return given_up + [event((option,), True) for option in told.voted if option not in told.voted_before]


def _reacts(act: Reacts, told: Told) -> list[Event]:
    return [ReactionChanged(told.next_id(), told.at, act.where, told.actor, act.message_id, act.emoji, act.present)]


def _group(change: GroupChange) -> Callable[[Act, Told], list[Event]]:
    def decoder(act: Act, told: Told) -> list[Event]:
        group = replace(act.where, channel="")
        return [GroupChanged(told.next_id(), told.at, group, told.actor, change, told.title)]

    return decoder


_DECODERS: dict[type, Callable[..., list[Event]]] = {
    Joins: _joins,
    IsLetIn: _is_let_in,
    Leaves: _leaves,
    Starts: _starts,
    Blocks: _blocks,
    Says: _says,
    Presses: _presses,
    Votes: _votes,
    Reacts: _reacts,
    AddsBot: _group(GroupChange.ADDED),
    RemovesBot: _group(GroupChange.REMOVED),
    SetsWriting: _group(GroupChange.RIGHTS),
}
"""Nothing is told about deletions: Telegram never tells, and nothing would use what Discord tells."""
