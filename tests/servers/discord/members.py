"""People join, pass screening, get roles, leave, are banned; the bot itself comes and goes."""

from __future__ import annotations

from . import errors, intents, messages, payloads, permissions
from .state import Guild, Member, Role, User
from .world import World

JOIN_MESSAGE = 7


def join(world: World, guild: Guild, who: User, *, pending: bool = False, system_message: bool = False) -> Member:
    """Somebody joins; with screening on they are `pending` until they agree to the rules."""
    member = Member(who, world.now(), pending=pending)
    guild.members[who.id] = member
    data = payloads.member(member) | {"guild_id": str(guild.id)}
    world.emit("GUILD_MEMBER_ADD", data, guild=guild, needs=intents.GUILD_MEMBERS)
    if system_message:
        first = next(c for c in guild.channels.values() if c.kind == 0)
        messages.post(world, first, who, {}, extra={"type": JOIN_MESSAGE})
    return member


def leave(world: World, guild: Guild, who: User) -> None:
    """Somebody is gone: left, kicked or banned look the same."""
    if guild.members.pop(who.id, None) is None:
        raise errors.unknown("member")
    data = {"guild_id": str(guild.id), "user": payloads.user(who)}
    world.emit("GUILD_MEMBER_REMOVE", data, guild=guild, needs=intents.GUILD_MEMBERS)


def ban(world: World, guild: Guild, who: User) -> None:
    guild.bans[who.id] = ""
    if who.id in guild.members:
        leave(world, guild, who)
    data = {"guild_id": str(guild.id), "user": payloads.user(who)}
    world.emit("GUILD_BAN_ADD", data, guild=guild, needs=intents.GUILD_MODERATION)


def changed(world: World, guild: Guild, member: Member) -> None:
    """Tell of a member's new roles, name or screening. About itself a bot is told without the intent, too."""
    data = payloads.member(member) | {"guild_id": str(guild.id)}
    needs = 0 if member.user is world.bot else intents.GUILD_MEMBERS
    world.emit("GUILD_MEMBER_UPDATE", data, guild=guild, needs=needs)


def give_role(world: World, guild: Guild, member: Member, role_id: int) -> None:
    if role_id not in member.roles:
        member.roles.append(role_id)
        changed(world, guild, member)


def take_role(world: World, guild: Guild, member: Member, role_id: int) -> None:
    if role_id in member.roles:
        member.roles.remove(role_id)
        changed(world, guild, member)


def add_role(world: World, guild: Guild, name: str, allowed: int, *, mentionable: bool = False) -> Role:
    """A new role above @everyone and below all others."""
    role = Role(world.new_id(), name, allowed, 1, mentionable=mentionable)
    for other in guild.roles.values():
        if other.id != guild.id:
            other.position += 1
    guild.roles[role.id] = role
    data = {"guild_id": str(guild.id), "role": payloads.role(role)}
    world.emit("GUILD_ROLE_CREATE", data, guild=guild, needs=intents.GUILDS)
    return role


def may_manage(world: World, guild: Guild, role_id: int) -> None:
    """May the bot give or take this role? 10011, or 50013 without the right or for a role not below its own."""
    role = guild.roles.get(role_id)
    if role is None:
        raise errors.unknown("role")
    world.may_in(guild, permissions.MANAGE_ROLES)
    highest = max((guild.roles[r].position for r in world.me(guild).roles), default=0)
    if role.managed or role.id == guild.id or role.position >= highest:
        raise errors.missing_permissions()


def bot_joins(world: World, guild: Guild) -> None:
    """Somebody invites the bot: it gets its managed role, and GUILD_CREATE."""
    role = next((r for r in guild.roles.values() if r.bot_id == world.bot.id), None)
    if role is None:
        top = max(r.position for r in guild.roles.values()) + 1
        role = Role(world.new_id(), world.bot.name, permissions.BOT_DEFAULT, top, managed=True, bot_id=world.bot.id)
        guild.roles[role.id] = role
    guild.bot_joined = world.now()
    guild.members[world.bot.id] = Member(world.bot, guild.bot_joined, roles=[role.id])
    world.sessions.guild_appears(guild, world.bot, fresh=True)


def bot_leaves(world: World, guild: Guild) -> None:
    """The bot is kicked or leaves."""
    world.emit("GUILD_DELETE", {"id": str(guild.id)}, guild=guild, needs=intents.GUILDS)
    guild.members.pop(world.bot.id, None)


def remove_role(world: World, guild: Guild, role_id: int) -> None:
    """The role is deleted; its holders lose it without an event of their own."""
    del guild.roles[role_id]
    for member in guild.members.values():
        if role_id in member.roles:
            member.roles.remove(role_id)
    data = {"guild_id": str(guild.id), "role_id": str(role_id)}
    world.emit("GUILD_ROLE_DELETE", data, guild=guild, needs=intents.GUILDS)
