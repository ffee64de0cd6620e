"""What exists in the loopback Telegram: people, chats, members, messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ANONYMOUS_ADMIN: Json = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
CHANNEL_BOT: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
SERVICE: Json = {"id": 777000, "is_bot": False, "first_name": "Telegram"}

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_manage_tags",
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


@dataclass(slots=True)
class Member:
    """Somebody's standing in one chat. `rights` are admin rights, or permissions of a restricted one."""

    user: Json
    status: str = "left"
    rights: dict[str, bool] = field(default_factory=dict)
    is_member: bool = True
    until_date: int = 0
    is_anonymous: bool = False
    tag: str | None = None
    custom_title: str | None = None

    @property
    def present(self) -> bool:
        """Is in the chat now."""
        return self.status in ("creator", "administrator", "member") or (self.status == "restricted" and self.is_member)

    @property
    def is_admin(self) -> bool:
        """Owner or administrator."""
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        """Has this admin right."""
        return self.status == "creator" or (self.status == "administrator" and self.rights.get(right, False))

    def shown(self) -> Json:
        """The Bot API's ChatMember."""
        seen: Json = {"user": self.user, "status": self.status}
        if self.status == "creator":
            seen["is_anonymous"] = self.is_anonymous
        elif self.status == "administrator":
            seen |= {"can_be_edited": False, "is_anonymous": self.is_anonymous}
            seen |= {right: self.rights.get(right, False) for right in ADMIN_RIGHTS}
        elif self.status == "restricted":
            seen |= {"is_member": self.is_member, "until_date": self.until_date}
            seen |= {right: self.rights.get(right, False) for right in PERMISSIONS}
        elif self.status == "kicked":
            seen["until_date"] = self.until_date
        if self.custom_title and self.is_admin:
            seen["custom_title"] = self.custom_title
        if self.tag and self.status in ("member", "restricted"):
            seen["tag"] = self.tag
        return seen


@dataclass(slots=True)
class Stored:
    """A message as Telegram keeps it, with what only the server knows."""

    message: Json
    at: float  # seconds since the epoch, finer than the message's `date`
    sender_id: int
    by_bot: int | None = None  # id of the bot under test that sent it
    silent: bool = False
    markup: Json | None = None  # as sent: also ForceReply and such, which messages do not show
    service: str | None = None
    deleted: bool = False
    file: Json | None = None
    edits: list[Json] = field(default_factory=list)
    reactions: dict[int, list[Json]] = field(default_factory=dict)


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the service message that made it."""

    id: int
    name: str
    closed: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Chat:
    """A group, supergroup, forum, channel, or one bot's private chat with one person."""

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    person: Json | None = None
    is_forum: bool = False
    permissions: dict[str, bool] = field(default_factory=lambda: dict.fromkeys(PERMISSIONS, True))
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Stored] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    requests: dict[int, Json] = field(default_factory=dict)
    links: dict[str, Json] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    last_message_id: int = 0
    unseen_members: int = 0  # makes a group large without members one by one
    linked_chat_id: int | None = None
    migrated_to: int | None = None
    join_by_request: bool = False
    hidden_members: bool = False
    available_reactions: list[str] | None = None
    started: bool = False  # private: the person pressed Start
    blocked: bool = False  # private: the person blocked the bot
    general_closed: bool = False
    was_deleted: bool = False

    def shown(self) -> Json:
        """The Bot API's Chat."""
        seen: Json = {"id": self.id, "type": self.type}
        if self.person is not None:
            seen |= {k: self.person[k] for k in ("first_name", "last_name", "username") if k in self.person}
            return seen
        seen["title"] = self.title
        if self.username:
            seen["username"] = self.username
        if self.is_forum:
            seen["is_forum"] = True
        return seen

    @property
    def is_private(self) -> bool:
        """A chat of one person with one bot."""
        return self.type == "private"

    @property
    def member_count(self) -> int:
        """How many are in it, the unnamed crowd included."""
        if self.is_private:
            return 2
        return self.unseen_members + sum(member.present for member in self.members.values())

    def kind(self) -> str:
        """How refusals call it: "group chat", "supergroup chat", "channel chat"."""
        return f"{self.type} chat"
