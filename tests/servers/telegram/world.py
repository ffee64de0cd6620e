"""The truth: everybody, every chat, every bot; who is told what."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from tests.servers.telegram.faults import Faults
from tests.servers.telegram.journal import Journal
from tests.servers.telegram.limits import Limits
from tests.servers.telegram.model import ANONYMOUS_ADMIN, CHANNEL_BOT, SERVICE, Chat, Json, Member, Stored
from tests.servers.telegram.refusals import Misused
from tests.servers.telegram.updates import UpdateQueue


@dataclass(slots=True)
class Bot:
    """A bot account under test."""

    token: str
    user: Json
    sees_all: bool = False  # privacy mode is off
    queue: UpdateQueue = field(default_factory=UpdateQueue)
    commands: dict[tuple[str, ...], list[Json]] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    last_message_id: int = 0  # private chats of one bot share one count

    @property
    def id(self) -> int:
        """The bot's user id: the number before the colon of its token."""
        return int(self.user["id"])


@dataclass(slots=True)
class World:
    """Everything the server knows. All methods are synchronous: one request is one step."""

    bots: dict[str, Bot] = field(default_factory=dict)  # by token
    users: dict[int, Json] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    private: dict[tuple[int, int], Chat] = field(default_factory=dict)  # (bot, person)
    queries: dict[str, Json] = field(default_factory=dict)  # button presses and how they were answered
    polls: dict[str, Json] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)
    journal: Journal = field(default_factory=Journal)
    deactivated: set[int] = field(default_factory=set)
    ahead: float = 0.0  # seconds that this world's clock is ahead of the machine's
    ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    feeds: list[asyncio.Task[None]] = field(default_factory=list)
    _waiting: list[asyncio.Future[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.users |= {user["id"]: user for user in (ANONYMOUS_ADMIN, CHANNEL_BOT, SERVICE)}

    def now(self) -> float:
        """Seconds since the epoch, by this world's clock."""
        return time.time() + self.ahead

    def add_bot(self, token: str, username: str = "guyub_bot", name: str = "Guyub", *, sees_all: bool = False) -> Bot:
        """A bot account whose id is the number in its token."""
        number = int(token.partition(":")[0])
        user = {"id": number, "is_bot": True, "first_name": name, "username": username}
        self.users[number] = user
        bot = self.bots[token] = Bot(token, user, sees_all)
        return bot

    def bot_by_id(self, number: int) -> Bot | None:
        """The bot under test with this user id."""
        return next((bot for bot in self.bots.values() if bot.id == number), None)

    def the_bot(self, number: int | None = None) -> Bot:
        """That bot, or the first one."""
        found = self.bot_by_id(number) if number else next(iter(self.bots.values()), None)
        if found is None:
            raise Misused(f"there is no bot {number}")
        return found

    def user(self, number: Any) -> Json:
        """A person or bot by id, for the control side."""
        if int(number) not in self.users:
            raise Misused(f"there is nobody with id {number}; add them with /_/person")
        return self.users[int(number)]

    def chat(self, number: Any, bot: int | None = None) -> Chat:
        """A chat by id, for the control side; a person's id means their private chat with the bot."""
        number = int(number)
        if number in self.chats:
            return self.chats[number]
        if number in self.users:
            return self.private_chat(self.the_bot(bot), self.users[number])
        raise Misused(f"there is no chat {number}; add it with /_/group")

    def private_chat(self, bot: Bot, user: Json) -> Chat:
        """One person's chat with one bot, made when first needed."""
        key = (bot.id, user["id"])
        if key not in self.private:
            self.private[key] = Chat(user["id"], "private", person=user)
        return self.private[key]

    def next_message_id(self, chat: Chat, bot: Bot | None) -> int:
        """Supergroups count by themselves; private chats of a bot count together."""
        if chat.is_private and bot is not None:
            bot.last_message_id += 1
            return bot.last_message_id
        chat.last_message_id += 1
        return chat.last_message_id

    def bots_in(self, chat: Chat) -> list[tuple[Bot, Member]]:
        """The bots under test that are members now."""
        found = ((bot, chat.members.get(bot.id)) for bot in self.bots.values())
        return [(bot, member) for bot, member in found if member is not None and member.present]

    def tell(self, chat: Chat, kind: str, payload: Json, *, admins_only: bool = False) -> None:
        """Queues an update for each bot in the chat."""
        for bot, member in self.bots_in(chat):
            if member.is_admin or not admins_only:
                self.tell_bot(bot, kind, payload)

    def tell_bot(self, bot: Bot, kind: str, payload: Json) -> int | None:
        """Queues an update for this bot; returns its id, or None when the bot did not ask for this kind."""
        update_id = bot.queue.add(kind, payload, self.now())
        self.changed()
        return update_id

    def tell_message(self, chat: Chat, stored: Stored, kind: str = "message", bot: Bot | None = None) -> None:
        """Queues a message for the bots that may read it; `bot` is the private chat's."""
        if chat.is_private:
            if bot is not None:
                self.tell_bot(bot, kind, stored.message)
            return
        if chat.type == "channel":
            kind = {"message": "channel_post", "edited_message": "edited_channel_post"}[kind]
        for other, member in self.bots_in(chat):
            if member.is_admin or reads(other, stored):
                self.tell_bot(other, kind, stored.message)

    def changed(self) -> None:
        """Wakes those who wait for something to have happened."""
        if self._waiting:
            for waiting in self._waiting:
                if not waiting.done():
                    waiting.set_result(None)
            self._waiting.clear()

    async def change(self, seconds: float) -> None:
        """Returns at the next change, or after `seconds`."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        await asyncio.wait([waiting], timeout=max(seconds, 0))


def reads(bot: Bot, stored: Stored) -> bool:
    """May a bot that is no admin read this group message: privacy mode hides all but commands and replies to it."""
    if bot.sees_all or stored.service is not None:
        return True
    message = stored.message
    if message.get("reply_to_message", {}).get("from", {}).get("id") == bot.id or "via_bot" in message:
        return True
    text = message.get("text") or message.get("caption") or ""
    if not text.startswith("/"):
        return False
    _, _, addressed = text.split(maxsplit=1)[0].partition("@")
    return not addressed or addressed.lower() == str(bot.user["username"]).lower()
