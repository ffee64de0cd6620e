"""A handler's state and the posts it asks for are one transaction, whatever the handler does and wherever it fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.core.messages import Message, plain, text
from bot.core.stores import Jobs, Outbox, Seen, State
from bot.core.unit import Unit
from storage.database import SqlDatabase
from storage.unit import SqlUnit
from tests.storage.conftest import Desk
from tests.storage.sayings import DAY, KOPI, NOW

KEYS = st.sampled_from(["a", "b", "c"])
WORDS = st.text("xyz", min_size=1, max_size=3)
DEEDS = st.one_of(
    st.tuples(st.just("put"), KEYS, WORDS),
    st.tuples(st.just("see"), KEYS, WORDS),
    st.tuples(st.just("post"), KEYS, WORDS),
    st.tuples(st.just("edit"), KEYS, WORDS),
    st.tuples(st.just("delete"), KEYS, WORDS),
    st.tuples(st.just("schedule"), KEYS, WORDS),
    st.tuples(st.just("unschedule"), KEYS, WORDS),
)
Deed = tuple[str, str, str]


class Stumbled(Exception):
    pass


@dataclass
class Expected:
    """What a reader of the database should find."""

    state: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    posts: dict[str, str] = field(default_factory=dict)
    jobs: set[str] = field(default_factory=set)

    def after(self, deeds: list[Deed]) -> Expected:
        new = Expected(dict(self.state), set(self.seen), dict(self.posts), set(self.jobs))
        for verb, key, word in deeds:
            if verb == "put":
                new.state[key] = word
            elif verb == "see":
                new.seen.add(key)
            elif verb == "post" or (verb == "edit" and key in new.posts):
                new.posts[key] = word
            elif verb == "delete":
                new.posts.pop(key, None)
            elif verb == "schedule":
                new.jobs.add(key)
            elif verb == "unschedule":
                new.jobs.discard(key)
        return new


def do(unit: Unit, deed: Deed) -> None:
    verb, key, word = deed
    acts: dict[str, Callable[[], object]] = {
        "put": lambda: unit.store(State).put(key, word),
        "see": lambda: unit.store(Seen).add([key], NOW),
        "post": lambda: unit.post(Message(text(word)), KOPI, kind="greeting", key=key),
        "edit": lambda: unit.edit(key, Message(text(word))),
        "delete": lambda: unit.delete(key),
        "schedule": lambda: unit.schedule("a.b", NOW, key=key),
        "unschedule": lambda: unit.unschedule("a.b", key),
    }
    acts[verb]()


def found(unit: Unit) -> Expected:
    """Looks by claiming, and leaves no trace of it: the caller's transaction is rolled back."""
    state = {key: unit.store(State).get(key) for key in "abc"}
    box = unit.store(Outbox)
    rows = box.claim([id for id, *_ in box.waiting_rows("aether")], NOW)
    return Expected(
        {key: value for key, value in state.items() if value},
        unit.store(Seen).among(["a", "b", "c"]),
        {row.key: plain(row.message.text) for row in rows},
        {job.job_key for job in unit.store(Jobs).due(NOW + DAY, 99)},
    )


class OneTransaction(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.database = SqlDatabase("sqlite://", durable=False)
        self.loop.run(self.database.open())
        self.expected = Expected()

    @rule(deeds=st.lists(DEEDS, max_size=8))
    def succeed(self, deeds: list[Deed]) -> None:
        def work(unit: Unit) -> None:
            for deed in deeds:
                do(unit, deed)

        self.loop.run(self.database.run(work, NOW))
        self.expected = self.expected.after(deeds)

    @rule(deeds=st.lists(DEEDS, min_size=1, max_size=8))
    def stumble(self, deeds: list[Deed]) -> None:
        def work(unit: Unit) -> None:
            for deed in deeds:
                do(unit, deed)
            raise Stumbled

        with pytest.raises(Stumbled):
            self.loop.run(self.database.run(work, NOW))

    @invariant()
    def all_or_nothing(self) -> None:
        seen: list[Expected] = []

        def look(unit: Unit) -> None:
            seen.append(found(unit))
            raise Stumbled

        with pytest.raises(Stumbled):
            self.loop.run(self.database.run(look, NOW))
        assert seen == [self.expected]

    def teardown(self) -> None:
        self.loop.run(self.database.close())
        self.loop.close()


TestOneTransaction = pytest.mark.promise("R3")(OneTransaction.TestCase)
TestOneTransaction.settings = settings(
    max_examples=60, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


async def test_what_a_store_gathers_is_written_with_the_rest(run: Desk) -> None:
    written: list[str] = []

    def work(unit: Unit) -> None:
        assert isinstance(unit, SqlUnit)
        unit.at_the_end(lambda: unit.store(State).put("drink", "kopi"))
        written.append(unit.store(State).get("drink"))

    await run(work)
    assert written == [""]
    assert await run(lambda unit: unit.store(State).get("drink")) == "kopi"
