"""Why something was asked, or wasn't, as data that anybody can be told in their own language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.core.reasons import Pattern, because
from bot.features.quiet.rhythm import Why
from bot.locale import _, _n

FEW: Final = 3
"""Days to compare with; fewer prove nothing to anybody."""
LONG: Final = timedelta(hours=48)
"""From here on it is told in days."""

_MINUTES = _n(
    "nobody had spoken for {n} minute, while on {spoken} of {compared} days like this one there had been talk by then",
    "nobody had spoken for {n} minutes, while on {spoken} of {compared} days like this one there had been talk by then",
)
_HOURS = _n(
    "nobody had spoken for {n} hour, while on {spoken} of {compared} days like this one there had been talk by then",
    "nobody had spoken for {n} hours, while on {spoken} of {compared} days like this one there had been talk by then",
)
_DAYS = _n(
    "nobody had spoken for {n} day, while on {spoken} of {compared} days like this one there had been talk by then",
    "nobody had spoken for {n} days, while on {spoken} of {compared} days like this one there had been talk by then",
)
_NEW_HOURS = _n(
    "nobody had spoken for {n} hour, which seems long for this channel, though I don't know it well yet",
    "nobody had spoken for {n} hours, which seems long for this channel, though I don't know it well yet",
)
_NEW_DAYS = _n(
    "nobody had spoken for {n} day, which seems long for this channel, though I don't know it well yet",
    "nobody had spoken for {n} days, which seems long for this channel, though I don't know it well yet",
)

KEPT_BY: Final[Mapping[str, Pattern]] = {
    "paused": _("a manager has paused the prompts"),
    "resting": _("the last prompts went unanswered, so I'm resting here for a while"),
    "in_a_row": _("nobody has spoken there since my last post, and I don't talk to myself"),
    "day": _("the prompts of the day were used up"),
    "week": _("there have been enough prompts within a week"),
    "nothing": _("there was no prompt that fits"),
}
MANAGER = because(_("a manager asked for a prompt (`/prompt now`)"))
WEEKLY = because(_("it is in the community's calendar of prompts"))


def lull(why: Why | None) -> str:
    """Of a prompt that was asked, or would have been."""
    if why is None or why.compared < FEW:
        silent_for = why.silent_for if why else timedelta()
        pattern, unit = (_NEW_HOURS, timedelta(hours=1)) if silent_for < LONG else (_NEW_DAYS, timedelta(days=1))
        return because(pattern, n=max(1, round(silent_for / unit)))
    if why.silent_for < timedelta(minutes=100):
        pattern, unit = _MINUTES, timedelta(minutes=1)
    elif why.silent_for < LONG:
        pattern, unit = _HOURS, timedelta(hours=1)
    else:
        pattern, unit = _DAYS, timedelta(days=1)
    return because(pattern, n=round(why.silent_for / unit), spoken=why.spoken, compared=why.compared)
