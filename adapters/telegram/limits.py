"""What Telegram can show, how fast it may be written to, and what fits into a button."""

from __future__ import annotations

from datetime import timedelta

from bot.core.chat import ButtonLimits, Capabilities, Pace, PollLimits

MAX_TEXT = 4096  # UTF-16 units, after entities
MAX_CAPTION = 1024
MAX_TOAST = 200
MAX_DATA = 64  # bytes behind a button
MAX_MENU = 100  # commands in one scope
MAX_COMMAND = 32
MAX_DESCRIPTION = 256

PACE = Pace(
    gap=0.0345,  # about 30 messages a second in all
    target_gap=1.05,  # one a second: two that are on their way for different times must not meet
    target_per_minute=20,
    per_group=True,
)
_BUTTONS = ButtonLimits(rows=20, per_row=5, label=64)  # 100 in all; more than five in a row can't be read on a phone
_POLLS = PollLimits(
    options=12,
    question=300,
    option=100,
    shortest=timedelta(seconds=5),
    longest=timedelta(seconds=2_628_000),
    granularity=timedelta(seconds=1),
    hides_results=True,
    fixed_votes=True,
)
# When a poll may close by itself. Telegram's bounds are 5 s and 2,628,000 s from when it gets the request: some time
# is left for the way there, and for clocks that differ. Outside of them the engine closes it all the same.
CLOSES_WITHIN = (_POLLS.shortest + timedelta(seconds=5), _POLLS.longest - timedelta(seconds=5))
# Edits count against the 20 messages a minute in a group: a live bar leaves eight of them for all else.
_EDIT_GAP = timedelta(seconds=5)


def capabilities(username: str) -> Capabilities:
    """The same everywhere; without a username (not connected yet) no link to a private chat."""
    return Capabilities(
        max_text=MAX_TEXT,
        utf16=True,
        buttons=_BUTTONS,
        polls=_POLLS,
        toast=MAX_TOAST,
        edit_gap=_EDIT_GAP,
        private_link=f"https://t.me/{username}?start={{payload}}" if username else "",
    )


def button_data(token: str) -> str:
    """A button's token as Telegram carries it; raise ValueError for one that would not fit."""
    if not 1 <= len(token.encode()) <= MAX_DATA:
        raise ValueError(f"a button's token has 1 to {MAX_DATA} bytes, not {len(token.encode())}")
    return token
