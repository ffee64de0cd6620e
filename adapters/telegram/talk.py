"""What people say: commands, and everything else."""

from __future__ import annotations

import re

from telegram import Message

from adapters.telegram.actors import Me, speaker
from adapters.telegram.membership import decode_service
from adapters.telegram.places import Handle, place
from bot.core.events import Actor, ActorKind, ChatChanged, CommandInvoked, Event, MessagePosted, Where

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]+))?(?:\s+(.*))?", re.DOTALL)
# What people send besides text; all else without a text is a service message.
_CONTENTS = (
    "photo", "sticker", "video", "voice", "animation", "document", "audio", "video_note", "poll", "location",
    "contact", "venue", "dice", "story", "game", "paid_media", "checklist", "giveaway", "live_photo",
)  # fmt: skip


def decode_message(message: Message, event_id: str, me: Me) -> list[Event]:
    text = message.text or message.caption
    if text is None and not any(getattr(message, content) for content in _CONTENTS):
        return decode_service(message, event_id, me.id)
    if message.from_user is not None and message.from_user.id == me.id:
        return []
    where = place(message.chat, message.message_thread_id if message.is_topic_message else None)
    actor, answered = speaker(message), _answered(message)
    handle = str(Handle(str(message.chat.id), str(message.message_id)))
    if text and text[0] == "/" and actor.kind in (ActorKind.PERSON, ActorKind.ANONYMOUS):
        found = _COMMAND.fullmatch(text)
        if found:
            command = _command(found, event_id, message, where, actor, handle, answered, me)
            return _with_opening(command) if command else []
    posted = MessagePosted(
        event_id,
        message.date,
        where,
        actor,
        str(message.message_id),
        text or "",
        str(answered.message_id) if answered else "",
        speaker(answered).id if answered else "",
        handle,
    )
    return _with_opening(posted)


def _command(
    found: re.Match[str],
    event_id: str,
    message: Message,
    where: Where,
    actor: Actor,
    handle: str,
    answered: Message | None,
    me: Me,
) -> CommandInvoked | None:
    """None for another bot's command."""
    name, addressee, rest = found.groups()
    if addressee and addressee.casefold() != me.username.casefold():
        return None
    return CommandInvoked(
        event_id,
        message.date,
        where,
        actor,
        name=name.casefold(),
        text=(rest or "").strip(),
        reply_to=str(answered.message_id) if answered else "",
        handle=handle,
        addressed=bool(addressee) or where.private,
    )


def _with_opening(said: CommandInvoked | MessagePosted) -> list[Event]:
    """Whoever says something in private may be written to, though Start may have been pressed before our time."""
    if said.where.private and said.actor.kind is ActorKind.PERSON:
        return [ChatChanged(said.event_id, said.at, said.where, said.actor, open=True), said]
    return [said]


def _answered(message: Message) -> Message | None:
    """The message replied to. In a topic, what replies to nothing seems to reply to the topic's first message."""
    reply = message.reply_to_message
    if reply is None or (message.is_topic_message and reply.message_id == message.message_thread_id):
        return None
    return reply
