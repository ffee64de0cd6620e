"""Native polls: a vote, its withdrawal, and the end with its result message."""

from __future__ import annotations

from typing import Any

from . import errors, intents, messages
from .snowflakes import from_iso, iso
from .state import Channel, Json, Message, User
from .world import World

POLL_RESULT = 46


def post(world: World, channel: Channel, author: User, body: Json, **how: Any) -> Message:
    """`messages.post`, with the poll that the body may ask for. `how` is passed on."""
    if not body.get("poll"):
        return messages.post(world, channel, author, body, **how)
    poll = _opened(world, body["poll"])
    how["extra"] = {**(how.get("extra") or {}), "poll": poll}
    message = messages.post(world, channel, author, body, **how)
    _open(world, message)
    return message


def attach(world: World, message: Message, asked: Json) -> None:
    """A deferred answer turns out to be a poll."""
    message.payload["poll"] = _opened(world, asked)
    _open(world, message)


def _open(world: World, message: Message) -> None:
    poll = message.payload["poll"]
    message.poll_ends = from_iso(poll["expiry"])
    message.votes = {answer["answer_id"]: [] for answer in poll["answers"]}
    world.open_polls[message.id] = message


def _opened(world: World, asked: Json) -> Json:
    return {
        "question": asked["question"],
        "answers": [
            {"answer_id": number, "poll_media": answer["poll_media"]}
            for number, answer in enumerate(asked["answers"], start=1)
        ],
        "expiry": iso(world.now() + asked.get("duration", 24) * 3600),
        "allow_multiselect": bool(asked.get("allow_multiselect")),
        "layout_type": 1,
        "results": {"is_finalized": False, "answer_counts": []},
    }


def vote(world: World, message: Message, who: User, answer_id: int) -> None:
    """A person votes; in a poll of one answer an earlier vote is taken back first. Raises 520001 when it is over."""
    poll = _poll(message)
    if poll["results"]["is_finalized"]:
        raise errors.ApiError(400, 520001, "Poll expired")
    if answer_id not in message.votes:
        raise errors.invalid_form("answer_id", "POLL_ANSWER_UNKNOWN", "Unknown answer")
    if who.id in message.votes[answer_id]:
        return
    if not poll["allow_multiselect"]:
        for other, voters in message.votes.items():
            if who.id in voters:
                unvote(world, message, who, other)
    message.votes[answer_id].append(who.id)
    _tell(world, "MESSAGE_POLL_VOTE_ADD", message, who, answer_id)


def unvote(world: World, message: Message, who: User, answer_id: int) -> None:
    """Raises 520001 when it is over."""
    if _poll(message)["results"]["is_finalized"]:
        raise errors.ApiError(400, 520001, "Poll expired")
    if who.id not in message.votes.get(answer_id, ()):
        return
    message.votes[answer_id].remove(who.id)
    _tell(world, "MESSAGE_POLL_VOTE_REMOVE", message, who, answer_id)


def end(world: World, message: Message) -> None:
    """Close the poll: exact counts, MESSAGE_UPDATE, and a result message by its author."""
    poll = _poll(message)
    if poll["results"]["is_finalized"]:
        return
    world.open_polls.pop(message.id, None)
    count(message)
    poll["results"]["is_finalized"] = True
    poll["expiry"] = iso(min(world.now(), message.poll_ends or world.now()))
    messages.tell(world, "MESSAGE_UPDATE", message)
    reference = {"type": 0, "channel_id": str(message.channel.id), "message_id": str(message.id)}
    embed = {"type": "poll_result", "fields": _result_fields(message)}
    body = {"embeds": [embed]}
    messages.post(
        world, message.channel, message.author, body, extra={"type": POLL_RESULT, "message_reference": reference}
    )


def end_due(world: World) -> None:
    """Close every poll whose time is over."""
    now = world.now()
    for message in [m for m in world.open_polls.values() if m.poll_ends is not None and m.poll_ends <= now]:
        end(world, message)


def count(message: Message) -> None:
    """Write the present counts into the payload; the API does so whenever it shows the message."""
    poll = message.payload.get("poll")
    if poll is not None:
        poll["results"]["answer_counts"] = [
            {"id": answer, "count": len(voters), "me_voted": False}
            for answer, voters in message.votes.items()
            if voters
        ]


def _poll(message: Message) -> Json:
    poll: Json | None = message.payload.get("poll")
    if poll is None:
        raise errors.not_a_poll()
    return poll


def _result_fields(message: Message) -> list[Json]:
    poll = message.payload["poll"]
    best = max(message.votes, key=lambda answer: len(message.votes[answer]))
    texts = {a["answer_id"]: a["poll_media"]["text"] for a in poll["answers"]}
    values = {
        "poll_question_text": poll["question"]["text"],
        "victor_answer_votes": len(message.votes[best]),
        "total_votes": sum(map(len, message.votes.values())),
        "victor_answer_id": best,
        "victor_answer_text": texts[best],
    }
    return [{"name": name, "value": str(value), "inline": False} for name, value in values.items()]


def _tell(world: World, event: str, message: Message, who: User, answer_id: int) -> None:
    data = {
        "user_id": str(who.id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "answer_id": answer_id,
    }
    world.emit_in(message.channel, event, data, intents.GUILD_MESSAGE_POLLS, intents.DIRECT_MESSAGE_POLLS)
