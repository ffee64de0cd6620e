"""Threads that the bot opens and joins."""

from __future__ import annotations

from .. import errors, forms, intents, messages, payloads, polls, threads
from ..state import FORUM, Channel, Json
from .messages import shown
from .routing import Call, route


@route("POST", "/channels/{channel}/messages/{message}/threads")
def start_from_message(call: Call) -> Json:
    world, body = call.world, call.form()
    parent = world.channel(call.id(0))
    message = messages.find(parent, call.id(1))
    threads.check(world, parent, body)
    return payloads.channel(threads.start(world, parent, world.bot, body, message))


@route("POST", "/channels/{channel}/threads")
def start(call: Call) -> Json:
    """Without a message; in a forum the body holds the first one."""
    world, body = call.world, call.form()
    parent = world.channel(call.id(0))
    threads.check(world, parent, body)
    if parent.kind != FORUM:
        return payloads.channel(threads.start(world, parent, world.bot, body))
    first = body.get("message")
    if not isinstance(first, dict):
        raise errors.required("message")
    forms.check_message(first, files=len(call.uploads))
    thread = threads.start(world, parent, world.bot, body)
    message = polls.post(world, thread, world.bot, first, uploads=call.uploads)
    return {**payloads.channel(thread), "message": shown(world, message)}


def _thread(call: Call) -> Channel:
    channel = call.world.channel(call.id(0))
    if channel.thread is None:
        raise errors.ApiError(400, 50024, "Cannot execute action on this channel type")
    return channel


@route("PUT", "/channels/{channel}/thread-members/@me")
def join(call: Call) -> None:
    _set_member(call, call.world.bot.id, present=True)


@route("DELETE", "/channels/{channel}/thread-members/@me")
def leave(call: Call) -> None:
    _set_member(call, call.world.bot.id, present=False)


@route("PUT", "/channels/{channel}/thread-members/{user}")
def add(call: Call) -> None:
    _set_member(call, call.world.user(call.id(1)).id, present=True)


@route("DELETE", "/channels/{channel}/thread-members/{user}")
def remove(call: Call) -> None:
    _set_member(call, call.world.user(call.id(1)).id, present=False)


def _set_member(call: Call, user_id: int, *, present: bool) -> None:
    channel = _thread(call)
    assert channel.thread is not None
    assert channel.guild is not None
    listed = channel.thread.members
    if (user_id in listed) == present:
        return
    if present:
        listed.append(user_id)
    else:
        listed.remove(user_id)
    data: Json = {"id": str(channel.id), "guild_id": str(channel.guild.id), "member_count": len(listed)}
    data |= {"added_members": [], "removed_member_ids": [] if present else [str(user_id)]}
    call.world.emit_in(channel, "THREAD_MEMBERS_UPDATE", data, intents.GUILDS, 0)
