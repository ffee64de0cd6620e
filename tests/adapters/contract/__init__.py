"""What `test_contract.py` needs of a platform: people who act there, and what they see.

A new platform brings one module here with a `Subject`, and its name in `test_contract.PLATFORMS`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bot.core.chat import Chat
from bot.core.commands import Answers, Command
from bot.core.events import Where
from tests.adapters.ears import Ears

ROOT = Path(__file__).resolve().parents[3]


def never(*_: object, **__: object) -> None:
    raise AssertionError("commands are run by the engine, not here")


COMMANDS = (
    Command("aturan", "What is agreed here", never, answers=Answers.PUBLIC),
    Command("rahasia", "A word for you alone", never, answers=Answers.PRIVATE),
)
"""Offered on every platform under test."""


@dataclass(frozen=True, slots=True)
class Someone:
    """An account."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the bot as people see it.

    `marks`: what is not plain text, as (kind, what): bold, italic and code with their words, link with its address,
    mention with the account's id, moment with the Unix time; other kinds are mishaps. `pings`: who is called besides
    those mentioned so.
    """

    id: str
    text: str
    marks: tuple[tuple[str, str], ...] = ()
    buttons: tuple[tuple[str, ...], ...] = ()
    pings: tuple[str, ...] = ()
    reply_to: str = ""
    pinned: bool = False
    reactions: tuple[str, ...] = ()
    picture: bool = False


class CantVote(Exception):
    """The platform doesn't let this person vote so."""


@dataclass(frozen=True, slots=True)
class SeenPoll:
    """The platform's own poll as people see it; `counts` of all options, also while they are hidden from people."""

    question: str
    options: tuple[str, ...]
    multiple: bool
    closed: bool
    counts: tuple[int, ...]


class Pressed(Protocol):
    """A button that somebody has pressed."""

    async def shown(self) -> str:
        """The note that the presser alone was given in answer; empty for none."""
        ...


class Subject(Protocol):
    """A platform with one group in it, titled "Kopi", in which the bot may do everything; and the adapter, running.

    `handle`: as whom the bot is addressed behind a command. `group` is the group itself, `channel` where it talks.
    """

    ears: Ears
    group: Where
    channel: Where
    handle: str

    @property
    def chat(self) -> Chat: ...

    async def restarts(self) -> None:
        """The program ends, and another one begins in its place."""
        ...

    # ------------------------------------------------------------------ people

    async def person(self, name: str) -> Someone:
        """Somebody who is not in the group."""
        ...

    async def unreachable(self, name: str) -> Someone:
        """A member whom the bot can't write to in private."""
        ...

    async def joins(self, who: Someone) -> None: ...

    async def leaves(self, who: Someone) -> None: ...

    async def is_banned(self, who: Someone) -> None: ...

    async def becomes_admin(self, who: Someone) -> None: ...

    async def says(self, who: Someone, words: str, reply_to: str = "") -> str:
        """In the group. Returns the message's id."""
        ...

    async def says_in_private(self, who: Someone, words: str) -> None:
        """To the bot; this opens the private chat."""
        ...

    async def uses(self, who: Someone, command: str) -> None:
        """One of COMMANDS, in the group, the way it is done there."""
        ...

    async def presses(self, who: Someone, label: str) -> Pressed:
        """In the group."""
        ...

    async def reacts(self, who: Someone, message: str, emoji: str, present: bool = True) -> None: ...

    # ------------------------------------------------------------------ what befalls the bot

    async def bot_is_removed(self) -> None: ...

    async def bot_may_not_write(self) -> None:
        """In `channel`."""
        ...

    # ------------------------------------------------------------------ what people see

    async def sees(self, who: Someone, where: Where) -> list[Seen]:
        """What the bot said there and is still there for this person, oldest first."""
        ...


class Repeating(Subject, Protocol):
    """A platform behind a network: it tells things twice, and other bots are there."""

    async def tells_again(self, who: Someone, message: str) -> None:
        """That this person joined, and said this: neither was done with when it was told first."""
        ...

    async def robot(self, name: str) -> Someone:
        """Somebody else's bot."""
        ...

    async def publications(self) -> int:
        """How often commands were written to the platform."""
        ...


@contextmanager
def loopback(package: str, *options: str) -> Iterator[dict[str, Any]]:
    """A loopback server as its own process; gives what it says about itself when it is ready."""
    command = [sys.executable, "-m", package, *options]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()
