"""Command menus, by scope and language."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.servers.telegram.access import Call
from tests.servers.telegram.arguments import Args
from tests.servers.telegram.model import Json
from tests.servers.telegram.refusals import bad

NAME = re.compile(r"[a-z0-9_]{1,32}")
PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")


def _key(call: Call) -> tuple[str, ...]:
    """(scope, language) or (scope, chat, language) or (scope, chat, user, language)."""
    scope = call.args.structure("scope") or {"type": "default"}
    language = call.args.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    kind = scope.get("type")
    if kind in PLAIN_SCOPES:
        return kind, language
    if kind not in CHAT_SCOPES:
        raise bad("can't parse BotCommandScope: Unsupported type specified")
    within = Call(call.world, call.bot, Args({"chat_id": scope.get("chat_id")}))
    chat = within.chat(write=False)
    if kind == "chat_member":
        return kind, str(chat.id), str(scope.get("user_id")), language
    if kind == "chat_administrators" and chat.is_private:
        raise bad("can't use specified scope in private chats")
    return kind, str(chat.id), language


def set_commands(call: Call) -> bool:
    commands = call.args.structure("commands")
    if not isinstance(commands, list):
        raise bad("expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    kept: list[Json] = []
    for command in commands:
        name = str(command.get("command", "")).removeprefix("/").lower()
        description = str(command.get("description", "")).strip()
        if not NAME.fullmatch(name):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID" if description else "command description must be non-empty")
        kept.append({"command": name, "description": description})
    call.bot.commands[_key(call)] = kept
    call.world.changed()
    return True


def get_commands(call: Call) -> list[Json]:
    return call.bot.commands.get(_key(call), [])


def delete_commands(call: Call) -> bool:
    call.bot.commands.pop(_key(call), None)
    call.world.changed()
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
}
