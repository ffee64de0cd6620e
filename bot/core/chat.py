"""The port that a platform implements, the limits it declares, and the errors it may raise.

ChatError
├── NotSent         surely not delivered; may be repeated as it is
│   └── RateLimited     … after `retry_after` seconds, by this target or by everybody
├── Uncertain       may have been delivered (time-out, reset, 5xx after the request was written)
├── Refusal         the platform says no: `reason` tells which kind
└── Unauthorised    the token is not accepted
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.commands import Command
from bot.core.events import Event, Standing, Where
from bot.core.messages import Message


class Reason(StrEnum):
    """Why a platform refuses."""

    GONE = "gone"  # the chat was deleted, or the bot was removed
    NO_RIGHT = "no_right"  # the bot may not write (or do this) here
    CLOSED = "closed"  # the topic or thread is closed
    UNREACHABLE = "unreachable"  # the person never opened a private chat, or blocked the bot
    MESSAGE_GONE = "message_gone"  # what was to be edited or deleted is not there any more
    TOO_LATE = "too_late"  # the interaction to be answered has expired
    BAD_MESSAGE = "bad_message"  # the platform finds the content wrong: a bug of ours
    MIGRATED = "migrated"  # the group goes on under `new_group`

    @property
    def pauses(self) -> bool:
        """Whether nothing else can be said in that place either, until somebody mends it."""
        return self in (Reason.GONE, Reason.NO_RIGHT, Reason.CLOSED)


class ChatError(Exception):
    """Base of all errors of the port."""


class NotSent(ChatError):
    pass


class RateLimited(NotSent):
    def __init__(self, retry_after: float, everywhere: bool = False) -> None:
        super().__init__(f"asked to wait {retry_after:g} s{' everywhere' if everywhere else ''}")
        self.retry_after = retry_after
        self.everywhere = everywhere


class Uncertain(ChatError):
    pass


class Refusal(ChatError):
    def __init__(self, reason: Reason, detail: str = "", new_group: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail
        self.new_group = new_group


class Unauthorised(ChatError):
    pass


@dataclass(frozen=True, slots=True)
class ButtonLimits:
    rows: int
    per_row: int
    label: int  # characters


@dataclass(frozen=True, slots=True)
class PollLimits:
    options: int
    question: int  # characters
    option: int  # characters
    shortest: timedelta
    longest: timedelta
    granularity: timedelta
    hides_results: bool
    fixed_votes: bool = False  # whether it can be had that nobody changes a vote
    keeps_votes: bool = False  # whether who voted for what can be looked up later: see Chat.votes


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can show in a place. None means: not at all."""

    max_text: int  # in UTF-16 units if `utf16`, else in characters
    utf16: bool = False
    buttons: ButtonLimits | None = None
    polls: PollLimits | None = None
    private_reply: bool = False  # an answer in the group that only the asker sees
    toast: int = 0  # longest note that only the presser of a button sees, in characters
    private_link: str = ""  # web address that opens a private chat, with {payload}
    threads: bool = False
    badges: bool = False
    scheduled_events: bool = False
    typed_options: bool = False  # commands are filled in rather than typed
    forms: bool = False
    repeatable_for: timedelta = timedelta(0)  # so long a send may be repeated under its nonce without doubling
    home_channel: str = ""
    """The channel that the group itself means when none is named; empty where the group is a place of its own."""
    edit_gap: timedelta = timedelta(seconds=2)
    """The least time between two edits in one group, if live bars are to leave room for all else that is said."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast may be written: the least gap in seconds between two sends, anywhere and to one target."""

    gap: float
    target_gap: float
    target_per_minute: int = 0  # 0: no such limit
    per_group: bool = False  # whether the target is the group (all its channels together)
    answers_apart: bool = False  # answers to commands and presses don't count against a target's limits


class Operation(StrEnum):
    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    REACT = "react"
    PIN = "pin"
    LEAVE = "leave"
    CLOSE_POLL = "close_poll"  # the platform's own poll takes no more votes


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody's vote as the platform keeps it; options by their index."""

    name: str
    options: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to do on a platform. `nonce` is stable over repeats; `handle` is that of the event it answers."""

    operation: Operation
    where: Where
    message: Message
    nonce: str
    message_id: str = ""  # of what is to be edited, deleted, reacted to, pinned or closed
    handle: str = ""
    emoji: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps the bot from working well. `code` names a text in `bot/core/problems.py`."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What the platform tells about a group, now."""

    title: str
    member_count: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """How the line to the platform is, for `/ping` and `/healthz`."""

    connected: bool
    account: str = ""  # the bot's own name there
    account_id: str = ""
    lag: float | None = None  # seconds since the platform was last heard
    unbroken_since: datetime | None = None  # who left before that may have left unheard; None: nothing goes unheard
    catching_up: bool = False  # what happened before the start is still to be told
    problems: tuple[Problem, ...] = field(default=())


Submit = Callable[[Event], Awaitable[None]]
"""Hands an event to the engine; returns once its effects are committed (or it was set aside)."""


class Chat(Protocol):
    """A platform. Every coroutine raises ChatError only."""

    name: str
    pace: Pace

    def capabilities(self, where: Where) -> Capabilities: ...

    def connection(self) -> Connection: ...

    async def start(self, submit: Submit) -> None:
        """Connect and go on in the background: events go to `submit`, dead connections are restarted."""
        ...

    async def stop(self) -> None:
        """Take no more events, finish what is running."""
        ...

    async def perform(self, outgoing: Outgoing) -> str:
        """Do it, return the message id (empty where there is none)."""
        ...

    async def acknowledge(self, handle: str) -> None:
        """Tell the platform that a press was taken, when nothing else is answered."""
        ...

    async def standing(self, where: Where, account: str) -> Standing: ...

    async def facts(self, where: Where) -> GroupFacts: ...

    async def members(self, where: Where, accounts: Collection[str]) -> frozenset[str]:
        """Those of the accounts that are in the group now."""
        ...

    async def votes(self, where: Where, message_id: str) -> Mapping[str, Voted]:
        """Every vote in a poll of its own, by account; raise Refusal where the platform keeps no record."""
        ...

    async def publish_commands(self, commands: Sequence[Command]) -> None: ...
