"""Says a marked text in one language, as styled text or as plain words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.messages import Message, Text, compose
from bot.locale import translate, translate_counted


@dataclass(frozen=True, slots=True)
class Speaker:
    language: str

    def __call__(self, pattern: str, /, **values: object) -> Text:
        """Translate, then parse `*bold*` and `{name}`; values are never parsed."""
        return compose(translate(self.language, pattern), values)

    def counted(self, patterns: tuple[str, str], n: int, /, **values: object) -> Text:
        return compose(translate_counted(self.language, patterns, n), {"n": n, **values})

    def words(self, pattern: str) -> str:
        """Plain words, for labels."""
        return translate(self.language, pattern)

    def message(self, pattern: str, /, **values: object) -> Message:
        return Message(self(pattern, **values))
