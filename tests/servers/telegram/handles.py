"""How tests speak: as a person, and of a group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.servers.telegram.client import TelegramWorld

Json = dict[str, Any]


class Group:
    """A group, supergroup, forum or channel."""

    def __init__(self, world: TelegramWorld, number: int, title: str) -> None:
        self.world, self.id, self.title = world, number, title

    async def hears(self, pattern: str = "…", *, count: int = 1, timeout: float = 5, after: int = 0) -> Json:
        """Waits for the bot's `count`th message that fits; returns the newest of them."""
        words = {"chat": self.id, "by": "bot", "pattern": pattern, "after": after}
        return dict((await self.world.wait("messages", count=count, timeout=timeout, **words))[-1])

    async def messages(self, by: str | None = "bot", **choice: Any) -> list[Json]:
        """The bot's messages here, oldest first; by="people" for theirs, None for all."""
        return await self.world.messages(chat=self.id, by=by, **choice)

    async def truth(self) -> Json:
        """Members' standings, topics, requests, links, pins."""
        return dict(await self.world.ask("chat", chat=self.id))

    async def becomes(self, **to: Any) -> None:
        """Changes title, permissions, unseen_members, hidden_members, available_reactions, was_deleted …"""
        await self.world.ask("change_group", chat=self.id, to=to)

    async def bot_becomes(self, status: str, rights: Sequence[str] | None = None, tell: bool = True) -> None:
        """admin, member, restricted, left or kicked; told by my_chat_member."""
        await self.world.ask("bot_standing", chat=self.id, status=status, rights=rights, tell=tell)

    async def migrates(self, seen: Sequence[str] = ("to", "from")) -> Group:
        """Becomes a supergroup; `seen`: which service messages the bot gets, in that order. The old id then refuses."""
        made = await self.world.ask("migrate", chat=self.id, seen=list(seen))
        return Group(self.world, made["id"], self.title)

    async def opens_topic(self, name: str) -> int:
        """Returns its message_thread_id."""
        return int((await self.world.ask("topic", chat=self.id, name=name))["id"])

    async def sets_topic(self, number: int, state: str) -> None:
        """closed, open or deleted; 1 is General."""
        await self.world.ask("topic", chat=self.id, id=number, state=state)

    async def says(self, text: str, speaker: str, channel: Group | None = None, **words: Any) -> Json:
        """Somebody without a name speaks: "anonymous" (an admin), "channel", or "linked" (its auto-forward)."""
        place = channel.id if channel else None
        return dict(await self.world.ask("say", chat=self.id, text=text, channel=place, **{"as": speaker}, **words))

    async def crowd_joins(
        self, count: int, via: Sequence[str] = ("chat_member",), name: str = "Person {n}"
    ) -> list[int]:
        """So many people at once; returns their ids."""
        return list(await self.world.ask("crowd_joins", chat=self.id, count=count, via=list(via), name=name))

    # ------------------------------------------------------------- polls and presses
    async def poll(self, message: int | None = None) -> Json:
        """The newest poll of the bot, with `votes` (who votes for which options now) and `hides_results`."""
        return dict(await self.world.ask("poll", chat=self.id, message=message))

    async def votes(
        self,
        votes: Mapping[int, Sequence[str | int]] | Iterable[tuple[int, Sequence[str | int]]],
        message: int | None = None,
        per_second: float | None = None,
    ) -> list[Json]:
        """Many vote, each (by id) for options by text or number; pairs let somebody vote more than once.

        At once, or `per_second` in the background (`world.wait("fed")` for its end). Returns what was refused at once.
        """
        pairs = votes.items() if isinstance(votes, Mapping) else votes
        given = [{"user": who, "options": list(options)} for who, options in pairs]
        words = {"chat": self.id, "message": message, "per_second": per_second}
        return list(await self.world.ask("crowd_votes", votes=given, **words))

    async def presses(
        self, presses: Iterable[tuple[int, str]], message: int | None = None, per_second: float | None = None
    ) -> list[Json]:
        """Many press buttons, each (by id) one with that label or callback data; further as in `votes`."""
        given = [{"user": who, "label": label} for who, label in presses]
        words = {"chat": self.id, "message": message, "per_second": per_second}
        return list(await self.world.ask("crowd_presses", presses=given, **words))

    async def votes_as(self, voter: str, *options: str | int, channel: Group | None = None) -> None:
        """Somebody without a name votes: "anonymous" (an admin) or "channel"."""
        place = channel.id if channel else None
        await self.world.ask("vote", chat=self.id, options=list(options), channel=place, **{"as": voter})


