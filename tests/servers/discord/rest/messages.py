"""Messages: send, read, edit, delete, pin."""

from __future__ import annotations

from itertools import islice

from .. import errors, forms, intents, messages, permissions, polls
from ..sessions import without_content
from ..snowflakes import iso, made_at
from ..state import Channel, Json, Message
from ..world import World
from .routing import Call, route, snowflake

TWO_WEEKS = 14 * 86_400
MAX_PINS = 250


@route("POST", "/channels/{channel}/messages", posting=True)
def send(call: Call) -> Json:
    """A nonce with `enforce_nonce` that was used in the last minutes returns the message it made."""
    world, body = call.world, call.form()
    channel = world.channel(call.id(0))
    messages.check_sendable(world, channel, body, len(call.uploads))
    nonce = body.get("nonce")
    key = (world.bot.id, str(nonce))
    if nonce is not None and body.get("enforce_nonce"):
        first = world.nonces.get(key)
        if first is not None and world.now() - made_at(first.id) <= world.nonce_window:
            return shown(world, first)
    message = polls.post(world, channel, world.bot, body, uploads=call.uploads)
    if nonce is not None:
        world.nonces[key] = message
    return shown(world, message)


@route("GET", "/channels/{channel}/messages")
def history(call: Call) -> list[Json]:
    """Newest first, unless `after` is given without more; nothing without READ_MESSAGE_HISTORY."""
    world = call.world
    channel = world.channel(call.id(0))
    limit = call.limit(50, 100)
    if not world.allowed(channel) & permissions.READ_MESSAGE_HISTORY:
        return []
    if "around" in call.query:
        around, half = int(call.query["around"]), limit // 2
        older = list(islice((m for m in _newest(channel) if m.id <= around), half + 1))
        newer = list(islice((m for m in _oldest(channel) if m.id > around), limit - len(older)))
        found = [*reversed(newer), *older]
    elif "after" in call.query:
        after = int(call.query["after"])
        found = list(islice((m for m in _oldest(channel) if m.id > after), limit))[::-1]
    else:
        before = int(call.query.get("before", 1 << 63))
        found = list(islice((m for m in _newest(channel) if m.id < before), limit))
    return [shown(world, message) for message in found]


def _oldest(channel: Channel) -> list[Message]:
    return [m for m in channel.messages.values() if m.deleted_at is None and m.seen_by is None]


def _newest(channel: Channel) -> list[Message]:
    return _oldest(channel)[::-1]


def shown(world: World, message: Message) -> Json:
    """The message as REST shows it to this application; poll counts are brought up to date."""
    polls.count(message)
    mine = message.author is world.bot or f"user:{world.bot.id}" in message.pings
    if mine or message.channel.guild is None or "message_content" in world.portal:
        return message.payload
    return without_content(message.payload)


def _own(call: Call) -> tuple[Channel, Message]:
    channel = call.world.channel(call.id(0))
    return channel, messages.find(channel, call.id(1))


@route("GET", "/channels/{channel}/messages/{message}")
def get_message(call: Call) -> Json:
    channel, message = _own(call)
    call.world.may(channel, permissions.READ_MESSAGE_HISTORY)
    return shown(call.world, message)


@route("PATCH", "/channels/{channel}/messages/{message}", posting=True)
def edit(call: Call) -> Json:
    world, body = call.world, call.form()
    channel, message = _own(call)
    if message.author is not world.bot:
        raise errors.ApiError(403, 50005, "Cannot edit a message authored by another user")
    if channel.thread is not None and channel.thread.archived:
        raise errors.ApiError(400, 50083, "Thread is archived")
    if "poll" in message.payload:
        raise errors.poll_message()
    forms.check_message(body, files=len(call.uploads), editing=True)
    left = {**message.payload, **body}
    if not any(left.get(k) for k in ("content", "embeds", "components", "attachments", "poll")) and not call.uploads:
        raise errors.empty_message()
    messages.edit(world, message, body, call.uploads)
    return shown(world, message)


