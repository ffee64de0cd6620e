"""Scheduled events of a guild."""

from __future__ import annotations

from .. import errors, intents, payloads, permissions
from ..snowflakes import from_iso
from ..state import Guild, Json, ScheduledEvent
from .routing import Call, route

WHERE = "/guilds/{guild}/scheduled-events"
EXTERNAL = 3
FIELDS = (
    "name",
    "description",
    "scheduled_start_time",
    "scheduled_end_time",
    "entity_metadata",
    "entity_type",
    "status",
)


def _event(call: Call) -> tuple[Guild, ScheduledEvent]:
    guild = call.world.guild(call.id(0))
    event = guild.events.get(call.id(1))
    if event is None:
        raise errors.unknown("guild scheduled event")
    return guild, event


def _shown(call: Call, event: ScheduledEvent) -> Json:
    return {**event.payload, "user_count": len(event.interested)}


@route("GET", WHERE)
def list_events(call: Call) -> list[Json]:
    return [_shown(call, event) for event in call.world.guild(call.id(0)).events.values()]


@route("POST", WHERE)
def create(call: Call) -> Json:
    """External ones need an end and a place."""
    world, body = call.world, call.form()
    guild = world.guild(call.id(0))
    world.may_in(guild, permissions.CREATE_EVENTS | permissions.MANAGE_EVENTS)
    _check(call, body)
    id = world.new_id()
    payload: Json = {
        "id": str(id),
        "guild_id": str(guild.id),
        "channel_id": body.get("channel_id"),
        "creator_id": str(world.bot.id),
        "creator": payloads.user(world.bot),
        "description": None,
        "scheduled_end_time": None,
        "entity_id": None,
        "entity_metadata": None,
        "privacy_level": 2,
        "status": 1,
        "image": None,
        "recurrence_rule": None,
        **{key: body[key] for key in FIELDS if key in body},
    }
    event = guild.events[id] = ScheduledEvent(id, payload)
    world.emit("GUILD_SCHEDULED_EVENT_CREATE", payload, guild=guild, needs=intents.GUILD_SCHEDULED_EVENTS)
    return _shown(call, event)


def _check(call: Call, body: Json) -> None:
    if not 1 <= len(body.get("name") or "") <= 100:
        raise errors.bad_length("name", 1, 100)
    if len(body.get("description") or "") > 1000:
        raise errors.too_long("description", 1000)
    if not body.get("scheduled_start_time"):
        raise errors.required("scheduled_start_time")
    if from_iso(body["scheduled_start_time"]) < call.world.now():
        message = "Cannot schedule event in the past."
        raise errors.invalid_form("scheduled_start_time", "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message)
    if body.get("entity_type") == EXTERNAL:
        if not body.get("scheduled_end_time"):
            raise errors.required("scheduled_end_time")
        if not 1 <= len((body.get("entity_metadata") or {}).get("location") or "") <= 100:
            raise errors.bad_length("entity_metadata.location", 1, 100)


@route("GET", WHERE + "/{event}")
def get(call: Call) -> Json:
    return _shown(call, _event(call)[1])


@route("PATCH", WHERE + "/{event}")
def change(call: Call) -> Json:
    guild, event = _event(call)
    call.world.may_in(guild, permissions.CREATE_EVENTS | permissions.MANAGE_EVENTS)
    body = call.form()
    event.payload |= {key: body[key] for key in FIELDS if key in body}
    call.world.emit("GUILD_SCHEDULED_EVENT_UPDATE", event.payload, guild=guild, needs=intents.GUILD_SCHEDULED_EVENTS)
    return _shown(call, event)


@route("DELETE", WHERE + "/{event}")
def delete(call: Call) -> None:
    guild, event = _event(call)
    call.world.may_in(guild, permissions.CREATE_EVENTS | permissions.MANAGE_EVENTS)
    del guild.events[event.id]
    call.world.emit("GUILD_SCHEDULED_EVENT_DELETE", event.payload, guild=guild, needs=intents.GUILD_SCHEDULED_EVENTS)


@route("GET", WHERE + "/{event}/users")
def interested(call: Call) -> list[Json]:
    _, event = _event(call)
    after = int(call.query.get("after", 0))
    ids = sorted(id for id in event.interested if id > after)[: call.limit(100, 100)]
    return [{"guild_scheduled_event_id": str(event.id), "user": payloads.user(call.world.users[id])} for id in ids]
