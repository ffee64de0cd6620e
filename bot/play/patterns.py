"""`…Ayu…`: the whole message as plain text, in which … matches anything and case counts."""

from __future__ import annotations

import re


def matches(pattern: str, words: str) -> bool:
    """In one pass, whatever the pattern; runs of white space count as one space."""
    parts = [re.sub(r"\s+", " ", part) for part in pattern.split("…")]
    if len(parts) == 1:
        return words == parts[0]
    first, *middle, last = parts
    if not words.startswith(first) or not words.endswith(last) or len(words) < len(first) + len(last):
        return False
    position, end = len(first), len(words) - len(last)
    for part in middle:
        found = words.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True
