"""Who spoke where and when: all that is recorded of people's talk, and never a word of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.chat import Capabilities
from bot.core.events import Where


@dataclass(frozen=True, slots=True)
class Spoken:
    """`account` is empty for an administrator who hides behind the group's name: a person, but nobody knows who.

    `where` is as it happened, threads included; `reply_to` a message id; `asks`: whether it was a question.
    """

    where: Where
    message_id: str
    account: str
    at: datetime
    reply_to: str = ""
    reply_to_account: str = ""
    asks: bool = False


class Activity(Protocol):
    """A channel is a place without regard to its threads."""

    def add(self, spoken: Spoken) -> None:
        """Harmless when repeated."""
        ...

    def moments(self, where: Where, since: datetime, until: datetime) -> list[datetime]:
        """When somebody spoke in a channel, oldest first: since <= moment < until."""
        ...

    def last(self, where: Where) -> datetime | None:
        """When somebody spoke last in a channel."""
        ...

    def people(self, where: Where, after: datetime, until: datetime) -> list[str]:
        """Different accounts that spoke in a channel: after < moment <= until."""
        ...

    def replay(self, platform: str, group: str) -> Iterator[Spoken]:
        """All that is recorded of a group, oldest first."""
        ...

    def forget(self, before: datetime) -> int:
        """Remove some of what is older; return how many. Call it again until nothing is left."""
        ...


def heard_in(place: Where, capabilities: Callable[[Where], Capabilities]) -> Where:
    """Where the talk of a place is recorded: in the channel that the group itself means, and without a thread."""
    home = capabilities(place).home_channel if place.group and not place.channel else ""
    if not (home or place.thread):
        return place
    return Where(place.platform, place.group, home or place.channel)
