"""A command is declared once; slash options, menus and the text parser derive from it.

Names are a noun and mostly a verb: "welcome preview". Typed words are matched to options in their order; `--name`
sets an option out of order; quotes (straight or curly) hold words together; the last text option takes what is left.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Who(StrEnum):
    ANYONE = "anyone"
    MANAGERS = "managers"


class Answers(StrEnum):
    """Who sees the answer. DISCREET: the asker alone where the platform allows, else it is said in the group."""

    PUBLIC = "public"
    DISCREET = "discreet"
    PRIVATE = "private"


class Kind(StrEnum):
    TEXT = "text"
    WORD = "word"
    INTEGER = "integer"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Option:
    """`choices` are offered and nothing else is taken; `suggest(typed, language)` offers from memory alone."""

    name: str
    help: str
    kind: Kind = Kind.WORD
    required: bool = False
    choices: tuple[str, ...] = ()
    suggest: Callable[[str, str], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One long text asked for: a modal where there are modals, else a message to reply to.

    `prompts`: what is asked instead where one of these options is given already.
    """

    option: str
    title: str
    prompt: str
    longest: int = 2000
    prompts: Mapping[str, str] = field(default_factory=dict)

    def asks(self, given: Mapping[str, Any]) -> str:
        return next((prompt for option, prompt in self.prompts.items() if given.get(option)), self.prompt)


@dataclass(frozen=True, slots=True)
class Command:
    """`name` is "noun" or "noun verb"; `aliases` give the same in other languages: {"id": "sambutan contoh"}.

    `handler(event, ctx, **options)` is called by the engine; texts (`help`) are catalogue keys.
    `usual`: the bare noun means this verb where people type.
    """

    name: str
    help: str
    handler: Callable[..., Any]
    who: Who = Who.ANYONE
    answers: Answers = Answers.PRIVATE
    options: tuple[Option, ...] = ()
    form: Form | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    usual: bool = False
    everywhere: bool = False  # also outside a served community (private chat, group not set up)
    hidden: bool = False  # not offered in help
    by_link: bool = False  # given by a link, so it is in no menu
    checks_rights: bool = False  # what it answers depends on whether a manager asks
    personal: bool = False  # tells something about the sender: not offered in a group's menu
    example: str = ""  # what is right, for those who got it wrong; without it, the options' names
    needs: frozenset[str] = frozenset()  # what only the network knows: "facts", "home facts", see Resolver
    live: bool = False  # rights are looked up anew: what it does can't be undone
    allows: Callable[[Any, Any, Mapping[str, Any]], None] | None = None
    """`allows(event, ctx, given)` raises Mistake for whoever may not, beyond `who`, and for options that can't be;
    asked before a form is opened."""
    offered: Callable[[Any], bool] | None = None
    """`offered(ctx)`: whether help shows it to whoever asks, beyond `who`."""
    reads: Callable[[str], dict[str, Any]] | None = None
    """Its own way to read typed words into options, for a grammar that words in their order can't say. It takes
    everything: what is wrong is for the handler to say, who knows the language."""

    @property
    def noun(self) -> str:
        return self.name.split()[0]

    @property
    def verb(self) -> str:
        return self.name.partition(" ")[2]

    def name_in(self, language: str) -> str:
        return self.aliases.get(language, self.name)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write it, nouns and verbs of several languages mixed too."""
        names = [name.partition(" ") for name in (self.name, *self.aliases.values())]
        return tuple(dict.fromkeys(f"{noun} {verb}".strip() for noun, _, _ in names for _, _, verb in names))


class CommandMistake(Exception):
    """Words that don't make a command. `code` names a text, `data` fills it."""

    def __init__(self, code: str, **data: str) -> None:
        super().__init__(f"{code} {data}" if data else code)
        self.code = code
        self.data = data


@dataclass(frozen=True, slots=True)
class Match:
    command: Command
    rest: str


