"""Reactions of the bot, and who reacted."""

from __future__ import annotations

from urllib.parse import unquote

from .. import errors, messages, payloads, permissions, reactions
from ..state import Json, Message
from .routing import Call, route

WHERE = "/channels/{channel}/messages/{message}/reactions"


def _message(call: Call) -> Message:
    return messages.find(call.world.channel(call.id(0)), call.id(1))


def _emoji(call: Call) -> str:
    """A Unicode emoji or `name:id`; ASCII words are refused as Discord does (10014)."""
    emoji = unquote(call.path[2])
    if ":" not in emoji and emoji.isascii() and not emoji.isdigit():
        raise errors.ApiError(400, 10014, "Unknown Emoji")
    return emoji


@route("PUT", WHERE + "/{emoji}/@me")
def react(call: Call) -> None:
    message, emoji = _message(call), _emoji(call)
    call.world.may(message.channel, permissions.READ_MESSAGE_HISTORY)
    if emoji not in message.reactions:
        call.world.may(message.channel, permissions.ADD_REACTIONS)
        if len(message.reactions) >= 20:
            raise errors.ApiError(400, 30010, "Maximum number of reactions reached (20)")
    reactions.react(call.world, message, call.world.bot, emoji)


@route("DELETE", WHERE + "/{emoji}/@me")
def unreact(call: Call) -> None:
    reactions.unreact(call.world, _message(call), call.world.bot, _emoji(call))


@route("DELETE", WHERE + "/{emoji}/{user}")
def remove(call: Call) -> None:
    message = _message(call)
    call.world.may(message.channel, permissions.MANAGE_MESSAGES)
    reactions.unreact(call.world, message, call.world.user(call.id(3)), _emoji(call))


@route("GET", WHERE + "/{emoji}")
def who_reacted(call: Call) -> list[Json]:
    after = int(call.query.get("after", 0))
    ids = sorted(id for id in _message(call).reactions.get(_emoji(call), []) if id > after)
    return [payloads.user(call.world.users[id]) for id in ids[: call.limit(25, 100)]]