class Person:
    """Somebody on Telegram."""

    def __init__(self, world: TelegramWorld, number: int, name: str) -> None:
        self.world, self.id, self.name = world, number, name

    async def _does(self, action: str, group: Group | None = None, **words: Any) -> Any:
        return await self.world.ask(action, user=self.id, chat=group.id if group else None, **words)

    async def joins(self, group: Group, via: Sequence[str] = ("chat_member", "service"), **words: Any) -> None:
        """`via` says what the bot sees, in which order. Further: link, by (an id), at (a time), restricted."""
        await self._does("join", group, via=list(via), **words)

    async def asks_to_join(self, group: Group, **words: Any) -> None:
        """A join request; bio, link, at."""
        await self._does("ask_to_join", group, **words)

    async def is_restricted(self, group: Group, by: Person | None = None, **words: Any) -> None:
        """As by another bot's captcha; `rights={…: True}` stay."""
        await self._does("restrict", group, by=by.id if by else None, **words)

    async def is_free(self, group: Group, by: Person | None = None) -> None:
        """The restriction ends."""
        await self._does("lift", group, by=by.id if by else None)

    async def leaves(self, group: Group, via: Sequence[str] = ("chat_member", "service"), **words: Any) -> None:
        """Goes on their own."""
        await self._does("leave", group, via=list(via), **words)

    async def is_banned(self, group: Group, by: Person | None = None, **words: Any) -> None:
        """Is kicked out for good, or `until` a time."""
        await self._does("ban", group, by=by.id if by else None, **words)

    async def is_promoted(self, group: Group, rights: Sequence[str] | None = None, **words: Any) -> None:
        """To administrator; anonymous=True hides them."""
        await self._does("promote", group, rights=rights, **words)

    async def is_demoted(self, group: Group) -> None:
        """To a plain member."""
        await self._does("demote", group)

    async def says(self, text: str, group: Group | None = None, **words: Any) -> Json:
        """In the group, or to the bot in private; reply_to (an id), topic, at, html, extra={…}. Returns the message."""
        place = group.id if group else self.id
        return dict(await self.world.ask("say", user=self.id, chat=place, text=text, **words))

    async def edits(self, message: int, text: str, group: Group | None = None) -> None:
        """Changes an earlier message."""
        await self.world.ask("edit", chat=group.id if group else self.id, message=message, text=text)

    async def deletes(self, message: int, group: Group | None = None) -> None:
        """Bots are not told."""
        await self.world.ask("delete", chat=group.id if group else self.id, message=message)

    async def starts(self, payload: str | None = None) -> Json:
        """Opens the private chat with the bot, as by t.me/bot?start=payload."""
        return dict(await self._does("start", payload=payload))

    async def blocks(self) -> None:
        """Blocks the bot."""
        await self._does("block")

    async def presses(self, label: str, group: Group | None = None, message: int | None = None) -> Json:
        """The newest button with this label or callback data; returns {query, url, message}."""
        return dict(await self._does("press", group, label=label, message=message))

    async def sees_answer(self, pressed: Json, timeout: float = 5) -> Json:
        """Waits for the answer to a press: {text, show_alert, url, at}."""
        return dict(await self.world.wait("answer", query=pressed["query"], timeout=timeout))

    async def reacts(self, emoji: str | Sequence[str], message: int, group: Group) -> None:
        """Sets reactions; "" takes them away."""
        chosen = [emoji] if isinstance(emoji, str) else list(emoji)
        await self._does("react", group, emoji=[one for one in chosen if one], message=message)

    async def votes(
        self, group: Group, *options: str | int, message: int | None = None, elsewhere: bool = False
    ) -> None:
        """In the newest poll with these options, by text or number; none takes the vote back.

        `elsewhere`: in a copy that was forwarded to another chat, where people vote who are not in the group.
        """
        await self._does("vote", group, options=list(options), message=message, elsewhere=elsewhere)

    async def hears(self, pattern: str = "…", *, count: int = 1, timeout: float = 5, after: int = 0) -> Json:
        """Waits for what the bot says in private."""
        return await Group(self.world, self.id, self.name).hears(pattern, count=count, timeout=timeout, after=after)

    async def messages(self, by: str | None = "bot", **choice: Any) -> list[Json]:
        """What was said in the private chat."""
        return await self.world.messages(chat=self.id, by=by, **choice)
