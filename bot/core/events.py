"""What can happen. A closed union of frozen dataclasses; ids are opaque text, times are aware UTC.

`event_id` is unique within platform and kind. `at` is the platform's time where it tells one, else the time of receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Where:
    """A place where messages are posted.

    `channel` is empty for the group itself (its general topic, or the channel that the platform would choose).
    In a private chat `group` is empty and `channel` is the account's id.
    """

    platform: str
    group: str
    channel: str
    thread: str = ""

    @property
    def private(self) -> bool:
        return not self.group

    def __str__(self) -> str:
        return "/".join(part for part in (self.platform, self.group, self.channel, self.thread) if part)


class ActorKind(StrEnum):
    PERSON = "person"
    BOT = "bot"
    ANONYMOUS = "anonymous"  # an administrator who hides behind the group's name
    SERVICE = "service"  # the platform itself, or a channel that posts into a group


@dataclass(frozen=True, slots=True)
class Standing:
    """What the platform says about a member's rights in a group, as far as it told."""

    present: bool = True
    administrator: bool = False
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    id: str
    name: str
    kind: ActorKind = ActorKind.PERSON
    standing: Standing | None = None  # told together with the event, so as fresh as the event


NOBODY = Actor("", "", ActorKind.SERVICE)


@dataclass(frozen=True, slots=True)
class Happening:
    """What every event has."""

    event_id: str
    at: datetime
    where: Where
    actor: Actor

    @property
    def key(self) -> str:
        return f"{self.where.platform}:{type(self).__name__}:{self.event_id}"


@dataclass(frozen=True, slots=True)
class CommandInvoked(Happening):
    """A command as typed (`text` behind the name) or as filled in (`options` by name); `name` may hold the verb."""

    name: str
    text: str = ""
    options: Mapping[str, Any] | None = None
    reply_to: str = ""  # message id
    handle: str = ""  # the adapter's own reference by which it is answered
    addressed: bool = True  # surely meant for this bot


@dataclass(frozen=True, slots=True)
class MessagePosted(Happening):
    """Somebody said something. The text is for deciding only: it is never stored."""

    message_id: str
    text: str = ""
    reply_to: str = ""
    reply_to_actor: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class ButtonPressed(Happening):
    token: str
    message_id: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class PollVoted(Happening):
    """A vote in the platform's own poll. `chosen` None: `options` are all that this person chooses now (none: taken
    back). True or False: just these were chosen or given up, as platforms tell that report each option by itself.
    """

    poll: str  # message id of the poll
    options: tuple[int, ...]
    chosen: bool | None = None


@dataclass(frozen=True, slots=True)
class PollTallied(Happening):
    poll: str
    counts: tuple[int, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True)
class ReactionChanged(Happening):
    message_id: str
    emoji: str
    present: bool


@dataclass(frozen=True, slots=True)
class MemberJoined(Happening):
    """`pending`: True waits for screening or a captcha, False is in, None: this source can't tell."""

    pending: bool | None = False


@dataclass(frozen=True, slots=True)
class MemberLeft(Happening):
    banned: bool = False


class GroupChange(StrEnum):
    ADDED = "added"  # the bot was added
    FOUND = "found"  # the bot finds itself there when it connects
    REMOVED = "removed"
    MIGRATED = "migrated"  # the group goes on under `new_group`
    RENAMED = "renamed"
    RIGHTS = "rights"  # what the bot may do here has changed


@dataclass(frozen=True, slots=True)
class GroupChanged(Happening):
    change: GroupChange
    title: str = ""
    new_group: str = ""


@dataclass(frozen=True, slots=True)
class ChatChanged(Happening):
    """A private chat with a person was opened (they may be written to) or closed (blocked)."""

    open: bool


@dataclass(frozen=True, slots=True)
class JobDue(Happening):
    """`event_id` is the job row's id, `at` the time it was due."""

    job: str  # "feature.job"
    job_key: str
    community: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivered(Happening):
    """`event_id` is the outbox row's id; `key` and `kind` are those that the post was asked for with."""

    post_key: str
    kind: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Refused(Happening):
    post_key: str
    kind: str
    reason: str  # a chat.Refusal value, or "uncertain", "expired"
    detail: str = ""


Event = (
    CommandInvoked
    | MessagePosted
    | ButtonPressed
    | PollVoted
    | PollTallied
    | ReactionChanged
    | MemberJoined
    | MemberLeft
    | GroupChanged
    | ChatChanged
    | JobDue
    | Delivered
    | Refused
)
