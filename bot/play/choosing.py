"""Which button is meant by an option, or takes a vote back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.core.messages import Button
from bot.locale import LANGUAGES, _, translate

CUT = "…"
TAKE_BACK = _("Take back my vote")
_BEGINNINGS = ("Take back", "Tarik suara")
_NUMBER = re.compile(r"\d{1,2}[.)]\s*")

Likeness = tuple[int, int]
"""How little a label says an option: the lower the better."""


def offering(buttons: Iterable[Button], option: str) -> Button | None:
    """The button that says the option and as little else as possible."""
    alike = [(likeness, button) for button in buttons if (likeness := _likeness(button.label, option)) is not None]
    return min(alike, key=lambda found: found[0])[1] if alike else None


def taking_back(buttons: Iterable[Button]) -> Button | None:
    """The last one whose label is that it takes the vote back, in any language."""
    labels = {translate(language, TAKE_BACK) for language in LANGUAGES}
    found = [button for button in buttons if button.label in labels or button.label.startswith(_BEGINNINGS)]
    return found[-1] if found else None


def _likeness(label: str, option: str) -> Likeness | None:
    """None: the label says something else. Numbers before the option, and what is behind it, don't count."""
    number = _NUMBER.match(label)
    readings = [label] + ([label[number.end() :]] if number else [])
    return min(filter(None, (_alike(reading, option) for reading in readings)), default=None)


def _alike(label: str, option: str) -> Likeness | None:
    """The option itself, before a bar say, before other words, or cut short."""
    if label == option:
        return 0, 0
    behind = label.removeprefix(option)
    if behind != label:
        words = any(char.isalpha() for char in behind)
        return None if behind[0].isalnum() else (2 if words else 1, len(behind))
    begin, cut, _behind = label.partition(CUT)
    return (3, -len(begin)) if cut and begin.strip() and option.startswith(begin.rstrip()) else None
