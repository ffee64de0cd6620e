"""A message as plain text: what scripts match and pages may read aloud. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages import Message, plain


def plain_lines(message: Message, counts: Sequence[int] = ()) -> list[str]:
    """Text, picture, poll (each option with its votes) and rows of buttons as `[Label]`, without empty lines."""
    lines = plain(message.text).split("\n")
    if message.picture:
        lines.append(message.picture.description)
    if message.poll:
        votes = counts or (0,) * len(message.poll.options)
        lines.append(message.poll.question)
        lines += [f"{option} {n}" for option, n in zip(message.poll.options, votes, strict=True)]
    lines += [" ".join(f"[{button.label}]" for button in row) for row in message.buttons]
    return [line for line in (" ".join(line.split()) for line in lines) if line]


def plain_text(message: Message, counts: Sequence[int] = ()) -> str:
    """The same in one line."""
    return " ".join(plain_lines(message, counts))
