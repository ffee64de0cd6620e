"""One face of the playground as a platform: bot.core.chat.Chat over a World."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.playground.acts import Act
from adapters.playground.doing import do
from adapters.playground.groups import Channel, Group
from adapters.playground.handles import Handle
from adapters.playground.history import Posted
from adapters.playground.incoming import decode
from adapters.playground.limits import CAPABILITIES, PACE, closing, excess
from adapters.playground.world import World
from bot.core.chat import (
    Capabilities,
    Connection,
    GroupFacts,
    Operation,
    Outgoing,
    Problem,
    Reason,
    Refusal,
    Submit,
    Voted,
)
from bot.core.clock import Clock
from bot.core.commands import Command
from bot.core.events import NOBODY, Actor, Event, GroupChange, GroupChanged, PollTallied, Standing, Where
from bot.core.messages import AudienceKind, Message, plain

log = logging.getLogger(__name__)


class PlaygroundChat:
    """`face` is "telegram" or "discord". People act through `act`, the bot through the port."""

    def __init__(self, face: str, world: World, clock: Clock) -> None:
        self.name = face
        self.pace = PACE[face]
        self.world = world
        self.commands: Sequence[Command] = ()  # what was published last
        self._bot = world.people.bot(face)
        self._clock = clock
        self._submit: Submit | None = None
        self._operations: dict[Operation, Callable[[Outgoing, datetime], str]] = {
            Operation.SEND: self._send,
            Operation.EDIT: self._edit,
            Operation.DELETE: self._delete,
            Operation.REACT: self._react,
            Operation.PIN: self._pin,
            Operation.LEAVE: self._leave,
            Operation.CLOSE_POLL: self._close_poll,
        }

    # ------------------------------------------------------------------ people

    async def act(self, act: Act) -> list[Event]:
        """Do what a person does and tell the bot; return what it was told once all of it is committed.

        Raises doing.Impossible. While the bot is not running the world changes and nobody is told.
        """
        events = decode(act, do(self.world, act, self._clock.now()))
        for event in events:
            await self._tell(event)
        return events

    # ------------------------------------------------------------------ what happens by itself

    def next_close(self) -> datetime | None:
        """When the next poll closes."""
        return min((at for poll in self.world.board.open_polls(self.name) if (at := poll.closes_at)), default=None)

    async def close_due(self) -> None:
        """Close the polls whose time is up, each as at its time, and tell the bot."""
        now = self._clock.now()
        due = [(poll.closes_at, poll) for poll in self.world.board.open_polls(self.name) if poll.closes_at]
        for at, poll in sorted(due, key=lambda one: one[0]):
            if at <= now:
                await self._tell(self._tallied(self.world.board.close(poll, self._bot, at), at))

    # ------------------------------------------------------------------ the port

    def capabilities(self, where: Where) -> Capabilities:
        return CAPABILITIES[self.name]

    def connection(self) -> Connection:
        return Connection(self._submit is not None, self._bot.name, self._bot.id, lag=0.0)

    async def start(self, submit: Submit) -> None:
        self._submit = submit

    async def stop(self) -> None:
        self._submit = None

    async def perform(self, outgoing: Outgoing) -> str:
        """Raises Refusal only."""
        try:
            done = self._operations[outgoing.operation](outgoing, self._clock.now())
        except Refusal as refusal:
            log.debug("%s refused: %s", self.name, refusal)
            self.world.refused.append((self.name, refusal))
            raise
        if outgoing.operation is Operation.LEAVE:
            await self._tell_removed(outgoing.where)
        if outgoing.operation is Operation.CLOSE_POLL and (poll := self.world.board.get(done)):
            await self._tell(self._tallied(poll, self._clock.now()))
        return done

    async def acknowledge(self, handle: str) -> None:
        """Nothing shows."""

    async def standing(self, where: Where, account: str) -> Standing:
        member = self._group(where).members.get(account)
        return Standing(member.present, member.administrator) if member else Standing(present=False)

    async def facts(self, where: Where) -> GroupFacts:
        group = self._group(where)
        closed = [channel for channel in group.channels.values() if not channel.writable]
        return GroupFacts(group.title, group.member_count, tuple(_problem(channel) for channel in closed))

    async def members(self, where: Where, accounts: Collection[str]) -> frozenset[str]:
        there = self._group(where).members
        return frozenset(account for account in accounts if account in there and there[account].present)

    async def votes(self, where: Where, message_id: str) -> Mapping[str, Voted]:
        limits = CAPABILITIES[self.name].polls
        if limits is None or not limits.keeps_votes:
            raise Refusal(Reason.BAD_MESSAGE, "nobody can look up here who voted for what")
        self._group(where)
        posted = self.world.board.get(message_id)
        if posted is None or posted.message.poll is None:
            raise Refusal(Reason.MESSAGE_GONE)
        return {account: Voted(self._name(account), options) for account, options in posted.votes.items()}

    async def publish_commands(self, commands: Sequence[Command]) -> None:
        self.commands = tuple(commands)

    # ------------------------------------------------------------------ operations

    def _send(self, outgoing: Outgoing, at: datetime) -> str:
        known = self.world.sent.get((self.name, outgoing.nonce))
        if known and CAPABILITIES[self.name].repeatable_for:
            return known
        self._check_place(outgoing.where)
        handle = Handle.parse(outgoing.handle)
        only, note = self._for_whom(outgoing, handle)
        if problem := excess(self.name, outgoing.message):
            raise Refusal(Reason.BAD_MESSAGE, problem)
        closes_at = closing(self.name, outgoing.message.poll, at)
        answered = handle.message_id if handle and not handle.press else ""
        reply_to = outgoing.message.reply_to or answered
        said = replace(outgoing.message, text=(), buttons=()) if outgoing.message.poll else outgoing.message
        replied = reply_to if self.world.board.get(reply_to) else ""
        posted = self.world.board.post(
            outgoing.where, self._bot, at, said, reply_to=replied, only=only, note=note, closes_at=closes_at
        )
        self.world.sent[self.name, outgoing.nonce] = posted.id
        return "" if note else posted.id

    def _for_whom(self, outgoing: Outgoing, handle: Handle | None) -> tuple[str, bool]:
        """The account that alone sees it, and whether it is a passing note; never more people than meant."""
        audience, where = outgoing.message.audience, outgoing.where
        if audience.kind is not AudienceKind.PERSON:
            return "", False
        if where.private:
            if audience.account != where.channel:
                raise Refusal(Reason.BAD_MESSAGE, "it is meant for somebody else")
            return "", bool(handle and handle.press and self._is_note(outgoing.message))
        if handle and handle.account == audience.account:
            limits = CAPABILITIES[self.name]
            if limits.private_reply:
                return audience.account, False
            if handle.press and self._is_note(outgoing.message):
                return audience.account, True
        raise Refusal(Reason.BAD_MESSAGE, "nobody can be written to alone in a group here")

    def _is_note(self, message: Message) -> bool:
        return not message.buttons and 0 < len(plain(message.text)) <= CAPABILITIES[self.name].toast

    def _edit(self, outgoing: Outgoing, at: datetime) -> str:
        posted = self._own(outgoing)
        self._check_place(posted.where)
        if posted.message.poll or outgoing.message.poll:
            raise Refusal(Reason.BAD_MESSAGE, "polls can't be edited")
        if problem := excess(self.name, outgoing.message):
            raise Refusal(Reason.BAD_MESSAGE, problem)
        self.world.board.edit(posted, outgoing.message, at)
        return posted.id

    def _delete(self, outgoing: Outgoing, at: datetime) -> str:
        posted = self._posted(outgoing)
        self.world.board.delete(posted, self._bot, at)
        return posted.id

    def _react(self, outgoing: Outgoing, at: datetime) -> str:
        posted = self._posted(outgoing)
        self.world.board.react(posted, self._bot, outgoing.emoji, at)
        return posted.id

    def _pin(self, outgoing: Outgoing, at: datetime) -> str:
        posted = self._posted(outgoing)
        self.world.board.pin(posted, self._bot, at)
        return posted.id

    def _leave(self, outgoing: Outgoing, at: datetime) -> str:
        self.world.groups.set_bot_present(self._group(outgoing.where), False, at)
        return ""

    def _close_poll(self, outgoing: Outgoing, at: datetime) -> str:
        """One that is closed already stays so."""
        posted = self._own(outgoing)
        if posted.message.poll is None:
            raise Refusal(Reason.BAD_MESSAGE, "this is no poll")
        if not posted.closed:
            self.world.board.close(posted, self._bot, at)
        return posted.id

    # ------------------------------------------------------------------ parts

    def _check_place(self, where: Where) -> None:
        if where.private:
            if not self.world.people.writable(self.name, where.channel):
                raise Refusal(Reason.UNREACHABLE)
            return
        group = self._group(where)
        if not group.channel(where.channel).writable or not group.channel("").writable:
            raise Refusal(Reason.NO_RIGHT, where.channel)

    def _group(self, where: Where) -> Group:
        group = self.world.groups.get(self.name, where.group)
        if group is None or not group.bot_present:
            raise Refusal(Reason.GONE)
        return group

    def _posted(self, outgoing: Outgoing) -> Posted:
        posted = self.world.board.get(outgoing.message_id)
        if posted is None:
            raise Refusal(Reason.MESSAGE_GONE)
        return posted

    def _own(self, outgoing: Outgoing) -> Posted:
        posted = self._posted(outgoing)
        if posted.author != self._bot:
            raise Refusal(Reason.NO_RIGHT, "somebody else's message")
        return posted

    def _name(self, account: str) -> str:
        person = self.world.people.by_id(self.name, account)
        return person.name if person else account

    def _tallied(self, poll: Posted, at: datetime) -> Event:
        return PollTallied(self.world.next_event_id(), at, poll.where, NOBODY, poll.id, poll.counts(), poll.closed)

    async def _tell(self, event: Event) -> None:
        if self._submit is not None:
            await self._submit(event)

    async def _tell_removed(self, where: Where) -> None:
        me = Actor(self._bot.id, self._bot.name)
        place = Where(self.name, where.group, "")
        title = group.title if (group := self.world.groups.get(self.name, where.group)) else ""
        id = self.world.next_event_id()
        await self._tell(GroupChanged(id, self._clock.now(), place, me, GroupChange.REMOVED, title))


def _problem(channel: Channel) -> Problem:
    return Problem("cannot_write", channel.name if channel.id else "")
