"""How the line to Telegram is: what went wrong, since when, and how long to wait before the next try."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from telegram.error import Conflict, InvalidToken, TelegramError

from adapters.telegram.transport import FloodWait
from bot.core.chat import Problem

log = logging.getLogger(__name__)

BELIEVED_AFTER = 3  # times in a row; a single 401 or 404 happens and means nothing
NOTED_AFTER = 2


@dataclass(frozen=True, slots=True)
class Timing:
    """All in seconds."""

    poll: int = 25  # how long Telegram may hold a call while there is nothing new
    silence: float = 30.0  # after so long without an answer that connection is dead
    send_silence: float = 20.0  # after so long without an answer it is not sure whether something was sent
    again: float = 0.1  # between calls while updates are under way
    first_retry: float = 0.5
    longest_retry: float = 15.0
    refused: float = 60.0  # between tries of a token that is not accepted
    member_gap: float = 0.025  # between look-ups of many members
    finish: float = 8.0  # for what is running when the program ends


class Line:
    """Counts failures. One of them ends nothing."""

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._failures = 0
        self._refusals = 0
        self._code = ""
        self.heard_at: datetime | None = None

    @property
    def connected(self) -> bool:
        return self.heard_at is not None and not self._code

    @property
    def problems(self) -> tuple[Problem, ...]:
        if self._code:
            return (Problem(self._code),)
        return () if self.heard_at else (Problem("disconnected"),)

    def ended(self) -> None:
        """Nobody listens any more."""
        self.heard_at = None

    def heard(self, now: datetime) -> None:
        """Telegram answered."""
        if self._code:
            log.info("Telegram answers again")
        self.heard_at = now
        self._failures = self._refusals = 0
        self._code = ""

    def failed(self, error: TelegramError) -> float:
        """Take note of a failure; return how many seconds to wait."""
        self._failures += 1
        if isinstance(error, InvalidToken):
            return self._token_refused()
        self._refusals = 0
        if isinstance(error, FloodWait):
            return error.seconds
        if isinstance(error, Conflict):
            self._note("conflict", "another program asks for this bot's updates: stop one of the two")
        elif self._failures >= NOTED_AFTER:
            self._note("disconnected", f"Telegram can't be reached: {error.message.partition('. Parsing')[0]}")
        return self._backoff()

    def _token_refused(self) -> float:
        self._refusals += 1
        if self._refusals < BELIEVED_AFTER:
            return self._backoff()
        self._note("token_refused", "Telegram does not accept the token: put a valid one into TELEGRAM_TOKEN")
        return self._timing.refused

    def _backoff(self) -> float:
        doubled: float = self._timing.first_retry * 2 ** min(self._failures - 1, 10)
        return min(doubled, self._timing.longest_retry)

    def _note(self, code: str, text: str) -> None:
        """Each problem is told once, until it is over."""
        if code != self._code:
            log.log(logging.WARNING if code == "disconnected" else logging.ERROR, "%s; trying on", text)
        self._code = code
