"""Who is in a chat, join requests, tags, leaving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram.access import Call
from tests.servers.telegram.membership import announce_join, member_of, set_standing, tell_standing
from tests.servers.telegram.model import PERMISSIONS, Chat, Json
from tests.servers.telegram.refusals import bad

BIG = 10_000  # members from which a group sends no join service messages
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def get_chat(call: Call) -> Json:
    chat = call.chat(write=False)
    full = chat.shown() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].message
    if chat.is_private:
        return full
    full["permissions"] = {right: chat.permissions.get(right, False) for right in PERMISSIONS}
    for name in ("join_by_request", "linked_chat_id"):
        if getattr(chat, name):
            full[name] = getattr(chat, name)
    if chat.hidden_members:
        full["has_hidden_members"] = True
    if chat.available_reactions is not None:
        full["available_reactions"] = [{"type": "emoji", "emoji": emoji} for emoji in chat.available_reactions]
    return full


def get_chat_member(call: Call) -> Json:
    chat = call.chat(write=False)
    user = call.user()
    if chat.is_private:
        return member_of(chat, user).shown() | {"status": "member"}
    hidden = chat.hidden_members and not call.member(chat).is_admin
    if hidden and user["id"] != call.bot.id:
        raise bad("CHAT_ADMIN_REQUIRED")
    return member_of(chat, user).shown()


def get_administrators(call: Call) -> list[Json]:
    """Without the other bots, unless asked for by `return_bots`."""
    chat = call.chat(write=False)
    if chat.is_private:
        raise bad("there are no administrators in the private chat")
    bots = call.args.flag("return_bots")
    admins = (member for member in chat.members.values() if member.is_admin)
    return [m.shown() for m in admins if bots or not m.user["is_bot"] or m.user["id"] == call.bot.id]


def get_count(call: Call) -> int:
    return call.chat(write=False).member_count


def leave(call: Call) -> bool:
    chat = call.chat()
    if chat.is_private:
        raise bad("chat member status can't be changed in private chats")
    set_standing(call.world, chat, call.bot.user, call.bot.user, status="left", rights={})
    return True


def _requested(call: Call) -> tuple[Chat, Json]:
    chat = call.chat()
    call.need(chat, "can_invite_users", "not enough rights")
    user = call.user()
    if member_of(chat, user).present:
        raise bad("USER_ALREADY_PARTICIPANT")
    if user["id"] not in chat.requests:
        raise bad("HIDE_REQUESTER_MISSING")
    return chat, user


def approve(call: Call) -> bool:
    chat, user = _requested(call)
    del chat.requests[user["id"]]
    change = set_standing(call.world, chat, user, call.bot.user, status="member", rights={}, tell=False)
    tell_standing(call.world, chat, change | {"via_join_request": True})
    if chat.member_count < BIG:
        announce_join(call.world, chat, [user])
    return True


def decline(call: Call) -> bool:
    chat, user = _requested(call)
    del chat.requests[user["id"]]
    call.world.changed()
    return True


def set_tag(call: Call) -> bool:
    """A member's badge: up to 16 characters without emoji; empty takes it away."""
    chat = call.chat()
    if chat.type not in ("group", "supergroup"):
        raise bad("method is available only for groups and supergroups")
    call.need(chat, "can_manage_tags", "not enough rights to manage member tags")
    user, tag = call.user(), call.args.text("tag")
    if len(tag) > 16 or any(ord(c) > 0x1F000 for c in tag):
        raise bad("TAG_INVALID")
    standing = member_of(chat, user)
    if standing.is_admin or not standing.present:
        raise bad("USER_NOT_PARTICIPANT" if not standing.present else "not enough rights to change the tag of the user")
    set_standing(call.world, chat, user, call.bot.user, tag=tag or None)
    return True


def create_link(call: Call) -> Json:
    chat = call.chat()
    call.need(chat, "can_invite_users", "not enough rights to manage chat invite link")
    number = next(call.world.ids)
    link: Json = {
        "invite_link": f"https://t.me/+loopback{number:06d}",
        "creator": call.bot.user,
        "creates_join_request": call.args.flag("creates_join_request"),
        "is_primary": False,
        "is_revoked": False,
    }
    if call.args.text("name"):
        link["name"] = call.args.text("name")[:32]
    chat.links[link["invite_link"]] = link
    call.world.changed()
    return link


METHODS: dict[str, Callable[[Call], Any]] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_administrators,
    "getChatMemberCount": get_count,
    "getChatMembersCount": get_count,
    "leaveChat": leave,
    "approveChatJoinRequest": approve,
    "declineChatJoinRequest": decline,
    "setChatMemberTag": set_tag,
    "createChatInviteLink": create_link,
}
