"""What only the network knows is asked before the transaction: rights, facts of a group, what a button means."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from bot.core import commands
from bot.core.authority import LOOK_UP_TIMEOUT, Authority
from bot.core.chat import Chat, ChatError, Connection, GroupFacts, Refusal, Voted
from bot.core.clock import Clock
from bot.core.commands import Command, CommandMistake, Who
from bot.core.community import Community
from bot.core.confirming import CONFIRM, UNTIL
from bot.core.directory import Directory, Known
from bot.core.events import (
    Actor,
    ActorKind,
    ButtonPressed,
    CommandInvoked,
    Event,
    JobDue,
    MessagePosted,
    Where,
)
from bot.core.feature import ButtonAction, Feature, Job, Service
from bot.core.lookups import Lookups
from bot.core.membership import Membership, Presence, is_only_seen
from bot.core.stores import Buttons, Forms, Members, OpenForm, PlacedButton
from bot.core.unit import Database, Unit

log = logging.getLogger(__name__)

REMEMBERED = 4096  # buttons
LONG_LOOK_UP = 30.0  # seconds; of something that takes many requests
CATCHING_UP = 3.0  # seconds that a platform gets at the start to tell what was missed
LOOK_AGAIN = 0.05


@dataclass(frozen=True, slots=True)
class Resolved:
    """What was found out about an event before it is handled."""

    manager: bool = False
    command: Command | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    mistake: CommandMistake | None = None
    button: PlacedButton | None = None
    facts: GroupFacts | None = None
    connections: Mapping[str, Connection] = field(default_factory=dict)
    form: OpenForm | None = None
    gone: frozenset[tuple[Where, str]] = frozenset()
    outsider: bool = False  # whoever pressed is no member of the group
    votes: Mapping[str, Voted] | None = None
    all_facts: Mapping[tuple[str, str], GroupFacts] = field(default_factory=dict)
    confirmed: CommandInvoked | None = None  # an anonymous administrator's command, now by a person


NOTHING = Resolved()


class Resolver:
    def __init__(self, service: Service, database: Database, chats: Mapping[str, Chat], clock: Clock) -> None:
        self.service = service
        self.authority = Authority(chats)
        self.known = Known()  # used on the database's writer only, one unit of work after the other
        self._lookups = Lookups(database, clock)
        self._chats = chats
        self._clock = clock
        self._members: OrderedDict[tuple[str, str, str], None] = OrderedDict()  # by platform, group, account
        self._anybodys: OrderedDict[str, None] = OrderedDict()  # tokens of buttons for which nothing has to be asked
        self._buttons = {f"{f.name}.{name}": action for f in service.features for name, action in f.buttons.items()}

    def action(self, name: str) -> ButtonAction | None:
        return self._buttons.get(name)

    def instant(self, event: Event) -> bool:
        """Whether nothing has to be asked before this event is handled."""
        if isinstance(event, MessagePosted):
            return not (event.reply_to and event.reply_to_actor and self._is_own(event))
        if isinstance(event, JobDue):
            job = find_job(self.service.features, event.job)
            return job is None or not (job.needs or job.presence or job.own_poll)
        if isinstance(event, ButtonPressed):
            return event.token in self._anybodys and self._is_inside(event)
        return not isinstance(event, CommandInvoked)

    async def resolve(self, event: Event) -> Resolved:
        if isinstance(event, CommandInvoked):
            return await self.command(event)
        if isinstance(event, ButtonPressed):
            return await self._press(event)
        if isinstance(event, MessagePosted):
            return await self._reply(event)
        assert isinstance(event, JobDue)
        job = find_job(self.service.features, event.job)
        return await self._job(event, job) if job else NOTHING

    async def _job(self, event: JobDue, job: Job) -> Resolved:
        facts, gone, votes, all_facts = await asyncio.gather(
            self._needed(event, job.needs),
            self._gone(event, job),
            self._votes(event, job),
            self._all_facts(event, job.needs, event.community),
        )
        return Resolved(facts=facts, gone=gone, votes=votes, all_facts=all_facts)

    async def _gone(self, event: JobDue, job: Job) -> frozenset[tuple[Where, str]]:
        """Of those whose leaving matters to the job: who left while the platform could not be heard."""
        if job.presence is None:
            return frozenset()
        presence = job.presence
        doubtful: dict[Where, list[str]] = {}
        asked = await self._lookups.ask(lambda unit: presence(unit, event))
        await self._catch_up({there.where.platform for there in asked})
        for there in asked:
            chat = self._chats.get(there.where.platform)
            unbroken_since = chat.connection().unbroken_since if chat else None
            if unbroken_since is not None and there.since < unbroken_since:
                doubtful.setdefault(there.where, []).append(there.account)
        present = await asyncio.gather(*(self._present(where, accounts) for where, accounts in doubtful.items()))
        return frozenset(
            (where, account)
            for (where, accounts), still in zip(doubtful.items(), present, strict=True)
            for account in accounts
            if account not in still
        )

    async def _catch_up(self, platforms: Collection[str]) -> None:
        """At the start, hear first of those who left while the program was off."""
        chats = [chat for name, chat in self._chats.items() if name in platforms]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CATCHING_UP):
                while any(chat.connection().catching_up for chat in chats):  # noqa: ASYNC110 - chats are asked
                    await asyncio.sleep(LOOK_AGAIN)

    async def _present(self, where: Where, accounts: Collection[str]) -> Collection[str]:
        """Who of them is there; all, as far as it can't be found out."""
        try:
            async with asyncio.timeout(LONG_LOOK_UP):
                return await self._chats[where.platform].members(where, accounts)
        except (ChatError, TimeoutError, KeyError) as problem:
            log.warning("who is still in %s could not be looked up: %s", where, type(problem).__name__)
            return accounts

    async def _votes(self, event: JobDue, job: Job) -> Mapping[str, Voted] | None:
        if job.own_poll is None:
            return None
        own_poll = job.own_poll
        poll = await self._lookups.ask(lambda unit: own_poll(unit, event))
        if poll is None:
            return None
        try:
            async with asyncio.timeout(LONG_LOOK_UP):
                return await self._chats[poll[0].platform].votes(*poll)
        except Refusal as refusal:
            log.debug("no record of the votes in %s is kept: %s", poll[0], refusal)
            return None
        except (ChatError, TimeoutError, KeyError) as problem:
            log.warning("the votes in %s could not be looked up: %s", poll[0], type(problem).__name__)
            return None

    async def _all_facts(
        self, event: Event, needs: frozenset[str], community: str = ""
    ) -> Mapping[tuple[str, str], GroupFacts]:
        if "all facts" not in needs:
            return {}
        home = await self._lookups.ask(lambda unit: self.community(unit, event, community))
        groups = [Where(group.platform, group.id, "") for group in home.groups] if home else []
        if isinstance(event, JobDue):  # nobody waits for the answer
            await self._catch_up({group.platform for group in groups})
        told = await asyncio.gather(*(self.facts(group) for group in groups))
        return {(group.platform, group.group): facts for group, facts in zip(groups, told, strict=True) if facts}

    async def command(self, event: CommandInvoked) -> Resolved:
        try:
            command, options = self._understand(event)
        except CommandMistake as mistake:
            return Resolved(mistake=mistake)
        manager = event.actor.kind is ActorKind.PERSON and await self._allowed(
            event, Who.MANAGERS if command.checks_rights else command.who, command.live
        )
        facts, all_facts = await self._needed(event, command.needs), await self._all_facts(event, command.needs)
        connections = {name: chat.connection() for name, chat in self._chats.items()}
        return Resolved(manager, command, options, facts=facts, all_facts=all_facts, connections=connections)

    def _understand(self, event: CommandInvoked) -> tuple[Command, Mapping[str, object]]:
        table = self.service.commands
        if event.options is not None:
            command = table.by_name(event.name)
            if command is None:
                raise CommandMistake("unknown", name=event.name.split()[0], nearest=table.nearest(event.name))
            return command, commands.complete(command, event.options)
        match = table.find(event.name, event.text)
        return match.command, commands.parse(match.command, match.rest)

    async def _press(self, event: ButtonPressed) -> Resolved:
        place = (event.where.platform, event.where.group, event.actor.id)
        button, membership = await self._lookups.ask(
            lambda unit: (unit.store(Buttons).find(event.token), unit.store(Members).get(*place))
        )
        if button and await self._is_outsider(event, membership):
            return Resolved(button=button, outsider=True)
        action = self.action(button.button.action) if button else None
        if button and button.button.action == CONFIRM:
            said = {name: value for name, value in button.button.data.items() if name != UNTIL}
            command = CommandInvoked(event.event_id, event.at, event.where, event.actor, handle=event.handle, **said)
            return replace(await self.command(command), button=button, confirmed=command)
        if button is None or action is None:
            return NOTHING
        if action.who is Who.ANYONE and not action.checks_rights:
            self._anybodys[event.token] = None
            while len(self._anybodys) > REMEMBERED:
                self._anybodys.popitem(last=False)
        where = _home(event.where, button)
        who = Who.MANAGERS if action.checks_rights else action.who
        manager = await self._allowed(event, who, action.live, where, button.community)
        return Resolved(manager, button=button)

    def _is_inside(self, event: ButtonPressed) -> bool:
        """Whether the presser is known to be a member, or the platform has just told so."""
        if not event.where.group or event.actor.standing is not None:
            return event.actor.standing is None or event.actor.standing.present
        return (event.where.platform, event.where.group, event.actor.id) in self._members

    async def _is_outsider(self, event: ButtonPressed, membership: Membership) -> bool:
        """In a public group people who are no members see the buttons, too. Taken for one if it can't be found out."""
        if self._is_inside(event) or event.actor.kind is not ActorKind.PERSON:
            return False
        if event.actor.standing is not None:
            return True
        there = membership.presence is not Presence.ABSENT and not is_only_seen(membership)
        if not there:
            try:
                async with asyncio.timeout(LOOK_UP_TIMEOUT):
                    found = await self._chats[event.where.platform].members(event.where, [event.actor.id])
            except (ChatError, TimeoutError, KeyError):
                return False
            if event.actor.id not in found:
                return True
        self._members[event.where.platform, event.where.group, event.actor.id] = None
        while len(self._members) > REMEMBERED:
            self._members.popitem(last=False)
        return False

    def has_left(self, where: Where, account: str) -> None:
        """Whoever presses next time has to be looked up again."""
        self._members.pop((where.platform, where.group, account), None)

    def is_member(self, event: Event) -> bool:
        """As far as was found out when they pressed a button."""
        return (event.where.platform, event.where.group, event.actor.id) in self._members

    async def _reply(self, event: MessagePosted) -> Resolved:
        def find(unit: Unit) -> OpenForm | None:
            return unit.store(Forms).find(event.where.platform, event.where, event.reply_to)

        form = await self._lookups.ask(find)
        command = self.service.commands.by_name(form.command) if form else None
        if form is None or command is None or command.form is None or form.account != event.actor.id:
            return NOTHING
        who = Who.MANAGERS if command.checks_rights else command.who
        manager = await self._allowed(event, who, command.live)
        facts = await self._needed(event, command.needs)
        options = {**form.given, command.form.option: event.text.strip()}
        return Resolved(manager, command, options, facts=facts, form=form)

    async def _allowed(
        self, event: Event, who: Who, live: bool, where: Where | None = None, community: str = ""
    ) -> bool:
        """Whether the actor is a manager; asked only where it matters."""
        if event.actor.kind is not ActorKind.PERSON:
            return False
        if who is Who.ANYONE:
            return False
        home = await self._lookups.ask(lambda unit: self.community(unit, event, community))
        now = self._clock.now()
        return await self.authority.is_manager(event.actor, where or event.where, home, now, live)

    def community(self, unit: Unit, event: Event, slug: str = "") -> Community | None:
        """The community an event belongs to: in a private chat the only one that its actor is in."""
        directory = Directory(self.service, unit, self.known)
        if slug:
            return directory.by_slug(slug)
        if event.where.group:
            return directory.find(event.where)
        return only_community(directory, event.where.platform, event.actor)

    async def _needed(self, event: Event, needs: frozenset[str]) -> GroupFacts | None:
        """`facts`: of this place; `home facts`: of the community's group that is meant from here."""
        if "home facts" in needs:
            home = await self._lookups.ask(lambda unit: self.community(unit, event))
            return await self.facts(home.group_meant(event.where) if home else event.where)
        return await self.facts(event.where) if "facts" in needs else None

    async def facts(self, where: Where) -> GroupFacts | None:
        if not where.group:
            return None
        try:
            async with asyncio.timeout(LOOK_UP_TIMEOUT):
                return await self._chats[where.platform].facts(where)
        except (ChatError, TimeoutError, KeyError):
            return None

    def _is_own(self, event: MessagePosted) -> bool:
        chat = self._chats.get(event.where.platform)
        return chat is not None and event.reply_to_actor == chat.connection().account_id


def only_community(directory: Directory, platform: str, actor: Actor) -> Community | None:
    communities = directory.of_account(platform, actor.id)
    return communities[0] if len(communities) == 1 else None


def find_job(features: tuple[Feature, ...], name: str) -> Job | None:
    owner, _, job = name.partition(".")
    return next((feature.jobs[job] for feature in features if feature.name == owner and job in feature.jobs), None)


def _home(where: Where, button: PlacedButton) -> Where:
    """Rights are those in the group that the button is about, also when it was pressed in a private chat."""
    return where if where.group else button.where
