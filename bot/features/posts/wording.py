"""The words that managers hand over to be read by everybody. Pure."""

from __future__ import annotations

import re
from typing import Any

from bot.core.commands import split
from bot.core.feature import Mistake
from bot.core.speech import Speaker
from bot.locale import _

LONGEST = 1500  # characters: with what stands around it in the preview, it fits everywhere
_PROMO = re.compile(r"(?:--|—|–)(?:promo|promosi)(?=\s|$)", re.IGNORECASE)


def read_announcement(typed: str) -> dict[str, Any]:
    """`--promo` in front or at the end; all else is the text as it stands."""
    words, read = typed.strip(), dict[str, Any]()
    if found := _PROMO.match(words):
        read["promo"], words = True, words[found.end() :].strip()
    elif (found := next((m for m in _PROMO.finditer(words) if m.end() == len(words)), None)) and _apart(words, found):
        read["promo"], words = True, words[: found.start()].strip()
    if words:
        read["text"] = words
    return read


def _apart(words: str, found: re.Match[str]) -> bool:
    return words[found.start() - 1].isspace()


def checked(words: str, say: Speaker) -> str:
    """Without quotes around all of it; raise Mistake if it is too long or says nothing."""
    words = unquoted(words.strip())
    if not words or len(words) > LONGEST:
        raise Mistake(say(_("That has to have between 1 and {longest} characters."), longest=LONGEST))
    return words


def unquoted(words: str) -> str:
    inner = split(words)
    return inner[0].strip() if len(inner) == 1 and inner[0] != words else words
