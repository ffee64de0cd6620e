"""Application commands: global and per guild. Every write is counted; 200 new ones a day are allowed."""

from __future__ import annotations

import re
from typing import Any

from .. import errors
from ..state import Json
from .routing import Call, route

GLOBAL = "/applications/{application}/commands"
IN_GUILD = "/applications/{application}/guilds/{guild}/commands"
CHAT_INPUT, SUBCOMMAND, GROUP = 1, 1, 2
NAME = re.compile(r"^[-_'\w]{1,32}$")
LIMITS = {CHAT_INPUT: 100, 2: 15, 3: 15}
CREATED_A_DAY = 200


def _scope(call: Call, guild_given: bool) -> int | None:
    """None for global, else the guild. Checks that the application is the bot's own."""
    if call.id(0) != call.world.application_id:
        raise errors.ApiError(403, 20012, "You are not authorized to perform this action on this application")
    return call.world.guild(call.id(1)).id if guild_given else None


def _table(call: Call, scope: int | None) -> dict[int, Json]:
    return call.world.commands.setdefault(scope, {})


def _log(call: Call, method: str, scope: int | None, names: list[str]) -> None:
    entry = {"at": call.world.now(), "method": method, "guild": scope, "names": names}
    call.world.command_calls.append(entry)


def _list(call: Call, scope: int | None) -> list[Json]:
    _log(call, "GET", scope, [])
    return list(_table(call, scope).values())


def _overwrite(call: Call, scope: int | None) -> list[Json]:
    """Bulk overwrite: what is not named goes; a known name keeps its id."""
    if not isinstance(call.body, list):
        raise errors.invalid_form("_", "BASE_TYPE_BAD_TYPE", "Only list values are allowed.")
    bodies: list[Json] = call.body
    for index, body in enumerate(bodies):
        _check(body, str(index))
    _check_counts(bodies)
    table = _table(call, scope)
    known = {(c["type"], c["name"]): c for c in table.values()}
    fresh = [_made(call, scope, body, known.get(_key(body))) for body in bodies]
    _spend(call, sum(_key(body) not in known for body in bodies))
    table.clear()
    table.update({int(c["id"]): c for c in fresh})
    _log(call, "PUT", scope, [c["name"] for c in fresh])
    return fresh


def _create(call: Call, scope: int | None) -> Json:
    """Upsert by name."""
    body, table = call.form(), _table(call, scope)
    _check(body, "")
    known = {(c["type"], c["name"]): c for c in table.values()}
    _check_counts([*(c for c in table.values() if (c["type"], c["name"]) != _key(body)), body])
    _spend(call, int(_key(body) not in known))
    command = _made(call, scope, body, known.get(_key(body)))
    table[int(command["id"])] = command
    _log(call, "POST", scope, [command["name"]])
    return command


def _change(call: Call, scope: int | None, id: int) -> Json:
    table = _table(call, scope)
    if id not in table:
        raise errors.unknown("application command")
    body = {**table[id], **call.form()}
    _check(body, "")
    table[id] = _made(call, scope, body, table[id])
    _log(call, "PATCH", scope, [table[id]["name"]])
    return table[id]


def _delete(call: Call, scope: int | None, id: int) -> None:
    command = _table(call, scope).pop(id, None)
    if command is None:
        raise errors.unknown("application command")
    _log(call, "DELETE", scope, [command["name"]])


def _key(body: Json) -> tuple[int, str]:
    return body.get("type") or CHAT_INPUT, body["name"]


def _made(call: Call, scope: int | None, body: Json, known: Json | None) -> Json:
    id = known["id"] if known is not None else str(call.world.new_id())
    command: Json = {
        "name_localizations": None,
        "description": "",
        "description_localizations": None,
        "options": [],
        "default_member_permissions": None,
        "dm_permission": True,
        "contexts": None,
        "integration_types": [0],
        "nsfw": False,
        **body,
        "type": body.get("type") or CHAT_INPUT,
        "id": id,
        "application_id": str(call.world.application_id),
        "version": str(call.world.new_id()),
    }
    if scope is not None:
        command["guild_id"] = str(scope)
    return command


