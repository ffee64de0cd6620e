"""An event, with what was found out about it, handed to whom it concerns: within one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from bot.core import delivered, forms, groups, membership
from bot.core.answers import ANSWER_LIVES, answer
from bot.core.chat import Reason
from bot.core.commands import Answers, Command, CommandMistake, Who
from bot.core.community import Community
from bot.core.confirming import UNTIL, confirmation
from bot.core.directory import Directory
from bot.core.events import (
    ActorKind,
    ButtonPressed,
    ChatChanged,
    CommandInvoked,
    Delivered,
    Event,
    GroupChanged,
    JobDue,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    Refused,
    Where,
)
from bot.core.feature import Context, Handler, Instead, Mistake, Service
from bot.core.membership import Change
from bot.core.messages import Message, lines, only
from bot.core.mistakes import explain
from bot.core.notices import to_admin
from bot.core.permission import refusal_of
from bot.core.recording import SPEAKERS, record
from bot.core.resolve import NOTHING, Resolved, Resolver, find_job, only_community
from bot.core.speech import Speaker
from bot.core.stores import Accounts, Buttons, Forms, Jobs, Members, Notices, OpenForm, Outbox, PlacedButton
from bot.core.unit import Unit
from bot.locale import _

SHORTEST_SLIP = 4
"""A shorter word that nobody addressed to us is another bot's command sooner than a slip."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event. `answered`: what will be said to whoever caused it also settles its handle."""

    event: Event
    answered: bool = False
    repeated: bool = False


class Dispatcher:
    """Knows who handles what; `begin` a transaction to hand out events."""

    def __init__(self, resolver: Resolver, random: Random) -> None:
        self.resolver = resolver
        self.random = random
        self._handlers: dict[type, tuple[tuple[bool, Handler], ...]] = {}
        for feature in resolver.service.features:
            for kind, handler in feature.on.items():
                self._handlers[kind] = (*self._handlers.get(kind, ()), (feature.everywhere, handler))

    @property
    def service(self) -> Service:
        """As of now: a reloaded config replaces it."""
        return self.resolver.service

    def hears(self, kind: type) -> tuple[tuple[bool, Handler], ...]:
        """Handlers of an event's class; the flag tells whether they also serve groups that aren't set up."""
        return self._handlers.get(kind, ())

    def concerns(self, event: MessagePosted) -> bool:
        """Whether anything is done about what somebody said: people in groups are recorded, and features may listen."""
        return event.actor.kind in SPEAKERS and bool(event.where.group or self.hears(MessagePosted))

    def begin(self, unit: Unit) -> Transaction:
        return Transaction(self, unit)


