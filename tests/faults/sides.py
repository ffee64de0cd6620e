"""The two loopback platforms, spoken to in one way: who joins, what is heard, what goes wrong with sending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tests.servers import discord, telegram


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the bot, as it stands now. `id` counts up; `edits`: how often it was changed.

    The text of a platform's own poll is its question.
    """

    id: int
    at: float
    text: str
    reply_to: int = 0
    edits: int = 0
    buttons: bool = False


class Side(Protocol):
    """A community's group on one platform. People are called by names that nobody else has."""

    name: str
    repeats: bool  # whether the platform recognises a repeated send

    @property
    def environment(self) -> dict[str, str]:
        """What the program needs to find this platform."""
        ...

    @property
    def group_table(self) -> str: ...
    @property
    def managers_id(self) -> str: ...

    async def heard(self) -> None:
        """Wait until the program listens here."""
        ...

    async def joins(self, name: str) -> None: ...
    async def leaves(self, name: str) -> None: ...
    async def said(self) -> list[Said]:
        """All the bot ever said in the group, also what it deleted."""
        ...

    async def told_managers(self) -> list[Said]: ...
    async def stalls(self, when: str) -> None:
        """The next send stands still "before" or "after" its effect, until `release`."""
        ...

    async def stalled(self) -> None:
        """Wait until a send stands still."""
        ...

    async def release(self) -> None: ...
    async def fails(self, how: str) -> None:
        """The next send takes effect, then answers 502 or cuts the line ("reset")."""
        ...


async def greetings_of(side: Side, names: Sequence[str]) -> Counter[str]:
    """How many messages of the bot name each of these people."""
    counted: Counter[str] = Counter(dict.fromkeys(names, 0))
    for said in await side.said():
        counted.update(name for name in names if name in said.text)
    return counted


@dataclass
class TelegramSide:
    world: telegram.TelegramWorld
    group: telegram.Group
    managers: telegram.Group
    people: dict[str, telegram.Person] = field(default_factory=dict)
    name: str = "telegram"
    repeats: bool = False

    @classmethod
    async def found(cls, world: telegram.TelegramWorld, **group: Any) -> TelegramSide:
        kopi = await world.add_group("Kopi", **group)
        return cls(world, kopi, await world.add_group("Pengurus"))

    @property
    def environment(self) -> dict[str, str]:
        return {"TELEGRAM_TOKEN": self.world.token, "TELEGRAM_API_URL": self.world.url}

    @property
    def group_table(self) -> str:
        return f'platform = "telegram"\nid = "{self.group.id}"'

    @property
    def managers_id(self) -> str:
        return str(self.managers.id)

    async def heard(self) -> None:
        await self.world.wait("polling", timeout=20)

    async def person(self, name: str) -> telegram.Person:
        if name not in self.people:
            self.people[name] = await self.world.person(name)
        return self.people[name]

    async def joins(self, name: str, **words: Any) -> None:
        await (await self.person(name)).joins(self.group, **words)

    async def leaves(self, name: str, **words: Any) -> None:
        await (await self.person(name)).leaves(self.group, **words)

    async def said(self) -> list[Said]:
        return [_of_telegram(message) for message in await self.group.messages(deleted=True)]

    async def told_managers(self) -> list[Said]:
        return [_of_telegram(message) for message in await self.managers.messages()]

    async def stalls(self, when: str) -> None:
        await self.world.fault("sendMessage", kind="stall", when=when, chat_id=str(self.group.id))

    async def stalled(self) -> None:
        await self.world.wait("held", timeout=15)

    async def release(self) -> None:
        await self.world.release()

    async def fails(self, how: str) -> None:
        words: dict[str, Any] = {"kind": "reset"} if how == "reset" else {"status": int(how)}
        await self.world.fault("sendMessage", when="after", chat_id=str(self.group.id), **words)


def _of_telegram(message: dict[str, Any]) -> Said:
    reply_to, edits, buttons = message["reply_to"] or 0, len(message["edits"]), bool(message["buttons"])
    text = message["poll"]["question"] if message["poll"] else message["text"]
    return Said(message["id"], message["at"], text, reply_to, edits, buttons)


@dataclass
class DiscordSide:
    world: discord.DiscordWorld
    guild: discord.Guild
    people: dict[str, discord.Person] = field(default_factory=dict)
    name: str = "discord"
    repeats: bool = True

    @classmethod
    async def found(cls, world: discord.DiscordWorld) -> DiscordSide:
        return cls(world, await world.add_guild("Kopi", channels=["general", "pengurus"]))

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.world.token,
            "DISCORD_API_URL": self.world.api_url,
            "DISCORD_GATEWAY_URL": self.world.gateway_url,
        }

    @property
    def group_table(self) -> str:
        return f'platform = "discord"\nid = "{self.guild.id}"\nmain = "{self.guild["general"].id}"'

    @property
    def managers_id(self) -> str:
        return str(self.guild["pengurus"].id)

    async def heard(self) -> None:
        await self.world.connected(within=20)

    async def person(self, name: str) -> discord.Person:
        if name not in self.people:
            self.people[name] = await self.world.person(name)
        return self.people[name]

    async def joins(self, name: str) -> None:
        await (await self.person(name)).joins(self.guild)

    async def tells_of_join(self, name: str, at: datetime) -> None:
        """The gateway says that somebody joined then, though the guild's members know nothing of it."""
        who = await self.person(name)
        user = {"id": str(who.id), "username": name.lower(), "global_name": name, "discriminator": "0", "avatar": None}
        told = {"guild_id": str(self.guild.id), "user": user, "roles": [], "joined_at": at.isoformat(), "flags": 0}
        await self.world.trouble.injects("GUILD_MEMBER_ADD", {**told, "pending": False, "deaf": False, "mute": False})

    async def leaves(self, name: str) -> None:
        await (await self.person(name)).leaves(self.guild)

    async def said(self) -> list[Said]:
        posts = await self.guild["general"].messages(by_bot=True)
        return [_of_discord(post) for post in posts if not post.ephemeral]

    async def told_managers(self) -> list[Said]:
        return [_of_discord(post) for post in await self.guild["pengurus"].messages(by_bot=True)]

    async def stalls(self, when: str) -> None:
        await self.world.trouble.stalls(self._send, when=when)

    async def stalled(self) -> None:
        await self.world.trouble.stalled(within=15)

    async def release(self) -> None:
        await self.world.trouble.release()

    async def fails(self, how: str) -> None:
        if how == "reset":
            await self.world.trouble.resets(self._send, when="after")
        else:
            await self.world.trouble.fails(self._send, status=int(how), when="after")

    @property
    def _send(self) -> str:
        return f"POST /channels/{self.guild['general'].id}/messages"


def _of_discord(post: discord.Posted) -> Said:
    reply_to = int(post.raw["reply_to"] or 0)
    text = post.raw["poll"]["question"]["text"] if post.raw["poll"] else post.text
    return Said(post.id, float(post.raw["at"]), text, reply_to, post.edits, bool(post.buttons))