@route("DELETE", "/channels/{channel}/messages/{message}")
def delete(call: Call) -> None:
    channel, message = _own(call)
    if message.author is not call.world.bot:
        if channel.guild is None:
            raise errors.ApiError(403, 50003, "Cannot execute action on a DM channel")
        call.world.may(channel, permissions.MANAGE_MESSAGES)
    messages.delete(call.world, message)


@route("POST", "/channels/{channel}/messages/bulk-delete")
def bulk_delete(call: Call) -> None:
    world = call.world
    channel = world.channel(call.id(0))
    world.may(channel, permissions.MANAGE_MESSAGES)
    ids = [snowflake(id) for id in call.form().get("messages") or ()]
    if not 2 <= len(ids) <= 100:
        raise errors.ApiError(400, 50016, "Provided too few or too many messages to delete.")
    if any(world.now() - made_at(id) > TWO_WEEKS for id in ids):
        raise errors.ApiError(400, 50034, "You can only bulk delete messages that are under 14 days old.")
    gone = [m for m in _oldest(channel) if m.id in set(ids)]
    for message in gone:
        message.deleted_at = world.now()
    data = {"ids": [str(m.id) for m in gone], "channel_id": str(channel.id)}
    world.emit_in(channel, "MESSAGE_DELETE_BULK", data, intents.GUILD_MESSAGES, 0)


@route("GET", "/channels/{channel}/messages/pins")
def pins(call: Call) -> Json:
    channel = call.world.channel(call.id(0))
    pinned = [(m.pinned_at, m) for m in _oldest(channel) if m.pinned_at is not None]
    pinned.sort(key=lambda pair: pair[0], reverse=True)
    items = [{"pinned_at": iso(at), "message": shown(call.world, m)} for at, m in pinned[: call.limit(50, 50)]]
    return {"items": items, "has_more": len(pinned) > len(items)}


@route("GET", "/channels/{channel}/pins")
def old_pins(call: Call) -> list[Json]:
    return [shown(call.world, m) for m in _newest(call.world.channel(call.id(0))) if m.pinned_at is not None]


@route("PUT", "/channels/{channel}/messages/pins/{message}")
@route("PUT", "/channels/{channel}/pins/{message}")
def pin(call: Call) -> None:
    channel, message = _own(call)
    _may_pin(call.world, channel)
    if message.pinned_at is not None:
        return
    if sum(m.pinned_at is not None for m in _oldest(channel)) >= MAX_PINS:
        raise errors.ApiError(400, 30003, f"Maximum number of pins reached ({MAX_PINS})")
    _set_pinned(call.world, message, call.world.now())
    reference = {"type": 0, "channel_id": str(channel.id), "message_id": str(message.id)}
    messages.post(call.world, channel, call.world.bot, {}, extra={"type": 6, "message_reference": reference})


@route("DELETE", "/channels/{channel}/messages/pins/{message}")
@route("DELETE", "/channels/{channel}/pins/{message}")
def unpin(call: Call) -> None:
    channel, message = _own(call)
    _may_pin(call.world, channel)
    if message.pinned_at is not None:
        _set_pinned(call.world, message, None)


def _may_pin(world: World, channel: Channel) -> None:
    # Pinning was split from managing messages in 2026; both are granted here so that either invite works.
    world.may(channel, permissions.PIN_MESSAGES | permissions.MANAGE_MESSAGES)


def _set_pinned(world: World, message: Message, at: float | None) -> None:
    message.pinned_at, message.payload["pinned"] = at, at is not None
    messages.tell(world, "MESSAGE_UPDATE", message)
    data = {"channel_id": str(message.channel.id), "last_pin_timestamp": None if at is None else iso(at)}
    world.emit_in(message.channel, "CHANNEL_PINS_UPDATE", data, intents.GUILDS, intents.DIRECT_MESSAGES)
