"""REQUEST_GUILD_MEMBERS: members in chunks of a thousand."""

from __future__ import annotations

from . import intents, payloads
from .sessions import Session, dumps
from .state import Guild, Json, Member
from .world import World

CHUNK = 1000


def send(world: World, session: Session, asked: Json) -> None:
    """Answer with GUILD_MEMBERS_CHUNK events. All members need the members intent; without it nothing comes."""
    guild = world.guilds.get(int(asked["guild_id"]))
    if guild is None or world.bot.id not in guild.members:
        return
    found, missing = _wanted(session, guild, asked)
    parts = [found[i : i + CHUNK] for i in range(0, len(found), CHUNK)] or [[]]
    for index, part in enumerate(parts):
        data: Json = {
            "guild_id": str(guild.id),
            "members": [payloads.member(m) for m in part],
            "chunk_index": index,
            "chunk_count": len(parts),
        }
        if missing:
            data["not_found"] = missing
        if asked.get("nonce") is not None:
            data["nonce"] = asked["nonce"]
        session.push("GUILD_MEMBERS_CHUNK", dumps(data))


def _wanted(session: Session, guild: Guild, asked: Json) -> tuple[list[Member], list[str]]:
    ids = asked.get("user_ids")
    if ids is not None:
        wanted = [str(id) for id in (ids if isinstance(ids, list) else [ids])][:100]
        present = [guild.members[int(id)] for id in wanted if int(id) in guild.members]
        return present, [id for id in wanted if int(id) not in guild.members]
    query, limit = str(asked.get("query") or "").lower(), int(asked.get("limit") or 0)
    if not query and not limit:
        return (list(guild.members.values()) if session.intents & intents.GUILD_MEMBERS else []), []
    named = [m for m in guild.members.values() if _name(m).lower().startswith(query)]
    return named[: min(limit or 100, 100)], []


def _name(member: Member) -> str:
    return member.nick or member.user.global_name or member.user.name
