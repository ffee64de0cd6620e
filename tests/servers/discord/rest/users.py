"""The bot itself: who it is, where the gateway is, its guilds, private channels."""

from __future__ import annotations

from typing import Any

from .. import members, payloads
from ..gateway import application_flags
from ..state import Json
from .routing import Call, route, snowflake


@route("GET", "/gateway", public=True)
def gateway(call: Call) -> Json:
    return {"url": f"ws://{call.host}/gateway"}


@route("GET", "/gateway/bot")
def gateway_bot(call: Call) -> Json:
    world = call.world
    sessions, now = world.sessions, world.now()
    resets = sessions.budget_resets_at or now + 86_400
    return {
        "url": f"ws://{call.host}/gateway",
        "shards": max(1, -(-len(world.guilds) // 1000)),
        "session_start_limit": {
            "total": sessions.budget_total,
            "remaining": sessions.budget,
            "reset_after": max(0, int((resets - now) * 1000)),
            "max_concurrency": sessions.max_concurrency,
        },
    }


@route("GET", "/users/@me")
def me(call: Call) -> Json:
    return payloads.own_user(call.world.bot)


@route("GET", "/oauth2/applications/@me")
@route("GET", "/applications/@me")
def application(call: Call) -> Json:
    world = call.world
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": application_flags(world),
        "owner": payloads.user(world.bot),
        "team": None,
        "summary": "",
        "approximate_guild_count": sum(world.bot.id in g.members for g in world.guilds.values()),
        "bot": payloads.user(world.bot),
        "integration_types_config": {"0": {}},
    }


@route("GET", "/users/{user}")
def user(call: Call) -> Json:
    return payloads.user(call.world.user(call.id(0)))


@route("GET", "/users/@me/guilds")
def my_guilds(call: Call) -> list[Json]:
    world = call.world
    after = int(call.query.get("after", 0))
    mine = [g for g in sorted(world.guilds.values(), key=lambda g: g.id) if world.bot.id in g.members and g.id > after]
    found: list[Json] = []
    for guild in mine[: call.limit(200, 200)]:
        item: Json = {"id": str(guild.id), "name": guild.name, "icon": None, "banner": None, "owner": False}
        item |= {"permissions": "0", "features": []}
        if call.query.get("with_counts", "").lower() in ("1", "true"):
            item["approximate_member_count"] = guild.member_count
        found.append(item)
    return found


@route("DELETE", "/users/@me/guilds/{guild}")
def leave_guild(call: Call) -> None:
    members.bot_leaves(call.world, call.world.guild(call.id(0)))


@route("POST", "/users/@me/channels")
def open_dm(call: Call) -> Any:
    who = call.world.user(snowflake(call.form().get("recipient_id")))
    return payloads.channel(call.world.dm_with(who))
