"""The prompts that come with Guyub: one pack of texts for each language, read once."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.messages import Text
from bot.core.templates import Template, TemplateError
from bot.locale import LANGUAGES, SOURCE_LANGUAGE

PLACEHOLDERS = frozenset({"interest"})
PACKS = Path(__file__).parent / "packs"

_WORD = re.compile(r"[\w&]+")
_KEYS = {"id": str, "text": str, "interests": list, "media": str, "food": bool, "hours": list}
_INTEREST_KEYS = {"aliases": list, "food": bool}


class Category(StrEnum):
    ICEBREAKER = "icebreaker"
    SHOW_AND_TELL = "show_and_tell"
    OPINION = "opinion"
    HELP_ME_CHOOSE = "help_me_choose"
    THROWBACK = "throwback"
    TIPS = "tips"
    GRATITUDE = "gratitude"
    SHARED_GOAL = "shared_goal"


PREFIXES = {
    Category.ICEBREAKER: "ice",
    Category.SHOW_AND_TELL: "show",
    Category.OPINION: "view",
    Category.HELP_ME_CHOOSE: "pick",
    Category.THROWBACK: "back",
    Category.TIPS: "tip",
    Category.GRATITUDE: "thank",
    Category.SHARED_GOAL: "goal",
}


class Media(StrEnum):
    """What answers a prompt, besides a few words."""

    PHOTO = "photo"


class PackError(ValueError):
    """A pack that can't be used; says the file, the entry and what to mend."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A conversation starter.

    `interests` are tags of the pack; without any it suits every community. `hours` are local: from, and before.
    """

    id: str
    language: str
    category: Category
    text: str
    interests: frozenset[str] = frozenset()
    food: bool = False
    media: Media | None = None
    hours: tuple[int, int] | None = None

    @property
    def key(self) -> str:
        """Unique over all languages: en/ice-01."""
        return f"{self.language}/{self.id}"

    @property
    def wants_interest(self) -> bool:
        """Whether it can be said only in a community that has named an interest."""
        return "interest" in self._template.names

    def suits_hour(self, hour: int) -> bool:
        return self.hours is None or self.hours[0] <= hour < self.hours[1]

    def said(self, interest: str = "") -> Text:
        """The text with that interest in it, which is never parsed. Raises ValueError if one is wanted and missing."""
        if self.wants_interest and not interest.strip():
            raise ValueError(f"{self.key} wants an interest")
        return self._template.fill({"interest": interest.strip()})

    @property
    def _template(self) -> Template:
        return Template.parse(self.text, PLACEHOLDERS)


@dataclass(frozen=True, slots=True)
class Pack:
    language: str
    prompts: tuple[Prompt, ...]
    interests: frozenset[str]
    """The tags that prompts may have."""
    _phrases: Mapping[tuple[str, ...], str]
    _food: frozenset[str]

    def tags(self, interests: Iterable[str]) -> frozenset[str]:
        """What a community's interests, in its own words, are called here: "Latte art" → coffee."""
        return frozenset(tag for interest in interests for tag in self._tags_of(_words(interest)))

    def is_food(self, interest: str) -> bool:
        """Whether it is about food or drink, and so better not put into a prompt while people fast."""
        return not self._food.isdisjoint(self.tags([interest]))

    def _tags_of(self, words: tuple[str, ...]) -> Iterable[str]:
        """The longest phrase first; it uses up its words, so that "latte art" is no drawing."""
        start = 0
        while start < len(words):
            ends = range(len(words), start, -1)
            end = next((end for end in ends if words[start:end] in self._phrases), None)
            if end is not None:
                yield self._phrases[words[start:end]]
            start = end or start + 1


def pack(language: str) -> tuple[Prompt, ...]:
    """The prompts in that language; the English ones where there are none."""
    return pack_of(language).prompts


def pack_of(language: str) -> Pack:
    return _shipped(language if language in LANGUAGES else SOURCE_LANGUAGE)


@cache
def _shipped(language: str) -> Pack:
    return read_pack(PACKS / f"{language}.toml", language)


