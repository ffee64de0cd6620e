"""The contract's people on a face of the playground."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from adapters.playground import acts
from adapters.playground.adapter import PlaygroundChat
from adapters.playground.groups import Group
from adapters.playground.history import Person, Posted
from adapters.playground.limits import DISCORD, TELEGRAM
from adapters.playground.world import World
from bot.core.clock import SystemClock
from bot.core.events import Where
from bot.core.messages import Span, Style, plain
from tests.adapters.contract import COMMANDS, CantVote, Pressed, Seen, SeenPoll, Someone
from tests.adapters.ears import Ears


@dataclass(frozen=True, slots=True)
class Press:
    """`before`: the number of the last change before it."""

    world: World
    account: str
    before: int

    async def shown(self) -> str:
        told = [change.message for change in self.world.since(self.before) if change.message]
        notes = [posted for posted in told if posted.only == self.account]
        return plain(notes[-1].message.text) if notes else ""


class OnPlayground:
    """`tests.adapters.contract.Subject`."""

    def __init__(self, face: str) -> None:
        self.world, self.ears, self._clock = World(), Ears(), SystemClock()
        self._face = face
        self._kopi = self.world.groups.add(Group(face, "-100", "kopi", "Kopi"), self._clock.now())
        self.group = self.channel = self._kopi.where
        self.handle = "guyub"
        self._chat = PlaygroundChat(face, self.world, self._clock)

    @property
    def chat(self) -> PlaygroundChat:
        return self._chat

    async def starts(self) -> None:
        await self._chat.start(self.ears.submit)
        await self._chat.publish_commands(COMMANDS)

    async def restarts(self) -> None:
        await self._chat.stop()
        self._chat = PlaygroundChat(self._face, self.world, self._clock)
        await self.starts()

    # ------------------------------------------------------------------ people

    def _person(self, who: Someone) -> Person:
        person = self.world.people.by_id(self._face, who.id)
        assert person is not None
        return person

    def _private(self, who: Someone) -> Where:
        return Where(self._face, "", who.id)

    async def person(self, name: str) -> Someone:
        return Someone(self.world.people.named(self._face, name).id, name)

    async def unreachable(self, name: str) -> Someone:
        """On Telegram's face that is everybody who hasn't begun to talk; on Discord's one has to object."""
        who = await self.person(name)
        await self.joins(who)
        if self._face != TELEGRAM:
            await self._chat.act(acts.Blocks(self._private(who), who.id))
        return who

    async def joins(self, who: Someone) -> None:
        await self._chat.act(acts.Joins(self.group, who.id))

    async def leaves(self, who: Someone) -> None:
        await self._chat.act(acts.Leaves(self.group, who.id))

    async def is_banned(self, who: Someone) -> None:
        await self._chat.act(acts.Leaves(self.group, who.id, banned=True))

    async def becomes_admin(self, who: Someone) -> None:
        self.world.groups.set_administrator(self._kopi, self._person(who), self._clock.now())

    async def says(self, who: Someone, words: str, reply_to: str = "") -> str:
        await self._chat.act(acts.Says(self.channel, who.id, words, reply_to))
        return self.world.board.all()[-1].id

    async def says_in_private(self, who: Someone, words: str) -> None:
        await self._chat.act(acts.Says(self._private(who), who.id, words))

    async def uses(self, who: Someone, command: str) -> None:
        await self.says(who, f"/{command}")

    async def presses(self, who: Someone, label: str) -> Pressed:
        posted, token = self._button(who, label)
        before = self.world.history.last
        await self._chat.act(acts.Presses(self.channel, who.id, posted.id, token))
        return Press(self.world, who.id, before)

    def _button(self, who: Someone, label: str) -> tuple[Posted, str]:
        for posted in reversed(self.world.board.all()):
            for button in (button for row in posted.message.buttons for button in row):
                if button.label == label and posted.visible_to(who.id):
                    return posted, button.token
        raise AssertionError(f"no button {label!r}")

    async def votes(self, who: Someone, poll: str, *options: int) -> None:
        posted = self.world.board.get(poll)
        assert posted is not None
        await self._chat.act(acts.Votes(posted.where, who.id, poll, options))
        voted = self.world.board.get(poll)
        if voted is None or voted.votes.get(who.id, ()) != options:
            raise CantVote

    async def sees_poll(self, poll: str) -> SeenPoll:
        posted = self.world.board.get(poll)
        assert posted is not None
        assert posted.message.poll is not None
        shown = posted.message.poll
        return SeenPoll(shown.question, shown.options, shown.multiple, posted.closed, posted.counts())

    async def reacts(self, who: Someone, message: str, emoji: str, present: bool = True) -> None:
        await self._chat.act(acts.Reacts(self.channel, who.id, message, emoji, present))

    # ------------------------------------------------------------------ what befalls the bot

    async def _owner(self) -> str:
        return (await self.person("Owner")).id

    async def bot_is_removed(self) -> None:
        await self._chat.act(acts.RemovesBot(self.group, await self._owner()))

    async def bot_may_not_write(self) -> None:
        await self._chat.act(acts.SetsWriting(self.channel, await self._owner(), allowed=False))

    # ------------------------------------------------------------------ what people see

    async def sees(self, who: Someone, where: Where) -> list[Seen]:
        return [
            _seen(posted)
            for posted in self.world.board.all()
            if posted.author.bot and posted.where == where and posted.visible_to(who.id) and not posted.note
        ]


def _seen(posted: Posted) -> Seen:
    message = posted.message
    return Seen(
        posted.id,
        plain(message.text),
        tuple(mark for span in message.text for mark in _marks(span, posted.where.platform)),
        tuple(tuple(button.label for button in row) for row in message.buttons),
        (),
        posted.reply_to,
        posted.pinned,
        tuple(posted.reactions),
        message.picture is not None,
    )


def _marks(span: Span, face: str) -> Iterator[tuple[str, str]]:
    if span.style is not Style.PLAIN:
        yield span.style, span.text
    if span.link:
        yield "link", span.link
    if span.mention:
        yield "mention", span.mention
    if span.moment and face == DISCORD:
        yield "moment", str(int(span.moment.timestamp()))


@contextmanager
def server() -> Iterator[None]:
    """There is none."""
    yield


@asynccontextmanager
async def subject(face: str) -> AsyncIterator[OnPlayground]:
    there = OnPlayground(face)
    await there.starts()
    try:
        yield there
    finally:
        there.ears.let_go()
        await there.chat.stop()
