"""The table of control verbs and what each of them may touch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ..errors import ControlError
from ..faults import Faults
from ..gateway import GatewayFaults
from ..limits import Limits
from ..state import Channel, Guild, Member, Message, User
from ..world import World


@dataclass(frozen=True, slots=True)
class Control:
    """What a verb works on. The look-ups see everything, also what the bot may not."""

    world: World
    faults: Faults
    gateway: GatewayFaults
    limits: Limits
    requests: deque[tuple[float, str, str, int]]
    broken: list[str]
    total: Callable[[], int]
    begin_anew: Callable[[], None]

    def guild(self, id: int) -> Guild:
        return _found(self.world.guilds, id, "guild")

    def user(self, id: int) -> User:
        return _found(self.world.users, id, "person")

    def channel(self, id: int) -> Channel:
        return _found(self.world.channels, id, "channel")

    def member(self, guild: Guild, user: int) -> Member:
        return _found(guild.members, user, "member")

    def message(self, channel: int, id: int) -> Message:
        message = _found(self.channel(channel).messages, id, "message")
        if message.deleted_at is not None:
            raise ControlError("that message was deleted")
        return message


T = TypeVar("T")


def _found(table: dict[int, T], id: int, what: str) -> T:
    if id not in table:
        raise ControlError(f"there is no {what} {id}")
    return table[id]


Verb = TypeVar("Verb", bound=Callable[..., Any])
VERBS: dict[str, Callable[..., Any]] = {}


def verb(function: Verb) -> Verb:
    """Register a function under its own name; its keyword arguments are the call's JSON."""
    VERBS[function.__name__] = function
    return function
