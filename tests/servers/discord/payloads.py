"""Users, members, roles, channels, guilds as JSON. Pure: state in, payload out."""

from __future__ import annotations

from . import permissions
from .snowflakes import iso
from .state import DM, THREADS, Channel, Guild, Json, Member, Role, User

GUILD_DEFAULTS: Json = {
    "icon": None,
    "splash": None,
    "discovery_splash": None,
    "banner": None,
    "description": None,
    "vanity_url_code": None,
    "emojis": [],
    "stickers": [],
    "afk_channel_id": None,
    "afk_timeout": 300,
    "system_channel_flags": 0,
    "rules_channel_id": None,
    "public_updates_channel_id": None,
    "safety_alerts_channel_id": None,
    "verification_level": 1,
    "default_message_notifications": 0,
    "explicit_content_filter": 0,
    "mfa_level": 0,
    "nsfw_level": 0,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "premium_progress_bar_enabled": False,
    "max_members": 500_000,
    "max_presences": None,
    "application_id": None,
}


def user(who: User) -> Json:
    """A user; the dict is cached on the user and shared, so never change it."""
    if not who.payload:
        who.payload = {
            "id": str(who.id),
            "username": who.name,
            "global_name": who.global_name,
            "discriminator": "0" if not who.bot else "1234",
            "avatar": None,
            "avatar_decoration_data": None,
            "public_flags": 0,
            "bot": who.bot,
        }
    return who.payload


def own_user(bot: User) -> Json:
    """A bot as it sees itself."""
    return {**user(bot), "verified": True, "mfa_enabled": True, "email": None, "flags": 0, "locale": "en-US"}


def partial_member(member: Member) -> Json:
    """A member without its user, as messages carry it."""
    return {
        "nick": member.nick,
        "avatar": None,
        "roles": [str(role) for role in member.roles],
        "joined_at": iso(member.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": member.pending,
        "flags": 0,
        "communication_disabled_until": None,
    }


def member(who: Member) -> Json:
    return {**partial_member(who), "user": user(who.user)}


def role(item: Role) -> Json:
    payload: Json = {
        "id": str(item.id),
        "name": item.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": item.position,
        "permissions": str(item.permissions),
        "managed": item.managed,
        "mentionable": item.mentionable,
        "flags": 0,
    }
    if item.bot_id is not None:
        payload["tags"] = {"bot_id": str(item.bot_id)}
    return payload


def channel(item: Channel) -> Json:
    """A channel of any kind."""
    last = None if item.last_message_id is None else str(item.last_message_id)
    common: Json = {"id": str(item.id), "type": item.kind, "last_message_id": last, "flags": 0}
    if item.kind == DM:
        assert item.recipient is not None
        return {**common, "recipients": [user(item.recipient)]}
    assert item.guild is not None
    common |= {"guild_id": str(item.guild.id), "name": item.name, "rate_limit_per_user": 0}
    if item.kind in THREADS:
        return {**common, **_thread(item)}
    return {
        **common,
        "parent_id": None,
        "topic": item.topic,
        "position": item.position,
        "nsfw": False,
        "permission_overwrites": [
            {"id": str(id), "type": kind, "allow": str(allow), "deny": str(deny)}
            for id, (kind, allow, deny) in item.overwrites.items()
        ],
    }


def _thread(item: Channel) -> Json:
    assert item.thread is not None
    assert item.parent is not None
    thread = item.thread
    return {
        "parent_id": str(item.parent.id),
        "owner_id": str(thread.owner_id),
        "message_count": thread.message_count,
        "total_message_sent": thread.message_count,
        "member_count": min(50, len(thread.members)),
        "thread_metadata": {
            "archived": thread.archived,
            "locked": thread.locked,
            "auto_archive_duration": thread.auto_archive,
            "archive_timestamp": iso(thread.archived_at),
            "create_timestamp": iso(thread.archived_at),
        },
    }


def interaction_channel(item: Channel, who: Member | None) -> Json:
    """The partial channel of an interaction, with the invoker's permissions in it."""
    allowed = permissions.DM if who is None else permissions.in_channel(item, who)
    return {**channel(item), "permissions": str(allowed)}


def guild(item: Guild) -> Json:
    """A guild as REST shows it."""
    first = next((c for c in item.channels.values() if c.kind == 0), None)
    return {
        **GUILD_DEFAULTS,
        "id": str(item.id),
        "name": item.name,
        "owner_id": str(item.owner_id),
        "preferred_locale": item.locale,
        "system_channel_id": None if first is None else str(first.id),
        "features": ["COMMUNITY", "MEMBER_VERIFICATION_GATE_ENABLED"] if item.screening else ["COMMUNITY"],
        "roles": [role(r) for r in item.roles.values()],
    }


def guild_create(item: Guild, members: list[Member], joined_at: float, *, fresh: bool) -> Json:
    """A guild as the gateway shows it, with as many of its members as the session may see.

    A `fresh` one was just joined: it has no `unavailable` at all, by which clients tell it from one that is back.
    """
    return {
        **({} if fresh else {"unavailable": False}),
        **guild(item),
        "joined_at": iso(joined_at),
        "large": item.member_count > 250,
        "member_count": item.member_count,
        "members": [member(m) for m in members],
        "channels": [channel(c) for c in item.channels.values()],
        "threads": [channel(t) for t in item.threads.values() if t.thread and not t.thread.archived],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "soundboard_sounds": [],
        "guild_scheduled_events": [e.payload for e in item.events.values()],
    }
