"""What an act changes in the world, before the bot is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from adapters.playground.acts import (
    Act,
    AddsBot,
    Blocks,
    Deletes,
    IsLetIn,
    Joins,
    Leaves,
    Reacts,
    RemovesBot,
    Says,
    SetsWriting,
    Starts,
    Votes,
)
from adapters.playground.groups import Group
from adapters.playground.history import Person
from adapters.playground.incoming import Told
from adapters.playground.limits import DISCORD
from adapters.playground.people import PrivateChat
from adapters.playground.world import World
from bot.core.events import Actor, Standing, Where
from bot.core.messages import Message, text


class Impossible(Exception):
    """The act can't be done: its message says why, in plain English."""


def do(world: World, act: Act, at: datetime) -> Told:
    """Change the world; raise Impossible where a platform would not let that person do it."""
    doer = _person(world, act)
    group = _group(world, act) if act.where.group else None
    told = Told(at, _actor(doer, group), world.next_event_id, title=group.title if group else "")
    change = _CHANGES.get(type(act))
    return change(world, act, doer, group, told) if change else told


def _person(world: World, act: Act) -> Person:
    person = world.people.by_id(act.where.platform, act.account)
    if person is None:
        raise Impossible(f"nobody has the account {act.account} on {act.where.platform}")
    return person


def _group(world: World, act: Act) -> Group:
    group = world.groups.get(act.where.platform, act.where.group)
    if group is None:
        raise Impossible(f"there is no group {act.where.group} on {act.where.platform}")
    group.channel(act.where.channel)
    return group


def _actor(person: Person, group: Group | None) -> Actor:
    """Discord tells what somebody may do together with what they do; Telegram has to be asked."""
    member = group.members.get(person.id) if group else None
    told = person.face == DISCORD and member is not None
    standing = Standing(member.present, member.administrator) if told and member else None
    return Actor(person.id, person.name, standing=standing)


def _join(world: World, act: Joins, doer: Person, group: Group, told: Told) -> Told:
    world.groups.join(group, doer, told.at, pending=act.pending)
    return replace(told, actor=_actor(doer, group), service_first=len(group.members) % 2 == 1)


def _let_in(world: World, act: IsLetIn, doer: Person, group: Group, told: Told) -> Told:
    if not world.groups.member(group, doer).pending:
        return replace(told, changed=False)
    world.groups.let_in(group, doer, told.at)
    return told


def _leave(world: World, act: Leaves, doer: Person, group: Group, told: Told) -> Told:
    world.groups.leave(group, doer, told.at, banned=act.banned)
    return told


def _start(world: World, act: Starts, doer: Person, group: Group | None, told: Told) -> Told:
    world.people.set_private_chat(doer, PrivateChat.OPEN, told.at)
    words = f"/start {act.payload}".strip()
    posted = world.board.post(Where(doer.face, "", doer.id), doer, told.at, Message(text(words)))
    return replace(told, message_id=posted.id)


def _block(world: World, act: Blocks, doer: Person, group: Group | None, told: Told) -> Told:
    return replace(told, changed=world.people.set_private_chat(doer, PrivateChat.BLOCKED, told.at))


def _say(world: World, act: Says, doer: Person, group: Group | None, told: Told) -> Told:
    opened = False
    if act.where.private:
        if act.where.channel != doer.id:
            raise Impossible(f"{doer.name} can't write in somebody else's private chat")
        opened = world.people.set_private_chat(doer, PrivateChat.OPEN, told.at)
    elif group:
        world.groups.member(group, doer)
    replied = world.board.get(act.reply_to) if act.reply_to else None
    posted = world.board.post(act.where, doer, told.at, Message(text(act.text)), reply_to=replied.id if replied else "")
    author = replied.author.id if replied else ""
    return replace(told, actor=_actor(doer, group), message_id=posted.id, reply_to_actor=author, opened=opened)


def _vote(world: World, act: Votes, doer: Person, group: Group | None, told: Told) -> Told:
    """A vote that comes too late, or for a second time where it is fixed, does nothing."""
    posted = world.board.get(act.message_id)
    if posted is None or posted.message.poll is None:
        raise Impossible("there is no such poll")
    poll = posted.message.poll
    options = tuple(sorted({option for option in act.options if option in range(len(poll.options))}))
    if len(options) > 1 and not poll.multiple:
        raise Impossible("only one option can be chosen in this poll")
    before = posted.votes.get(doer.id, ())
    told = replace(told, actor=replace(told.actor, standing=None), voted_before=before, voted=options)
    if not posted.takes_votes(told.at) or (before and not poll.revote):
        return replace(told, changed=False)
    return replace(told, changed=world.board.vote(posted, doer, options, told.at))


def _react(world: World, act: Reacts, doer: Person, group: Group | None, told: Told) -> Told:
    posted = world.board.get(act.message_id)
    if posted is None:
        raise Impossible("there is no such message")
    return replace(told, changed=world.board.react(posted, doer, act.emoji, told.at, present=act.present))


def _delete(world: World, act: Deletes, doer: Person, group: Group | None, told: Told) -> Told:
    posted = world.board.get(act.message_id)
    if posted is not None:
        world.board.delete(posted, doer, told.at)
    return told


def _add_bot(world: World, act: AddsBot, doer: Person, group: Group, told: Told) -> Told:
    world.groups.set_bot_present(group, True, told.at)
    return told


def _remove_bot(world: World, act: RemovesBot, doer: Person, group: Group, told: Told) -> Told:
    world.groups.set_bot_present(group, False, told.at)
    return told


def _set_writing(world: World, act: SetsWriting, doer: Person, group: Group, told: Told) -> Told:
    world.groups.set_writable(group, act.where.channel, act.allowed, told.at)
    return told


_CHANGES: dict[type, Callable[..., Told]] = {
    Joins: _join,
    IsLetIn: _let_in,
    Leaves: _leave,
    Starts: _start,
    Blocks: _block,
    Says: _say,
    Votes: _vote,
    Reacts: _react,
    Deletes: _delete,
    AddsBot: _add_bot,
    RemovesBot: _remove_bot,
    SetsWriting: _set_writing,
}
"""A press changes nothing by itself."""
