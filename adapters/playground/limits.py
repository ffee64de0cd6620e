"""What each face can show and how fast it may be written to: the same as on the platform it resembles."""

from __future__ import annotations

from datetime import timedelta

from bot.core.chat import ButtonLimits, Capabilities, Pace, PollLimits
from bot.core.fit import length
from bot.core.messages import Button, Message, plain

TELEGRAM = "telegram"
DISCORD = "discord"
FACES = (TELEGRAM, DISCORD)

CAPABILITIES = {
    TELEGRAM: Capabilities(
        max_text=4096,
        utf16=True,
        buttons=ButtonLimits(rows=20, per_row=5, label=64),
        polls=PollLimits(
            options=12,
            question=300,
            option=100,
            shortest=timedelta(seconds=5),
            longest=timedelta(seconds=2_628_000),
            granularity=timedelta(seconds=1),
            hides_results=True,
        ),
        toast=200,
        private_link="https://t.me/guyub_playground?start={payload}",
    ),
    DISCORD: Capabilities(
        max_text=2000,
        utf16=True,
        buttons=ButtonLimits(rows=5, per_row=5, label=80),
        private_reply=True,
        repeatable_for=timedelta(minutes=2),
    ),
}

PACE = {
    TELEGRAM: Pace(gap=0.0345, target_gap=1.0, target_per_minute=20, per_group=True),
    DISCORD: Pace(gap=1 / 48, target_gap=1.05, answers_apart=True),
}

TOKEN_BYTES = {TELEGRAM: 64, DISCORD: 100}
"""The longest text that a button can carry."""


def excess(face: str, message: Message) -> str:
    """Why a platform of this kind would refuse the content; empty if it would take it."""
    limits = CAPABILITIES[face]
    words = plain(message.text)
    if not (words.strip() or message.poll or message.picture):
        return "the message is empty"
    if length(words, limits.utf16) > limits.max_text:
        return f"the text is longer than {limits.max_text}"
    return _buttons_excess(face, message) or _poll_excess(face, message)


def _buttons_excess(face: str, message: Message) -> str:
    limits = CAPABILITIES[face].buttons
    assert limits is not None
    if len(message.buttons) > limits.rows:
        return f"more than {limits.rows} rows of buttons"
    if any(len(row) > limits.per_row for row in message.buttons):
        return f"more than {limits.per_row} buttons in a row"
    faults = (_button_excess(face, button, limits.label) for row in message.buttons for button in row)
    return next(filter(None, faults), "")


def _button_excess(face: str, button: Button, longest: int) -> str:
    if not 0 < len(button.label) <= longest:
        return f"a button's label is empty or longer than {longest}"
    if not button.url and not 0 < len(button.token.encode()) <= TOKEN_BYTES[face]:
        return f"the button {button.label!r} has no token, or one that is too long"
    return ""


def _poll_excess(face: str, message: Message) -> str:
    limits = CAPABILITIES[face].polls
    if message.poll is None:
        return ""
    if limits is None:
        return "no polls here"
    if len(message.poll.question) > limits.question or len(message.poll.options) > limits.options:
        return "the poll's question is too long, or it has too many options"
    if any(not 0 < len(option) <= limits.option for option in message.poll.options):
        return f"an option of the poll is empty or longer than {limits.option}"
    return ""
