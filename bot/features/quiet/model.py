"""What is remembered of channels, prompts and suggestions, and the stores for it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.core.events import Where

REVIVED = 2
"""So many different people have to speak …"""
REVIVED_WITHIN = timedelta(hours=2)
"""… within this time of a prompt, if it is to have revived the channel."""
NO_REPEAT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Channel:
    """A main channel as it was last looked at. `where`: where its talk is recorded, without a thread.

    `rhythm`: bytes of Rhythm.to_bytes, with all that was said before `heard_until`. `lull_at`: when a lull was found
    last, in the silence that began at `lull_of`. `ignored`: prompts in a row after which nobody spoke.
    """

    where: Where
    rhythm: bytes = b""
    heard_until: datetime | None = None
    lull_at: datetime | None = None
    lull_of: datetime | None = None
    ignored: int = 0
    rests_until: datetime | None = None


class Channels(Protocol):
    def get(self, where: Where) -> Channel: ...
    def put(self, channel: Channel) -> None: ...


class Origin(StrEnum):
    """What made the bot ask."""

    LULL = "lull"
    WEEKLY = "weekly"
    MANAGER = "manager"


class State(StrEnum):
    """OFFERED to managers, who may have it SENT or SKIPPED; LAPSED: nobody decided, or there was talk again."""

    OFFERED = "offered"
    SENT = "sent"  # on its way, or posted
    SKIPPED = "skipped"
    LAPSED = "lapsed"
    WITHHELD = "withheld"
    FAILED = "failed"
    TAKEN_BACK = "taken_back"


SAID = (State.OFFERED, State.SENT)
"""These count as prompts of the day."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt that was put to a community, or was about to be.

    `key` names the prompt (prompts.Prompt.key, "own/…", "idea/ID", "weekly/…"), `arm` its category, `part` the part of
    the day. `text`: its words as they were said; empty for a member's idea, whose words are with the idea.
    `silence`: the lull's silence, None where there was none. `people`: how many spoke within two hours; None: not known
    (yet). `posted_at`: as the platform tells.
    """

    id: int
    community: str
    where: Where
    key: str
    arm: str
    part: str
    origin: Origin
    state: State
    at: datetime
    text: str = ""
    silence: datetime | None = None
    people: int | None = None
    posted_at: datetime | None = None

    @property
    def post_key(self) -> str:
        return f"quiet:prompt:{self.id}"

    @property
    def offer_key(self) -> str:
        return f"quiet:offer:{self.id}"

    @property
    def revived(self) -> bool:
        return self.people is not None and self.people >= REVIVED


class Prompted(Protocol):
    """What was asked."""

    def add(self, asked: Asked) -> Asked:
        """With its id."""
        ...

    def get(self, id: int) -> Asked | None: ...
    def put(self, asked: Asked) -> None: ...
    def newest(self, community: str, limit: int) -> list[Asked]:
        """Newest first."""
        ...

    def since(self, community: str, since: datetime) -> list[Asked]:
        """Those that count (see SAID) and came after that moment, newest first."""
        ...

    def said_at(self, community: str) -> Mapping[str, datetime]:
        """When each prompt was last posted, by its key."""
        ...

    def offered(self, community: str) -> list[Asked]: ...


class Standing(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Idea:
    """A prompt that a member suggested or a manager added. `account` and `name` are empty where nobody is credited.

    `number`: what people call it, counted in each community.
    """

    id: int
    community: str
    number: int
    platform: str
    group: str
    account: str
    name: str
    text: str
    standing: Standing
    at: datetime
    decided_at: datetime | None = None

    @property
    def key(self) -> str:
        return f"idea/{self.id}"


class Ideas(Protocol):
    def add(self, idea: Idea) -> Idea:
        """With id and number."""
        ...

    def get(self, community: str, number: int) -> Idea | None: ...
    def by_id(self, id: int) -> Idea | None: ...
    def put(self, idea: Idea) -> None: ...
    def of(self, community: str, standings: Collection[Standing]) -> list[Idea]:
        """By number."""
        ...

    def count_by(self, community: str, accounts: Sequence[tuple[str, str]], since: datetime) -> int:
        """How many these accounts (platform, id) have suggested since."""
        ...

    def forget_person(self, platform: str, group: str, account: str) -> None:
        """What is still pending goes; what was approved is nobody's from now on."""
        ...


@dataclass(frozen=True, slots=True)
class Course:
    """How a community gets on with prompts. `began`: when it was first listened to."""

    community: str
    began: datetime
    paused_until: datetime | None = None


class Courses(Protocol):
    def get(self, community: str) -> Course | None: ...
    def put(self, course: Course) -> None: ...


class Evidence(Protocol):
    """What revived and what didn't: (revived, ignored) by arm, in a community and in all of them together.

    `kind`: "category", "part" or "place". Fractions are managers' choices.
    """

    def of(self, community: str, kind: str) -> Mapping[str, tuple[float, float]]: ...
    def pooled(self, kind: str) -> Mapping[str, tuple[float, float]]: ...
    def add(self, community: str, kind: str, arm: str, revived: float, ignored: float) -> None: ...
