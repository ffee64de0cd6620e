"""Gathers the texts that people read into the catalogues, and tells what is still untranslated.

    make texts

A text is marked where it is written: `_("…")`, or `_n("one", "many")` where it counts something (see bot/locale).
The program reads the .po files themselves, so nothing needs compiling.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("bot", "adapters")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"_": None, "_n": (1, 2)}
SOURCE_LANGUAGE = "en"


def gather() -> Catalog:
    """Every marked text of the program, with the files that say it."""
    template = Catalog(project="Guyub", charset="utf-8")
    for source in SOURCES:
        found = extract_from_dir(ROOT / source, METHODS, keywords=KEYWORDS, comment_tags=("Translators:",))
        for file, _line, text, comments, context in found:
            template.add(text, locations=[(f"{source}/{file}", 0)], auto_comments=comments, context=context)
    return template


def catalogues() -> dict[str, Path]:
    """The catalogue of each language."""
    return {path.parent.parent.name: path for path in sorted(ROOT.glob("bot/locale/*/LC_MESSAGES/*.po"))}


def read(language: str, path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def texts(catalogue: Catalog) -> Iterator[Message]:
    """Its messages, without the header, which is kept as the message with an empty id."""
    return (message for message in catalogue if message.id)


def untranslated(catalogue: Catalog) -> list[Message]:
    """What has no translation, or not for every number; a fuzzy one is a guess, hence none."""
    return [message for message in texts(catalogue) if message.fuzzy or not all(_strings(message))]


def _strings(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (str(message.string or ""),)


def main() -> None:
    template = gather()
    for language, path in catalogues().items():
        catalogue = read(language, path)
        # A guess from a similar text would be said to people before anyone has read it.
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
        missing = [] if language == SOURCE_LANGUAGE else untranslated(catalogue)
        print(f"{path.relative_to(ROOT)}: {len(list(texts(catalogue)))} texts, {len(missing)} without translation")
        for message in missing:
            print(f"    {message.id!r}")


if __name__ == "__main__":
    main()
