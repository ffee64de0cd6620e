"""Channels: look, rename, delete, typing."""

from __future__ import annotations

from .. import errors, intents, payloads, permissions, threads
from ..state import Json
from .routing import Call, route


@route("GET", "/channels/{channel}")
def channel(call: Call) -> Json:
    return payloads.channel(call.world.channel(call.id(0)))


@route("PATCH", "/channels/{channel}")
def change_channel(call: Call) -> Json:
    world = call.world
    found, body = world.channel(call.id(0)), call.form()
    if found.guild is None:
        raise errors.ApiError(400, 50024, "Cannot execute action on this channel type")
    if found.thread is not None:
        own = found.thread.owner_id == world.bot.id and not body.get("locked")
        if not own:
            world.may(found, permissions.MANAGE_THREADS)
        threads.change(world, found, body)
        return payloads.channel(found)
    world.may(found, permissions.MANAGE_CHANNELS)
    found.name = body.get("name") or found.name
    found.topic = body.get("topic", found.topic)
    world.emit_in(found, "CHANNEL_UPDATE", payloads.channel(found), intents.GUILDS, 0)
    return payloads.channel(found)


@route("DELETE", "/channels/{channel}")
def delete_channel(call: Call) -> Json:
    world = call.world
    found = world.channel(call.id(0))
    payload = payloads.channel(found)
    if found.guild is not None:
        world.may(found, permissions.MANAGE_THREADS if found.thread else permissions.MANAGE_CHANNELS)
        threads.delete(world, found)
    return payload


@route("POST", "/channels/{channel}/typing")
def typing(call: Call) -> None:
    found = call.world.channel(call.id(0))
    if found.guild is not None:
        call.world.may(found, permissions.SEND_MESSAGES)
