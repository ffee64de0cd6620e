"""What Discord can show and how fast it may be written to."""

from __future__ import annotations

from datetime import timedelta

from bot.core.chat import ButtonLimits, Capabilities, Pace, PollLimits

NAME = "discord"

MAX_TEXT = 2000
MAX_BUTTON_LABEL = 80
MAX_CUSTOM_ID = 100
MAX_NONCE = 25
MAX_TITLE = 45  # of a modal and of a label in it
MAX_DESCRIPTION = 100
MAX_CHOICES = 25
MAX_CHOICE = 100
MAX_INPUT = 4000

ANSWER_WITHIN = timedelta(seconds=3)
TOKEN_LIVES = timedelta(minutes=15)
NONCE_LIVES = timedelta(minutes=2)  # Discord says "the past few minutes"

POLLS = PollLimits(
    options=10,
    question=300,
    option=55,
    shortest=timedelta(hours=1),
    longest=timedelta(days=32),
    granularity=timedelta(hours=1),
    hides_results=False,
    fixed_votes=False,
    keeps_votes=True,
)

PACE = Pace(gap=1 / 48, target_gap=1.05, answers_apart=True)
"""50 calls a second in all, 5 messages per 5 s in a channel: a little slower, so that neither is ever hit."""


def capabilities(private_link: str = "", polls: bool = True, home_channel: str = "") -> Capabilities:
    """The same in every place, but for polls, which need a right of their own, and the channel that a guild means."""
    return Capabilities(
        max_text=MAX_TEXT,
        utf16=True,  # the stricter of the two ways in which Discord's limit is counted
        buttons=ButtonLimits(rows=5, per_row=5, label=MAX_BUTTON_LABEL),
        polls=POLLS if polls else None,
        private_reply=True,
        private_link=private_link,
        typed_options=True,
        forms=True,
        repeatable_for=NONCE_LIVES,
        edit_gap=timedelta(seconds=2),
        home_channel=home_channel,
    )
