"""What really happened: messages, calls, counters, members."""

from __future__ import annotations

from ..faults import Fault
from ..state import Json, Message
from .verbs import Control, verb


@verb
def messages(control: Control, *, channel: int, since: int = 0, by_bot: bool = False) -> Json:
    """Everything ever posted in a channel after the id `since`, deleted and ephemeral included, oldest first."""
    found = control.channel(channel).messages.values()
    bot = control.world.bot
    return {"messages": [shown(m) for m in found if m.id > since and (not by_bot or m.author is bot)]}


@verb
def posts(control: Control, *, guild: int | None = None) -> Json:
    """Every message of the bot that others can see and that was not deleted, oldest first."""
    found = [
        message
        for channel in control.world.channels.values()
        if guild is None or (channel.guild is not None and channel.guild.id == guild)
        for message in channel.messages.values()
        if message.author is control.world.bot and message.seen_by is None and message.deleted_at is None
    ]
    return {"messages": [shown(m) for m in sorted(found, key=lambda m: m.id)]}


def shown(message: Message) -> Json:
    payload = message.payload
    return {
        "id": message.id,
        "channel": message.channel.id,
        "author": message.author.id,
        "author_name": message.author.global_name or message.author.name,
        "at": message.at,
        "type": payload["type"],
        "content": payload["content"],
        "embeds": payload["embeds"],
        "components": payload["components"],
        "attachments": payload["attachments"],
        "poll": payload.get("poll"),
        "votes": message.votes,
        "reply_to": (payload.get("message_reference") or {}).get("message_id"),
        "pings": message.pings,
        "silent": bool(payload["flags"] & 1 << 12),
        "nonce": message.nonce,
        "reactions": message.reactions,
        "pinned": message.pinned_at is not None,
        "ephemeral_to": message.seen_by,
        "loading": message.loading,
        "edits": message.edits,
        "deleted": message.deleted_at is not None,
    }


@verb
def requests(control: Control, *, pattern: str = "**", since: float = 0.0) -> Json:
    """REST calls (`METHOD /path` below /api/v10; `*` one segment, `**` anything), with status; 599 is a cut line."""
    wanted = Fault(pattern, "status")
    found = [
        {"at": at, "method": method, "path": path, "status": status}
        for at, method, path, status in control.requests
        if at >= since and wanted.matches(f"{method} {path}")
    ]
    return {"requests": found}


@verb
def stats(control: Control) -> Json:
    """Counters."""
    sessions, limits, world = control.world.sessions, control.limits, control.world
    return {
        "now": world.now(),
        "requests": control.total(),
        "identifies": sessions.identifies,
        "resumes": sessions.resumes,
        "invalidated": sessions.invalidated,
        "budget": sessions.budget,
        "connected": sum(s.outbox is not None for s in sessions.alive.values()),
        "sessions": [{"id": s.id, "seq": s.seq, "intents": s.intents} for s in sessions.alive.values()],
        "gateway_refused": control.gateway.refused,
        "refused_429": limits.refused,
        "refused_by_scope": limits.refused_by_scope,
        "invalid_requests": limits.invalid_total,
        "banned": limits.banned,
        "command_calls": world.command_calls,
        "command_syncs": sum(c["method"] != "GET" for c in world.command_calls),
        "token_reset": world.token_reset,
        "server_errors": control.broken,
    }


@verb
def identity(control: Control) -> Json:
    """The bot."""
    world = control.world
    return {"bot": world.bot.id, "application": world.application_id, "token": world.token}


@verb
def guild(control: Control, *, guild: int) -> Json:
    """A guild as it is: members with roles, channels, threads, roles, events."""
    where = control.guild(guild)
    return {
        "id": where.id,
        "name": where.name,
        "member_count": where.member_count,
        "bot_inside": control.world.bot.id in where.members,
        "members": {
            str(m.user.id): {"roles": m.roles, "pending": m.pending, "nick": m.nick} for m in where.members.values()
        },
        "channels": {c.name: c.id for c in where.channels.values()},
        "threads": [
            {"id": t.id, "name": t.name, "parent": t.parent.id if t.parent else None, "archived": t.thread.archived}
            for t in where.threads.values()
            if t.thread is not None
        ],
        "roles": {r.name: r.id for r in where.roles.values()},
        "events": [{**e.payload, "interested": e.interested} for e in where.events.values()],
    }


@verb
def commands(control: Control, *, guild: int | None = None) -> Json:
    """The application commands registered globally, or in a guild."""
    return {"commands": list(control.world.commands.get(guild, {}).values())}
