"""A scripted conversation as data. Names of people, places and channels are as written in the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Place:
    """`private`: whose private chat; then there is no group and no channel."""

    platform: str
    group: str = ""
    channel: str = ""
    private: str = ""

    def __str__(self) -> str:
        if self.private:
            return f"{self.platform}@{self.private}"
        group = f"/{self.group}" if self.group else ""
        return f"{self.platform}{group}{f'#{self.channel}' if self.channel else ''}"


# ---------------------------------------------------------------- what time does


@dataclass(frozen=True, slots=True)
class Clock:
    """Time runs until then (aware, UTC); `zone` is that in which times are written from here on."""

    until: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Offline:
    """The bot is down until then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Restart:
    """The bot is killed and starts again."""


# ---------------------------------------------------------------- what people do


@dataclass(frozen=True, slots=True)
class Join:
    pass


@dataclass(frozen=True, slots=True)
class Leave:
    banned: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    pass


@dataclass(frozen=True, slots=True)
class Vote:
    option: str


@dataclass(frozen=True, slots=True)
class TakeBackVote:
    pass


@dataclass(frozen=True, slots=True)
class Press:
    label: str


@dataclass(frozen=True, slots=True)
class React:
    emoji: str
    to: str


@dataclass(frozen=True, slots=True)
class Reply:
    """`saying`: a pattern of what is replied to; it is the newest such message by `to`."""

    to: str
    text: str
    saying: str = "…"


@dataclass(frozen=True, slots=True)
class DeleteLast:
    pass


@dataclass(frozen=True, slots=True)
class Say:
    text: str


Act = Join | Leave | Start | Vote | TakeBackVote | Press | React | Reply | DeleteLast | Say


@dataclass(frozen=True, slots=True)
class Action:
    place: Place
    who: str
    manager: bool
    act: Act


# ---------------------------------------------------------------- what is expected


@dataclass(frozen=True, slots=True)
class Heard:
    place: Place
    who: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Unheard:
    place: Place
    pattern: str


Step = Clock | Offline | Restart | Action | Heard | Unheard


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts from 1; `text` is the line without its comment."""

    number: int
    text: str
    step: Step


class NotUnderstood(Exception):
    """A line that the grammar doesn't know. `line` 0: the file as a whole."""

    def __init__(self, line: int, text: str, reason: str, hint: str = "") -> None:
        super().__init__(f"{line}: {reason}" if line else reason)
        self.line = line
        self.text = text
        self.reason = reason
        self.hint = hint
