"""The contract's people on the loopback Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp

from adapters.telegram.adapter import TelegramChat
from bot.core.events import Where
from tests.adapters.contract import COMMANDS, CantVote, Pressed, Seen, SeenPoll, Someone, loopback
from tests.adapters.ears import PATIENCE, Ears, State, connected
from tests.adapters.telegram.conftest import adapter
from tests.servers.telegram.calling import raw
from tests.servers.telegram.client import ANY_ANSWER, TelegramWorld, WorldError
from tests.servers.telegram.handles import Group, Person

Json = dict[str, Any]
WORD_JOINER = "\u2060"  # nobody sees it
MARKS = {"bold": "bold", "italic": "italic", "code": "code", "pre": "code", "text_link": "link"}
PLAIN = ("url", "email", "hashtag", "bot_command")  # Telegram's own finds: they call nobody


class Query:
    """A press."""

    def __init__(self, presser: Person, pressed: Json) -> None:
        self._presser, self._pressed = presser, pressed

    async def shown(self) -> str:
        return str((await self._presser.sees_answer(self._pressed))["text"])


class OnTelegram:
    """`tests.adapters.contract.Repeating` and `tests.adapters.contract.polling.Polling`."""

    def __init__(self, world: TelegramWorld, kopi: Group) -> None:
        self.world, self.kopi = world, kopi
        self.ears, self.state = Ears(), State()
        self.group = self.channel = Where("telegram", str(kopi.id), "")
        self.handle = world.username
        self._begun = 0
        self._chat = self._adapter()

    @property
    def chat(self) -> TelegramChat:
        return self._chat

    def _adapter(self) -> TelegramChat:
        return adapter(self.world, self.state, poll=5, silence=30, finish=1)

    async def starts(self) -> None:
        """Until it is told of members: Telegram has to be asked for that."""
        self._begun = self._begun or len(await self.world.requests("setMyCommands"))
        await self._chat.start(self.ears.submit)
        await connected(self._chat)
        async with asyncio.timeout(PATIENCE):
            while "chat_member" not in (await self.world.stats())["allowed_updates"]:
                await asyncio.sleep(0.01)
        await self._chat.publish_commands(COMMANDS)

    async def restarts(self) -> None:
        await self._chat.stop()
        self._chat = self._adapter()
        await self.starts()

    # ------------------------------------------------------------------ people

    def _person(self, who: Someone) -> Person:
        return Person(self.world, int(who.id), who.name)

    async def person(self, name: str) -> Someone:
        return Someone(str((await self.world.person(name)).id), name)

    async def unreachable(self, name: str) -> Someone:
        """They never pressed Start."""
        who = await self.person(name)
        await self.joins(who)
        return who

    async def robot(self, name: str) -> Someone:
        return Someone(str((await self.world.person(name, is_bot=True)).id), name)

    async def joins(self, who: Someone) -> None:
        await self._person(who).joins(self.kopi)

    async def leaves(self, who: Someone) -> None:
        await self._person(who).leaves(self.kopi)

    async def is_banned(self, who: Someone) -> None:
        await self._person(who).is_banned(self.kopi)

    async def becomes_admin(self, who: Someone) -> None:
        await self._person(who).is_promoted(self.kopi)

    async def says(self, who: Someone, words: str, reply_to: str = "") -> str:
        said = await self._person(who).says(words, self.kopi, reply_to=int(reply_to) if reply_to else None)
        return str(said["message_id"])

    async def says_in_private(self, who: Someone, words: str) -> None:
        await self._person(who).starts()
        await self._person(who).says(words)

    async def uses(self, who: Someone, command: str) -> None:
        await self._person(who).says(f"/{command}", self.kopi)

    async def presses(self, who: Someone, label: str) -> Pressed:
        presser = self._person(who)
        return Query(presser, await presser.presses(label, self.kopi))

    async def reacts(self, who: Someone, message: str, emoji: str, present: bool = True) -> None:
        await self._person(who).reacts(emoji if present else "", int(message), self.kopi)

    async def votes(self, who: Someone, poll: str, *options: int) -> None:
        try:
            await self._person(who).votes(self.kopi, *options, message=int(poll))
        except WorldError as refused:
            raise CantVote(str(refused)) from None

    # ------------------------------------------------------------------ what befalls the bot

    async def bot_is_removed(self) -> None:
        await self.kopi.bot_becomes("kicked")

    async def bot_may_not_write(self) -> None:
        await self.kopi.bot_becomes("restricted")

    async def tells_again(self, who: Someone, message: str) -> None:
        """The program ended before it was done, so nothing was confirmed."""
        await self._chat.stop()
        self.ears.let_go()
        self._chat = self._adapter()
        await self.starts()

    # ------------------------------------------------------------------ what people see

    async def sees(self, who: Someone, where: Where) -> list[Seen]:
        return [_seen(shown) for shown in await self.world.messages(chat=int(where.channel or where.group), by="bot")]

    async def sees_poll(self, poll: str) -> SeenPoll:
        seen = await self.kopi.poll(int(poll))
        options = seen["options"]
        return SeenPoll(
            seen["question"],
            tuple(option["text"] for option in options),
            seen["allows_multiple_answers"],
            seen["is_closed"],
            tuple(option["voter_count"] for option in options),
        )

    async def publications(self) -> int:
        return len(await self.world.requests("setMyCommands")) - self._begun


def _seen(shown: Json) -> Seen:
    units = shown["text"].encode("utf-16-le")
    marks: list[tuple[str, str]] = []
    pings: list[str] = []
    for entity in shown["entities"]:
        kind, start = entity["type"], 2 * entity["offset"]
        words = units[start : start + 2 * entity["length"]].decode("utf-16-le")
        if kind == "mention":
            pings.append(words)
        elif kind == "text_mention":
            marks.append(("mention", str(entity["user"]["id"])))
        elif kind == "date_time":
            marks.append(("moment", str(entity["unix_time"])))
        elif kind not in PLAIN:
            marks.append((MARKS.get(kind, kind), entity.get("url") or words))
    return Seen(
        str(shown["id"]),
        shown["text"].replace(WORD_JOINER, ""),
        tuple(marks),
        tuple(tuple(button["text"] for button in row) for row in shown["buttons"]),
        tuple(pings),
        str(shown["reply_to"] or ""),
        shown["pinned"],
        tuple(reaction["emoji"] for given in shown["reactions"].values() for reaction in given),
        "photo" in shown["message"],
    )


@contextmanager
def server() -> Iterator[Json]:
    with loopback("tests.servers.telegram", "--with-stdin") as ready:
        yield ready


@asynccontextmanager
async def subject(ready: Json) -> AsyncIterator[OnTelegram]:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(timeout=ANY_ANSWER, connector=connector) as http:
        world = TelegramWorld(ready, http, pid=0)
        await raw(world, "deleteWebhook", drop_pending_updates=True)
        await world.set_privacy(True)
        there = OnTelegram(world, await world.add_group("Kopi"))
        await there.starts()
        try:
            yield there
        finally:
            there.ears.let_go()
            await there.chat.stop()
