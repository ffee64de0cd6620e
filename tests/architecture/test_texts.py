"""Everything that people read can be read in Indonesian and in English."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from babel.messages.catalog import Catalog, Message

from scripts.texts import catalogues, gather, read, texts, untranslated

LANGUAGES = ("en", "id")
PLACEHOLDER = re.compile(r"\{(\w*)\}")


def catalogue(language: str) -> Catalog:
    assert language in catalogues(), f"bot/locale/{language}/LC_MESSAGES has no catalogue"
    return read(language, catalogues()[language])


def ids(messages: Iterable[Message]) -> set[object]:
    return {message.id for message in messages}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_the_catalogue_and_no_other(language: str) -> None:
    written, listed = ids(texts(gather())), ids(texts(catalogue(language)))
    assert written, "no text is marked for translation"
    assert listed == written, f"run `make texts`; it differs in {listed ^ written}"


def test_every_text_is_translated_into_indonesian() -> None:
    missing = [message.id for message in untranslated(catalogue("id"))]
    assert not missing, missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    """A lost {name} greets nobody; an invented one is shown to people as it stands."""
    wrong = [
        (message.id, string)
        for message in texts(catalogue(language))
        for string in strings(message)
        if string and not fits(message, string)
    ]
    assert not wrong, wrong


def strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (str(message.string or ""),)


def fits(message: Message, string: str) -> bool:
    """Its placeholders are those of the text; where the text counts, those of either of its forms."""
    forms = message.id if isinstance(message.id, tuple | list) else (message.id,)
    return any(sorted(PLACEHOLDER.findall(string)) == sorted(PLACEHOLDER.findall(form)) for form in forms)
