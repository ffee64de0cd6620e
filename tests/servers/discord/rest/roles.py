"""A guild's roles."""

from __future__ import annotations

from .. import errors, intents, members, payloads, permissions
from ..state import Json
from .routing import Call, route


@route("GET", "/guilds/{guild}/roles")
def list_roles(call: Call) -> list[Json]:
    return [payloads.role(role) for role in call.world.guild(call.id(0)).roles.values()]


@route("GET", "/guilds/{guild}/roles/{role}")
def get_role(call: Call) -> Json:
    role = call.world.guild(call.id(0)).roles.get(call.id(1))
    if role is None:
        raise errors.unknown("role")
    return payloads.role(role)


@route("POST", "/guilds/{guild}/roles")
def create_role(call: Call) -> Json:
    guild = call.world.guild(call.id(0))
    call.world.may_in(guild, permissions.MANAGE_ROLES)
    body = call.form()
    allowed = int(body.get("permissions") or 0)
    if allowed & ~permissions.in_guild(guild, call.world.me(guild)):
        raise errors.missing_permissions()
    name, mentionable = body.get("name") or "new role", bool(body.get("mentionable"))
    return payloads.role(members.add_role(call.world, guild, name, allowed, mentionable=mentionable))


@route("PATCH", "/guilds/{guild}/roles/{role}")
def change_role(call: Call) -> Json:
    guild = call.world.guild(call.id(0))
    members.may_manage(call.world, guild, call.id(1))
    role, body = guild.roles[call.id(1)], call.form()
    role.name = body.get("name") or role.name
    role.mentionable = bool(body.get("mentionable", role.mentionable))
    role.permissions = int(body.get("permissions", role.permissions))
    data = {"guild_id": str(guild.id), "role": payloads.role(role)}
    call.world.emit("GUILD_ROLE_UPDATE", data, guild=guild, needs=intents.GUILDS)
    return payloads.role(role)


@route("DELETE", "/guilds/{guild}/roles/{role}")
def delete_role(call: Call) -> None:
    guild = call.world.guild(call.id(0))
    members.may_manage(call.world, guild, call.id(1))
    members.remove_role(call.world, guild, call.id(1))
