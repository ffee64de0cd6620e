"""What the server knows: people, guilds, channels, messages. Mutable, kept in memory, changed by one thread.

Ids are ints here and strings in payloads. Times are seconds since the epoch by the world's clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TEXT, DM, VOICE, CATEGORY, NEWS, NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD, FORUM = 0, 1, 2, 4, 5, 10, 11, 12, 15
THREADS = (NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD)
EPHEMERAL, LOADING, HAS_THREAD, SUPPRESS_NOTIFICATIONS, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 5, 1 << 12, 1 << 15


@dataclass(slots=True)
class User:
    """A person or a bot. `dms_open` is false for people who take no private messages from strangers."""

    id: int
    name: str
    global_name: str | None
    bot: bool = False
    dms_open: bool = True
    locale: str = "en-US"
    payload: Json = field(default_factory=dict)


@dataclass(slots=True)
class Role:
    id: int
    name: str
    permissions: int
    position: int
    mentionable: bool = False
    managed: bool = False
    bot_id: int | None = None


@dataclass(slots=True)
class Member:
    """Somebody in one guild; `pending` until they passed membership screening."""

    user: User
    joined_at: float
    pending: bool = False
    nick: str | None = None
    roles: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """A message with what only the server knows about it.

    `payload` is its JSON as REST shows it; `pings` names who it really notified (`user:ID`, `role:ID`, `everyone`,
    `here`); `edits` holds earlier versions; `seen_by` is the only reader of an ephemeral message.
    """

    id: int
    channel: Channel
    author: User
    at: float
    payload: Json
    nonce: str | None = None
    pings: list[str] = field(default_factory=list)
    edits: list[Json] = field(default_factory=list)
    reactions: dict[str, list[int]] = field(default_factory=dict)
    votes: dict[int, list[int]] = field(default_factory=dict)
    seen_by: int | None = None
    pinned_at: float | None = None
    deleted_at: float | None = None
    poll_ends: float | None = None

    @property
    def loading(self) -> bool:
        return bool(self.payload["flags"] & LOADING)


@dataclass(slots=True)
class Thread:
    """What a thread has beyond a channel."""

    owner_id: int
    archived: bool = False
    locked: bool = False
    auto_archive: int = 1440
    archived_at: float = 0.0
    message_count: int = 0
    members: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Channel:
    """Any channel: `guild` is None for a DM, `parent` and `thread` are set for threads.

    `overwrites` maps a role's or member's id to (kind: 0 role, 1 member; allow; deny).
    """

    id: int
    kind: int
    name: str
    guild: Guild | None = None
    parent: Channel | None = None
    recipient: User | None = None
    topic: str | None = None
    position: int = 0
    thread: Thread | None = None
    overwrites: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int | None = None


@dataclass(slots=True)
class ScheduledEvent:
    id: int
    payload: Json
    interested: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Guild:
    """A server. `uncounted` members exist by number only, so that a guild of 100,000 costs nothing."""

    id: int
    name: str
    owner_id: int
    created: float
    screening: bool = False
    locale: str = "en-US"
    uncounted: int = 0
    unavailable: bool = False
    bot_joined: float | None = None
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Channel] = field(default_factory=dict)
    bans: dict[int, str] = field(default_factory=dict)
    events: dict[int, ScheduledEvent] = field(default_factory=dict)

    @property
    def member_count(self) -> int:
        return len(self.members) + self.uncounted


@dataclass(slots=True)
class Interaction:
    """A command, press, modal or autocomplete, and how the bot answered it.

    `kind`: 2 command, 3 component, 4 autocomplete, 5 modal. `answer_type` is the callback's type (4–9).
    Of the times, `acknowledged_at` is the callback and `shown_at` the first finished text that the invoker could read.
    """

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    created: float
    data: Json
    name: str
    locale: str
    message: Message | None = None
    trigger: Interaction | None = None
    answer_type: int | None = None
    acknowledged_at: float | None = None
    shown_at: float | None = None
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    refused: list[int] = field(default_factory=list)
