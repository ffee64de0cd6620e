"""How a message comes to be: the one place that makes them, for bots and for people."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.servers.telegram.access import Call, topic_of
from tests.servers.telegram.keyboards import inline, read_markup
from tests.servers.telegram.model import Chat, Json, Stored
from tests.servers.telegram.refusals import bad
from tests.servers.telegram.world import Bot, World


@dataclass(slots=True)
class Draft:
    """A message before it has an id."""

    fields: Json  # text and entities, photo and caption, poll, …
    sender: Json
    sender_chat: Json | None = None
    reply_to: Stored | None = None
    topic: int | None = None
    silent: bool = False
    markup: Json | None = None
    service: str | None = None
    by_bot: int | None = None
    at: float | None = None
    file: Json | None = None
    extra: Json = field(default_factory=dict)


def store(world: World, chat: Chat, draft: Draft, bot: Bot | None = None) -> Stored:
    """Puts the message into the chat. `bot` is needed for private chats, whose ids are the bot's."""
    at = world.now() if draft.at is None else draft.at
    message: Json = {"message_id": world.next_message_id(chat, bot)}
    if chat.type != "channel":
        message["from"] = draft.sender
    if draft.sender_chat is not None:
        message["sender_chat"] = draft.sender_chat
    message |= {"chat": chat.shown(), "date": int(at)}
    _place(chat, message, draft)
    message |= draft.fields
    shown = inline(draft.markup)
    if shown is not None:
        message["reply_markup"] = shown
    message |= draft.extra
    stored = Stored(
        message, at, draft.sender["id"], draft.by_bot, draft.silent, draft.markup, draft.service, file=draft.file
    )
    chat.messages[message["message_id"]] = stored
    world.changed()
    return stored


def _place(chat: Chat, message: Json, draft: Draft) -> None:
    """Thread and reply: in a topic, what replies to nothing replies to the topic's first message."""
    reply = draft.reply_to
    if chat.is_forum:
        topic = draft.topic or (reply.message.get("message_thread_id") if reply else None)
        if topic is not None:
            message |= {"message_thread_id": topic, "is_topic_message": True}
            reply = reply or chat.messages.get(topic)
    elif chat.type == "supergroup" and (reply or draft.topic):
        root = reply.message.get("message_thread_id", reply.message["message_id"]) if reply else None
        message["message_thread_id"] = draft.topic or root
    if reply is not None and not reply.deleted:
        message["reply_to_message"] = {k: v for k, v in reply.message.items() if k != "reply_to_message"}


def send(call: Call, chat: Chat, fields: Json, file: Json | None = None) -> Json:
    """Sends for a bot, with the arguments that all send methods share; returns the message."""
    markup = read_markup(call.args)
    topic = topic_of(call, chat)
    reply = _replied(call, chat)
    call.world.limits.pass_or_refuse(chat.id)
    draft = Draft(
        fields,
        call.bot.user,
        sender_chat=chat.shown() if chat.type == "channel" else None,
        reply_to=reply,
        topic=topic,
        silent=call.args.flag("disable_notification"),
        markup=markup,
        by_bot=call.bot.id,
        file=file,
        extra={"has_protected_content": True} if call.args.flag("protect_content") else {},
    )
    stored = store(call.world, chat, draft, call.bot)
    call.world.journal.sends.append((stored.at, chat.id))
    return stored.message


def _replied(call: Call, chat: Chat) -> Stored | None:
    """The message to reply to; raises when it is gone and the bot did not allow for that."""
    parameters = call.args.structure("reply_parameters") or {}
    number = parameters.get("message_id") or call.args.integer("reply_to_message_id")
    if not number:
        return None
    lenient = parameters.get("allow_sending_without_reply") or call.args.flag("allow_sending_without_reply")
    elsewhere = parameters.get("chat_id")
    stored = chat.messages.get(int(number)) if elsewhere in (None, chat.id, str(chat.id)) else None
    if stored is None or stored.deleted:
        if lenient:
            return None
        raise bad("message to be replied not found")
    return stored
