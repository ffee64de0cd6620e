"""Commands as Discord registers them, made from the core's declarations. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.discord.limits import MAX_CHOICE, MAX_CHOICES, MAX_DESCRIPTION
from bot.core.commands import Command, Kind, Option
from bot.core.fit import length
from bot.locale import LANGUAGES, SOURCE_LANGUAGE, translate

Json = dict[str, Any]

CHAT_INPUT, SUBCOMMAND = 1, 1
TYPES = {Kind.TEXT: 3, Kind.WORD: 3, Kind.INTEGER: 4, Kind.FLAG: 5}
IN_GUILDS, IN_PRIVATE = 0, 1
LOCALES = {"en": "en-US"}
"""Discord's name for a language, where it is another than ours."""
_NAME = re.compile(r"[-_'\w]{1,32}")


def payload(commands: Iterable[Command]) -> list[Json]:
    """All commands of the bot, by noun. Raises ValueError for what Discord could not show.

    A noun with verbs can't be used bare: there the usual verb has to be named.
    """
    by_noun: dict[str, list[Command]] = {}
    for command in commands:
        if command.by_link:
            continue
        by_noun.setdefault(command.noun, []).append(command)
    return [_noun(noun, members) for noun, members in by_noun.items()]


def _noun(noun: str, members: Sequence[Command]) -> Json:
    verbs = [command for command in members if command.verb]
    if verbs and len(verbs) < len(members):
        raise ValueError(f"/{noun} has verbs, so Discord can't offer it without one")
    if len(members) > MAX_CHOICES:
        raise ValueError(f"/{noun} has more than {MAX_CHOICES} verbs")
    contexts = [IN_GUILDS, IN_PRIVATE] if any(command.everywhere for command in members) else [IN_GUILDS]
    shared: Json = {"type": CHAT_INPUT, "contexts": contexts, "integration_types": [0]}
    if not verbs:
        return shared | _described(members[0], noun, 0) | {"options": _options(members[0])}
    listed = [
        {"type": SUBCOMMAND} | _described(command, command.verb, 1) | {"options": _options(command)}
        for command in verbs
    ]
    return shared | _described(verbs[0], noun, 0) | {"options": listed}


def _described(command: Command, name: str, word: int) -> Json:
    """`word` is which word of the aliases says this name in other languages."""
    words = {language: alias.split() for language, alias in command.aliases.items()}
    aliases = {language: said[word] for language, said in words.items() if len(said) > word}
    return {"name": _checked(name), "name_localizations": _localized(aliases, name)} | _explained(command.help)


def _explained(help: str) -> Json:
    texts = {language: translate(language, help)[:MAX_DESCRIPTION] for language in LANGUAGES}
    source = texts.pop(SOURCE_LANGUAGE) or "…"
    return {"description": source, "description_localizations": _localized(texts, source)}


def _localized(texts: Mapping[str, str], source: str) -> Json:
    other = {language: text for language, text in sorted(texts.items()) if text and text != source}
    return {LOCALES.get(language, language): text for language, text in other.items()}


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or name != name.lower():
        raise ValueError(f"Discord takes no command or option called {name!r}")
    return name


def _options(command: Command) -> list[Json]:
    """Required ones first, as Discord wants it. What a form asks for may be left out."""
    form = command.form.option if command.form else ""
    shown = [_option(option, option.required and option.name != form) for option in command.options]
    return sorted(shown, key=lambda option: not option["required"])


def _option(option: Option, required: bool) -> Json:
    shown: Json = {"type": TYPES[option.kind], "name": _checked(option.name), "required": required}
    shown |= _explained(option.help)
    if option.suggest or len(option.choices) > MAX_CHOICES:
        shown["autocomplete"] = True
    elif option.choices:
        shown["choices"] = [{"name": choice, "value": choice} for choice in option.choices]
    return shown


def suggestions(option: Option, typed: str, language: str) -> list[Json]:
    """What is offered while somebody types; from memory. What Discord would not take is left out, for a word that is
    cut is another word.
    """
    fitting = [choice for choice in option.choices if typed.casefold() in choice.casefold()]
    offered = option.suggest(typed, language) if option.suggest else fitting
    words = [word for word in dict.fromkeys(offered) if word.strip() and length(word, utf16=True) <= MAX_CHOICE]
    if option.kind is Kind.INTEGER:
        return [{"name": word, "value": int(word)} for word in words if word.isdecimal()][:MAX_CHOICES]
    return [{"name": word, "value": word} for word in words][:MAX_CHOICES]


_OWN = {
    "name": "",
    "name_localizations": {},
    "description": "",
    "description_localizations": {},
    "type": CHAT_INPUT,
    "required": False,
    "autocomplete": False,
    "contexts": [],
    "integration_types": [],
}


def same(wanted: Sequence[Json], registered: Sequence[Json]) -> bool:
    """Whether Discord has them as they should be: it adds fields, leaves out defaults, and keeps its own order."""
    return _by_name(wanted) == _by_name(registered)


def _by_name(commands: Sequence[Json]) -> dict[str, Json]:
    return {str(command["name"]): _plain(command) for command in commands}


def _plain(command: Mapping[str, Any]) -> Json:
    kept: Json = {key: command.get(key) or default for key, default in _OWN.items()}
    kept["contexts"] = sorted(kept["contexts"])
    kept["options"] = [_plain(option) for option in command.get("options") or ()]
    kept["choices"] = [(choice["name"], choice["value"]) for choice in command.get("choices") or ()]
    return kept
