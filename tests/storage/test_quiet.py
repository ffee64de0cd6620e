"""What the quiet feature remembers: rhythms, prompts, ideas, when it began, and what revived whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import event

from bot.core.events import Where
from bot.core.interruptions import Lulls
from bot.core.stores import Outbox, Places
from bot.core.unit import Unit
from bot.features.quiet.model import (
    Asked,
    Channel,
    Channels,
    Course,
    Courses,
    Evidence,
    Idea,
    Ideas,
    Origin,
    Prompted,
    Standing,
    State,
)
from storage.unit import SqlUnit
from tests.storage.conftest import Desk
from tests.storage.sayings import BYE, DAY, HELLO, KOPI, MINUTE, NOW, TEH, send_all

HALL = Where("aether", "kopi", "hall")
NEW = Where("aether", "new", "")
HEARD = Channel(KOPI, b"\x00rhythm\xff", NOW, NOW - DAY, NOW - 2 * DAY, 3, NOW + DAY)


# ---------------------------------------------------------------- channels


async def test_a_channel_is_kept_whole_and_the_newest_holds(run: Desk) -> None:
    def work(unit: Unit) -> None:
        channels = unit.store(Channels)
        assert channels.get(KOPI) == Channel(KOPI)
        channels.put(HEARD)
        channels.put(Channel(HALL, b"other"))
        assert channels.get(KOPI) == HEARD
        channels.put(replace(HEARD, rhythm=b"later", rests_until=None, ignored=0))

    await run(work)
    assert await run(lambda unit: unit.store(Channels).get(KOPI)) == Channel(
        KOPI, b"later", NOW, NOW - DAY, NOW - 2 * DAY
    )
    assert await run(lambda unit: unit.store(Channels).get(HALL)) == Channel(HALL, b"other")
    nether = Where("nether", "kopi", "")
    assert await run(lambda unit: unit.store(Channels).get(nether)) == Channel(nether)


# ---------------------------------------------------------------- prompts


def asked(key: str, **more: object) -> Asked:
    given: dict[str, object] = {"community": "kopi", "where": HALL, "at": NOW, "state": State.SENT} | more
    return Asked(id=0, key=key, arm="opinion", part="evening", origin=Origin.LULL, **given)  # type: ignore[arg-type]


async def test_a_prompt_is_kept_whole(run: Desk) -> None:
    thread = replace(HALL, thread="t1")
    whole = asked("own/1", where=thread, text="Ngopi?", silence=NOW - DAY, people=3, posted_at=NOW + MINUTE)

    def work(unit: Unit) -> None:
        store = unit.store(Prompted)
        first, second = store.add(whole), store.add(asked("own/2"))
        assert first == replace(whole, id=first.id)
        assert store.get(first.id) == first
        assert store.get(second.id) == second
        store.put(replace(second, state=State.FAILED, key="own/3", people=0))
        assert store.get(second.id) == replace(second, state=State.FAILED, key="own/3", people=0)
        assert store.get(first.id) == first
        assert store.get(second.id + 1) is None

    await run(work)


async def test_the_newest_come_first_and_others_communities_are_theirs(run: Desk) -> None:
    def work(unit: Unit) -> None:
        store = unit.store(Prompted)
        for number, at in enumerate((NOW, NOW + MINUTE, NOW, NOW - DAY)):
            store.add(asked(f"own/{number}", at=at))
        store.add(asked("own/9", community="teh", at=NOW + DAY))
        assert [one.key for one in store.newest("kopi", 3)] == ["own/1", "own/2", "own/0"]
        assert [one.key for one in store.newest("teh", 3)] == ["own/9"]
        assert [one.key for one in store.since("kopi", NOW - DAY)] == ["own/1", "own/2", "own/0"]
        assert [one.key for one in store.since("kopi", NOW)] == ["own/1"]

    await run(work)


async def test_only_what_is_offered_or_said_counts(run: Desk) -> None:
    def work(unit: Unit) -> None:
        store = unit.store(Prompted)
        for state in State:
            store.add(asked(f"own/{state}", state=state))
        assert {one.state for one in store.since("kopi", NOW - DAY)} == {State.OFFERED, State.SENT}
        assert [one.state for one in store.offered("kopi")] == [State.OFFERED]
        assert store.offered("teh") == []

    await run(work)


async def test_when_each_prompt_was_last_said(run: Desk) -> None:
    def work(unit: Unit) -> None:
        store = unit.store(Prompted)
        store.add(asked("own/1", posted_at=NOW))
        store.add(asked("own/1", posted_at=NOW + DAY))
        store.add(asked("own/2", posted_at=NOW - DAY))
        store.add(asked("own/3"))
        store.add(asked("own/1", community="teh", posted_at=NOW + 2 * DAY))
        assert store.said_at("kopi") == {"own/1": NOW + DAY, "own/2": NOW - DAY}

    await run(work)


# ---------------------------------------------------------------- ideas


def idea(words: str, account: str = "ayu", **more: object) -> Idea:
    given: dict[str, object] = {"community": "kopi", "platform": "aether", "group": "kopi", "at": NOW} | more
    name = account.capitalize()
    standing = given.pop("standing", Standing.PENDING)
    return Idea(id=0, number=0, account=account, name=name, text=words, standing=standing, **given)  # type: ignore[arg-type]


async def test_ideas_are_numbered_in_each_community(run: Desk) -> None:
    def work(unit: Unit) -> None:
        store = unit.store(Ideas)
        first, other, second = (
            store.add(idea("satu")),
            store.add(idea("one", community="teh")),
            store.add(idea("dua", decided_at=NOW + DAY)),
        )
        assert [one.number for one in (first, other, second)] == [1, 1, 2]
        assert first == replace(idea("satu"), id=first.id, number=1)
        assert store.get("kopi", 2) == store.by_id(second.id) == second
        assert store.get("teh", 1) == other
        assert store.get("teh", 2) is None
        approved = replace(second, standing=Standing.APPROVED, decided_at=NOW)
        store.put(approved)
        assert store.by_id(second.id) == approved
        both = [Standing.APPROVED, Standing.PENDING]
        assert store.of("kopi", both) == [first, approved]
        assert store.of("kopi", [Standing.APPROVED]) == [approved]
        assert store.of("kopi", [Standing.REJECTED]) == []

    await run(work)


async def test_how_many_somebody_has_suggested_lately_on_any_of_their_accounts(run: Desk) -> None:
    accounts = [("aether", "ayu"), ("nether", "ayu2")]

    def work(unit: Unit) -> None:
        store = unit.store(Ideas)
        store.add(idea("satu"))
        store.add(idea("dua", "ayu2", platform="nether"))
        store.add(idea("tiga", "ayu2"))  # somebody else of that id
        store.add(idea("empat", at=NOW - DAY))
        store.add(idea("lima", community="teh"))
        assert store.count_by("kopi", accounts, NOW - DAY) == 2
        assert store.count_by("kopi", accounts[:1], NOW - 2 * DAY) == 2
        assert store.count_by("kopi", [("aether", "budi")], NOW - DAY) == 0

    await run(work)


async def test_of_whoever_left_nothing_waits_and_nothing_bears_the_name(run: Desk) -> None:
    def work(unit: Unit) -> None:
        store = unit.store(Ideas)
        pending, approved = store.add(idea("satu")), store.add(idea("dua", standing=Standing.APPROVED))
        elsewhere, others = store.add(idea("tiga", group="teh")), store.add(idea("empat", "budi"))
        store.forget_person("aether", "kopi", "ayu")
        store.forget_person("aether", "kopi", "ayu")
        assert store.by_id(pending.id) is None
        assert store.by_id(approved.id) == replace(approved, account="", name="")
        assert store.by_id(elsewhere.id) == elsewhere
        assert store.by_id(others.id) == others

    await run(work)


# ---------------------------------------------------------------- courses and evidence


async def test_a_communitys_course(run: Desk) -> None:
    def work(unit: Unit) -> None:
        store = unit.store(Courses)
        assert store.get("kopi") is None
        store.put(Course("kopi", NOW))
        store.put(Course("teh", NOW, NOW + DAY))
        store.put(Course("kopi", NOW, NOW + DAY))
        assert store.get("kopi") == Course("kopi", NOW, NOW + DAY)
        store.put(Course("kopi", NOW))
        assert store.get("kopi") == Course("kopi", NOW)

    await run(work)


async def test_evidence_adds_up_in_a_community_and_in_all_together(run: Desk) -> None:
    def work(unit: Unit) -> None:
        store = unit.store(Evidence)
        store.add("kopi", "category", "opinion", 1, 0)
        store.add("kopi", "category", "opinion", 0, 0.5)
        store.add("teh", "category", "opinion", 0, 1)
        store.add("kopi", "category", "tips", 1, 0)
        store.add("kopi", "part", "evening", 1, 0)
        assert store.of("kopi", "category") == {"opinion": (1, 0.5), "tips": (1, 0)}
        assert store.of("teh", "category") == {"opinion": (0, 1)}
        assert store.pooled("category") == {"opinion": (1, 1.5), "tips": (1, 0)}
        assert store.pooled("part") == {"evening": (1, 0)}

    await run(work)


async def test_no_other_community_has_the_same_places(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.store(Evidence).add("kopi", "place", str(KOPI), 1, 0)
        assert unit.store(Evidence).of("kopi", "place") == {str(KOPI): (1, 0)}
        assert unit.store(Evidence).pooled("place") == {}

    await run(work)


# ---------------------------------------------------------------- a group that moves


def move(unit: Unit) -> None:
    unit.store(Places).migrate("aether", "kopi", "new")


@pytest.mark.promise("R10")
async def test_a_moved_group_keeps_its_rhythm_its_lull_and_its_prompts(run: Desk) -> None:
    def before(unit: Unit) -> None:
        unit.store(Channels).put(HEARD)
        unit.store(Channels).put(Channel(TEH, b"another"))
        unit.store(Lulls).begin(KOPI, NOW)
        unit.store(Prompted).add(asked("own/1", where=KOPI))
        unit.store(Ideas).add(idea("satu"))

    def after(unit: Unit) -> None:
        assert unit.store(Channels).get(NEW) == replace(HEARD, where=NEW)
        assert unit.store(Channels).get(KOPI) == Channel(KOPI)
        assert unit.store(Channels).get(TEH) == Channel(TEH, b"another")
        assert unit.store(Lulls).since(NEW) == NOW
        assert unit.store(Lulls).since(KOPI) is None
        assert [one.where for one in unit.store(Prompted).newest("kopi", 9)] == [NEW]
        assert [one.group for one in unit.store(Ideas).of("kopi", [Standing.PENDING])] == ["new"]

    await run(before)
    await run(move)
    await run(after)
    await run(move)
    await run(after)


@pytest.mark.promise("R10")
async def test_what_was_heard_under_the_new_id_first_does_not_cost_the_group_its_past(run: Desk) -> None:
    """Weeks are known of the old id, and a day of the new one, whose talk is recorded and heard again."""
    met = Channel(NEW, b"a day", NOW + DAY, None, None, 0, None)

    def work(unit: Unit) -> None:
        unit.store(Channels).put(HEARD)
        unit.store(Channels).put(met)
        unit.store(Channels).put(Channel(HALL, b"only old"))
        unit.store(Channels).put(Channel(replace(NEW, channel="t2"), b"only new"))
        move(unit)

    await run(work)
    for _ in range(2):
        assert await run(lambda unit: unit.store(Channels).get(NEW)) == replace(HEARD, where=NEW)
        hall, topic = replace(NEW, channel="hall"), replace(NEW, channel="t2")
        assert await run(lambda unit: unit.store(Channels).get(hall)) == Channel(hall, b"only old")  # noqa: B023
        assert await run(lambda unit: unit.store(Channels).get(topic)) == Channel(topic, b"only new")  # noqa: B023
        assert await run(lambda unit: unit.store(Channels).get(KOPI)) == Channel(KOPI)
        await run(move)  # told again: nothing changes


@pytest.mark.promise("R10")
async def test_a_lull_under_either_id_is_one(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.store(Lulls).begin(KOPI, NOW)
        unit.store(Lulls).begin(NEW, NOW + MINUTE)
        move(unit)
        assert unit.store(Lulls).since(NEW) is not None
        assert unit.store(Lulls).since(KOPI) is None
        unit.store(Lulls).end(NEW)
        assert unit.store(Lulls).since(NEW) is None

    await run(work)


# ---------------------------------------------------------------- found quickly


@pytest.mark.parametrize(
    ("read", "along"),
    [
        (lambda unit: unit.store(Channels).get(KOPI), "(platform=? AND group_id=? AND channel_id=?)"),
        (lambda unit: unit.store(Outbox).last_said(KOPI), "(platform=? AND group_id=? AND channel_id=?)"),
        (lambda unit: unit.store(Courses).get("kopi"), "(community=?)"),
        (lambda unit: unit.store(Prompted).newest("kopi", 8), "(community=?)"),
        (lambda unit: unit.store(Prompted).since("kopi", NOW), "(community=? AND at>?)"),
        (lambda unit: unit.store(Prompted).said_at("kopi"), "(community=?)"),
        (lambda unit: unit.store(Ideas).of("kopi", [Standing.PENDING]), "(community=?)"),
        (lambda unit: unit.store(Ideas).get("kopi", 1), "(community=? AND number=?)"),
        (lambda unit: unit.store(Ideas).count_by("kopi", [("aether", "ayu")], NOW), "(community=?)"),
        (lambda unit: unit.store(Evidence).of("kopi", "category"), "(community=? AND kind=?)"),
    ],
)
async def test_nothing_is_searched_for_through_a_whole_table(
    run: Desk, read: Callable[[Unit], object], along: str
) -> None:
    def work(unit: Unit) -> list[str]:
        assert isinstance(unit, SqlUnit)
        told: list[tuple[str, object]] = []

        def note(_connection: object, _cursor: object, sql: str, values: object, *_: object) -> None:
            told.append((sql, values))

        event.listen(unit.connection, "before_cursor_execute", note)
        read(unit)
        event.remove(unit.connection, "before_cursor_execute", note)
        plans = (unit.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values) for sql, values in told)  # type: ignore[arg-type]
        return [row.detail for plan in plans for row in plan]

    plan = await run(work)
    assert plan[0].endswith(along), plan
    assert not [step for step in plan if step.startswith("SCAN")]


async def test_what_the_bot_last_said_in_a_channel(run: Desk) -> None:
    """Answers and notices aren't part of the talk."""

    async def last() -> object:
        return await run(lambda unit: unit.store(Outbox).last_said(KOPI))

    assert await last() is None
    await run(lambda unit: unit.post(HELLO, KOPI, kind="greeting", key="w"))
    assert await last() == NOW
    run.now = NOW + MINUTE
    await run(send_all)
    assert await last() == NOW + MINUTE
    run.now = NOW + DAY
    await run(lambda unit: unit.post(BYE, KOPI, kind="answer"))
    await run(lambda unit: unit.post(BYE, TEH, kind="greeting"))
    await run(send_all)
    assert await last() == NOW + MINUTE
