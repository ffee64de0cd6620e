"""People come, agree to the rules, go."""

from __future__ import annotations

from .. import intents, members, payloads
from ..errors import ControlError
from ..state import Json
from .verbs import Control, verb


@verb
def person(
    control: Control,
    *,
    name: str,
    username: str | None = None,
    locale: str = "en-US",
    bot: bool = False,
    dms_open: bool = True,
) -> Json:
    """Somebody: `name` is shown to people, `username` is the unique handle."""
    who = control.world.new_user(username or name.lower().replace(" ", "_")[:32], name, bot=bot, locale=locale)
    who.dms_open = dms_open
    return {"id": who.id, "name": name}


@verb
def set_dms_open(control: Control, *, user: int, dms_open: bool) -> Json:
    control.user(user).dms_open = dms_open
    return {}


@verb
def join(control: Control, *, guild: int, user: int, pending: bool | None = None, system_message: bool = False) -> Json:
    """`pending` follows the guild's screening unless given; `system_message` also posts Discord's own line."""
    where, who = control.guild(guild), control.user(user)
    if who.id in where.members:
        raise ControlError(f"{who.global_name} is already there")
    if who.id in where.bans:
        raise ControlError(f"{who.global_name} is banned")
    waits = where.screening and not who.bot if pending is None else pending
    members.join(control.world, where, who, pending=waits, system_message=system_message)
    return {}


@verb
def pass_screening(control: Control, *, guild: int, user: int) -> Json:
    where = control.guild(guild)
    member = control.member(where, user)
    member.pending = False
    members.changed(control.world, where, member)
    return {}


@verb
def rename(
    control: Control, *, user: int, name: str | None = None, nick: str | None = None, guild: int | None = None
) -> Json:
    """A new display name everywhere, or a nickname in one guild."""
    who = control.user(user)
    if name is not None:
        who.global_name, who.payload = name, {}
        payloads.user(who)
    for where in control.world.guilds.values():
        if who.id in where.members and (guild is None or where.id == guild):
            member = where.members[who.id]
            if guild is not None:
                member.nick = nick
            members.changed(control.world, where, member)
    return {}


@verb
def leave(control: Control, *, guild: int, user: int) -> Json:
    members.leave(control.world, control.guild(guild), control.user(user))
    return {}


@verb
def ban(control: Control, *, guild: int, user: int) -> Json:
    members.ban(control.world, control.guild(guild), control.user(user))
    return {}


@verb
def unban(control: Control, *, guild: int, user: int) -> Json:
    control.guild(guild).bans.pop(user, None)
    return {}


@verb
def mark_interested(control: Control, *, guild: int, event: int, user: int, present: bool = True) -> Json:
    """A person clicks "Interested" on a scheduled event, or takes it back."""
    where, who = control.guild(guild), control.user(user)
    listed = where.events[event].interested
    if present == (who.id in listed):
        return {}
    if present:
        listed.append(who.id)
    else:
        listed.remove(who.id)
    data = {"guild_scheduled_event_id": str(event), "user_id": str(who.id), "guild_id": str(where.id)}
    told = f"GUILD_SCHEDULED_EVENT_USER_{'ADD' if present else 'REMOVE'}"
    control.world.emit(told, data, guild=where, needs=intents.GUILD_SCHEDULED_EVENTS)
    return {}
