"""How the running program is, for whoever watches over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.core.chat import Connection

if TYPE_CHECKING:
    from bot.core.dispatch import Outcome


@dataclass(frozen=True, slots=True)
class Vitals:
    """`database` and `engine` say what is wrong with them; empty when they work."""

    database: str = ""
    engine: str = ""
    connections: Mapping[str, Connection] = field(default_factory=dict)  # by platform
    events_waiting: int = 0
    posts_waiting: Mapping[str, int] = field(default_factory=dict)  # in each platform's queue
    outbox: Mapping[str, int] = field(default_factory=dict)  # rows by state
    set_aside: int = 0


class Health(Protocol):
    async def vitals(self) -> Vitals:
        """Look now. Raises nothing."""
        ...


class Observer(Protocol):
    """Is told what happens, to count it. Must be cheap: `handled` is called for every batch."""

    def handled(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        """A batch was committed, so long after it was taken."""
        ...

    def passed_over(self, platform: str) -> None:
        """Ordinary talk that no feature listens to."""
        ...

    def set_aside(self) -> None: ...

    def sent(self, platform: str, kind: str, result: str) -> None:
        """`result`: delivered, or why not."""
        ...

    def reloaded(self) -> None:
        """A changed configuration was taken over."""
        ...


class _Nobody:
    def handled(self, outcomes: Sequence[Outcome], seconds: float) -> None: ...
    def passed_over(self, platform: str) -> None: ...
    def set_aside(self) -> None: ...
    def sent(self, platform: str, kind: str, result: str) -> None: ...
    def reloaded(self) -> None: ...


NOBODY_WATCHES: Observer = _Nobody()
