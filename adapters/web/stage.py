"""What the playground's page needs of whoever plays it: a scene to show, and acts of people.

A person is known by name; who is on both faces has one account on each under the same name. A window shows one face.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.core.messages import Message


class CannotAct(Exception):
    """What a person wanted to do isn't possible (any more): `pattern`, filled with `values`, says why."""

    def __init__(self, pattern: str, **values: str) -> None:
        super().__init__(pattern)
        self.pattern = pattern
        self.values = values


class LineKind(StrEnum):
    SAID = "said"
    JOINED = "joined"
    WAITING = "waiting"  # joined, but has to be let in first
    LEFT = "left"
    BANNED = "banned"
    OPENED = "opened"  # a private chat
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Press:
    """A button under a message: one that does something has a `token`, one that leads elsewhere a `url`.

    `start`: it opens the private chat with that payload; None: it doesn't.
    """

    label: str
    token: str = ""
    url: str = ""
    start: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a message replies to, shortened."""

    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Tally:
    """Where the platform's own poll stands. `counts`: votes by option; empty as long as nobody may see them."""

    counts: tuple[int, ...] = ()
    voters: int = 0
    mine: tuple[int, ...] = ()  # what the viewer chose
    closes_at: datetime | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened in a chat, as it stands now. `id` is made of letters, digits, "-" and "_"."""

    id: str
    kind: LineKind
    at: datetime
    who: str
    bot: bool = False
    message_id: str = ""
    message: Message = field(default_factory=Message)
    presses: tuple[tuple[Press, ...], ...] = ()
    answers: Quote | None = None
    only_me: bool = False  # nobody else sees it
    note: bool = False  # it would show for a moment only
    edited: bool = False
    deleted: bool = False
    pinned: bool = False
    reactions: Mapping[str, frozenset[str]] = field(default_factory=dict)  # emoji → names
    tally: Tally = field(default_factory=Tally)  # of its poll


@dataclass(frozen=True, slots=True)
class Chat:
    """`key` is "group", "welcome", "managers" or "private". `closed`: the viewer may not see it; `lines` is empty."""

    key: str
    title: str
    lines: tuple[Line, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """One face of the playground, as one person sees it. The first chat is the group itself."""

    face: str
    label: str
    title: str
    members: int
    chats: tuple[Chat, ...]
    joined: bool  # the viewer is a member
    bot_present: bool = True


@dataclass(frozen=True, slots=True)
class Someone:
    name: str
    manager: bool
    faces: frozenset[str] = frozenset()  # where they are a member


@dataclass(frozen=True, slots=True)
class CommandHint:
    """`help` is translated already. `managers`: only they may use it."""

    name: str
    usage: str
    help: str
    managers: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything one person sees. `viewer` is None while nobody of that name is there."""

    now: datetime
    zone: ZoneInfo
    community: str
    language: str
    windows: tuple[Window, ...]
    people: tuple[Someone, ...]
    viewer: Someone | None = None
    commands: tuple[CommandHint, ...] = ()


class Stride(StrEnum):
    """How far time may be let run at once."""

    MINUTE = "minute"
    HOUR = "hour"
    MORNING = "morning"  # until eight o'clock of the next morning


@dataclass(frozen=True, slots=True)
class Spot:
    """Who does something, in which chat."""

    face: str
    chat: str
    person: str


class Stage(Protocol):
    """Every coroutine returns once the bot has done what follows at once. They raise CannotAct only."""

    def scene(self, viewer: str) -> Scene: ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have every change of any scene told; what is returned ends that."""
        ...

    async def newcomer(self, face: str) -> str:
        """Somebody with a name that nobody has joins; return the name."""
        ...

    async def invite(self, name: str, manager: bool) -> str:
        """Make a person who is in no group yet (a manager is in all of them); return the name as it is known."""
        ...

    async def appoint(self, person: str, manager: bool) -> None: ...

    async def join(self, spot: Spot) -> None: ...

    async def leave(self, spot: Spot) -> None: ...

    async def say(self, spot: Spot, text: str, reply_to: str = "") -> None: ...

    async def press(self, spot: Spot, message_id: str, token: str) -> None: ...

    async def vote(self, spot: Spot, message_id: str, option: int) -> None:
        """For an option (counted from 0), or take back the vote for it."""
        ...

    async def ballot(self, spot: Spot, message_id: str, options: Collection[int]) -> None:
        """Vote for all of the options at once, where a vote can't be changed."""
        ...

    async def react(self, spot: Spot, message_id: str, emoji: str) -> None:
        """With an emoji, or take it back."""
        ...

    async def open_private(self, spot: Spot, payload: str) -> None: ...

    async def pass_time(self, stride: Stride) -> None: ...

    async def speak(self, language: str) -> None: ...

    async def reset(self) -> None:
        """Start over: nobody ever said anything."""
        ...