class Transaction:
    def __init__(self, dispatcher: Dispatcher, unit: Unit) -> None:
        self._dispatcher = dispatcher
        self.service = dispatcher.service
        self.unit = unit
        self.directory = Directory(self.service, unit, dispatcher.resolver.known)
        self._talks: dict[tuple[str, str], Context] = {}  # by platform and group
        self._by_kind: Mapping[type, Callable[..., Outcome]] = {
            CommandInvoked: self._command,
            ButtonPressed: self._press,
            MemberJoined: self._member,
            MemberLeft: self._member,
            MessagePosted: self._message,
            GroupChanged: self._group,
            ChatChanged: self._chat,
            JobDue: self._job,
            Delivered: self._delivered,
            Refused: self._refused,
        }

    def handle(self, event: Event, resolved: Resolved) -> Outcome:
        return self._by_kind.get(type(event), self._plain)(event, resolved)

    # ------------------------------------------------------------------ asked for

    def _command(self, event: CommandInvoked, resolved: Resolved) -> Outcome:
        if event.actor.kind in (ActorKind.BOT, ActorKind.SERVICE):
            return Outcome(event)
        ctx = self._context(event, resolved, asked=True)
        self._see(event, ctx)
        if resolved.mistake:
            return self._mistaken(event, ctx, resolved.mistake)
        command = resolved.command
        if command is None:
            return Outcome(event)
        if event.actor.kind is ActorKind.ANONYMOUS:
            return self._say(event, ctx, confirmation(event, ctx), Answers.DISCREET)
        refusal = refusal_of(command, ctx, event.where.private)
        if refusal:
            return self._say(event, ctx, refusal, Answers.DISCREET)
        if command.form and command.form.option not in resolved.options:
            return self._ask(event, ctx, command, resolved.options)
        return self._run(event, ctx, command, resolved.options)

    def _ask(self, event: CommandInvoked, ctx: Context, command: Command, given: Mapping[str, object]) -> Outcome:
        """Ask for what the form is about, unless whoever asks may not anyway."""
        try:
            if command.allows:
                command.allows(event, ctx, given)
        except Mistake as mistake:
            return self._say(event, ctx, Message(mistake.text), Answers.DISCREET)
        forms.ask(self.unit, event, command, ctx, given)
        return Outcome(event, answered=True)

    def _run(
        self,
        event: CommandInvoked | MessagePosted,
        ctx: Context,
        command: Command,
        options: Mapping[str, object],
        form: OpenForm | None = None,
    ) -> Outcome:
        """`form`: what the words came by; it stays open while they can't be used, so that they can be mended."""
        try:
            message = command.handler(event, ctx, **options)
        except Mistake as mistake:
            if form is not None and isinstance(event, MessagePosted):
                forms.ask_again(self.unit, event, command, ctx, mistake.text, form.given)
                return Outcome(event, answered=True)
            words = lines(mistake.text, forms.written(event, command, ctx, options))
            return self._say(event, ctx, Message(words), Answers.DISCREET)
        if form is not None:
            self.unit.store(Forms).close(form)
        if message is None:
            return Outcome(event)
        return self._say(event, ctx, message, command.answers, personal=command.personal)

    def _mistaken(self, event: CommandInvoked, ctx: Context, mistake: CommandMistake) -> Outcome:
        meant = bool(mistake.data.get("nearest")) and len(mistake.data.get("name", "")) >= SHORTEST_SLIP
        foreign = mistake.code == "unknown" and not event.addressed and not meant
        if foreign or event.actor.kind is not ActorKind.PERSON:
            return Outcome(event)
        return self._say(event, ctx, explain(mistake, ctx.say), Answers.DISCREET)

    def _press(self, event: ButtonPressed, resolved: Resolved) -> Outcome:
        if event.actor.kind is not ActorKind.PERSON:
            return Outcome(event)
        placed = self.unit.store(Buttons).find(event.token)  # as it is now: a press before this one may have spent it
        ctx = self._context(event, resolved, asked=True, slug=placed.community if placed else "")
        action = self._dispatcher.resolver.action(placed.button.action) if placed else None
        if placed is None or (placed.expires and placed.expires <= self.unit.now) or not placed.works_in(event.where):
            return self._say(event, ctx, ctx.say.message(_("This button no longer works.")), Answers.PRIVATE)
        if resolved.outsider:
            words = ctx.say.message(_("This is for members of the group. Come in first!"))
            return self._say(event, ctx, words, Answers.PRIVATE)
        self._see(event, ctx)
        if placed.account and placed.account != event.actor.id:
            return self._say(event, ctx, ctx.say.message(_("This button is meant for somebody else.")), Answers.PRIVATE)
        if resolved.confirmed:
            return self._confirmed(event, ctx, placed, resolved.confirmed, resolved)
        if action is None or (ctx.community is None and not action.everywhere):
            return self._say(event, ctx, ctx.say.message(_("This button no longer works.")), Answers.PRIVATE)
        if action.who is not Who.ANYONE and not ctx.manager:
            return self._say(event, ctx, ctx.say.message(_("Only managers may press this.")), Answers.PRIVATE)
        ctx.post_key = placed.post_key
        message: Message | Instead | None
        try:
            message = action.handler(event, ctx, placed.button.data)
        except Mistake as mistake:
            message = Message(mistake.text)
        if isinstance(message, Instead):
            return self._replace(event, ctx, message.message, placed.account)
        return self._say(event, ctx, message, Answers.PRIVATE) if message else Outcome(event)

    def _confirmed(
        self, event: ButtonPressed, ctx: Context, placed: PlacedButton, command: CommandInvoked, resolved: Resolved
    ) -> Outcome:
        """A person stands up for an anonymous administrator's command; who may not give it takes nothing away."""
        if self.unit.now >= datetime.fromisoformat(placed.button.data[UNTIL]):
            return self._say(event, ctx, ctx.say.message(_("This button no longer works.")), Answers.PRIVATE)
        if resolved.command and (refusal := refusal_of(resolved.command, ctx, event.where.private)):
            return self._say(event, ctx, refusal, Answers.PRIVATE)
        if resolved.command and resolved.command.checks_rights and not ctx.manager:  # an administrator has asked
            return self._say(event, ctx, ctx.say.message(_("Only managers may press this.")), Answers.PRIVATE)
        self.unit.store(Buttons).spend(placed.post_key)
        self.unit.delete(placed.post_key)
        return self._command(command, resolved)

    def _replace(self, event: ButtonPressed, ctx: Context, message: Message, account: str) -> Outcome:
        """Show the message in place of the one whose button was pressed, to the same people (`account` alone)."""
        message = replace(message, audience=only(account)) if account else message
        self.unit.store(Buttons).spend(ctx.post_key)
        self.unit.post(
            message,
            event.where,
            kind="answer",
            key=f"answer:{event.key}",
            community=ctx.community.slug if ctx.community else "",
            expires=ctx.now + ANSWER_LIVES,
            handle=event.handle,
            instead_of=event.message_id,
        )
        return Outcome(event, answered=True)

    def _message(self, event: MessagePosted, resolved: Resolved) -> Outcome:
        record(event, self.unit, self.directory)
        if not (resolved.form and resolved.command):
            return self._talk(event, resolved)
        ctx = self._context(event, resolved, asked=True)
        refusal = refusal_of(resolved.command, ctx, event.where.private)
        if refusal:
            return self._say(event, ctx, refusal, Answers.DISCREET)
        return self._run(event, ctx, resolved.command, resolved.options, resolved.form)

    def _talk(self, event: MessagePosted, resolved: Resolved) -> Outcome:
        """All that is said in a group within a transaction has one context, as long as nothing is changed there."""
        if resolved is not NOTHING or not event.where.group or not self._dispatcher.hears(MessagePosted):
            return self._plain(event, resolved)
        key = (event.where.platform, event.where.group)
        ctx = self._talks.get(key)
        if ctx is None or ctx.community is not self.directory.find(event.where):
            ctx = self._talks[key] = self._context(event, resolved)
        return self._tell(event, ctx)

    # ------------------------------------------------------------------ happened

    def _member(self, event: MemberJoined | MemberLeft, resolved: Resolved) -> Outcome:
        community = self.directory.find(event.where)
        group = community.group(event.where.platform, event.where.group) if community else None
        if group is None or event.actor.kind is not ActorKind.PERSON:
            return Outcome(event)
        members = self.unit.store(Members)
        place = (event.where.platform, event.where.group, event.actor.id)
        before = members.get(*place)
        if isinstance(event, MemberJoined):
            after, change = membership.joined(before, event.at, event.pending)
        else:
            after, change = membership.left(before, event.at, event.banned)
            self._dispatcher.resolver.has_left(event.where, event.actor.id)
        if after != before:
            members.put(*place, after)
        if change is Change.NONE:
            return Outcome(event)
        ctx = self._context(event, resolved)
        ctx.change, ctx.before = change, before
        return self._tell(event, ctx)

    def _see(self, event: CommandInvoked | ButtonPressed, ctx: Context) -> None:
        """Whoever uses a command or a button in a group is a member of it."""
        if event.actor.kind is ActorKind.PERSON and ctx.group is not None:
            members, place = self.unit.store(Members), (event.where.platform, event.where.group, event.actor.id)
            sure = isinstance(event, ButtonPressed) and self._dispatcher.resolver.is_member(event)
            before = members.get(*place)
            if (after := membership.seen(before, event.at, sure)) != before:
                members.put(*place, after)

    def _group(self, event: GroupChanged, resolved: Resolved) -> Outcome:
        groups.changed(self.unit, event)
        self._dispatcher.resolver.authority.forget(event.where.group)
        return self._plain(event, resolved)

    def _chat(self, event: ChatChanged, resolved: Resolved) -> Outcome:
        self.unit.store(Accounts).set_reachable(event.where.platform, event.actor.id, event.open)
        if event.open:
            self.unit.store(Outbox).release(event.where.platform, event.actor.id, self.unit.now)
        return self._plain(event, resolved)

    def _job(self, event: JobDue, resolved: Resolved) -> Outcome:
        job = find_job(self.service.features, event.job)
        if not self.unit.store(Jobs).take(int(event.event_id)) or job is None:
            return Outcome(event)
        for where, account in resolved.gone:
            self._has_left(where, account)
        job.handler(event, self._context(event, resolved, slug=event.community))
        return Outcome(event)

    def _has_left(self, where: Where, account: str) -> None:
        """Nobody told of it, but it was looked up."""
        members = self.unit.store(Members)
        before = members.get(where.platform, where.group, account)
        after, _change = membership.left(before, self.unit.now, banned=False)
        members.put(where.platform, where.group, account, after)

    def _delivered(self, event: Delivered, resolved: Resolved) -> Outcome:
        row = delivered.sent(self.unit, event)
        return self._tell(event, self._context(event, resolved, slug=row.community)) if row else Outcome(event)

    def _refused(self, event: Refused, resolved: Resolved) -> Outcome:
        if event.reason == Reason.MIGRATED:
            delivered.moved(self.unit, event)
            return Outcome(event)
        row = delivered.refused(self.unit, event, self.service, self.directory)
        return self._tell(event, self._context(event, resolved, slug=row.community)) if row else Outcome(event)

    def _plain(self, event: Event, resolved: Resolved) -> Outcome:
        if not self._dispatcher.hears(type(event)):
            return Outcome(event)
        return self._tell(event, self._context(event, resolved))

    def _tell(self, event: Event, ctx: Context) -> Outcome:
        for everywhere, handler in self._dispatcher.hears(type(event)):
            if ctx.community or everywhere:
                handler(event, ctx)
        return Outcome(event)

    # ------------------------------------------------------------------ set aside

    def abandon(self, event: Event) -> None:
        """An event that failed for good: end what would bring it back, tell whoever waits for an answer, and the admin.

        The admin is told once a day: a fault seldom comes alone.
        """
        if self.unit.store(Notices).first(f"set aside:{self.unit.now:%Y-%m-%d}", self.unit.now):
            words = _("Something could not be handled and was set aside ({event}). The log tells more, /ping how many.")
            text = Speaker(self.service.language)(words, event=event.key)
            to_admin(self.unit, self.service, text, key=f"set aside:{event.key}")
        if isinstance(event, JobDue):
            self.unit.store(Jobs).take(int(event.event_id))
        elif isinstance(event, Delivered):
            self.unit.store(Outbox).finish(int(event.event_id), "sent", event.message_id, "", self.unit.now)
        elif isinstance(event, Refused):
            self.unit.store(Outbox).finish(int(event.event_id), "failed", "", event.reason, self.unit.now)
        elif isinstance(event, MessagePosted):
            record(event, self.unit, self.directory)  # somebody spoke, whatever a feature made of it
        elif isinstance(event, CommandInvoked | ButtonPressed):
            ctx = self._context(event, Resolved(), asked=True)
            sorry = ctx.say.message(_("Something went wrong on my side, sorry. The admin will find it in the log."))
            self._say(event, ctx, sorry, Answers.DISCREET)

    # ------------------------------------------------------------------ parts

    def _context(self, event: Event, resolved: Resolved, *, asked: bool = False, slug: str = "") -> Context:
        community = self._community(event, slug)
        language = community.language if community else self.service.language
        own = self.unit.store(Accounts).get(event.where.platform, event.actor.id).language if asked else ""
        return Context(
            now=self.unit.now,
            unit=self.unit,
            community=community,
            group=community.group(event.where.platform, event.where.group) if community else None,
            say=Speaker(own or language),
            tell=Speaker(language),
            random=self._dispatcher.random,
            manager=resolved.manager,
            gone=frozenset(account for _where, account in resolved.gone) if resolved.gone else frozenset(),
            votes=resolved.votes,
            all_facts=resolved.all_facts,
            facts=resolved.facts,
            connections=resolved.connections,
            service=self.service,
        )

    def _community(self, event: Event, slug: str) -> Community | None:
        if slug:
            return self.directory.by_slug(slug)
        if event.where.group:
            return self.directory.find(event.where)
        return only_community(self.directory, event.where.platform, event.actor) if event.actor.id else None

    def _say(
        self, event: Event, ctx: Context, message: Message, visibility: Answers, *, personal: bool = False
    ) -> Outcome:
        """`personal`: not even other managers see it."""
        among = not personal and ctx.community is not None and ctx.community.is_managers_place(event.where)
        slug = ctx.community.slug if ctx.community else ""
        shown = self.service.capabilities
        settled = answer(self.unit, event, message, visibility, shown, ctx.say, among_managers=among, community=slug)
        return Outcome(event, answered=settled)
