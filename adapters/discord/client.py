"""discord.py's client, kept small: what it may cache, and every touch of its inner parts.

What is private in discord.py and used here: `Client._connection.parsers` (the table of gateway events),
`http.json_or_text` (which reads an answer), and in `gateway.py` the class of its WebSocket.
`tests/adapters/discord/test_library.py` fails when a release changes them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord

log = logging.getLogger(__name__)

Json = dict[str, Any]
Receive = Callable[[str, Json], None]
"""Takes a gateway event by name, with its data as it came."""

INTENTS = discord.Intents(
    guilds=True,
    members=True,
    moderation=True,  # bans
    guild_messages=True,
    dm_messages=True,
    message_content=True,
    guild_reactions=True,
    dm_reactions=True,
    guild_polls=True,
    dm_polls=True,
)

KEPT = frozenset(
    {
        "READY", "RESUMED", "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "CHANNEL_CREATE", "CHANNEL_UPDATE",
        "CHANNEL_DELETE", "THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE", "THREAD_LIST_SYNC", "GUILD_ROLE_CREATE",
        "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE", "GUILD_MEMBER_UPDATE",
        "USER_UPDATE",
    }
)  # fmt: skip
"""Events that discord.py keeps its picture of the guilds by. All others would only make objects nobody looks at."""

_HEAVY = (
    "presences", "voice_states", "emojis", "stickers", "soundboard_sounds", "guild_scheduled_events",
    "stage_instances", "features",
)  # fmt: skip
CATEGORY = 4


discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody is told to install what isn't needed


async def _read(response: aiohttp.ClientResponse) -> Any:
    """The library knows JSON only where its type stands alone; proxies say the charset too."""
    text = await response.text(encoding="utf-8")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    return json.loads(text) if text and kind == "application/json" else text


discord.http.json_or_text = _read


class Client(discord.Client):
    """`changes` counts what may have changed discord.py's picture of the guilds."""

    changes = 0

    def __init__(self, before_identify: Callable[[], Awaitable[None]], receive: Receive) -> None:
        super().__init__(
            intents=INTENTS,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30.0,
            guild_ready_timeout=0.0,  # its own "ready" is nobody's concern, and waiting for it would outlive the line
        )
        self._before_identify = before_identify
        attach(self, receive, self._has_changed)

    def _has_changed(self) -> None:
        self.changes += 1

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await self._before_identify()


def attach(client: discord.Client, receive: Receive, changed: Callable[[], None] = lambda: None) -> None:
    """Hand every gateway event to `receive`; let discord.py see only what it keeps guilds by, and tell `changed` then.

    An event that one of them can't read is logged and passed over, so the next one is handled.
    """
    parsers = client._connection.parsers
    kept = {name: parse for name, parse in parsers.items() if name in KEPT}
    parsers.clear()
    for name in HEARD | kept.keys():
        parsers[name] = _guarded(name, kept.get(name), receive, client, changed)


def _guarded(
    name: str,
    parse: Callable[[Any], None] | None,
    receive: Receive,
    client: discord.Client,
    changed: Callable[[], None],
) -> Callable[[Any], None]:
    failures = 0

    def failed(error: Exception) -> None:
        """With a traceback the first time: should Discord change an event, each of them would make one."""
        nonlocal failures
        failures += 1
        log.error("a %s event could not be read; it is passed over", name, exc_info=error if failures == 1 else None)

    def take(data: Any) -> None:
        try:
            if name in HEARD:
                receive(name, data)
        except Exception as error:  # noqa: BLE001 – logged, and the next one is handled
            failed(error)
        if parse is None:
            return
        try:
            if name != "GUILD_MEMBER_UPDATE" or _is_me(client, data):
                parse(lightened(data, client) if name == "GUILD_CREATE" else data)
        except Exception as error:  # noqa: BLE001 – logged, and the next one is handled
            failed(error)
        changed()

    return take


HEARD = frozenset(
    {
        "READY", "RESUMED", "MESSAGE_CREATE", "INTERACTION_CREATE", "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE",
        "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE", "GUILD_BAN_ADD", "MESSAGE_REACTION_ADD",
        "MESSAGE_REACTION_REMOVE", "MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE", "MESSAGE_UPDATE",
    }
)  # fmt: skip
"""Events that are decoded."""


def _is_me(client: discord.Client, data: Json) -> bool:
    return client.user is not None and str(data["user"]["id"]) == str(client.user.id)


def lightened(guild: Json, client: discord.Client) -> Json:
    """A guild without what would take memory: members but ourselves, categories, topics, emojis and the like.

    What proxies leave out and the library requires is filled in. Without the role that everybody has, rights can't be
    reckoned: then we are left out too, and trying shows where we may write.
    """
    light = {key: value for key, value in guild.items() if key not in _HEAVY}
    everybody = any(str(role["id"]) == str(guild["id"]) for role in guild.get("roles", ()))
    ourselves = [member for member in guild.get("members", ()) if everybody and _is_me(client, member)]
    light["members"] = [
        {"roles": [], "flags": 0, **member, "user": {**_USER, **member["user"]}} for member in ourselves
    ]
    light["channels"] = [
        {"name": "", "position": place, **channel, "topic": None}
        for place, channel in enumerate(guild.get("channels", ()))
        if channel["type"] != CATEGORY
    ]
    return light


_USER = {"username": "", "discriminator": "0", "avatar": None}
