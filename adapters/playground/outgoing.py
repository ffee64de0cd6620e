"""A message as plain text: what scripts match and pages may read aloud. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages import Message, Poll, plain

CLOSED = "(closed)"


def plain_lines(message: Message, counts: Sequence[int] = (), *, closed: bool = False) -> list[str]:
    """Text, picture, poll and rows of buttons as `[Label]`, without empty lines.

    A poll is its question, each option with its votes (or without, as long as results are hidden), its note, (closed).
    """
    lines = plain(message.text).split("\n")
    if message.picture:
        lines.append(message.picture.description)
    if message.poll:
        lines += _poll_lines(message.poll, counts, closed)
    lines += [" ".join(f"[{button.label}]" for button in row) for row in message.buttons]
    return [line for line in (" ".join(line.split()) for line in lines) if line]


def plain_text(message: Message, counts: Sequence[int] = (), *, closed: bool = False) -> str:
    """The same in one line."""
    return " ".join(plain_lines(message, counts, closed=closed))


def _poll_lines(poll: Poll, counts: Sequence[int], closed: bool) -> list[str]:
    votes = counts or (0,) * len(poll.options)
    hidden = poll.hides_results and not closed
    told = [option if hidden else f"{option} {n}" for option, n in zip(poll.options, votes, strict=True)]
    return [poll.question, *told, plain(poll.note), *([CLOSED] if closed else [])]