def _spend(call: Call, created: int) -> None:
    world, now = call.world, call.world.now()
    recent = [at for at in world.commands_created if now - at < 86_400]
    if len(recent) + created > CREATED_A_DAY:
        raise errors.ApiError(400, 30034, "Max number of daily application command creates has been reached (200)")
    world.commands_created[:] = [*recent, *[now] * created]


def _check_counts(bodies: list[Json]) -> None:
    keys = [_key(body) for body in bodies]
    if len(set(keys)) < len(keys):
        message = "Application command names must be unique"
        raise errors.invalid_form("name", "APPLICATION_COMMANDS_DUPLICATE_NAME", message)
    for kind, limit in LIMITS.items():
        if sum(k == kind for k, _ in keys) > limit:
            raise errors.ApiError(400, 30032, f"Maximum number of application commands reached ({limit}).")


def _check(body: Json, path: str) -> None:
    """Names, descriptions, at most 25 options, required ones first, subcommands at most two deep."""
    at = f"{path}." if path else ""
    chat = (body.get("type") or CHAT_INPUT) == CHAT_INPUT
    name = body.get("name") or ""
    if (chat and (not NAME.match(name) or name != name.lower())) or not 1 <= len(name) <= 32:
        raise errors.invalid_form(f"{at}name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    if chat:
        _check_described(body, at, depth=0)


def _check_described(body: Json, at: str, depth: int) -> None:
    if not 1 <= len(body.get("description") or "") <= 100:
        raise errors.bad_length(f"{at}description", 1, 100)
    for text in (body.get("description_localizations") or {}).values():
        if not 1 <= len(text) <= 100:
            raise errors.bad_length(f"{at}description_localizations", 1, 100)
    options = body.get("options") or []
    if len(options) > 25:
        raise errors.bad_length(f"{at}options", 0, 25)
    optional = False
    for index, option in enumerate(options):
        _check_option(option, f"{at}options.{index}.", depth, optional)
        optional = optional or not option.get("required")


def _check_option(option: Json, at: str, depth: int, after_optional: bool) -> None:
    name = option.get("name") or ""
    if not NAME.match(name) or name != name.lower():
        raise errors.invalid_form(f"{at}name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    kind: Any = option.get("type")
    if kind == GROUP and depth > 0 or kind == SUBCOMMAND and depth > 1 or kind not in range(1, 12):
        raise errors.invalid_form(f"{at}type", "BASE_TYPE_CHOICES", "Sub-command option type is not allowed here")
    if after_optional and option.get("required"):
        message = "Required options must be placed before non-required options"
        raise errors.invalid_form(f"{at}required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
    if len(option.get("choices") or ()) > 25:
        raise errors.bad_length(f"{at}choices", 0, 25)
    _check_described(option, at, depth + 1)


@route("GET", GLOBAL)
def list_global(call: Call) -> list[Json]:
    return _list(call, _scope(call, False))


@route("PUT", GLOBAL)
def overwrite_global(call: Call) -> list[Json]:
    return _overwrite(call, _scope(call, False))


@route("POST", GLOBAL)
def create_global(call: Call) -> Json:
    return _create(call, _scope(call, False))


@route("PATCH", GLOBAL + "/{command}")
def change_global(call: Call) -> Json:
    return _change(call, _scope(call, False), call.id(1))


@route("DELETE", GLOBAL + "/{command}")
def delete_global(call: Call) -> None:
    _delete(call, _scope(call, False), call.id(1))


@route("GET", IN_GUILD)
def list_in_guild(call: Call) -> list[Json]:
    return _list(call, _scope(call, True))


@route("PUT", IN_GUILD)
def overwrite_in_guild(call: Call) -> list[Json]:
    return _overwrite(call, _scope(call, True))


@route("POST", IN_GUILD)
def create_in_guild(call: Call) -> Json:
    return _create(call, _scope(call, True))


@route("PATCH", IN_GUILD + "/{command}")
def change_in_guild(call: Call) -> Json:
    return _change(call, _scope(call, True), call.id(2))


@route("DELETE", IN_GUILD + "/{command}")
def delete_in_guild(call: Call) -> None:
    _delete(call, _scope(call, True), call.id(2))
