"""Gateway intents: which of them an event needs, and which the developer portal must have enabled."""

from __future__ import annotations

from typing import Final

GUILDS: Final = 1 << 0
GUILD_MEMBERS: Final = 1 << 1
GUILD_MODERATION: Final = 1 << 2
GUILD_PRESENCES: Final = 1 << 8
GUILD_MESSAGES: Final = 1 << 9
GUILD_MESSAGE_REACTIONS: Final = 1 << 10
GUILD_MESSAGE_TYPING: Final = 1 << 11
DIRECT_MESSAGES: Final = 1 << 12
DIRECT_MESSAGE_REACTIONS: Final = 1 << 13
DIRECT_MESSAGE_TYPING: Final = 1 << 14
MESSAGE_CONTENT: Final = 1 << 15
GUILD_SCHEDULED_EVENTS: Final = 1 << 16
GUILD_MESSAGE_POLLS: Final = 1 << 24
DIRECT_MESSAGE_POLLS: Final = 1 << 25

PRIVILEGED: Final = {
    "presences": GUILD_PRESENCES,
    "members": GUILD_MEMBERS,
    "message_content": MESSAGE_CONTENT,
}
"""The switches of the developer portal, by the names that the control side uses."""

APPLICATION_FLAGS: Final = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
"""The `*_LIMITED` flags that an application in under 100 servers shows for each switch."""