def read_pack(path: Path, language: str) -> Pack:
    """Raise PackError, nothing else."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # UnicodeDecodeError and TOMLDecodeError are ValueErrors
        raise PackError(f"{path.name}: can't be read: {error}") from error
    return _Reading(path.name, language).pack(data)


def _words(text: str) -> tuple[str, ...]:
    """A plural "s" makes no difference."""
    return tuple(_singular(word) for word in _WORD.findall(text.casefold()))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


class _Reading:
    """Of one file. `where` is always what a person has to look for in it."""

    def __init__(self, file: str, language: str) -> None:
        self._file, self._language = file, language
        self._phrases: dict[tuple[str, ...], str] = {}
        self._food: set[str] = set()
        self._ids: set[str] = set()

    def pack(self, data: dict[str, Any]) -> Pack:
        self._known("the file", data, {"interests": dict, "prompts": dict})
        interests, categories = data.get("interests", {}), data.get("prompts", {})
        for tag, entry in interests.items():
            self._interest(tag, entry)
        self._known("prompts", categories, {str(category): list for category in Category})
        prompts = tuple(
            self._prompt(Category(category), number, entry, frozenset(interests))
            for category, entries in categories.items()
            for number, entry in enumerate(entries, 1)
        )
        if not prompts:
            raise self._wrong("prompts", "there are none")
        return Pack(self._language, prompts, frozenset(interests), self._phrases, frozenset(self._food))

    def _interest(self, tag: str, entry: Any) -> None:
        where = f"interests.{tag}"
        self._known(where, entry, _INTEREST_KEYS)
        if entry.get("food", False):
            self._food.add(tag)
        for phrase in [tag, *entry.get("aliases", [])]:
            words = _words(phrase) if isinstance(phrase, str) else ()
            if not words:
                raise self._wrong(where, f"{phrase!r} is no alias")
            if (other := self._phrases.setdefault(words, tag)) != tag:
                raise self._wrong(where, f'"{phrase}" already belongs to {other}')

    def _prompt(self, category: Category, number: int, entry: Any, tags: frozenset[str]) -> Prompt:
        where = f"{category}, entry {number}"
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            where += f" ({entry['id']})"
        self._known(where, entry, _KEYS)
        return Prompt(
            id=self._id(where, category, entry.get("id", "")),
            language=self._language,
            category=category,
            text=self._text(where, entry.get("text", "")),
            interests=self._tags(where, entry.get("interests", []), tags),
            food=entry.get("food", False),
            media=self._media(where, entry.get("media")),
            hours=self._hours(where, entry.get("hours")),
        )

    def _id(self, where: str, category: Category, written: str) -> str:
        prefix = PREFIXES[category]
        if not re.fullmatch(rf"{prefix}-\d\d", written, re.ASCII):
            raise self._wrong(where, f'the id should look like "{prefix}-01"')
        if written in self._ids:
            raise self._wrong(where, "another entry has this id")
        self._ids.add(written)
        return written

    def _text(self, where: str, written: str) -> str:
        if not written.strip():
            raise self._wrong(where, "the text is missing")
        try:
            return Template.parse(written, PLACEHOLDERS).source
        except TemplateError as error:
            raise self._wrong(where, str(error)) from error

    def _tags(self, where: str, written: list[Any], tags: frozenset[str]) -> frozenset[str]:
        for tag in written:
            if not isinstance(tag, str) or tag not in tags:
                raise self._wrong(where, f'"{tag}" is not in the table of interests{_near(str(tag), tags)}')
        return frozenset(written)

    def _media(self, where: str, written: str | None) -> Media | None:
        if written is not None and written not in list(Media):
            raise self._wrong(where, f'media is "{written}"; known: {", ".join(Media)}')
        return Media(written) if written else None

    def _hours(self, where: str, written: list[Any] | None) -> tuple[int, int] | None:
        match written:
            case None:
                return None
            case [start, end] if type(start) is type(end) is int and 0 <= start < end <= 24:
                return start, end
        raise self._wrong(where, f"hours are {written}; give two such as [11, 22]")

    def _known(self, where: str, entry: Any, keys: Mapping[str, type]) -> None:
        """No key but these, and each of its type."""
        if not isinstance(entry, dict):
            raise self._wrong(where, "this should be a table { … }")
        for key, value in entry.items():
            if key not in keys:
                raise self._wrong(where, f'unknown key "{key}"{_near(key, keys)}')
            if not isinstance(value, keys[key]):
                raise self._wrong(where, f"{key} is {value!r}; it should be {_KINDS[keys[key]]}")

    def _wrong(self, where: str, message: str) -> PackError:
        return PackError(f"{self._file}: {where}: {message}")


_KINDS = {str: 'a text in "…"', list: "a list […]", bool: "true or false", dict: "a table"}


def _near(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""
