"""Slash commands as people invoke them: typed by name, checked against what the bot registered."""

from __future__ import annotations

from typing import Any

from .. import interactions, payloads, permissions
from ..errors import ControlError
from ..state import Channel, Json, User
from .verbs import Control, verb

SUBCOMMANDS = (1, 2)
STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = 3, 4, 5, 6, 7, 8, 9, 10
PLAIN: dict[int, tuple[type, ...]] = {STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), NUMBER: (int, float)}


@verb
def slash(
    control: Control,
    *,
    user: int,
    channel: int,
    command: str,
    options: Json | None = None,
    locale: str | None = None,
    focused: str | None = None,
) -> Json:
    """`command` is what is typed without the slash (`poll new`), in English or the person's language.

    `options` maps option names to values (ids for users, channels, roles). With `focused` it is the autocomplete
    request that Discord sends while that option is being typed. Unknown, hidden and incomplete commands are errors.
    """
    who, where = control.user(user), control.channel(channel)
    spoken = locale or who.locale
    found, path = _find(control, where, command.split(), spoken)
    _check_visible(found, where, who)
    leaf = path[-1] if path else found
    typed, resolved = _typed(control, where, leaf, options or {}, focused)
    for part in reversed(path):
        typed = [{"name": part["name"], "type": part["type"], "options": typed}]
    data: Json = {"id": found["id"], "name": found["name"], "type": 1, "options": typed}
    if resolved:
        data["resolved"] = resolved
    if "guild_id" in found:
        data["guild_id"] = found["guild_id"]
    kind = interactions.AUTOCOMPLETE if focused else interactions.COMMAND
    name = " ".join([found["name"], *(p["name"] for p in path)])
    return {"id": interactions.begin(control.world, kind, who, where, data, name=name, locale=spoken).id}


def _find(control: Control, where: Channel, words: list[str], locale: str) -> tuple[Json, list[Json]]:
    tables = control.world.commands
    own = tables.get(where.guild.id, {}) if where.guild else {}
    offered = [c for c in [*own.values(), *tables[None].values()] if c["type"] == 1]
    if where.guild is not None and control.world.bot.id not in where.guild.members:
        offered = []
    found = _named(offered, words[0], locale)
    path: list[Json] = []
    node = found
    for word in words[1:]:
        node = _named([o for o in node.get("options") or () if o["type"] in SUBCOMMANDS], word, locale)
        path.append(node)
    if any(o["type"] in SUBCOMMANDS for o in node.get("options") or ()):
        raise ControlError(f"/{' '.join(words)} can't be invoked itself, only its subcommands")
    return found, path


def _named(offered: list[Json], word: str, locale: str) -> Json:
    for item in offered:
        if word in (item["name"], (item.get("name_localizations") or {}).get(locale)):
            return item
    raise ControlError(f"no command {word!r}; offered: {', '.join(sorted(i['name'] for i in offered)) or 'nothing'}")


def _check_visible(command: Json, where: Channel, who: User) -> None:
    contexts = command.get("contexts")
    if where.guild is None:
        if command.get("dm_permission") is False or (contexts is not None and 1 not in contexts):
            raise ControlError(f"/{command['name']} is not offered in private")
        return
    member = where.guild.members.get(who.id)
    if member is None:
        raise ControlError(f"{who.global_name} is not a member there")
    may = permissions.in_channel(where, member)
    needed = command.get("default_member_permissions")
    admin_only = needed is not None and int(needed) == 0 and may != permissions.EVERYTHING
    if admin_only or int(needed or 0) & ~may or not may & permissions.USE_APPLICATION_COMMANDS:
        raise ControlError(f"/{command['name']} is hidden from {who.global_name}")


def _typed(
    control: Control, where: Channel, leaf: Json, given: Json, focused: str | None
) -> tuple[list[Json], dict[str, Json]]:
    declared = {o["name"]: o for o in leaf.get("options") or ()}
    for name in given:
        if name not in declared:
            raise ControlError(f"no option {name!r}; there are: {', '.join(declared) or 'none'}")
    typed: list[Json] = []
    resolved: dict[str, Json] = {}
    for name, option in declared.items():
        if name not in given:
            if option.get("required") and not focused:
                raise ControlError(f"option {name!r} is required")
            continue
        item = {"name": name, "type": option["type"], "value": given[name]}
        if name == focused:
            item["focused"] = True
            item["value"] = str(given[name])
        else:
            item["value"] = _value(control, where, option, given[name], resolved)
        typed.append(item)
    return typed, resolved


def _value(control: Control, where: Channel, option: Json, value: Any, resolved: dict[str, Json]) -> Any:
    kind, name = option["type"], option["name"]
    wanted = PLAIN.get(kind)
    if wanted is not None:
        if not isinstance(value, wanted) or (isinstance(value, bool) and kind != BOOLEAN):
            raise ControlError(f"option {name!r} can't be {value!r}")
        _check_bounds(option, value)
        return value
    _resolve(control, where, kind, int(value), resolved)
    return str(value)


def _check_bounds(option: Json, value: Any) -> None:
    choices = option.get("choices")
    if choices and value not in [c["value"] for c in choices]:
        raise ControlError(f"option {option['name']!r} offers {', '.join(str(c['value']) for c in choices)}")
    size = len(value) if isinstance(value, str) else value
    low = option.get("min_length" if isinstance(value, str) else "min_value")
    high = option.get("max_length" if isinstance(value, str) else "max_value")
    if (low is not None and size < low) or (high is not None and size > high):
        raise ControlError(f"option {option['name']!r} is limited to {low} to {high}")


def _resolve(control: Control, where: Channel, kind: int, id: int, resolved: dict[str, Json]) -> None:
    if kind in (USER, MENTIONABLE) and id in control.world.users:
        who = control.user(id)
        resolved.setdefault("users", {})[str(id)] = payloads.user(who)
        member = where.guild.members.get(id) if where.guild else None
        if member is not None:
            allowed = str(permissions.in_channel(where, member))
            resolved.setdefault("members", {})[str(id)] = payloads.partial_member(member) | {"permissions": allowed}
    elif kind == CHANNEL:
        resolved.setdefault("channels", {})[str(id)] = payloads.interaction_channel(control.channel(id), None)
    elif kind in (ROLE, MENTIONABLE) and where.guild is not None and id in where.guild.roles:
        resolved.setdefault("roles", {})[str(id)] = payloads.role(where.guild.roles[id])
    else:
        raise ControlError(f"nothing with the id {id} can be chosen there")
