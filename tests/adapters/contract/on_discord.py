"""The contract's people on the loopback Discord."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiohttp

from adapters.discord.adapter import DiscordChat
from adapters.discord.gateway import Timing
from bot.core.events import GroupChange, GroupChanged, Where
from tests.adapters.contract import COMMANDS, CantVote, Pressed, Seen, SeenPoll, Someone, loopback
from tests.adapters.discord.conftest import Bot
from tests.adapters.discord.reader import read
from tests.adapters.ears import connected, until
from tests.servers.discord import Act, Channel, DiscordWorld, Guild, OrderRefused, Person
from tests.servers.discord.seen import Posted, buttons

Json = dict[str, Any]
CALM = Timing(new_session=0.01, longest_backoff=0.2)
SAID = (0, 19, 20, 23)  # types of messages; all others are Discord's own lines
MOMENT = re.compile(r"<t:(-?\d+)(?::\w)?>")
PLAIN = ("address",)  # shown as it is, and can be followed


class Interaction:
    """A press."""

    def __init__(self, act: Act) -> None:
        self._act = act

    async def shown(self) -> str:
        answer = await self._act.now()
        return answer.text if answer.ephemeral else ""


class OnDiscord:
    """`tests.adapters.contract.Repeating` and `tests.adapters.contract.polling.Polling`."""

    def __init__(self, world: DiscordWorld, kopi: Guild) -> None:
        self.world, self.kopi, self.general = world, kopi, kopi["general"]
        self.bot = Bot(world)
        self.ears = self.bot.ears
        self.group = Where("discord", str(kopi.id), "")
        self.channel = Where("discord", str(kopi.id), str(self.general.id))
        self.handle = ""
        self._names: dict[str, str] = {}
        self._chat = self.bot.chat(timing=CALM)

    @property
    def chat(self) -> DiscordChat:
        return self._chat

    async def starts(self) -> None:
        """Until it knows its groups, as the program does before it says anything."""
        found = len(self.ears.heard(GroupChanged))
        await self._chat.start(self.ears.submit)
        await connected(self._chat)
        await self.ears.hear(GroupChanged, found + 1)
        await self._chat.publish_commands(COMMANDS)

    async def restarts(self) -> None:
        await self._chat.stop()
        self._chat = self.bot.chat(timing=CALM)
        await self.starts()

    # ------------------------------------------------------------------ people

    def _person(self, who: Someone) -> Person:
        return Person(self.world, int(who.id), who.name)

    async def person(self, name: str, **how: Any) -> Someone:
        who = Someone(str((await self.world.person(name, **how)).id), name)
        self._names[who.id] = name
        return who

    async def unreachable(self, name: str) -> Someone:
        """They take no private messages from members."""
        who = await self.person(name, dms_open=False)
        await self.joins(who)
        return who

    async def robot(self, name: str) -> Someone:
        return await self.person(name, bot=True)

    async def joins(self, who: Someone) -> None:
        await self._person(who).joins(self.kopi)

    async def leaves(self, who: Someone) -> None:
        await self._person(who).leaves(self.kopi)

    async def is_banned(self, who: Someone) -> None:
        await self._person(who).is_banned(self.kopi)

    async def becomes_admin(self, who: Someone) -> None:
        """Until the bot has heard of the role, for what it holds is told once."""
        role = await self.kopi.grants(self._person(who), "manage_guild")
        guild = self._chat._guild(str(self.kopi.id))
        await until(lambda: guild.get_role(role))

    async def says(self, who: Someone, words: str, reply_to: str = "") -> str:
        speaker = self._person(who)
        if reply_to:
            return str(await speaker.replies(self.general, int(reply_to), words))
        return str(await speaker.says(self.general, words))

    async def says_in_private(self, who: Someone, words: str) -> None:
        speaker = self._person(who)
        await speaker.says(await speaker.dm(), words)

    async def uses(self, who: Someone, command: str) -> None:
        await self._person(who).slash(self.general, command)

    async def presses(self, who: Someone, label: str) -> Pressed:
        return Interaction(await self._person(who).presses(self.general, label))

    async def reacts(self, who: Someone, message: str, emoji: str, present: bool = True) -> None:
        act = self._person(who).reacts if present else self._person(who).takes_back_reaction
        await act(self.general, int(message), emoji)

    async def votes(self, who: Someone, poll: str, *options: int) -> None:
        """Answer by answer, as people do there."""
        voter, asked = self._person(who), await self._poll(poll)
        answers = [answer["poll_media"]["text"] for answer in asked.raw["poll"]["answers"]]
        before = {int(answer) - 1 for answer, voters in asked.raw["votes"].items() if int(who.id) in voters}
        try:
            for option in sorted(before - set(options)):
                await voter.takes_back_vote(self.general, answers[option], message=asked.id)
            for option in options:
                await voter.votes(self.general, answers[option], message=asked.id)
        except OrderRefused as refused:
            raise CantVote(str(refused)) from None

    async def _poll(self, id: str) -> Posted:
        return next(post for post in await self.general.messages(by_bot=True) if str(post.id) == id)

    # ------------------------------------------------------------------ what befalls the bot

    async def bot_is_removed(self) -> None:
        """Until the bot has heard of it."""
        await self.kopi.kicks_bot()
        await self.ears.hear_one(GroupChanged, lambda told: told.change is GroupChange.REMOVED)

    async def bot_may_not_write(self) -> None:
        await self.general.denies_bot("send_messages")

    async def tells_again(self, who: Someone, message: str) -> None:
        """As it does when a session is resumed."""
        self.ears.let_go()
        guild = {"guild_id": str(self.kopi.id)}
        member = await self._asks(f"/guilds/{self.kopi.id}/members/{who.id}")
        said = await self._asks(f"/channels/{self.general.id}/messages/{message}")
        await self.world.trouble.injects("GUILD_MEMBER_ADD", member | guild)
        await self.world.trouble.injects("MESSAGE_CREATE", said | guild)

    async def _asks(self, path: str) -> Json:
        headers = {"Authorization": f"Bot {self.world.token}"}
        async with aiohttp.ClientSession(headers=headers) as http, http.get(self.world.api_url + path) as answer:
            return dict(await answer.json())

    # ------------------------------------------------------------------ what people see

    async def sees(self, who: Someone, where: Where) -> list[Seen]:
        channel: Channel = await self._person(who).dm() if where.private else self.general
        return [
            self._seen(post)
            for post in await channel.messages(by_bot=True)
            if post.raw["type"] in SAID and not post.deleted and not post.raw["loading"]
            if post.raw["ephemeral_to"] in (None, int(who.id))
        ]

    def _seen(self, post: Posted) -> Seen:
        found = read(post.text)
        text = found.shown
        for _, account in (mark for mark in found.marks if mark[0] == "mention"):
            text = text.replace(account, self._names.get(account, account))
        return Seen(
            str(post.id),
            text,
            tuple(_mark(*mark) for mark in found.marks if mark[0] not in PLAIN),
            tuple(buttons([row]) for row in post.raw["components"]),
            post.pings,
            str(post.raw["reply_to"] or ""),
            post.raw["pinned"],
            tuple(post.raw["reactions"]),
            bool(post.raw["attachments"]),
        )

    async def sees_poll(self, poll: str) -> SeenPoll:
        asked = await self._poll(poll)
        shown, votes = asked.raw["poll"], asked.raw["votes"]
        return SeenPoll(
            shown["question"]["text"],
            tuple(answer["poll_media"]["text"] for answer in shown["answers"]),
            shown["allow_multiselect"],
            shown["results"]["is_finalized"],
            tuple(len(votes[str(answer["answer_id"])]) for answer in shown["answers"]),
        )

    async def publications(self) -> int:
        return int((await self.world.stats()).command_syncs)


def _mark(kind: str, what: str) -> tuple[str, str]:
    moment = MOMENT.fullmatch(what) if kind == "special" else None
    return ("moment", moment[1]) if moment else (kind, what)


@contextmanager
def server() -> Iterator[Json]:
    with loopback("tests.servers.discord", "--until-stdin-closes") as ready:
        yield ready


@asynccontextmanager
async def subject(ready: Json) -> AsyncIterator[OnDiscord]:
    async with DiscordWorld.connect(ready["api_url"], ready["gateway_url"], ready["token"]) as world:
        await world.begin_anew()
        there = OnDiscord(world, await world.add_guild("Kopi", channels=["general"]))
        await there.starts()
        try:
            yield there
        finally:
            there.ears.let_go()
            await there.chat.stop()
        await world.check()
