"""Why something is said, kept as data: whoever asks later is told in their own language."""

from __future__ import annotations

import json

from bot.core.messages import Text
from bot.core.speech import Speaker

Pattern = str | tuple[str, str]


def because(pattern: Pattern, **values: str | int) -> str:
    """For the `why` of a post: a marked text with its values; of a pair, `n` tells which. It is kept: name nobody."""
    return json.dumps([pattern, values], ensure_ascii=False)


def told(why: str, say: Speaker) -> Text:
    """In words; empty when it was noted in another way."""
    try:
        pattern, values = json.loads(why)
        if isinstance(pattern, str):
            return say(pattern, **values)
        one, many = pattern
        n = int(values.pop("n"))
        return say.counted((one, many), n, **values)
    except (ValueError, TypeError, KeyError):
        return ()
