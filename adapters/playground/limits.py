"""What each face can show and how fast it may be written to: the same as on the platform it resembles."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.chat import ButtonLimits, Capabilities, Pace, PollLimits
from bot.core.fit import length
from bot.core.messages import Button, Message, Poll, plain

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
            fixed_votes=True,
            keeps_votes=False,
        ),
        toast=200,
        private_link="https://t.me/guyub_playground?start={payload}",
        edit_gap=timedelta(seconds=5),
    ),
    DISCORD: Capabilities(
        max_text=2000,
        utf16=True,
        buttons=ButtonLimits(rows=5, per_row=5, label=80),
        polls=PollLimits(
            options=10,
            question=300,
            option=55,
            shortest=timedelta(hours=1),
            longest=timedelta(days=32),
            granularity=timedelta(hours=1),
            hides_results=False,
            fixed_votes=False,
            keeps_votes=True,
        ),
        private_reply=True,
        repeatable_for=timedelta(minutes=2),
        edit_gap=timedelta(seconds=2),
    ),
}

PACE = {
    TELEGRAM: Pace(gap=0.0345, target_gap=1.0, target_per_minute=20, per_group=True),
    DISCORD: Pace(gap=1 / 48, target_gap=1.05, answers_apart=True),
}

OPEN_FOR = timedelta(hours=24)
"""So long a poll is open on Discord when nobody says."""

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
    poll, limits = message.poll, CAPABILITIES[face].polls
    if poll is None:
        return ""
    if limits is None:
        return "no polls here"
    return _poll_words_excess(poll, limits) or _poll_manners_excess(poll, limits)


def _poll_words_excess(poll: Poll, limits: PollLimits) -> str:
    if not 0 < len(poll.question.strip()) <= len(poll.question) <= limits.question:
        return f"the poll's question is empty or longer than {limits.question}"
    if not 1 <= len(poll.options) <= limits.options:
        return f"the poll has no options, or more than {limits.options}"
    if any(not 0 < len(option.strip()) <= len(option) <= limits.option for option in poll.options):
        return f"an option of the poll is empty or longer than {limits.option}"
    return ""


def _poll_manners_excess(poll: Poll, limits: PollLimits) -> str:
    if poll.hides_results and not limits.hides_results:
        return "results can't be hidden here"
    if not poll.revote and not limits.fixed_votes:
        return "votes can't be fixed here"
    if poll.open_for is None:
        return ""
    if not limits.shortest <= poll.open_for <= limits.longest or poll.open_for % limits.granularity:
        return f"a poll can't be open for {poll.open_for} here"
    return ""


def closing(face: str, poll: Poll | None, at: datetime) -> datetime | None:
    """When a poll that is posted at that time closes by itself; None: it has to be closed by the bot."""
    limits = CAPABILITIES[face].polls
    if poll is None or limits is None:
        return None
    closes_at = poll.closes_at or (at + poll.open_for if poll.open_for else None)
    if face == DISCORD:
        return closes_at or at + OPEN_FOR
    return closes_at if closes_at and limits.shortest <= closes_at - at <= limits.longest else None
