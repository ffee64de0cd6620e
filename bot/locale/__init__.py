"""Every text that people read, in the community's language.

The English text is the key. Mark it with `_("…")` (or `_n("one", "many")` where it counts something) where it is
written; it is translated when it is said, by a `Speaker`. Catalogues are Babel's, in `<language>/LC_MESSAGES`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = ("en", "id")
SOURCE_LANGUAGE = "en"


def _(text: str) -> str:
    """Mark a text for translation."""
    return text


def _n(one: str, many: str) -> tuple[str, str]:
    """Mark a text that counts something (`{n}`) for translation."""
    return (one, many)


@cache
def _catalogue(language: str) -> Catalog:
    path = Path(__file__).parent / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@cache
def translate(language: str, text: str) -> str:
    """The text in that language; the English one where it has no translation."""
    if language not in LANGUAGES:
        language = SOURCE_LANGUAGE
    message = _catalogue(language).get(text)
    return str(message.string) if message and message.string else text


@cache
def translate_counted(language: str, texts: tuple[str, str], n: int) -> str:
    """The form that fits `n`."""
    if language in LANGUAGES and (message := _catalogue(language).get(texts)):
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        index = 0 if len(forms) == 1 or n == 1 else 1
        if forms[index]:
            return str(forms[index])
    return texts[0 if n == 1 else 1]
