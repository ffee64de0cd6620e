"""People, guilds and channels as a test holds them. Each method is something that people do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .seen import Answer, Json, Posted

if TYPE_CHECKING:
    from .client import DiscordWorld


@dataclass(frozen=True, slots=True)
class Channel:
    """A text channel, a thread (`guild` set) or a private chat (`guild` None)."""

    world: DiscordWorld = field(repr=False)
    id: int
    name: str
    guild: int | None

    async def messages(self, *, by_bot: bool = False, since: int = 0) -> list[Posted]:
        """Everything ever posted here, oldest first, deleted and ephemeral included."""
        found = await self.world.order("messages", channel=self.id, by_bot=by_bot, since=since)
        return [Posted.of(message) for message in found["messages"]]

    async def posts(self) -> list[Posted]:
        """What the bot said here and everybody still sees."""
        return [p for p in await self.messages(by_bot=True) if not p.deleted and not p.ephemeral]

    async def crowd_votes(
        self,
        votes: Iterable[tuple[Person, str]],
        *,
        present: bool = True,
        message: int | None = None,
        per_second: float | None = None,
    ) -> None:
        """People and the answers that they choose (or take back), one after the other, in a native poll."""
        told = [{"user": who.id, "answer": answer, "present": present} for who, answer in votes]
        await self.world.order("crowd_votes", channel=self.id, votes=told, message=message, per_second=per_second)

    async def crowd_presses(
        self, presses: Iterable[tuple[Person, str]], *, message: int | None = None, per_second: float | None = None
    ) -> list[Act]:
        """People and the labels of the buttons that they press, one after the other. `world.answers` shows the rest."""
        told = [{"user": who.id, "label": label} for who, label in presses]
        made = await self.world.order(
            "crowd_presses", channel=self.id, presses=told, message=message, per_second=per_second
        )
        return [Act(self.world, id) for id in made["ids"]]

    async def denies(self, who: Person | int, *permissions: str) -> None:
        """Take permissions (`send_messages`) from a member or role here; none of them restores what was."""
        target = who.id if isinstance(who, Person) else who
        await self.world.order("set_overwrite", channel=self.id, target=target, deny=list(permissions))

    async def denies_bot(self, *permissions: str) -> None:
        """As `denies`, for the bot."""
        await self.denies((await self.world.order("identity"))["bot"], *permissions)

    async def disappears(self) -> None:
        """Somebody deletes the channel."""
        await self.world.order("delete_channel", channel=self.id)


@dataclass(frozen=True, slots=True)
class Guild:
    """A server; `guild["general"]` is its channel of that name."""

    world: DiscordWorld = field(repr=False)
    id: int
    name: str
    channels: dict[str, Channel] = field(repr=False)
    owner: Person = field(repr=False)

    def __getitem__(self, name: str) -> Channel:
        return self.channels[name]

    async def truth(self) -> Json:
        """Members with roles and screening, channels, threads, roles, events."""
        return await self.world.order("guild", guild=self.id)

    async def add_channel(self, name: str, kind: int = 0) -> Channel:
        made = await self.world.order("add_channel", guild=self.id, name=name, kind=kind)
        self.channels[name] = Channel(self.world, made["id"], name, self.id)
        return self.channels[name]

    async def threads(self) -> list[Channel]:
        found = (await self.truth())["threads"]
        return [Channel(self.world, thread["id"], thread["name"], self.id) for thread in found]

    async def add_role(self, name: str, *permissions: str, mentionable: bool = False) -> int:
        """Returns its id."""
        made = await self.world.order(
            "add_role", guild=self.id, name=name, allowed=list(permissions), mentionable=mentionable
        )
        return int(made["id"])

    async def grants(self, who: Person, *permissions: str) -> int:
        """Give somebody permissions (`manage_guild`) by a new role. Returns the role's id."""
        role = await self.add_role(f"may {', '.join(permissions)}"[:100], *permissions)
        await self.gives_role(who, role)
        return role

    async def gives_role(self, who: Person, role: int) -> None:
        await self.world.order("give_role", guild=self.id, user=who.id, role=role)

    async def takes_role(self, who: Person, role: int) -> None:
        await self.world.order("take_role", guild=self.id, user=who.id, role=role)

    async def kicks_bot(self) -> None:
        await self.world.order("kick_bot", guild=self.id)

    async def invites_bot(self) -> None:
        await self.world.order("invite_bot", guild=self.id)

    async def goes_down(self) -> None:
        """An outage of Discord's."""
        await self.world.order("set_available", guild=self.id, available=False)

    async def comes_back(self) -> None:
        await self.world.order("set_available", guild=self.id, available=True)

    async def crowd_joins(self, count: int, *, per_second: float | None = None, pending: bool = False) -> list[Person]:
        """Thousands of people join; returns when all are in."""
        made = await self.world.order("crowd_joins", guild=self.id, count=count, per_second=per_second, pending=pending)
        return [Person(self.world, id, f"Guest {number}") for number, id in enumerate(made["people"])]

    async def crowd_leaves(self, people: Iterable[Person], *, per_second: float | None = None) -> None:
        gone = [who.id for who in people]
        await self.world.order("crowd_leaves", guild=self.id, people=gone, per_second=per_second)


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person did that the bot must answer."""

    world: DiscordWorld = field(repr=False)
    id: int

    async def answer(self, *, within: float = 5.0) -> Answer:
        """Wait for the finished answer: a text, a form, choices, or the failure that people see after 3 s."""

        async def look() -> Answer | None:
            seen = await self.now()
            return None if seen.state in ("waiting", "thinking") else seen

        return await self.world.eventually(look, within=within)

    async def now(self) -> Answer:
        """What the invoker sees at this moment."""
        return Answer.of(await self.world.order("interaction", interaction=self.id))

    async def submits(self, **values: Any) -> Act:
        """Fill in the form that opened, by custom id (labels: `submits_by_label`), and send it."""
        return await self.submits_by_label(values)

    async def submits_by_label(self, values: dict[str, Any]) -> Act:
        made = await self.world.order("submit", interaction=self.id, values=values)
        return Act(self.world, made["id"])


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on Discord."""

    world: DiscordWorld = field(repr=False)
    id: int
    name: str

    async def joins(self, guild: Guild, *, pending: bool | None = None, system_message: bool = False) -> None:
        """`pending` follows the guild's membership screening unless given."""
        await self.world.order("join", guild=guild.id, user=self.id, pending=pending, system_message=system_message)

    async def passes_screening(self, guild: Guild) -> None:
        await self.world.order("pass_screening", guild=guild.id, user=self.id)

    async def leaves(self, guild: Guild) -> None:
        await self.world.order("leave", guild=guild.id, user=self.id)

    async def is_banned(self, guild: Guild) -> None:
        await self.world.order("ban", guild=guild.id, user=self.id)

    async def says(self, channel: Channel, text: str, **how: Any) -> int:
        """Returns the message's id. `how`: files, poll (as Discord's API takes it)."""
        return int((await self.world.order("say", user=self.id, channel=channel.id, text=text, **how))["id"])

    async def replies(self, channel: Channel, to: int, text: str, *, ping: bool = True) -> int:
        return await self.says(channel, text, reply_to=to, ping=ping)

    async def deletes(self, channel: Channel, message: int) -> None:
        await self.world.order("delete_message", channel=channel.id, message=message)

    async def dm(self) -> Channel:
        """The private chat with the bot."""
        made = await self.world.order("open_dm", user=self.id)
        return Channel(self.world, made["id"], f"private chat with {self.name}", None)

    async def opens_thread(self, channel: Channel, name: str, message: int | None = None) -> Channel:
        made = await self.world.order("add_thread", channel=channel.id, user=self.id, name=name, message=message)
        return Channel(self.world, made["id"], name, channel.guild)

    async def slash(self, where: Channel, command: str, /, **options: Any) -> Act:
        """`slash(general, "poll new", question="…")`; people, channels and roles as options by their id or handle."""
        return await self._command(where, command, options, None)

    async def types(self, where: Channel, command: str, option: str, text: str, /, **options: Any) -> Act:
        """Type an option that completes itself."""
        return await self._command(where, command, {**options, option: text}, option)

    async def _command(self, where: Channel, command: str, options: Json, focused: str | None) -> Act:
        plain = {name: getattr(value, "id", value) for name, value in options.items()}
        made = await self.world.order(
            "slash", user=self.id, channel=where.id, command=command, options=plain, focused=focused
        )
        return Act(self.world, made["id"])

    async def presses(self, where: Channel, label: str, *, message: int | None = None) -> Act:
        """The button of that label on the newest message that shows it to this person."""
        made = await self.world.order("press", user=self.id, channel=where.id, label=label, message=message)
        return Act(self.world, made["id"])

    async def chooses(self, where: Channel, *labels: str, message: int | None = None) -> Act:
        made = await self.world.order("choose", user=self.id, channel=where.id, labels=list(labels), message=message)
        return Act(self.world, made["id"])

    async def reacts(self, channel: Channel, message: int, emoji: str) -> None:
        await self.world.order("react", user=self.id, channel=channel.id, message=message, emoji=emoji)

    async def takes_back_reaction(self, channel: Channel, message: int, emoji: str) -> None:
        await self.world.order("react", user=self.id, channel=channel.id, message=message, emoji=emoji, present=False)

    async def votes(self, channel: Channel, answer: str, *, message: int | None = None) -> None:
        """In the newest native poll with that answer."""
        await self.world.order("vote", user=self.id, channel=channel.id, answer=answer, message=message)

    async def takes_back_vote(self, channel: Channel, answer: str, *, message: int | None = None) -> None:
        await self.world.order("vote", user=self.id, channel=channel.id, answer=answer, message=message, present=False)
