"""Reactions on messages, by whoever."""

from __future__ import annotations

from . import intents, payloads
from .state import Json, Message, User
from .world import World


def react(world: World, message: Message, who: User, emoji: str) -> None:
    """Add one; adding it again does nothing."""
    reacted = message.reactions.setdefault(emoji, [])
    if who.id in reacted:
        return
    reacted.append(who.id)
    refresh(world, message)
    data = _event(message, who, emoji) | {"message_author_id": str(message.author.id), "burst": False, "type": 0}
    guild = message.channel.guild
    if guild is not None and who.id in guild.members:
        data["member"] = payloads.member(guild.members[who.id])
    _tell(world, "MESSAGE_REACTION_ADD", message, data)


def unreact(world: World, message: Message, who: User, emoji: str) -> None:
    """Take one away; nothing happens if it was not there."""
    reacted = message.reactions.get(emoji, [])
    if who.id not in reacted:
        return
    reacted.remove(who.id)
    if not reacted:
        del message.reactions[emoji]
    refresh(world, message)
    _tell(world, "MESSAGE_REACTION_REMOVE", message, _event(message, who, emoji) | {"burst": False, "type": 0})


def refresh(world: World, message: Message) -> None:
    """Write the counts into the payload."""
    message.payload["reactions"] = [
        {
            "emoji": as_emoji(emoji),
            "count": len(users),
            "count_details": {"burst": 0, "normal": len(users)},
            "me": world.bot.id in users,
            "me_burst": False,
            "burst_colors": [],
        }
        for emoji, users in message.reactions.items()
    ]


def as_emoji(text: str) -> Json:
    """`👍` is a Unicode emoji, `name:123` a guild's own."""
    name, _, id = text.partition(":")
    return {"id": id or None, "name": name}


def _event(message: Message, who: User, emoji: str) -> Json:
    return {
        "user_id": str(who.id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "emoji": as_emoji(emoji),
    }


def _tell(world: World, event: str, message: Message, data: Json) -> None:
    world.emit_in(message.channel, event, data, intents.GUILD_MESSAGE_REACTIONS, intents.DIRECT_MESSAGE_REACTIONS)
