"""Threads: started from a message, alone, or as a forum's post."""

from __future__ import annotations

from . import errors, intents, payloads, permissions
from .state import FORUM, HAS_THREAD, PRIVATE_THREAD, PUBLIC_THREAD, Channel, Json, Message, Thread, User
from .world import World


def check(world: World, parent: Channel, body: Json) -> None:
    """May the bot open it? The name has 1–100 characters."""
    private = body.get("type") == PRIVATE_THREAD
    if parent.kind == FORUM:
        needed = permissions.SEND_MESSAGES
    else:
        needed = permissions.CREATE_PRIVATE_THREADS if private else permissions.CREATE_PUBLIC_THREADS
    if parent.guild is None or parent.thread is not None:
        raise errors.ApiError(400, 50024, "Cannot execute action on this channel type")
    world.may(parent, needed)
    if not 1 <= len(body.get("name") or "") <= 100:
        raise errors.bad_length("name", 1, 100)


def start(world: World, parent: Channel, owner: User, body: Json, message: Message | None = None) -> Channel:
    """Open a thread; from a message it takes that message's id."""
    if message is not None and message.id in world.channels:
        raise errors.ApiError(400, 160004, "A thread has already been created for this message")
    assert parent.guild is not None
    kind = PRIVATE_THREAD if body.get("type") == PRIVATE_THREAD and message is None else PUBLIC_THREAD
    state = Thread(owner.id, auto_archive=body.get("auto_archive_duration") or 1440, archived_at=world.now())
    state.members.append(owner.id)
    id = message.id if message is not None else world.new_id()
    thread = Channel(id, kind, body["name"], guild=parent.guild, parent=parent, thread=state)
    world.channels[id] = parent.guild.threads[id] = thread
    if message is not None:
        message.payload["flags"] |= HAS_THREAD
        message.payload["thread"] = payloads.channel(thread)
    data = payloads.channel(thread) | {"newly_created": True}
    world.emit_in(parent, "THREAD_CREATE", data, intents.GUILDS, 0)
    return thread


def change(world: World, thread: Channel, body: Json) -> None:
    """Archive, lock or rename."""
    assert thread.thread is not None
    if "name" in body:
        if not 1 <= len(body["name"]) <= 100:
            raise errors.bad_length("name", 1, 100)
        thread.name = body["name"]
    if "locked" in body:
        thread.thread.locked = bool(body["locked"])
    if "archived" in body:
        thread.thread.archived, thread.thread.archived_at = bool(body["archived"]), world.now()
    if "auto_archive_duration" in body:
        thread.thread.auto_archive = body["auto_archive_duration"]
    world.emit_in(thread, "THREAD_UPDATE", payloads.channel(thread), intents.GUILDS, 0)


def delete(world: World, channel: Channel) -> None:
    """Delete a channel or a thread; messages in it go with it."""
    assert channel.guild is not None
    event = "CHANNEL_DELETE"
    if channel.thread is not None:
        assert channel.parent is not None
        event = "THREAD_DELETE"
        channel.guild.threads.pop(channel.id, None)
    for thread in [t for t in channel.guild.threads.values() if t.parent is channel]:
        delete(world, thread)
    world.emit_in(channel, event, payloads.channel(channel), intents.GUILDS, 0)
    channel.guild.channels.pop(channel.id, None)
    world.channels.pop(channel.id, None)
