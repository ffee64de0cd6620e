"""Coming and going: chat_member, my_chat_member, and the service messages that tell the same once more."""

from __future__ import annotations

from datetime import datetime

from telegram import Chat, ChatMember, ChatMemberRestricted, ChatMemberUpdated, Message

from adapters.telegram.actors import person, speaker
from adapters.telegram.places import place
from bot.core.events import (
    ChatChanged,
    Event,
    GroupChange,
    GroupChanged,
    MemberJoined,
    MemberLeft,
    Standing,
)

_ADMINISTRATORS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


def is_present(member: ChatMember) -> bool:
    """In the chat now; a restricted one may have left."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status not in (ChatMember.LEFT, ChatMember.BANNED)


def is_pending(member: ChatMember) -> bool:
    """In the chat but held silent, as by another bot's captcha."""
    return isinstance(member, ChatMemberRestricted) and member.is_member and not member.can_send_messages


def standing(member: ChatMember) -> Standing:
    return Standing(present=is_present(member), administrator=member.status in _ADMINISTRATORS)


def decode_member(change: ChatMemberUpdated, event_id: str) -> list[Event]:
    """What happened to somebody else in a group where the bot is an administrator."""
    before, after = change.old_chat_member, change.new_chat_member
    where, actor, at = place(change.chat), person(after.user), change.date
    if is_present(after):
        if not is_present(before) or is_pending(before) != is_pending(after):
            return [MemberJoined(event_id, at, where, actor, pending=is_pending(after))]
        return []
    banned = after.status == ChatMember.BANNED
    if is_present(before) or (banned and before.status != ChatMember.BANNED):
        return [MemberLeft(event_id, at, where, actor, banned=banned)]
    return []


def decode_own(change: ChatMemberUpdated, event_id: str) -> list[Event]:
    """What happened to the bot itself: added, removed, given other rights; a private chat opened or closed."""
    before, after = change.old_chat_member, change.new_chat_member
    where, actor, at = place(change.chat), person(change.from_user), change.date
    if change.chat.type == Chat.PRIVATE:
        return [ChatChanged(event_id, at, where, actor, open=is_present(after))]
    title = change.chat.title or ""
    if is_present(after):
        what = GroupChange.RIGHTS if is_present(before) else GroupChange.ADDED
    elif is_present(before):
        what = GroupChange.REMOVED
    else:
        return []
    return [GroupChanged(event_id, at, where, actor, what, title)]


def decode_service(message: Message, event_id: str, own_id: int) -> list[Event]:
    """Service messages of a group. Here a join says nothing of whether somebody may speak yet."""
    where, at, events = place(message.chat), message.date, list[Event]()
    for number, user in enumerate(message.new_chat_members):
        if user.id != own_id:
            events.append(MemberJoined(f"{event_id}:{number}", at, where, person(user), pending=None))
    left = message.left_chat_member
    if left is not None and left.id != own_id:
        events.append(MemberLeft(event_id, at, where, person(left)))
    if message.new_chat_title:
        change = GroupChange.RENAMED
        events.append(GroupChanged(event_id, at, where, speaker(message), change, message.new_chat_title))
    if message.migrate_to_chat_id:
        events.append(_migrated(message, event_id, at, message.chat.id, message.migrate_to_chat_id))
    if message.migrate_from_chat_id:
        events.append(_migrated(message, event_id, at, message.migrate_from_chat_id, message.chat.id))
    return events


def _migrated(message: Message, event_id: str, at: datetime, old: int, new: int) -> GroupChanged:
    """Both messages become the same event: the old group goes on under the new id."""
    where = place(Chat(old, Chat.GROUP))
    title = message.chat.title or ""
    return GroupChanged(event_id, at, where, speaker(message), GroupChange.MIGRATED, title, str(new))
