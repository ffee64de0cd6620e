"""Admins' texts: plain placeholders from a list, nothing evaluated.

`str.format` would give away attributes (`{member._bot}`) and take width bombs (`{name:999999999}`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.messages import Text, compose

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_DOUBLED = {"{{": "{lbrace__}", "}}": "{rbrace__}"}  # no list of placeholders has these


class TemplateError(ValueError):
    """A text that can't be used: `placeholder` is the wrong part, `nearest` a right one if any is near."""

    def __init__(self, message: str, placeholder: str, nearest: str = "") -> None:
        super().__init__(message)
        self.placeholder = placeholder
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Template:
    """A checked text. Write `{{` for a brace that is meant."""

    source: str
    names: frozenset[str]

    @classmethod
    def parse(cls, text: str, allowed: frozenset[str]) -> Template:
        """Raise TemplateError at the first placeholder that is not allowed or a brace that stands alone."""
        names = set()
        for match in _BRACES.finditer(text):
            if match[0] in ("{{", "}}"):
                continue
            if match[1] is None:
                raise TemplateError(f'a single "{match[0]}"; write "{match[0] * 2}" for a brace', match[0])
            if match[1] not in allowed:
                raise _unknown(match[0], match[1], allowed)
            names.add(match[1])
        return cls(text, frozenset(names))

    def fill(self, values: Mapping[str, object]) -> Text:
        """The text with its values; a value (str, int or Text) is never parsed."""
        protected = {"lbrace__": "{", "rbrace__": "}", **values}
        return compose(_BRACES.sub(lambda match: _DOUBLED.get(match[0], match[0]), self.source), protected)


def _unknown(found: str, name: str, allowed: frozenset[str]) -> TemplateError:
    near = difflib.get_close_matches(name, sorted(allowed), n=1, cutoff=0.5)
    hint = f"; did you mean {{{near[0]}}}?" if near else f"; known: {' '.join(f'{{{n}}}' for n in sorted(allowed))}"
    return TemplateError(f"unknown placeholder {found}{hint}", found, near[0] if near else "")
