"""How standings change, and which updates tell the bots so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.servers.telegram.model import Chat, Json, Member
from tests.servers.telegram.posting import Draft, store
from tests.servers.telegram.world import World


def member_of(chat: Chat, user: Json) -> Member:
    """The person's standing there; somebody unknown has left."""
    return chat.members.get(user["id"]) or Member(user)


def set_standing(
    world: World, chat: Chat, user: Json, by: Json, *, tell: bool = True, at: float | None = None, **changes: Any
) -> Json:
    """Changes a standing; returns the ChatMemberUpdated, which is told to the bots unless `tell` is off."""
    old = member_of(chat, user)
    new = replace(old, user=user, **changes)
    change: Json = {
        "chat": chat.shown(),
        "from": by,
        "date": int(world.now() if at is None else at),
        "old_chat_member": old.shown(),
        "new_chat_member": new.shown(),
    }
    chat.members[user["id"]] = new
    if tell:
        tell_standing(world, chat, change)
    world.changed()
    return change


def tell_standing(world: World, chat: Chat, change: Json) -> None:
    """chat_member for the bots that administer the chat, my_chat_member for the one it is about."""
    subject = world.bot_by_id(change["new_chat_member"]["user"]["id"])
    if subject is not None:
        world.tell_bot(subject, "my_chat_member", change)
    for bot, member in world.bots_in(chat):
        if bot is not subject and member.is_admin:
            world.tell_bot(bot, "chat_member", change)


def announce(world: World, chat: Chat, fields: Json, sender: Json, service: str, at: float | None = None) -> Json:
    """Posts a service message and tells the bots."""
    stored = store(world, chat, Draft(fields, sender, service=service, at=at))
    world.tell_message(chat, stored)
    return stored.message


def announce_join(world: World, chat: Chat, users: list[Json], by: Json | None = None, at: float | None = None) -> Json:
    """ "… joined the group", as one message for all of them."""
    fields: Json = {"new_chat_participant": users[0], "new_chat_member": users[0], "new_chat_members": users}
    return announce(world, chat, fields, by or users[0], "new_chat_members", at)
