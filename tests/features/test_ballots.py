"""One ballot a person: for any history of votes, changes, links, leaves and repeats the result is that of a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.chat import PollLimits, Voted
from bot.core.events import (
    Actor,
    ActorKind,
    ButtonPressed,
    Event,
    MemberJoined,
    MemberLeft,
    PollVoted,
    Standing,
    Where,
)
from bot.core.stores import Identity, Jobs, People
from bot.features.polls import feature as polls
from bot.features.polls.model import Outcome, Polls
from tests.core.fakes import CONFIG, GROUP, SERVER, FakeChat, Town, play, town

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
        (self.banned.add if banned else self.banned.discard)(account)

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


ALL_MANNERS = [
    Manners(),
    Manners("--multiple"),
    Manners("--secret"),
    Manners("--secret --multiple"),
    Manners("--revote no"),
    Manners("--max-per-person 2"),
    Manners("--secret --revote no --max-per-person 2"),
    Manners(min_membership=LONG_ENOUGH),
    Manners("--secret --multiple", min_membership=LONG_ENOUGH),
]


@pytest.mark.promise("S7")
@pytest.mark.promise("R2")
@pytest.mark.parametrize("manners", ALL_MANNERS, ids=str)
def test_any_history_ends_as_a_simple_model_says(manners: Manners) -> None:
    config = f'{CONFIG}[communities.kopi.polls]\nmin_membership = "{manners.min_membership.seconds}s"\n'

    async def story(history: History) -> None:
        async with town(polls, config=config) as here:
            told = Story(here, Model(manners))
            await told.begin(manners.flags)
            assert_as_modelled(await told.lives(history), told)

    _any_history(story, ACCOUNTS)


@pytest.mark.promise("S7")
@pytest.mark.promise("R2")
@pytest.mark.promise("R9")
@pytest.mark.parametrize("flags", ["", "--multiple"])
@pytest.mark.parametrize(("platform", "keeps"), [("telegram", False), ("discord", False), ("discord", True)])
def test_any_history_of_a_platforms_own_poll_ends_as_a_simple_model_says(
    platform: str, keeps: bool, flags: str
) -> None:
    """Told as a whole or option by option; where a record is kept, votes may be missed, too."""
    config = ALONE.format(platform=platform, id=PLACES[platform].group, main=PLACES[platform].channel or "topic:1")
    limits = PollLimits(10, 300, 100, timedelta(0), timedelta(days=9), timedelta(seconds=1), True, True, keeps)

    async def story(history: History) -> None:
        chat = (Keeper if keeps else FakeChat)(platform, polls=limits)
        async with town(polls, config=config, chats=[chat]) as here:
            told = OwnPolls(here, Model(Manners(flags), counts_everybody=True), whole=platform == "telegram")
            await told.begin(flags)
            assert_as_modelled(await told.lives(history), told)
            poll = await here.do(lambda unit: unit.store(Polls).numbered("kopi", 1))
            assert poll
            assert poll.native

    _any_history(story, [account for account in ACCOUNTS if account.platform == platform])


def _any_history(story: Callable[[History], Coroutine[Any, Any, None]], accounts: Sequence[Identity]) -> None:
    @given(histories(accounts))
    @settings(max_examples=25, deadline=None)
    def lived(history: History) -> None:
        play(story(history))

    lived()


def assert_as_modelled(outcome: Outcome, told: Story) -> None:
    counts, voters, void = told.model.result(told.closed_at)
    assert outcome.counts == tuple(counts[n] for n in range(3))
    assert sum(outcome.by_platform.values()) == voters
    assert outcome.void == void


ALONE = """
[communities.kopi]
name = "Kopi"
language = "en"
[[communities.kopi.groups]]
platform = "{platform}"
id = "{id}"
main = "{main}"
[communities.kopi.polls]
count_leavers = true
"""


def _at_once(flags: str, after: Callable[[Town, Story], Coroutine[Any, Any, None]]) -> None:
    async def story() -> None:
        async with town(polls) as here:
            told = Story(here, Model(Manners()))
            await told.begin(flags)
            await after(here, told)

    play(story())


@pytest.mark.promise("S7")
@pytest.mark.parametrize("flags", ["", "--secret"])
def test_a_hundred_presses_at_once_over_two_accounts_are_one_ballot(flags: str) -> None:
    async def after(here: Town, told: Story) -> None:
        one, other = ACCOUNTS[0], ACCOUNTS[3]
        await here.do(lambda unit: unit.store(People).link(one, other, unit.now))
        presses = [told.press((one, other)[n % 2], OPTIONS[n % 3]) for n in range(100)]
        for event in presses:
            here.engine.offer(event)
        await here.settle()
        outcome = await told.lives([])
        assert outcome.counts == (1, 0, 0)  # the hundredth press was of A
        assert outcome.by_platform == {other.platform: 1}

    _at_once(flags, after)


@pytest.mark.promise("S4")
@pytest.mark.promise("S6")
def test_presses_that_are_nobodys_change_nothing() -> None:
    async def after(here: Town, told: Story) -> None:
        account = ACCOUNTS[0]
        for kind in (ActorKind.BOT, ActorKind.SERVICE, ActorKind.ANONYMOUS):
            await here.happens(press(here, account, "A", GROUP, Actor("9", "x", kind)))
        event = told.press(account, "A")
        await here.happens(replace(event, event_id="f1", token=event.token[:-1] + "x"))
        await here.happens(replace(event, event_id="f2", where=replace(GROUP, group="-100999")))
        await here.happens(replace(event, event_id="f3", where=SERVER))
        outcome = await told.lives([])
        assert outcome.counts == (0, 0, 0)

    _at_once("", after)
