"""One ballot a person: for any history of votes, changes, links, leaves and repeats the result is that of a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.events import Actor, ActorKind, ButtonPressed, Event, MemberJoined, MemberLeft, Standing, Where
from bot.core.stores import Identity, People
from bot.features.polls import feature as polls
from bot.features.polls.model import Outcome, Polls
from tests.core.fakes import GROUP, SERVER, Town, play, town

ACCOUNTS = [Identity(place.platform, str(n)) for place in (GROUP, SERVER) for n in range(3)]
PLACES = {GROUP.platform: GROUP, SERVER.platform: SERVER}
OPTIONS = ("A", "B", "C")

ACCOUNT = st.sampled_from(ACCOUNTS)
STEPS = st.one_of(
    st.tuples(st.just("vote"), ACCOUNT, st.integers(0, 2)),
    st.tuples(st.just("vote"), ACCOUNT, st.integers(0, 2)),
    st.tuples(st.just("take back"), ACCOUNT, st.just(0)),
    st.tuples(st.just("link"), st.sampled_from(ACCOUNTS[:3]), st.integers(0, 2)),
    st.tuples(st.just("unlink"), ACCOUNT, st.just(0)),
    st.tuples(st.sampled_from(["leave", "ban", "join"]), ACCOUNT, st.just(0)),
    st.tuples(st.just("repeat"), ACCOUNT, st.just(0)),
)
HISTORY = st.lists(STEPS, max_size=40)


@dataclass
class Model:
    """What should come of it, told as simply as possible. Whoever presses or joins is there until they leave."""

    multiple: bool
    ballots: dict[Identity, tuple[int, frozenset[int]]] = field(default_factory=dict)
    linked: dict[Identity, Identity] = field(default_factory=dict)
    there: set[Identity] = field(default_factory=set)
    banned: set[Identity] = field(default_factory=set)
    casts: int = 0

    def of(self, account: Identity) -> set[Identity]:
        return {account} | ({self.linked[account]} if account in self.linked else set())

    def vote(self, account: Identity, option: int) -> None:
        self.comes(account)
        current = self.current(account)
        chosen = current ^ {option} if self.multiple else frozenset({option})
        self.put(account, chosen)

    def current(self, account: Identity) -> frozenset[int]:
        cast = [self.ballots[own] for own in self.of(account) if own in self.ballots]
        return max(cast)[1] if cast else frozenset()

    def put(self, account: Identity, chosen: frozenset[int]) -> None:
        for own in self.of(account):
            self.ballots.pop(own, None)
        self.casts += 1
        if chosen:
            self.ballots[account] = (self.casts, chosen)

    def comes(self, account: Identity) -> None:
        self.there.add(account)
        self.banned.discard(account)

    def result(self) -> tuple[Counter[int], int]:
        counts, voters = Counter[int](), 0
        for person in {frozenset(self.of(account)) for account in ACCOUNTS}:
            cast = [self.ballots[own] for own in person if own in self.ballots]
            if cast and person & self.there and not person & self.banned:
                counts.update(max(cast)[1])
                voters += 1
        return counts, voters


class Story:
    """The same history, lived through by the real engine and storage."""

    def __init__(self, here: Town, model: Model) -> None:
        self.here, self.model = here, model
        self.last: Event | None = None

    async def begin(self, flags: str) -> None:
        for chat in self.here.chats.values():
            chat.limits = replace(chat.limits, edit_gap=timedelta(0))
            place = PLACES[chat.name]
            chat.standings[place.group, "Rina"] = Standing(administrator=True)
        await self.here.says("Rina", f'/poll new "Which?" A | B | C --closes 20h {flags}')

    async def lives(self, history: list[tuple[str, Identity, int]]) -> Outcome:
        for step in history:
            self.here.clock.ahead += timedelta(seconds=1)
            await self.step(*step)
        self.here.clock.ahead += timedelta(seconds=1)
        await self.here.says("Rina", "/poll close 1")
        poll = await self.here.do(lambda unit: unit.store(Polls).numbered("kopi", 1))
        assert poll
        assert poll.outcome
        return poll.outcome

    async def step(self, kind: str, account: Identity, number: int) -> None:
        model = self.model
        if kind == "vote":
            model.vote(account, number)
            await self.happens(self.press(account, OPTIONS[number]))
        elif kind == "take back":
            model.comes(account)
            if model.current(account):
                model.put(account, frozenset())
            await self.happens(self.press(account, "Take back my vote"))
        elif kind == "repeat" and self.last:
            await self.here.happens(self.last)
        elif kind in ("leave", "ban", "join"):
            await self.member(kind, account)
        else:
            await self.links(kind, account, number)

    async def member(self, kind: str, account: Identity) -> None:
        where = replace(PLACES[account.platform], channel="")
        id, at, who = self.here.next_id(), self.here.clock.now(), Actor(account.account, "x")
        if kind == "join":
            self.model.comes(account)
            await self.happens(MemberJoined(id, at, where, who))
        else:
            self.model.there.discard(account)
            (self.model.banned.add if kind == "ban" else self.model.banned.discard)(account)
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
        self.last = event
        await self.here.happens(event)

    def press(self, account: Identity, label: str) -> ButtonPressed:
        return press(self.here, account, label, PLACES[account.platform])


def press(here: Town, account: Identity, label: str, where: Where, actor: Actor | None = None) -> ButtonPressed:
    posted = [a.outgoing.message for a in here.chats[account.platform].delivered if a.outgoing.message.buttons]
    buttons = [button for message in posted[-1:] for row in message.buttons for button in row]
    token = next(button.token for button in buttons if button.label == label)
    actor = actor or Actor(account.account, f"name {account.account}")
    return ButtonPressed(here.next_id(), here.clock.now(), where, actor, token, handle=here.next_id())


@pytest.mark.promise("S7")
@pytest.mark.parametrize("flags", ["", "--multiple", "--secret", "--secret --multiple"])
def test_any_history_ends_as_a_simple_model_says(flags: str) -> None:
    @given(HISTORY)
    @settings(max_examples=60, deadline=None)
    def histories(history: list[tuple[str, Identity, int]]) -> None:
        model = Model("--multiple" in flags)

        async def story() -> None:
            async with town(polls) as here:
                told = Story(here, model)
                await told.begin(flags)
                outcome = await told.lives(history)
                counts, voters = model.result()
                assert outcome.counts == tuple(counts[n] for n in range(3))
                assert sum(outcome.by_platform.values()) == voters

        play(story())

    histories()


def _at_once(flags: str, after: Callable[[Town, Story], Coroutine[Any, Any, None]]) -> None:
    async def story() -> None:
        async with town(polls) as here:
            told = Story(here, Model(multiple=False))
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
