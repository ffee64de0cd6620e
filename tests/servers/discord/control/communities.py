"""Guilds, channels, roles, and what the bot may do in them."""

from __future__ import annotations

from .. import intents, members, payloads, permissions, threads
from ..errors import ControlError
from ..state import TEXT, Channel, Guild, Json, Role
from .verbs import Control, verb


@verb
def add_guild(
    control: Control,
    *,
    name: str,
    channels: list[str] | None = None,
    member_count: int = 0,
    screening: bool = False,
    locale: str = "en-US",
    with_bot: bool = True,
) -> Json:
    """A guild with text channels, an owner, and the bot in it. `member_count` adds people who exist by number only."""
    world = control.world
    owner = world.new_user(f"owner of {name}"[:32])
    guild = Guild(world.new_id(), name, owner.id, world.now(), screening=screening, locale=locale)
    guild.roles[guild.id] = Role(guild.id, "@everyone", permissions.EVERYONE_DEFAULT, 0)
    world.guilds[guild.id] = guild
    members.join(world, guild, owner)
    for title in channels or ["general"]:
        _add_channel(control, guild, title, TEXT)
    if with_bot:
        members.bot_joins(world, guild)
    guild.uncounted = max(0, member_count - len(guild.members))
    return {
        "id": guild.id,
        "name": name,
        "owner": owner.id,
        "channels": {c.name: c.id for c in guild.channels.values()},
    }


def _add_channel(control: Control, guild: Guild, name: str, kind: int) -> Channel:
    channel = Channel(control.world.new_id(), kind, name, guild=guild, position=len(guild.channels))
    guild.channels[channel.id] = control.world.channels[channel.id] = channel
    return channel


@verb
def add_channel(control: Control, *, guild: int, name: str, kind: int = TEXT) -> Json:
    """`kind` is Discord's channel type (0 text, 15 forum)."""
    channel = _add_channel(control, control.guild(guild), name, kind)
    control.world.emit_in(channel, "CHANNEL_CREATE", payloads.channel(channel), intents.GUILDS, 0)
    return {"id": channel.id}


@verb
def delete_channel(control: Control, *, channel: int) -> Json:
    threads.delete(control.world, control.channel(channel))
    return {}


@verb
def add_thread(control: Control, *, channel: int, user: int, name: str, message: int | None = None) -> Json:
    """A person opens a thread, from a message if one is given."""
    first = None if message is None else control.message(channel, message)
    thread = threads.start(control.world, control.channel(channel), control.user(user), {"name": name}, first)
    return {"id": thread.id}


@verb
def change_thread(control: Control, *, channel: int, archived: bool | None = None, locked: bool | None = None) -> Json:
    wanted = {"archived": archived, "locked": locked}
    threads.change(control.world, control.channel(channel), {k: v for k, v in wanted.items() if v is not None})
    return {}


@verb
def add_role(
    control: Control, *, guild: int, name: str, allowed: list[str] | None = None, mentionable: bool = False
) -> Json:
    """A role with permissions by name (`manage_guild`)."""
    bits = permissions.bits(allowed or [])
    return {"id": members.add_role(control.world, control.guild(guild), name, bits, mentionable=mentionable).id}


@verb
def give_role(control: Control, *, guild: int, user: int, role: int) -> Json:
    where = control.guild(guild)
    if role not in where.roles:
        raise ControlError(f"there is no role {role}")
    members.give_role(control.world, where, control.member(where, user), role)
    return {}


@verb
def take_role(control: Control, *, guild: int, user: int, role: int) -> Json:
    where = control.guild(guild)
    members.take_role(control.world, where, control.member(where, user), role)
    return {}


@verb
def set_overwrite(
    control: Control, *, channel: int, target: int, allow: list[str] | None = None, deny: list[str] | None = None
) -> Json:
    """What a member or role may and may not in one channel; without both the overwrite goes."""
    where = control.channel(channel)
    if where.guild is None:
        raise ControlError("a private chat has no overwrites")
    kind = 0 if target in where.guild.roles else 1
    saw = control.world.sees(where)
    where.overwrites.pop(target, None)
    if allow or deny:
        where.overwrites[target] = (kind, permissions.bits(allow or []), permissions.bits(deny or []))
    data = payloads.channel(where) | {"guild_id": str(where.guild.id)}
    # Losing sight of a channel is told as its deletion, getting it as its creation, as Discord does.
    sees = control.world.sees(where)
    event = "CHANNEL_UPDATE" if saw and sees else "CHANNEL_DELETE" if saw else "CHANNEL_CREATE"
    if saw or sees:
        control.world.emit(event, data, guild=where.guild, needs=intents.GUILDS)
    return {}


@verb
def set_role_permissions(control: Control, *, guild: int, role: int, allowed: list[str]) -> Json:
    where = control.guild(guild)
    where.roles[role].permissions = permissions.bits(allowed)
    data = {"guild_id": str(guild), "role": payloads.role(where.roles[role])}
    control.world.emit("GUILD_ROLE_UPDATE", data, guild=where, needs=intents.GUILDS)
    return {}


@verb
def kick_bot(control: Control, *, guild: int) -> Json:
    members.bot_leaves(control.world, control.guild(guild))
    return {}


@verb
def invite_bot(control: Control, *, guild: int) -> Json:
    members.bot_joins(control.world, control.guild(guild))
    return {}


@verb
def set_available(control: Control, *, guild: int, available: bool) -> Json:
    """An outage: GUILD_DELETE with `unavailable`, later GUILD_CREATE."""
    where, world = control.guild(guild), control.world
    if available:
        where.unavailable = False
        world.sessions.guild_appears(where, world.bot, fresh=False)
    else:
        world.emit("GUILD_DELETE", {"id": str(guild), "unavailable": True}, guild=where, needs=intents.GUILDS)
        where.unavailable = True
    return {}


@verb
def rename_guild(control: Control, *, guild: int, name: str) -> Json:
    where = control.guild(guild)
    where.name = name
    control.world.emit("GUILD_UPDATE", payloads.guild(where), guild=where, needs=intents.GUILDS)
    return {}
