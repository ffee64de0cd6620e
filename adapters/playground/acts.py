"""What a person can do on the playground. `where` is the place, `account` who does it (or to whom it happens)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.events import Where


@dataclass(frozen=True, slots=True)
class _Act:
    where: Where
    account: str


@dataclass(frozen=True, slots=True)
class Joins(_Act):
    """`pending`: has to be let in first (membership screening, another bot's captcha)."""

    pending: bool = False


@dataclass(frozen=True, slots=True)
class IsLetIn(_Act):
    pass


@dataclass(frozen=True, slots=True)
class Leaves(_Act):
    banned: bool = False


@dataclass(frozen=True, slots=True)
class Starts(_Act):
    """Opens the private chat with the bot, wherever they are; `payload` as behind a link."""

    payload: str = ""


@dataclass(frozen=True, slots=True)
class Blocks(_Act):
    """Blocks the bot in private."""


@dataclass(frozen=True, slots=True)
class Says(_Act):
    """A text, or a command if it begins with "/"; `reply_to` is a message's id."""

    text: str
    reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Presses(_Act):
    message_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Votes(_Act):
    """`options` count from 0; none takes the vote back."""

    message_id: str
    options: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reacts(_Act):
    message_id: str
    emoji: str
    present: bool = True


@dataclass(frozen=True, slots=True)
class Deletes(_Act):
    """Removes a message; platforms don't tell the bot."""

    message_id: str


@dataclass(frozen=True, slots=True)
class AddsBot(_Act):
    pass


@dataclass(frozen=True, slots=True)
class RemovesBot(_Act):
    pass


@dataclass(frozen=True, slots=True)
class SetsWriting(_Act):
    """Lets the bot write in a channel, or forbids it."""

    allowed: bool


Act = (
    Joins
    | IsLetIn
    | Leaves
    | Starts
    | Blocks
    | Says
    | Presses
    | Votes
    | Reacts
    | Deletes
    | AddsBot
    | RemovesBot
    | SetsWriting
)
