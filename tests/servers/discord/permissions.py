"""Discord's permission bits, and what a member may do in a guild or one of its channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .state import Channel, Guild, Member

BITS: Final[dict[str, int]] = {
    "create_instant_invite": 1 << 0,
    "kick_members": 1 << 1,
    "ban_members": 1 << 2,
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "add_reactions": 1 << 6,
    "view_audit_log": 1 << 7,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "send_tts_messages": 1 << 12,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_external_emojis": 1 << 18,
    "change_nickname": 1 << 26,
    "manage_nicknames": 1 << 27,
    "manage_roles": 1 << 28,
    "manage_webhooks": 1 << 29,
    "use_application_commands": 1 << 31,
    "manage_events": 1 << 33,
    "manage_threads": 1 << 34,
    "create_public_threads": 1 << 35,
    "create_private_threads": 1 << 36,
    "send_messages_in_threads": 1 << 38,
    "moderate_members": 1 << 40,
    "create_events": 1 << 44,
    "send_polls": 1 << 49,
    "pin_messages": 1 << 51,
}
ADMINISTRATOR: Final = BITS["administrator"]
MANAGE_CHANNELS: Final = BITS["manage_channels"]
ADD_REACTIONS: Final = BITS["add_reactions"]
VIEW_CHANNEL: Final = BITS["view_channel"]
SEND_MESSAGES: Final = BITS["send_messages"]
MANAGE_MESSAGES: Final = BITS["manage_messages"]
EMBED_LINKS: Final = BITS["embed_links"]
ATTACH_FILES: Final = BITS["attach_files"]
READ_MESSAGE_HISTORY: Final = BITS["read_message_history"]
MENTION_EVERYONE: Final = BITS["mention_everyone"]
KICK_MEMBERS: Final = BITS["kick_members"]
BAN_MEMBERS: Final = BITS["ban_members"]
MANAGE_NICKNAMES: Final = BITS["manage_nicknames"]
CHANGE_NICKNAME: Final = BITS["change_nickname"]
MANAGE_ROLES: Final = BITS["manage_roles"]
MANAGE_EVENTS: Final = BITS["manage_events"]
CREATE_EVENTS: Final = BITS["create_events"]
MANAGE_THREADS: Final = BITS["manage_threads"]
CREATE_PUBLIC_THREADS: Final = BITS["create_public_threads"]
CREATE_PRIVATE_THREADS: Final = BITS["create_private_threads"]
SEND_MESSAGES_IN_THREADS: Final = BITS["send_messages_in_threads"]
SEND_POLLS: Final = BITS["send_polls"]
PIN_MESSAGES: Final = BITS["pin_messages"]
USE_APPLICATION_COMMANDS: Final = BITS["use_application_commands"]

EVERYTHING: Final = (1 << 53) - 1
DM: Final = EVERYTHING & ~ADMINISTRATOR

EVERYONE_DEFAULT: Final = (
    VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_MESSAGE_HISTORY | ADD_REACTIONS
    | USE_APPLICATION_COMMANDS | CREATE_PUBLIC_THREADS | SEND_MESSAGES_IN_THREADS | SEND_POLLS | CHANGE_NICKNAME
)  # fmt: skip
"""What the @everyone role of a new guild may do. Mentioning everyone is left out, as in a guild that learned."""

BOT_DEFAULT: Final = (
    EVERYONE_DEFAULT | MANAGE_MESSAGES | MANAGE_ROLES | MANAGE_EVENTS | CREATE_EVENTS | MANAGE_THREADS | PIN_MESSAGES
    | MENTION_EVERYONE
)  # fmt: skip
"""What an invited bot may do. It may mention everyone, so that a careless message is seen to do so."""


def bits(names: list[str]) -> int:
    """The sum of permissions by name. Raises ValueError for a name that is none."""
    total = 0
    for name in names:
        if name not in BITS:
            raise ValueError(f"no permission is called {name!r}")
        total |= BITS[name]
    return total


def in_guild(guild: Guild, member: Member) -> int:
    """What the member may do by roles alone."""
    if member.user.id == guild.owner_id:
        return EVERYTHING
    total = guild.roles[guild.id].permissions
    for role_id in member.roles:
        total |= guild.roles[role_id].permissions
    return EVERYTHING if total & ADMINISTRATOR else total


def in_channel(channel: Channel, member: Member) -> int:
    """What the member may do in a guild's channel; a thread answers for its parent."""
    guild = channel.guild
    assert guild is not None
    total = in_guild(guild, member)
    if total == EVERYTHING:
        return total
    owner = channel if channel.parent is None else channel.parent
    overwrites = owner.overwrites
    if overwrites:
        total = _overwritten(total, overwrites, guild.id, member)
    return total if total & VIEW_CHANNEL else 0


def _overwritten(total: int, overwrites: dict[int, tuple[int, int, int]], everyone: int, member: Member) -> int:
    if everyone in overwrites:
        _, allow, deny = overwrites[everyone]
        total = total & ~deny | allow
    allowed = denied = 0
    for role_id in member.roles:
        if role_id in overwrites:
            _, allow, deny = overwrites[role_id]
            allowed |= allow
            denied |= deny
    total = total & ~denied | allowed
    if member.user.id in overwrites:
        _, allow, deny = overwrites[member.user.id]
        total = total & ~deny | allow
    return total
