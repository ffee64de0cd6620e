"""Guilds and their members."""

from __future__ import annotations

from typing import Any

from .. import errors, members, payloads, permissions
from ..state import Guild, Json, Member
from .routing import Call, route


@route("GET", "/guilds/{guild}")
def guild(call: Call) -> Json:
    found = call.world.guild(call.id(0))
    payload = payloads.guild(found)
    if call.query.get("with_counts", "").lower() in ("1", "true"):
        payload |= {
            "approximate_member_count": found.member_count,
            "approximate_presence_count": found.member_count // 3,
        }
    return payload


def member_of(call: Call, guild: Guild, index: int) -> Member:
    """The member of the path's segment: 10013 for an id that is nobody, 10007 for somebody who is not there."""
    who = call.world.user(call.id(index))
    if who.id not in guild.members:
        raise errors.unknown("member")
    return guild.members[who.id]


@route("GET", "/guilds/{guild}/members/{user}")
def member(call: Call) -> Json:
    return payloads.member(member_of(call, call.world.guild(call.id(0)), 1))


@route("GET", "/guilds/{guild}/members")
def list_members(call: Call) -> list[Json]:
    """Needs the members intent in the portal, sorted by id from `after`."""
    found = call.world.guild(call.id(0))
    if "members" not in call.world.portal:
        raise errors.missing_access()
    after = int(call.query.get("after", 0))
    ids = sorted(id for id in found.members if id > after)[: call.limit(1, 1000)]
    return [payloads.member(found.members[id]) for id in ids]


@route("GET", "/guilds/{guild}/members/search")
def search_members(call: Call) -> list[Json]:
    found = call.world.guild(call.id(0))
    query = call.query.get("query", "").lower()
    named = [m for m in found.members.values() if (m.nick or m.user.name).lower().startswith(query)]
    return [payloads.member(m) for m in named[: call.limit(1, 1000)]]


@route("PATCH", "/guilds/{guild}/members/{user}")
def change_member(call: Call) -> Json:
    """Names and roles of others."""
    found = call.world.guild(call.id(0))
    who = member_of(call, found, 1)
    body = call.form()
    if "nick" in body:
        call.world.may_in(found, permissions.MANAGE_NICKNAMES)
        who.nick = body["nick"] or None
    if "roles" in body:
        wanted = [int(role) for role in body["roles"]]
        for role in set(wanted) ^ set(who.roles):
            members.may_manage(call.world, found, role)
        who.roles = wanted
    members.changed(call.world, found, who)
    return payloads.member(who)


@route("PATCH", "/guilds/{guild}/members/@me")
def change_me(call: Call) -> Json:
    found = call.world.guild(call.id(0))
    call.world.may_in(found, permissions.CHANGE_NICKNAME)
    me = call.world.me(found)
    me.nick = call.form().get("nick") or None
    members.changed(call.world, found, me)
    return payloads.member(me)


@route("DELETE", "/guilds/{guild}/members/{user}")
def kick(call: Call) -> None:
    found = call.world.guild(call.id(0))
    who = member_of(call, found, 1)
    call.world.may_in(found, permissions.KICK_MEMBERS)
    members.leave(call.world, found, who.user)


@route("PUT", "/guilds/{guild}/bans/{user}")
def ban(call: Call) -> None:
    found = call.world.guild(call.id(0))
    who = call.world.user(call.id(1))
    call.world.may_in(found, permissions.BAN_MEMBERS)
    members.ban(call.world, found, who)


@route("PUT", "/guilds/{guild}/members/{user}/roles/{role}")
def add_role(call: Call) -> None:
    found = call.world.guild(call.id(0))
    who = member_of(call, found, 1)
    members.may_manage(call.world, found, call.id(2))
    members.give_role(call.world, found, who, call.id(2))


@route("DELETE", "/guilds/{guild}/members/{user}/roles/{role}")
def remove_role(call: Call) -> None:
    found = call.world.guild(call.id(0))
    who = member_of(call, found, 1)
    members.may_manage(call.world, found, call.id(2))
    members.take_role(call.world, found, who, call.id(2))


@route("GET", "/guilds/{guild}/channels")
def list_channels(call: Call) -> list[Json]:
    return [payloads.channel(c) for c in call.world.guild(call.id(0)).channels.values()]


@route("GET", "/guilds/{guild}/threads/active")
def active_threads(call: Call) -> Any:
    threads = [t for t in call.world.guild(call.id(0)).threads.values() if t.thread and not t.thread.archived]
    return {"threads": [payloads.channel(t) for t in threads if call.world.sees(t)], "members": []}
