"""Anybody's words as a picture can show them: without what no font has, on lines of a given width."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

LONGEST = 400  # characters that are looked at
_MARKS_IN_A_ROW = 2  # more of them is someone playing with the lines above and below
_UNKNOWN = "□"


def readable(words: str, is_known: Callable[[str], bool]) -> str:
    """Emoji and other signs that the fonts lack are left out, letters they lack become □, and all is on one line.

    Nothing at all is left where nothing could be read.
    """
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", words[:LONGEST]):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char.isspace():
            kept.append(" ")
        elif category[0] == "C" or marks > _MARKS_IN_A_ROW:
            continue
        elif is_known(char):
            kept.append(char)
        elif category[0] in "LN":
            kept.append(_UNKNOWN)
    shown = " ".join("".join(kept).split())
    return shown if shown.strip(f"{_UNKNOWN} ") else ""


def wrapped(words: str, width: float, most: int, measure: Callable[[str], float]) -> list[str]:
    """At most so many lines, none of them wider; … where something had to go. Words that are too long are divided."""
    lines: list[str] = []
    rest = words
    while rest and len(lines) < most:
        line, rest = _line(rest, width, measure)
        lines.append(line)
    if rest:
        lines[-1] = cut(lines[-1] + "…", width, measure)
    return lines


def cut(words: str, width: float, measure: Callable[[str], float]) -> str:
    """As much of it as is no wider, ending in … if something had to go."""
    if measure(words) <= width:
        return words
    fits = _fitting(words, lambda count: measure(words[:count].rstrip(" …") + "…") <= width)
    return words[:fits].rstrip(" …") + "…"


def _line(words: str, width: float, measure: Callable[[str], float]) -> tuple[str, str]:
    """The first line, and what is left."""
    if measure(words) <= width:
        return words, ""
    fits = max(1, _fitting(words, lambda count: measure(words[:count]) <= width))
    space = words.rfind(" ", 1, fits + 1)
    end = space if space > 0 else fits
    return words[:end].rstrip(), words[end:].lstrip()


def _fitting(words: str, fits: Callable[[int], bool]) -> int:
    """The largest number of characters that fits, found by halving."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low
