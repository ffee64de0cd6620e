"""The playground's truth: it outlives the bot, which may be stopped, killed and started again beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapters.playground import snapshot
from adapters.playground.board import Board
from adapters.playground.groups import Groups
from adapters.playground.history import Change, History, Listener
from adapters.playground.people import People
from bot.core.chat import Refusal


class World:
    """Groups, people and messages of all faces, and their history.

    `prefix` goes before the ids of events and messages: give each world on one database its own.
    """

    def __init__(self, prefix: str = "") -> None:
        self.history = History()
        self.people = People(self.history)
        self.groups = Groups(self.history)
        self.board = Board(self.history, prefix)
        self.sent: dict[tuple[str, str], str] = {}  # (face, nonce) → message id, where repeats are recognised
        self.refused: list[tuple[str, Refusal]] = []  # (face, what the bot was told), for tests and pages
        self._prefix = prefix
        self._events = 0

    def next_event_id(self) -> str:
        self._events += 1
        return f"{self._prefix}{self._events}"

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have every change told from now on; what is returned ends that."""
        return self.history.subscribe(listener)

    def since(self, number: int) -> list[Change]:
        """The changes after the one with this number."""
        return self.history.since(number)

    def snapshot(self, viewer: str = "") -> dict[str, Any]:
        """Everything as it stands now, for JSON; with a viewer's account also what only they see.

        `number` is that of the last change in it: go on from there with `since` or `subscribe`.
        """
        return snapshot.world(self.history, self.people, self.groups, self.board, viewer)
