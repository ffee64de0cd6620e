"""People write, reply, react, vote, take it back, delete."""

from __future__ import annotations

from .. import messages, permissions, polls, reactions
from ..errors import ControlError
from ..state import Channel, Json, Message, User
from .verbs import Control, verb


def heard_in(control: Control, channel: int, user: User) -> Channel:
    """The channel, if the person may write there."""
    where = control.channel(channel)
    if where.guild is None:
        return where
    member = where.guild.members.get(user.id)
    if member is None:
        raise ControlError(f"{user.global_name} is not a member there")
    if member.pending:
        raise ControlError(f"{user.global_name} has not passed screening yet")
    needed = permissions.SEND_MESSAGES_IN_THREADS if where.thread else permissions.SEND_MESSAGES
    if not permissions.in_channel(where, member) & needed:
        raise ControlError(f"{user.global_name} may not write there")
    return where


@verb
def say(
    control: Control,
    *,
    user: int,
    channel: int,
    text: str = "",
    reply_to: int | None = None,
    ping: bool = True,
    poll: Json | None = None,
    files: list[Json] | None = None,
) -> Json:
    """A person writes. A reply notifies the author replied to unless `ping` is false."""
    who = control.user(user)
    where = heard_in(control, channel, who)
    body: Json = {"content": text, "poll": poll}
    if reply_to is not None:
        body["message_reference"] = {"message_id": reply_to}
        body["allowed_mentions"] = {"parse": ["users", "roles", "everyone"], "replied_user": ping}
    return {"id": polls.post(control.world, where, who, body, uploads=files).id}


@verb
def open_dm(control: Control, *, user: int) -> Json:
    """The private channel of the bot with a person."""
    return {"id": control.world.dm_with(control.user(user)).id}


@verb
def edit_message(control: Control, *, channel: int, message: int, text: str) -> Json:
    messages.edit(control.world, control.message(channel, message), {"content": text})
    return {}


@verb
def delete_message(control: Control, *, channel: int, message: int) -> Json:
    """Its author or a moderator removes a message."""
    messages.delete(control.world, control.message(channel, message))
    return {}


@verb
def react(control: Control, *, user: int, channel: int, message: int, emoji: str, present: bool = True) -> Json:
    act = reactions.react if present else reactions.unreact
    act(control.world, control.message(channel, message), control.user(user), emoji)
    return {}


@verb
def vote(
    control: Control, *, user: int, channel: int, answer: str, message: int | None = None, present: bool = True
) -> Json:
    """Vote for an answer by its text in the newest native poll that has it, or take the vote back."""
    who = control.user(user)
    poll, answer_id = _answer(control, channel, answer, message)
    may_vote(control, channel, who)
    if present:
        polls.vote(control.world, poll, who, answer_id)
    else:
        polls.unvote(control.world, poll, who, answer_id)
    return {"message": poll.id}


def may_vote(control: Control, channel: int, user: User) -> None:
    """Whoever is in and sees the channel may."""
    where = control.channel(channel)
    if where.guild is None:
        return
    member = where.guild.members.get(user.id)
    if member is None or member.pending or user.bot:
        raise ControlError(f"{user.global_name} can't vote there")
    if not permissions.in_channel(where, member) & permissions.VIEW_CHANNEL:
        raise ControlError(f"{user.global_name} does not see that channel")


def _answer(control: Control, channel: int, text: str, message: int | None) -> tuple[Message, int]:
    among = control.channel(channel).messages.values() if message is None else [control.message(channel, message)]
    for candidate in reversed(list(among)):
        if candidate.deleted_at is None and "poll" in candidate.payload:
            for answer in candidate.payload["poll"]["answers"]:
                if answer["poll_media"].get("text") == text:
                    return candidate, int(answer["answer_id"])
    raise ControlError(f"no poll with an answer {text!r} there")


@verb
def end_poll(control: Control, *, channel: int, message: int) -> Json:
    """Its author ends the poll early."""
    polls.end(control.world, control.message(channel, message))
    return {}