class CommandTable:
    """All commands, found by what people type."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self.commands = tuple(commands)
        self._by_spelling: dict[str, Command] = {}
        self._usual: dict[str, Command] = {}
        for command in self.commands:
            for spelling in command.spellings:
                if self._by_spelling.setdefault(spelling, command) is not command:
                    raise ValueError(f"two commands are called {spelling!r}")
            if command.usual:
                for spelling in command.spellings:
                    self._usual[spelling.split()[0]] = command
        self.nouns = frozenset(spelling.split()[0] for spelling in self._by_spelling)

    def by_name(self, name: str) -> Command | None:
        return self._by_spelling.get(name)

    def find(self, name: str, text: str) -> Match:
        """The command meant by `/name text`; raise CommandMistake "unknown", "verb", "no_such_verb" or "no_verb"."""
        words = name.casefold().split() or [""]
        first, rest = _first_word(text)
        if len(words) == 1 and (command := self._by_spelling.get(f"{words[0]} {first.casefold()}")):
            return Match(command, rest)
        if command := self._by_spelling.get(" ".join(words)):
            return Match(command, text)
        usual = self._usual.get(words[0])
        if usual and (usual.options or usual.form or not first) and not self._is_misspelt(words[0], usual, text):
            return Match(usual, text)
        if words[0] in self.nouns:
            raise self._wrong_verb(words[0], first)
        near = self.nearest(words[0])
        raise CommandMistake("unknown", name=words[0], nearest=near)

    def _is_misspelt(self, noun: str, usual: Command, text: str) -> bool:
        """Whether the first word is nearly another verb, and there are more words than the usual one takes."""
        words = split(text)
        if usual.reads:
            about = words[1] if len(words) > 1 else ""
            slip = bool(words) and not isinstance(words[0], _Quoted) and words[0][0].isalpha()
            slip = slip and (len(words) <= LONGEST_SLIP or isinstance(about, _Quoted))  # `nwe "Where?" A | B`
            return slip and bool(_SHORT_NUMBER.fullmatch(about) or self._near(words[0], noun))  # "stop 3"
        if len(words) <= len(usual.options) or any(option.kind is Kind.TEXT for option in usual.options):
            return False
        return bool(self._near(words[0], noun))

    def _near(self, word: str, noun: str) -> list[str]:
        """The verb that was most likely meant, if any: "nwe" is "new", "buat" isn't "batal"."""
        verbs, typed = self._verbs(noun), word.casefold()[:40]
        swapped = [verb for verb in verbs if sorted(verb) == sorted(typed)]
        return swapped or difflib.get_close_matches(typed, verbs, n=1, cutoff=0.7)

    def _verbs(self, noun: str) -> list[str]:
        """In the language of the noun."""
        names = [name.partition(" ") for command in self.commands for name in (command.name, *command.aliases.values())]
        return sorted({verb for other, _, verb in names if other == noun and verb})

    def nearest(self, noun: str) -> str:
        near = difflib.get_close_matches(noun[:40], sorted(self.nouns), n=1, cutoff=0.75)
        return near[0] if near else ""

    def _wrong_verb(self, noun: str, found: str) -> CommandMistake:
        verbs = self._verbs(noun)
        if not found:
            return CommandMistake("no_verb", name=noun, verbs=", ".join(verbs))
        near = self._near(found, noun)
        if not near:
            return CommandMistake("no_such_verb", name=noun, found=found[:40], verbs=", ".join(verbs))
        return CommandMistake("verb", name=noun, found=found[:40], nearest=near[0])


LONGEST_SLIP = 2  # words: a verb and what it is about
_SHORT_NUMBER = re.compile(r"#?[0-9]{1,3}")
_QUOTES = {"“": "”", "”": "”", "„": "”", "«": "»", '"': '"', "'": "'", "‘": "’"}
_WORD = re.compile(r"\S+")


class _Quoted(str):
    """Was held together by quotes, so it is no flag, whatever it begins with."""

    __slots__ = ()


def _first_word(text: str) -> tuple[str, str]:
    match = _WORD.search(text)
    return (match[0], text[match.end() :].strip()) if match else ("", "")


def split(text: str) -> list[str]:
    """Words, with quoted runs held together; a quote that never closes is taken as it stands."""
    return [word for word, _end in _words(text)]


def _words(text: str) -> Iterator[tuple[str, int]]:
    """Each with where it ends."""
    position = 0
    while match := _WORD.search(text, position):
        start, closing = match.start(), _QUOTES.get(text[match.start()])
        end = _closing(text, start + 1, closing) if closing else -1
        if end > 0:
            position = end + 1
            yield _Quoted(text[start + 1 : end]), position
        else:
            position = match.end()
            yield match[0], position


