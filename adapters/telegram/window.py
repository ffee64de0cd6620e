"""Which updates are under way, and how far they may be confirmed. Pure."""

from __future__ import annotations

from enum import Enum


class _State(Enum):
    RUNNING = 1
    FAILED = 2
    DONE = 3


class Window:
    """Updates from being fetched to being confirmed, in Telegram's order.

    Telegram forgets all that is below `offset`, so the offset passes over an update only when it and all before it
    are done. Until then Telegram tells them again and again: `admit` says which of them are new.
    """

    def __init__(self) -> None:
        self._states: dict[int, _State] = {}
        self.running = 0
        self.offset: int | None = None  # the next one to ask for; None: the oldest that there is
        self.newest: int | None = None

    def admit(self, number: int) -> bool:
        """Whether this update is to be handled now: it is new, or it failed before."""
        if self._states.get(number, _State.FAILED) is not _State.FAILED:
            return False
        self._states[number] = _State.RUNNING
        self.running += 1
        self.newest = number
        return True

    @property
    def open(self) -> bool:
        """Something can't be confirmed yet."""
        return bool(self._states)

    def finish(self, number: int) -> None:
        """Its effects are committed, or it was set aside."""
        self.running -= 1
        self._states[number] = _State.DONE
        done = []
        for waiting, state in self._states.items():
            if state is not _State.DONE:
                break
            done.append(waiting)
        for passed in done:
            del self._states[passed]
            self.offset = passed + 1

    def fail(self, number: int) -> None:
        """It is to be handled anew when it is told again."""
        self.running -= 1
        self._states[number] = _State.FAILED

    def all_confirmed(self) -> None:
        """Telegram has nothing left. Ask for its oldest from now on: after a quiet week ids start anew, maybe lower."""
        if not self._states:
            self.offset = None
