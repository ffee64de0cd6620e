"""Native polls: voters, and ending one's own."""

from __future__ import annotations

from .. import errors, messages, payloads, polls
from ..state import Json, Message
from .messages import shown
from .routing import Call, route


def _message(call: Call) -> Message:
    message = messages.find(call.world.channel(call.id(0)), call.id(1))
    if "poll" not in message.payload:
        raise errors.not_a_poll()
    return message


@route("GET", "/channels/{channel}/polls/{message}/answers/{answer}")
def voters(call: Call) -> Json:
    """Sorted by id, from `after`, at most 100."""
    message, after = _message(call), int(call.query.get("after", 0))
    ids = sorted(id for id in message.votes.get(call.id(2), []) if id > after)
    return {"users": [payloads.user(call.world.users[id]) for id in ids[: call.limit(25, 100)]]}


@route("POST", "/channels/{channel}/polls/{message}/expire")
def expire(call: Call) -> Json:
    message = _message(call)
    if message.author is not call.world.bot:
        raise errors.ApiError(403, 50005, "Cannot edit a message authored by another user")
    if message.payload["poll"]["results"]["is_finalized"]:
        raise errors.ApiError(400, 520001, "Poll expired")
    polls.end(call.world, message)
    return shown(call.world, message)
