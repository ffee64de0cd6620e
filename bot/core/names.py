"""A person's name made safe and pleasant to show, and recognised when it is an advertisement."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 40  # characters shown of a name

_ADVERTISEMENT = re.compile(
    r"https?:|www\.|t\.me\b|wa\.me\b|bit\.ly\b"
    r"|@\w{3,}"
    r"|(?:\+?\d[\s().-]*){8,}"  # a phone number
    r"|\b[\w-]{2,}\.(?:com|net|org|id|io|me|xyz|info|shop|store|online|site|link|club|top|vip|app|co|cc|gg|live|bet|win|pro)\b",
    re.IGNORECASE,
)
_JOINERS = "\u200d\ufe0f"  # hold an emoji together


def safe_name(name: str) -> str:
    """At most 40 characters of what is visible; empty when that has neither letter nor digit nor picture."""
    words = visible(name[:400])
    if not any(unicodedata.category(char)[0] in "LNS" or char in "#@&" for char in words):
        return ""
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def visible(words: str) -> str:
    """Without control, direction and invisible characters, stacked marks and line breaks."""
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", words):
        category = unicodedata.category(char)
        if category in ("Mn", "Me"):
            marks += 1
            if marks > 2 and char not in _JOINERS:
                continue
        elif char not in _JOINERS:
            marks = 0
        if category in ("Zl", "Zp", "Cc") or category == "Zs":
            kept.append(" ")
        elif category in ("Cf", "Cs", "Co", "Cn") and not _holds(char) or _invisible(char):
            continue
        else:
            kept.append(char)
    shown = " ".join("".join(kept).split()).strip("\u200d")
    return shown if any(unicodedata.category(char)[0] not in "MZC" or _new_picture(char) for char in shown) else ""


def _holds(char: str) -> bool:
    return char in _JOINERS or _new_picture(char)


def _new_picture(char: str) -> bool:
    """An emoji, also one that is younger than Python's tables."""
    return "\U0001f000" <= char <= "\U0001fbff"


def _invisible(char: str) -> bool:
    return char in "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f\u180e"


def is_advertisement(name: str, blocked: Iterable[str] = ()) -> bool:
    """Whether a name carries a link, an @handle, a phone number or a blocked word."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    folded = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return bool(_ADVERTISEMENT.search(folded)) or any(word.casefold() in folded for word in blocked if word.strip())
