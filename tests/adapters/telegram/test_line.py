"""What went wrong, and how long to wait."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from adapters.telegram.line import Line, Timing
from adapters.telegram.transport import FloodWait
from bot.core.chat import Problem

NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def line() -> Line:
    line = Line(Timing())
    line.heard(NOW)
    return line


def codes(line: Line) -> list[str]:
    return [problem.code for problem in line.problems]


def test_before_the_first_answer_there_is_no_connection() -> None:
    assert not Line(Timing()).connected
    assert Line(Timing()).problems == (Problem("disconnected"),)


@pytest.mark.promise("R22")
@pytest.mark.parametrize(
    "error", [NetworkError("Bad Gateway"), InvalidToken("Not Found"), InvalidToken("Unauthorized")]
)
def test_a_single_failure_means_nothing(line: Line, error: TelegramError) -> None:
    assert line.failed(error) <= 1
    assert line.connected


@pytest.mark.promise("R22")
def test_waits_grow_but_a_dead_connection_is_tried_within_30_seconds(line: Line) -> None:
    waits = [line.failed(NetworkError("reset")) for _ in range(2000)]
    assert waits == sorted(waits)
    assert waits[0] < 1
    assert waits[-1] == 15
    assert codes(line) == ["disconnected"]


def test_a_refused_token_is_told_once_and_tried_slowly(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    waits = [line.failed(InvalidToken("Unauthorized")) for _ in range(10)]
    assert waits[-1] == 60
    assert codes(line) == ["token_refused"]
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(told) == 1
    assert "TELEGRAM_TOKEN" in told[0].getMessage()


def test_two_programs_are_a_conflict(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    line.failed(Conflict("Conflict: terminated by other getUpdates request"))
    assert codes(line) == ["conflict"]
    assert not line.connected
    assert "another program" in caplog.text


def test_telegram_says_how_long_to_wait(line: Line) -> None:
    assert line.failed(FloodWait(37)) == 37


def test_an_answer_ends_every_problem(line: Line) -> None:
    for _ in range(5):
        line.failed(Conflict("Conflict"))
    line.heard(NOW)
    assert line.connected
    assert line.problems == ()
    assert line.failed(NetworkError("reset")) < 1
