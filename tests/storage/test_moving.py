"""A group goes on under another id, and all that belongs to it follows (a supergroup upgrade, say)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
import sqlalchemy as sa

from bot.core.events import Where
from bot.core.membership import Membership, Presence
from bot.core.stores import (
    Buttons,
    Forms,
    Jobs,
    KnownGroup,
    Members,
    OpenForm,
    Outbox,
    Pause,
    Pauses,
    Places,
    StoredCommunity,
)
from bot.core.unit import Unit
from storage.database import SqlDatabase
from storage.stores import CORE_STORES
from storage.tables.row import Row
from storage.unit import SqlUnit
from tests.storage.conftest import Desk
from tests.storage.sayings import ASK, DAY, HELLO, MINUTE, NOW, claim_all, send_all

OLD = Where("aether", "old", "", "t1")
NEW = Where("aether", "new", "", "t1")
HERE = Membership(Presence.PRESENT, NOW, NOW)


def move(unit: Unit) -> None:
    unit.store(Places).migrate("aether", "old", "new")


@pytest.mark.promise("R10")
async def test_pending_posts_follow_and_the_sender_is_told(run: Desk) -> None:
    waiting = await run(lambda unit: unit.post(HELLO, OLD, kind="greeting", key="w"))
    await run(lambda unit: unit.post(ASK, OLD, kind="prompt", key="p"))

    def work(unit: Unit) -> None:
        move(unit)
        assert {queued.where for queued in unit.queued()} == {NEW}
        assert waiting in {queued.id for queued in unit.queued()}

    await run(work)
    rows = await run(send_all)
    assert {row.where for row in rows} == {NEW}
    token = rows[1].message.buttons[0][0].token
    placed = await run(lambda unit: unit.store(Buttons).find(token))
    assert placed is not None
    assert placed.where == NEW
    await run(lambda unit: unit.edit("w", HELLO))
    assert [row.where for row in await run(claim_all)] == [NEW]


@pytest.mark.promise("R10")
async def test_what_is_being_sent_follows_too_and_can_be_sent_again(run: Desk) -> None:
    """The platform answered a send with the news of the move: nothing was sent."""
    await run(lambda unit: unit.post(HELLO, OLD, kind="greeting"))
    (row,) = await run(claim_all)

    def refused(unit: Unit) -> list[Where]:
        move(unit)
        unit.store(Outbox).requeue([row.id])
        return [queued.where for queued in unit.queued()]

    assert await run(refused) == [NEW]
    assert [again.where for again in await run(claim_all)] == [NEW]


@pytest.mark.promise("R10")
async def test_everything_else_follows(run: Desk) -> None:
    def before(unit: Unit) -> None:
        places = unit.store(Places)
        places.put_group(KnownGroup("aether", "old", "kopi", "Kopi", "served", announced=True))
        places.put_group(KnownGroup("nether", "old", "teh"))
        places.put_community(StoredCommunity("kopi", "Kopi", "id", "Asia/Jakarta", {"aether": OLD}))
        unit.store(Members).put("aether", "old", "ayu", HERE)
        unit.store(Members).put("nether", "old", "ayu", HERE)
        unit.schedule("welcome.greet", NOW, key="k", where=OLD)
        unit.store(Pauses).add(Pause(OLD, "no_right", "", NOW))
        unit.store(Forms).open(OpenForm("form:1", "rules", "rina", OLD, NOW + MINUTE))
        unit.store(Forms).posted("form:1", "m1")

    def after(unit: Unit) -> None:
        places = unit.store(Places)
        assert places.group("aether", "old") is None
        assert places.group("aether", "new") == KnownGroup("aether", "new", "kopi", "Kopi", "served", announced=True)
        assert places.group("nether", "old") == KnownGroup("nether", "old", "teh")
        assert places.community("kopi") == StoredCommunity("kopi", "Kopi", "id", "Asia/Jakarta", {"aether": NEW})
        assert unit.store(Members).get("aether", "new", "ayu") == HERE
        assert unit.store(Members).groups_of("aether", "ayu") == ["new"]
        assert unit.store(Members).groups_of("nether", "ayu") == ["old"]
        assert [job.where for job in unit.store(Jobs).due(NOW, 9)] == [NEW]
        assert [pause.where for pause in unit.store(Pauses).all()] == [NEW]
        assert unit.store(Forms).find("aether", NEW, "m1") is not None
        assert places.current_id("aether", "old") == "new"
        assert places.current_id("nether", "old") == "old"
        assert places.former_ids("aether", "new") == ["old"]

    await run(before)
    await run(move)
    await run(after)
    await run(move)  # told a second time, by the error after the update or the other way round
    await run(after)


async def test_a_group_that_moves_twice_is_found_under_its_newest_id(run: Desk) -> None:
    def work(unit: Unit) -> None:
        places = unit.store(Places)
        places.put_group(KnownGroup("aether", "a", "kopi"))
        places.migrate("aether", "a", "b")
        places.migrate("aether", "b", "c")
        places.put_group(KnownGroup("aether", "a", title="late news"))
        places.migrate("aether", "a", "b")  # the first move, told late
        assert places.current_id("aether", "a") == places.current_id("aether", "b") == "c"
        assert places.former_ids("aether", "c") == ["a", "b"]
        assert [group.id for group in places.all_groups()] == ["c"]
        places.migrate("aether", "c", "c")
        assert [group.id for group in places.groups("kopi")] == ["c"]

    await run(work)


@pytest.mark.promise("R10")
async def test_a_group_met_under_its_new_id_first_becomes_one_with_its_past(run: Desk) -> None:
    def work(unit: Unit) -> None:
        places = unit.store(Places)
        places.put_group(KnownGroup("aether", "old", "kopi", "Kopi", "left", "t42", True, "no_right"))
        places.put_group(KnownGroup("aether", "new", "", "Kopi Nusantara", "unlisted", "", False, ""))
        move(unit)
        merged = places.group("aether", "new")
        assert merged == KnownGroup("aether", "new", "kopi", "Kopi Nusantara", "unlisted", "t42", True, "")
        places.put_group(KnownGroup("aether", "old", "kopi", "", "served"))
        move(unit)
        assert [(group.id, group.state) for group in places.all_groups()] == [("new", "served")]

    await run(work)


ABSENT = Membership()
LEFT = Membership(Presence.ABSENT, None, NOW + DAY, NOW + DAY)
WAITS = Membership(Presence.PENDING, NOW + DAY)
CAME_BACK = Membership(Presence.PRESENT, NOW + DAY, NOW + DAY)


@pytest.mark.parametrize(
    ("before", "met", "merged"),
    [
        pytest.param(HERE, CAME_BACK, HERE, id="still there, since they first came"),
        pytest.param(HERE, WAITS, HERE, id="the move makes nobody wait again"),
        pytest.param(HERE, LEFT, Membership(Presence.ABSENT, None, NOW, NOW + DAY), id="left after the move"),
        pytest.param(HERE, ABSENT, HERE, id="not met in the new group"),
        pytest.param(
            Membership(Presence.ABSENT, None, NOW, NOW),
            CAME_BACK,
            Membership(Presence.PRESENT, NOW + DAY, NOW + DAY, NOW),
            id="came back after the move, and was away before",
        ),
    ],
)
async def test_a_member_met_in_both_is_one(run: Desk, before: Membership, met: Membership, merged: Membership) -> None:
    def work(unit: Unit) -> Membership:
        members = unit.store(Members)
        members.put("aether", "old", "ayu", before)
        members.put("aether", "old", "budi", HERE)
        members.put("aether", "new", "ayu", met)
        move(unit)
        assert members.get("aether", "old", "ayu") == Membership()
        assert members.get("aether", "new", "budi") == HERE
        return members.get("aether", "new", "ayu")

    assert await run(work) == merged


async def test_of_two_pauses_of_one_place_one_remains(run: Desk) -> None:
    def work(unit: Unit) -> None:
        pauses = unit.store(Pauses)
        pauses.add(Pause(OLD, "gone", "", NOW))
        pauses.add(Pause(NEW, "no_right", "", NOW))
        move(unit)
        assert pauses.all() == [Pause(NEW, "no_right", "", NOW)]

    await run(work)


class Ballots(Protocol):
    """What a feature of later might need."""

    def cast(self, group: str, account: str, choice: str) -> None: ...
    def all(self) -> set[tuple[str, str, str]]: ...


@pytest.fixture
def ballots() -> Iterator[sa.Table]:
    """A table that nobody had in mind when the move was written."""
    table = sa.Table(
        "ballots",
        Row.metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("group_id", sa.String, nullable=False),
        sa.Column("account_id", sa.String, nullable=False),
        sa.Column("choice", sa.String, nullable=False),
        sa.UniqueConstraint("platform", "group_id", "account_id"),
    )
    yield table
    Row.metadata.remove(table)


@pytest.mark.promise("R10")
async def test_a_table_of_a_later_feature_follows_by_itself(file: Path, ballots: sa.Table) -> None:
    class SqlBallots:
        def __init__(self, unit: SqlUnit) -> None:
            self._unit = unit

        def cast(self, group: str, account: str, choice: str) -> None:
            row = {"platform": "aether", "group_id": group, "account_id": account, "choice": choice}
            self._unit.connection.execute(sa.insert(ballots), row)

        def all(self) -> set[tuple[str, str, str]]:
            found = self._unit.connection.execute(sa.select(ballots))
            return {(row.group_id, row.account_id, row.choice) for row in found}

    def work(unit: Unit) -> set[tuple[str, str, str]]:
        votes = unit.store(Ballots)
        votes.cast("old", "ayu", "Senopati")
        votes.cast("old", "budi", "Kemang")
        votes.cast("new", "ayu", "Kemang")
        votes.cast("elsewhere", "ayu", "Senopati")
        move(unit)
        return votes.all()

    stores = {**CORE_STORES, Ballots: SqlBallots}
    async with SqlDatabase(f"sqlite:///{file}", stores, durable=False) as database:
        assert await database.run(work, NOW) == {
            ("new", "ayu", "Kemang"),
            ("new", "budi", "Kemang"),
            ("elsewhere", "ayu", "Senopati"),
        }


async def test_communities_set_up_in_the_chat_are_kept(run: Desk) -> None:
    kopi = StoredCommunity("kopi", "Kopi", "id", "Asia/Jakarta", {"aether": OLD, "nether": Where("nether", "m", "c")})
    teh = StoredCommunity("teh", "Teh", "en", "UTC", {})

    def work(unit: Unit) -> None:
        places = unit.store(Places)
        places.put_community(kopi)
        places.put_community(teh)
        assert places.community("kopi") == kopi
        assert places.community("susu") is None
        assert places.communities() == [kopi, teh]
        places.put_community(StoredCommunity("kopi", "Kopi Nusantara", "en", "UTC", {"aether": NEW}))
        assert places.communities() == [
            StoredCommunity("kopi", "Kopi Nusantara", "en", "UTC", {"aether": NEW}),
            teh,
        ]

    await run(work)
