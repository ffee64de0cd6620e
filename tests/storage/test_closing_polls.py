"""The platform's own poll takes no more votes: a change of its post, in every state that one may be in."""

from __future__ import annotations

import pytest

from bot.core.chat import Operation
from bot.core.stores import Outbox, OutboxRow
from bot.core.unit import PRIORITY, Unit
from tests.storage.conftest import Desk
from tests.storage.sayings import BYE, HELLO, KOPI, MINUTE, NOW, claim_all, send_all


async def post(run: Desk) -> int:
    return await run(lambda unit: unit.post(HELLO, KOPI, kind="poll", key="p", community="kopi"))


def close(unit: Unit) -> None:
    unit.close_poll("p")


def done(rows: list[OutboxRow]) -> list[tuple[str, str]]:
    return [(row.operation, row.message_id) for row in rows]


async def test_a_poll_that_stands_is_closed_once(run: Desk) -> None:
    await post(run)
    await run(lambda unit: send_all(unit, "m7"))
    await run(close)
    await run(close)  # one waits already
    (row,) = await run(claim_all)
    assert (row.operation, row.message_id, row.where, row.kind, row.community) == (
        "close_poll",
        "m7",
        KOPI,
        "poll",
        "kopi",
    )
    await run(close)  # it is being told
    await run(lambda unit: unit.store(Outbox).finish(row.id, "sent", "", "", NOW))
    await run(close)  # it is done
    assert await run(claim_all) == []
    assert await run(lambda unit: unit.store(Outbox).message_id("p")) == "m7"


async def test_a_poll_that_still_waits_is_never_shown(run: Desk) -> None:
    await post(run)

    def work(unit: Unit) -> None:
        unit.close_poll("p")
        assert unit.queued() == []

    await run(work)
    assert await run(claim_all) == []
    assert await run(lambda unit: unit.store(Outbox).counts()) == {"withheld": 1}


async def test_closing_a_poll_that_is_being_posted_waits_for_it(run: Desk) -> None:
    await post(run)
    (sending,) = await run(claim_all)
    await run(close)
    assert await run(claim_all) == []

    def delivered(unit: Unit) -> None:
        unit.store(Outbox).finish(sending.id, "sent", "m1", "", NOW)
        assert [queued.priority for queued in unit.queued()] == [PRIORITY["tidy"]]

    await run(delivered)
    assert done(await run(claim_all)) == [("close_poll", "m1")]


async def test_a_poll_that_may_have_been_posted_is_closed_when_that_is_known(run: Desk) -> None:
    await post(run)
    (sending,) = await run(claim_all)
    await run(lambda unit: unit.store(Outbox).requeue([sending.id]))
    await run(close)
    assert done(await run(lambda unit: send_all(unit, "m2"))) == [("send", "")]
    assert done(await run(claim_all)) == [("close_poll", "m2")]


@pytest.mark.parametrize("state", ["failed", "uncertain", "expired"])
async def test_what_was_never_posted_need_not_be_closed(run: Desk, state: str) -> None:
    await post(run)
    (sending,) = await run(claim_all)
    await run(close)
    await run(lambda unit: unit.store(Outbox).finish(sending.id, state, "", "gone", NOW))
    assert await run(claim_all) == []
    assert await run(lambda unit: unit.store(Outbox).counts()) == {state: 1, "withheld": 1}
    await run(close)
    assert await run(claim_all) == []


async def test_closing_a_poll_that_nobody_posted_does_nothing(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.close_poll("p")
        unit.close_poll("")
        assert unit.queued() == []

    await run(work)


async def test_a_poll_that_was_deleted_need_not_be_closed(run: Desk) -> None:
    await post(run)
    await run(send_all)
    await run(lambda unit: unit.delete("p"))
    await run(send_all)
    await run(close)
    assert await run(claim_all) == []


async def test_a_close_that_failed_may_be_asked_for_again(run: Desk) -> None:
    await post(run)
    await run(send_all)
    await run(close)
    (row,) = await run(claim_all)
    await run(lambda unit: unit.store(Outbox).finish(row.id, "failed", "", "no_right", NOW))
    await run(close)
    assert done(await run(claim_all)) == [("close_poll", "m1")]


async def test_an_edit_and_a_close_go_out_in_the_order_in_which_they_were_asked_for(run: Desk) -> None:
    await post(run)
    await run(send_all)

    def work(unit: Unit) -> None:
        unit.edit("p", BYE)
        unit.close_poll("p")

    await run(work)
    run.now = NOW + MINUTE
    assert [row.operation for row in await run(claim_all)] == [Operation.EDIT, Operation.CLOSE_POLL]
