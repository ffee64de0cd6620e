"""Command menus: what is offered behind the "/" button, by scope and language."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from adapters.telegram.limits import MAX_COMMAND, MAX_DESCRIPTION, MAX_MENU
from bot.core.commands import Command, Who
from bot.locale import LANGUAGES, SOURCE_LANGUAGE, translate

_NAME = re.compile(rf"[a-z0-9_]{{1,{MAX_COMMAND}}}")


def _privately(command: Command) -> bool:
    return command.who is Who.ANYONE


def _in_groups(command: Command) -> bool:
    return command.who is Who.ANYONE and not command.personal


def _by_administrators(command: Command) -> bool:
    return not command.personal


SCOPES: dict[str, Callable[[Command], bool]] = {
    "all_private_chats": _privately,
    "all_group_chats": _in_groups,
    "all_chat_administrators": _by_administrators,
}


@dataclass(frozen=True, slots=True)
class Menu:
    """What one setMyCommands sets. `language` empty: for all that have no menu of their own."""

    scope: str
    language: str
    entries: tuple[tuple[str, str], ...]  # (name, description)

    def parameters(self) -> dict[str, object]:
        commands = [{"command": name, "description": description} for name, description in self.entries]
        place = {"scope": {"type": self.scope}}
        return {"commands": commands} | place | ({"language_code": self.language} if self.language else {})


def menus(commands: Sequence[Command]) -> list[Menu]:
    """Nouns only: their verbs are typed behind them. What hardly anybody needs is left to be typed."""
    commands = [command for command in commands if not command.hidden and not command.by_link]
    return [
        Menu(scope, "" if language == SOURCE_LANGUAGE else language, _entries(filter(belongs, commands), language))
        for scope, belongs in SCOPES.items()
        for language in LANGUAGES
    ]


def checksum(all_menus: Sequence[Menu]) -> str:
    """Differs when anything in the menus does."""
    told = json.dumps([menu.parameters() for menu in all_menus], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _entries(commands: Iterable[Command], language: str) -> tuple[tuple[str, str], ...]:
    """Each noun is described by the verb that its bare form means, else by its first one."""
    chosen: dict[str, Command] = {}
    for command in commands:
        noun = command.aliases.get(language, command.name).split()[0]
        if _NAME.fullmatch(noun) and (noun not in chosen or _means_more(command, chosen[noun])):
            chosen[noun] = command
    described = [(noun, translate(language, command.help)[:MAX_DESCRIPTION]) for noun, command in chosen.items()]
    return tuple(described[:MAX_MENU])


def _means_more(command: Command, other: Command) -> bool:
    return (command.usual or not command.verb) and not (other.usual or not other.verb)
