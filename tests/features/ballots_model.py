"""What should come of any history of votes, told by a simple model, and the same history lived by the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from bot.core.chat import Voted
from bot.core.events import (
    Actor,
    ButtonPressed,
    Event,
    MemberJoined,
    MemberLeft,
    PollVoted,
    Standing,
    Where,
)
from bot.core.stores import Identity, Jobs, People
from bot.features.polls.model import Outcome, Polls
from tests.core.fakes import GROUP, SERVER, FakeChat, Town

ACCOUNTS = [Identity(place.platform, str(n)) for place in (GROUP, SERVER) for n in range(3)]
PLACES = {GROUP.platform: GROUP, SERVER.platform: SERVER}
OPTIONS = ("A", "B", "C")
LONG_ENOUGH = timedelta(seconds=10)

History = list[tuple[str, Identity, int]]


def histories(accounts: Sequence[Identity]) -> st.SearchStrategy[History]:
    """Of these accounts; those of the other platform may be linked with them."""
    account = st.sampled_from(accounts)
    steps = st.one_of(
        st.tuples(st.just("vote"), account, st.integers(0, 2)),
        st.tuples(st.sampled_from(["vote", "vote", "miss"]), account, st.integers(0, 2)),
        st.tuples(st.just("take back"), account, st.just(0)),
        st.tuples(st.just("link"), st.sampled_from(ACCOUNTS[:3]), st.integers(0, 2)),
        st.tuples(st.just("unlink"), account, st.just(0)),
        st.tuples(st.sampled_from(["leave", "ban", "join"]), account, st.just(0)),
        st.tuples(st.just("repeat"), account, st.integers(0, 99)),
    )
    return st.integers(0, 20).flatmap(lambda fewest: st.lists(steps, min_size=fewest, max_size=40))


@dataclass(frozen=True)
class Manners:
    """How a poll is voted on, as its flags say; 0 seconds: nobody is too new."""

    flags: str = ""
    min_membership: timedelta = timedelta(0)

    @property
    def most(self) -> int:
        return 2 if "--max-per-person 2" in self.flags else 3 if "--multiple" in self.flags else 1

    @property
    def final(self) -> bool:
        return "--revote no" in self.flags


@dataclass
class Model:
    """What should come of it, told as simply as possible. Whoever presses or joins is there until they leave."""

    manners: Manners
    counts_everybody: bool = False
    ballots: dict[Identity, tuple[int, frozenset[int]]] = field(default_factory=dict)
    linked: dict[Identity, Identity] = field(default_factory=dict)
    there: dict[Identity, datetime | None] = field(default_factory=dict)  # since when; None: since before the bot
    been: set[Identity] = field(default_factory=set)  # who left once
    banned: set[Identity] = field(default_factory=set)
    casts: int = 0

    def of(self, account: Identity) -> set[Identity]:
        return {account} | ({self.linked[account]} if account in self.linked else set())

    def vote(self, account: Identity, option: int) -> None:
        current = self.current(account)
        chosen = current ^ {option} if self.manners.most > 1 else frozenset({option})
        fixed = self.manners.final and current and not current <= chosen
        if not fixed and len(chosen) <= self.manners.most and chosen != current:
            self.put(account, chosen)

    def take_back(self, account: Identity) -> None:
        if self.current(account) and not self.manners.final:
            self.put(account, frozenset())

    def current(self, account: Identity) -> frozenset[int]:
        cast = [self.ballots[own] for own in self.of(account) if own in self.ballots]
        return max(cast)[1] if cast else frozenset()

    def put(self, account: Identity, chosen: frozenset[int]) -> None:
        for own in self.of(account):
            self.ballots.pop(own, None)
        self.casts += 1
        if chosen:
            self.ballots[account] = (self.casts, chosen)

    def is_seen(self, account: Identity, at: datetime) -> None:
        if account not in self.there:
            self.there[account] = at if account in self.been else None
        self.banned.discard(account)

    def joins(self, account: Identity, at: datetime) -> None:
        if self.there.get(account) is None:
            self.there[account] = at
        self.banned.discard(account)

    def leaves(self, account: Identity, banned: bool) -> None:
        self.there.pop(account, None)
        self.been.add(account)
        if banned:  # it holds until they come back, however often their leaving is told
            self.banned.add(account)

    def result(self, closed_at: datetime) -> tuple[Counter[int], int, Counter[str]]:
        counts, voters, void = Counter[int](), 0, Counter[str]()
        for person in {frozenset(self.of(account)) for account in ACCOUNTS}:
            cast = [self.ballots[own] for own in person if own in self.ballots]
            if not cast:
                continue
            reason = "" if self.counts_everybody else self.void(person, closed_at)
            if reason:
                void[reason] += 1
            else:
                counts.update(max(cast)[1])
                voters += 1
        return counts, voters, void

    def void(self, person: frozenset[Identity], closed_at: datetime) -> str:
        if person & self.banned:
            return "banned"
        if not person & self.there.keys():
            return "left"
        since = [self.there[account] for account in person if account in self.there]
        long = any(at is None or at <= closed_at - self.manners.min_membership for at in since)
        return "" if long or not self.manners.min_membership else "too_new"


class Story:
    """The same history, lived through by the real engine and storage."""

    def __init__(self, here: Town, model: Model) -> None:
        self.here, self.model = here, model
        self.past: list[Event] = []

    async def begin(self, flags: str) -> None:
        for chat in self.here.chats.values():
            chat.limits = replace(chat.limits, edit_gap=timedelta(0))
            place = PLACES[chat.name]
            chat.standings[place.group, "Rina"] = Standing(administrator=True)
        here = PLACES[self.here.chat.name]
        await self.here.says("Rina", f'/poll new "Which?" A | B | C --closes 20h {flags}', here)

    async def lives(self, history: History) -> Outcome:
        for step in history:
            self.here.clock.ahead += timedelta(seconds=1)
            await self.step(*step)
        self.here.clock.ahead += timedelta(seconds=1)
        self.closed_at = self.here.clock.now()
        await self.here.says("Rina", "/poll close 1", PLACES[self.here.chat.name])
        for job in await self.here.do(lambda unit: unit.store(Jobs).due(unit.now, 9)):
            await self.here.happens(job)
        poll = await self.here.do(lambda unit: unit.store(Polls).numbered("kopi", 1))
        assert poll
        assert poll.outcome
        return poll.outcome

    async def step(self, kind: str, account: Identity, number: int) -> None:
        if kind in ("vote", "miss"):
            await self.votes(account, number)
        elif kind == "take back":
            await self.takes_back(account)
        elif kind == "repeat" and self.past:
            await self.here.happens(self.past[number % len(self.past)])
        elif kind in ("leave", "ban", "join"):
            await self.member(kind, account)
        elif kind != "repeat":
            await self.links(kind, account, number)

    async def votes(self, account: Identity, number: int) -> None:
        self.model.is_seen(account, self.here.clock.now())
        self.model.vote(account, number)
        await self.happens(self.press(account, OPTIONS[number]))

    async def takes_back(self, account: Identity) -> None:
        self.model.is_seen(account, self.here.clock.now())
        self.model.take_back(account)
        if not self.model.manners.final:  # else there is no such button
            await self.happens(self.press(account, "Take back my vote"))
        else:
            await self.here.says(account.account, "/help", PLACES[account.platform])

    async def member(self, kind: str, account: Identity) -> None:
        where = replace(PLACES[account.platform], channel="")
        id, at, who = self.here.next_id(), self.here.clock.now(), Actor(account.account, "x")
        if kind == "join":
            self.model.joins(account, at)
            await self.happens(MemberJoined(id, at, where, who))
        else:
            self.model.leaves(account, banned=kind == "ban")
            await self.happens(MemberLeft(id, at, where, who, banned=kind == "ban"))

    async def links(self, kind: str, account: Identity, number: int) -> None:
        other = ACCOUNTS[3 + number]
        if kind == "link" and not {account, other} & self.model.linked.keys():
            self.model.linked |= {account: other, other: account}
            await self.here.do(lambda unit: unit.store(People).link(account, other, unit.now))
        elif kind == "unlink" and account in self.model.linked:
            del self.model.linked[self.model.linked.pop(account)]
            await self.here.do(lambda unit: unit.store(People).unlink(account))

    async def happens(self, event: Event) -> None:
        self.past.append(event)
        await self.here.happens(event)

    def press(self, account: Identity, label: str) -> ButtonPressed:
        return press(self.here, account, label, PLACES[account.platform])


class OwnPolls(Story):
    """On one platform, in its own poll: `whole`: it tells of all that somebody chose, else option by option."""

    def __init__(self, here: Town, model: Model, whole: bool) -> None:
        super().__init__(here, model)
        self.whole = whole
        self.shown: dict[Identity, frozenset[int]] = {}

    async def step(self, kind: str, account: Identity, number: int) -> None:
        if kind == "miss" and isinstance(self.here.chat, Keeper):
            self.chooses(account, number)
            self.model.put(account, self.shown[account])
        else:
            await super().step(kind, account, number)

    async def votes(self, account: Identity, number: int) -> None:
        before = self.shown.get(account, frozenset())
        self.chooses(account, number)
        await self.tells(account, before)

    async def takes_back(self, account: Identity) -> None:
        before = self.shown.pop(account, frozenset())
        self.keep(account)
        await self.tells(account, before)

    def chooses(self, account: Identity, number: int) -> None:
        before = self.shown.get(account, frozenset())
        self.shown[account] = before ^ {number} if self.model.manners.most > 1 else frozenset({number})
        self.keep(account)

    def keep(self, account: Identity) -> None:
        if isinstance(self.here.chat, Keeper):
            chosen = tuple(sorted(self.shown.get(account, ())))
            self.here.chat.record = {**self.here.chat.record, account.account: Voted("x", chosen)}

    async def tells(self, account: Identity, before: frozenset[int]) -> None:
        after = self.shown.get(account, frozenset())
        if after == before:
            return
        self.model.put(account, after)
        if self.whole:
            await self.happens(await self.vote(account, tuple(after), None))
            return
        for option in before - after:
            await self.happens(await self.vote(account, (option,), chosen=False))
        for option in after - before:
            await self.happens(await self.vote(account, (option,), chosen=True))

    async def vote(self, account: Identity, options: tuple[int, ...], chosen: bool | None) -> PollVoted:
        (post,) = await self.here.do(lambda unit: unit.store(Polls).posts(1))
        who, where = Actor(account.account, "x"), PLACES[account.platform]
        return PollVoted(self.here.next_id(), self.here.clock.now(), where, who, post.message_id, options, chosen)


class Keeper(FakeChat):
    """Keeps who voted for what."""

    record: Mapping[str, Voted] = {}

    async def votes(self, where: Where, message_id: str) -> Mapping[str, Voted]:
        return {account: voted for account, voted in self.record.items() if voted.options}


def press(here: Town, account: Identity, label: str, where: Where, actor: Actor | None = None) -> ButtonPressed:
    posted = [a.outgoing.message for a in here.chats[account.platform].delivered if a.outgoing.message.buttons]
    buttons = [button for message in posted[-1:] for row in message.buttons for button in row]
    token = next(button.token for button in buttons if button.label == label)
    actor = actor or Actor(account.account, f"name {account.account}")
    return ButtonPressed(here.next_id(), here.clock.now(), where, actor, token, handle=here.next_id())
