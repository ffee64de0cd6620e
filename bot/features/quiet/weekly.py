"""Prompts for a day and time of the week, as they are written: `monday 09:00 "What are you up to this week?"`. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from bot.core.moments import MomentError, parse_weekly
from bot.core.recurring import Weekly

_WRITTEN = re.compile(r"(?P<when>[^\"“”„«]+?)\s*[\"“”„«](?P<text>.+)[\"“”»]\s*", re.DOTALL)
EXAMPLE = 'monday 09:00 "What are you up to this week?"'


@dataclass(frozen=True, slots=True)
class WeeklyPrompt:
    when: Weekly
    text: str

    @classmethod
    def parse(cls, written: str) -> WeeklyPrompt:
        """Raise ValueError that says what would be right."""
        found = _WRITTEN.fullmatch(written.strip())
        if found is None:
            raise ValueError(f"write when, then the prompt in quotes, like {EXAMPLE}")
        try:
            return cls(parse_weekly(found["when"]), found["text"].strip())
        except MomentError as error:
            raise ValueError(f"{found['when']!r} is no time of the week ({error}); write it like {EXAMPLE}") from None

    @property
    def key(self) -> str:
        """The same as long as its words are."""
        return hashlib.sha256(f"{sorted(self.when.days)} {self.when.at} {self.text}".encode()).hexdigest()[:12]
