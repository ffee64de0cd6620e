"""Updates as Telegram tells them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from adapters.telegram.actors import Me
from adapters.telegram.incoming import FindPoll, SentPoll, decode, read
from adapters.telegram.places import PLATFORM
from bot.core.events import Event, Where

Json = dict[str, Any]

ME = Me(123456789, "guyub_bot")
RECEIVED = datetime(2026, 1, 5, 2, 0, 30, tzinfo=UTC)
DATE = 1767578400  # 2026-01-05 02:00:00 UTC
AT = datetime.fromtimestamp(DATE, UTC)

AYU: Json = {"id": 111, "is_bot": False, "first_name": "Ayu", "last_name": "Lestari", "language_code": "id"}
BUDI: Json = {"id": 222, "is_bot": False, "first_name": "Budi"}
GUYUB: Json = {"id": ME.id, "is_bot": True, "first_name": "Guyub", "username": ME.username}
OTHER_BOT: Json = {"id": 333, "is_bot": True, "first_name": "Rose", "username": "rose_bot"}
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
TELEGRAM: Json = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
KOPI: Json = {"id": -1001234567890, "title": "Kopi", "type": "supergroup"}
FORUM: Json = KOPI | {"is_forum": True}
OLD_KOPI: Json = {"id": -4321, "title": "Kopi", "type": "group"}
NEWS: Json = {"id": -1009999, "title": "Kabar Kopi", "type": "channel"}
PRIVATE: Json = {"id": 111, "type": "private", "first_name": "Ayu"}


def message(text: str | None = None, sender: Json | None = AYU, chat: Json = KOPI, **more: Any) -> Json:
    said: Json = {"message_id": 50, "date": DATE, "chat": chat}
    if sender is not None:
        said["from"] = sender
    return said | ({} if text is None else {"text": text}) | more


def said(text: str | None = None, sender: Json | None = AYU, chat: Json = KOPI, **more: Any) -> list[Event]:
    return decoded(message=message(text, sender, chat, **more))


def decoded(find_poll: FindPoll = lambda poll: None, **content: Any) -> list[Event]:
    """The events of one update."""
    return decode(read({"update_id": 7, **content}), ME, RECEIVED, find_poll)


def standing(user: Json, status: str, **more: Any) -> Json:
    admin_rights = (
        "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
        "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
    )
    permissions = (
        "can_change_info can_invite_users can_pin_messages can_send_messages can_send_polls can_send_other_messages "
        "can_add_web_page_previews can_manage_topics can_send_audios can_send_documents can_send_photos "
        "can_send_videos can_send_video_notes can_send_voice_notes can_react_to_messages can_edit_tag"
    )
    shown: Json = {"user": user, "status": status}
    if status == "administrator":
        shown |= dict.fromkeys(admin_rights.split(), True)
    if status == "restricted":
        shown |= dict.fromkeys(permissions.split(), False) | {"is_member": True, "until_date": 0}
    if status == "kicked":
        shown["until_date"] = 0
    if status == "creator":
        shown["is_anonymous"] = False
    return shown | more


def change(before: Json, after: Json, chat: Json = KOPI, by: Json = BUDI) -> Json:
    return {"chat": chat, "from": by, "date": DATE, "old_chat_member": before, "new_chat_member": after}


def vote(*options: int, **who: Json) -> Json:
    chosen = [f"o{option}" for option in options]
    return {"poll_id": "500", "option_ids": list(options), "option_persistent_ids": chosen} | who


def sent_poll(poll: str) -> SentPoll | None:
    return SentPoll(Where(PLATFORM, "-1001234567890", "topic:42"), "77") if poll == "500" else None
