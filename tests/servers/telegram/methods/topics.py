"""Forum topics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram.access import Call
from tests.servers.telegram.membership import announce
from tests.servers.telegram.model import Chat, Json, Topic
from tests.servers.telegram.posting import Draft, store
from tests.servers.telegram.refusals import bad
from tests.servers.telegram.world import World

BLUE = 0x6FB9F0


def open_topic(world: World, chat: Chat, name: str, by: Json) -> Topic:
    """Makes a topic and tells the bots; its id is its first message's."""
    fields = {"forum_topic_created": {"name": name, "icon_color": BLUE}}
    stored = store(world, chat, Draft(fields, by, service="forum_topic_created"))
    number = stored.message["message_id"]
    stored.message |= {"message_thread_id": number, "is_topic_message": True}
    chat.topics[number] = Topic(number, name)
    world.tell_message(chat, stored)
    return chat.topics[number]


def close_topic(world: World, chat: Chat, topic: Topic, by: Json, *, closed: bool) -> None:
    """Closes or opens a topic and tells the bots."""
    topic.closed = closed
    kind = "forum_topic_closed" if closed else "forum_topic_reopened"
    announce(world, chat, {kind: {}, "message_thread_id": topic.id, "is_topic_message": True}, by, kind)


def _forum(call: Call, refusal: str) -> Chat:
    chat = call.chat()
    if not chat.is_forum:
        raise bad("the chat is not a forum")
    call.need(chat, "can_manage_topics", refusal)
    return chat


def create(call: Call) -> Json:
    name = call.args.text("name")
    chat = _forum(call, "not enough rights to create a topic")
    if not name:
        raise bad("TOPIC_TITLE_EMPTY")
    topic = open_topic(call.world, chat, name[:128], call.bot.user)
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": BLUE}


def _set_closed(call: Call, *, closed: bool) -> bool:
    chat = _forum(call, "not enough rights to close a topic")
    topic = chat.topics.get(call.args.integer("message_thread_id"))
    if topic is None or topic.deleted:
        raise bad("message thread not found")
    if topic.closed == closed:
        raise bad("TOPIC_NOT_MODIFIED")
    close_topic(call.world, chat, topic, call.bot.user, closed=closed)
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "createForumTopic": create,
    "closeForumTopic": lambda call: _set_closed(call, closed=True),
    "reopenForumTopic": lambda call: _set_closed(call, closed=False),
}