def _behind(text: str, count: int) -> str:
    """What follows so many words, as it was typed; a single quoted run without its quotes."""
    ends = [0, *(end for _word, end in _words(text))]
    rest = text[ends[count] :].strip()
    words = split(rest)
    return words[0] if len(words) == 1 else rest


def _closing(text: str, start: int, closing: str) -> int:
    """Where the quote ends: before a space or at the end; -1 if nowhere."""
    end = text.find(closing, start)
    while 0 <= end < len(text) - 1 and not text[end + 1].isspace():
        end = text.find(closing, end + 1)
    return end


def parse(command: Command, text: str) -> dict[str, Any]:
    """Options by name from typed words; raise CommandMistake "missing", "choice", "integer", "option" or "extra"."""
    if command.reads:
        return command.reads(text)
    flags, words = _take_flags(command, split(text))
    values: dict[str, Any] = dict(flags)
    positional = [option for option in command.options if option.kind is not Kind.FLAG and option.name not in values]
    for index, option in enumerate(positional):
        last = index == len(positional) - 1
        if not words:
            break
        if last and option.kind is Kind.TEXT:
            joined = " ".join(words) if flags else _behind(text, index)
            raw = text if len(command.options) == 1 else joined
            values[option.name], words = raw.strip(), []
        else:
            values[option.name] = checked(command, option, words.pop(0))
    if words:
        raise CommandMistake("extra", found=words[0][:40], usage=usage(command))
    return _complete(command, values)


def _take_flags(command: Command, words: list[str]) -> tuple[dict[str, Any], list[str]]:
    options = {option.name: option for option in command.options}
    values: dict[str, Any] = {}
    rest: list[str] = []
    waiting = iter(words)
    for word in waiting:
        name = word if isinstance(word, _Quoted) else re.sub(r"^(--|—|–)", "", word)
        if name == word or not name or (len(command.options) == 1 and command.options[0].kind is Kind.TEXT):
            rest.append(word)
            continue
        option = options.get(name.replace("-", "_"))
        if option is None:
            near = difflib.get_close_matches(name[:40], options, n=1)
            raise CommandMistake("option", found=word[:40], nearest=f"--{near[0]}" if near else usage(command))
        values[option.name] = True if option.kind is Kind.FLAG else checked(command, option, next(waiting, ""))
    return values, rest


def checked(command: Command, option: Option, word: str) -> Any:
    """The value of one option, typed or filled in."""
    if option.choices:
        same = [choice for choice in option.choices if choice.casefold() == word.casefold()]
        if same:
            return same[0]
        near = difflib.get_close_matches(word.casefold()[:40], option.choices, n=1, cutoff=0.3)
        right = near[0] if near else option.choices[0]
        raise CommandMistake("choice", name=option.name, found=word[:40], nearest=right, all=", ".join(option.choices))
    if option.kind is Kind.INTEGER:
        try:
            return int(word)
        except ValueError:
            raise CommandMistake("integer", name=option.name, found=word[:40], usage=usage(command)) from None
    return word


def complete(command: Command, options: Mapping[str, Any]) -> dict[str, Any]:
    """Check options that were filled in rather than typed."""
    known = {option.name: option for option in command.options}
    values = {
        name: checked(command, known[name], value) if isinstance(value, str) else value
        for name, value in options.items()
        if name in known
    }
    return _complete(command, values)


def _complete(command: Command, values: dict[str, Any]) -> dict[str, Any]:
    for option in command.options:
        if option.required and values.get(option.name) in (None, ""):
            if command.form and command.form.option == option.name:
                continue
            raise CommandMistake("missing", name=option.name, usage=usage(command))
    return values


def usage(command: Command) -> str:
    """The command as one would type it: its example, else with its options, `/settings set KEY VALUE`."""
    if command.example:
        return command.example
    parts = [f"/{command.name}"]
    for option in command.options:
        word = f"--{option.name}" if option.kind is Kind.FLAG else option.name.upper()
        parts.append(word if option.required else f"[{word}]")
    return " ".join(parts)
