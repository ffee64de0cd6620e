"""What is asked to be said, and what the sender gets to see of it."""

from __future__ import annotations

from typing import Any, cast

from bot.core.chat import Operation
from bot.core.events import Where
from bot.core.messages import Message, Picture, plain, text
from bot.core.stores import Outbox
from bot.core.unit import NOTE, PRIORITY, Queued, Unit
from storage.unit import SqlUnit
from tests.storage.conftest import Desk
from tests.storage.sayings import ASK, BYE, DAY, HELLO, KOPI, MINUTE, NOW, SECRET, TEH, claim_all, send_all


async def test_a_post_reaches_the_sender_as_it_was_asked_for(run: Desk) -> None:
    def work(unit: Unit) -> None:
        id = unit.post(HELLO, KOPI, kind="greeting", key="w:ayu", community="kopi", expires=NOW + MINUTE, handle="h")
        assert unit.queued() == [Queued(id, KOPI, PRIORITY["greeting"], None)]

    await run(work)
    (row,) = await run(claim_all)
    assert (row.message, row.where, row.operation, row.kind, row.key) == (HELLO, KOPI, "send", "greeting", "w:ayu")
    assert (row.community, row.handle, row.expires_at, row.attempts) == ("kopi", "h", NOW + MINUTE, 1)
    assert row.created_at == NOW
    assert await run(claim_all) == []


async def test_a_picture_survives_the_outbox(run: Desk) -> None:
    chart = Message(picture=Picture(b"\x89PNG\r\n\x00\xff", "a chart"))
    await run(lambda unit: unit.post(chart, KOPI, kind="digest"))
    (row,) = await run(claim_all)
    assert row.message == chart


async def test_the_most_urgent_goes_first_and_an_unknown_kind_like_a_greeting(run: Desk) -> None:
    def work(unit: Unit) -> list[str]:
        for kind in ("digest", "confetti", "greeting", "answer"):
            unit.post(HELLO, KOPI, kind=kind)
        return [row.kind for row in claim_all(unit)]

    assert await run(work) == ["answer", "confetti", "greeting", "digest"]


async def test_a_note_for_whoever_pressed_goes_before_all(run: Desk) -> None:
    def work(unit: Unit) -> list[int]:
        pressed = Where("aether", "kopi", "")
        unit.post(HELLO, pressed, kind="answer", handle="press:budi")  # everybody sees it
        unit.post(SECRET, pressed, kind="answer", handle="press:ayu", instead_of="m1")
        unit.post(SECRET, pressed, kind="answer", handle="press:ayu")
        return [row.priority for row in unit.queued()]

    assert await run(work) == [PRIORITY["answer"], PRIORITY["answer"], NOTE]


async def test_a_second_post_under_a_key_replaces_the_one_that_waits(run: Desk) -> None:
    def work(unit: Unit) -> None:
        first = unit.post(HELLO, KOPI, kind="greeting", key="w")
        assert unit.post(BYE, TEH, kind="statement", key="w", not_before=NOW + MINUTE) == first
        assert unit.queued() == [Queued(first, TEH, PRIORITY["statement"], NOW + MINUTE)]

    await run(work)
    (row,) = await run(claim_all)
    assert (row.message, row.where, row.kind) == (BYE, TEH, "statement")


async def test_posts_without_a_key_are_each_their_own(run: Desk) -> None:
    def work(unit: Unit) -> int:
        unit.post(HELLO, KOPI, kind="greeting")
        unit.post(HELLO, KOPI, kind="greeting")
        return len(claim_all(unit))

    assert await run(work) == 2


async def test_an_edit_changes_a_post_that_still_waits(run: Desk) -> None:
    def work(unit: Unit) -> None:
        id = unit.post(HELLO, KOPI, kind="greeting", key="w")
        unit.edit("w", BYE)
        assert [queued.id for queued in unit.queued()] == [id]

    await run(work)
    (row,) = await run(claim_all)
    assert (row.operation, row.message) == ("send", BYE)


async def test_the_newest_edit_of_a_sent_post_is_the_one_that_is_sent(run: Desk) -> None:
    await run(lambda unit: unit.post(HELLO, KOPI, kind="greeting", key="w", community="kopi"))
    await run(lambda unit: send_all(unit, "m7"))
    await run(lambda unit: unit.edit("w", HELLO))
    await run(lambda unit: unit.edit("w", BYE))
    (row,) = await run(claim_all)
    assert (row.operation, row.message_id, row.message, row.where) == ("edit", "m7", BYE, KOPI)
    assert (row.kind, row.community, row.key) == ("greeting", "kopi", "w")


async def test_an_edit_of_a_post_under_way_waits_for_it(run: Desk) -> None:
    await run(lambda unit: unit.post(HELLO, KOPI, kind="greeting", key="w"))
    (post,) = await run(claim_all)
    await run(lambda unit: unit.edit("w", BYE))
    assert await run(claim_all) == []

    def delivered(unit: Unit) -> None:
        unit.store(Outbox).finish(post.id, "sent", "m1", "", NOW)
        assert [queued.priority for queued in unit.queued()] == [PRIORITY["tidy"]]

    await run(delivered)
    (row,) = await run(claim_all)
    assert (row.operation, row.message_id, row.message) == ("edit", "m1", BYE)


async def test_what_may_have_arrived_is_edited_and_not_replaced(run: Desk) -> None:
    """Its repeat would be recognised by its nonce, and the platform would keep the old content."""
    await run(lambda unit: unit.post(HELLO, KOPI, kind="greeting", key="w"))
    (post,) = await run(claim_all)
    await run(lambda unit: unit.store(Outbox).requeue([post.id]))
    await run(lambda unit: unit.edit("w", BYE))
    assert [row.message for row in await run(send_all)] == [HELLO]
    assert [(row.operation, row.message) for row in await run(send_all)] == [("edit", BYE)]


async def test_an_edit_of_a_post_that_failed_is_withheld(run: Desk) -> None:
    await run(lambda unit: unit.post(HELLO, KOPI, kind="greeting", key="w"))
    (post,) = await run(claim_all)
    await run(lambda unit: unit.edit("w", BYE))
    await run(lambda unit: unit.store(Outbox).finish(post.id, "failed", "", "gone", NOW))
    assert await run(claim_all) == []
    assert await run(lambda unit: unit.store(Outbox).counts()) == {"failed": 1, "withheld": 1}


async def test_an_edit_of_nothing_does_nothing(run: Desk) -> None:
    def work(unit: Unit) -> list[Queued]:
        unit.edit("never posted", HELLO)
        unit.delete("never posted")
        return unit.queued()

    assert await run(work) == []


async def test_deleting_what_waits_withholds_it(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.post(HELLO, KOPI, kind="greeting", key="w")
        unit.delete("w")
        assert unit.queued() == []

    await run(work)
    assert await run(claim_all) == []
    assert await run(lambda unit: unit.store(Outbox).counts()) == {"withheld": 1}


async def test_deleting_what_was_sent_removes_it_and_forgets_its_edits(run: Desk) -> None:
    await run(lambda unit: unit.post(HELLO, KOPI, kind="greeting", key="w"))
    await run(lambda unit: send_all(unit, "m7"))

    def regret(unit: Unit) -> None:
        unit.edit("w", BYE)
        unit.delete("w")
        unit.delete("w")

    await run(regret)
    assert await run(lambda unit: unit.store(Outbox).message_id("w")) == "m7"
    assert [(row.operation, row.message_id) for row in await run(send_all)] == [("delete", "m7")]
    assert await run(lambda unit: unit.store(Outbox).message_id("w")) == ""
    await run(lambda unit: unit.edit("w", BYE))
    assert await run(claim_all) == []


async def test_an_answer_in_place_of_a_message_edits_that_message(run: Desk) -> None:
    await run(lambda unit: unit.post(HELLO, KOPI, kind="answer", key="a", instead_of="m3"))
    (row,) = await run(lambda unit: send_all(unit, ""))
    assert (row.operation, row.message_id, row.message) == ("edit", "m3", HELLO)
    await run(lambda unit: unit.edit("a", BYE))
    assert [(row.operation, row.message_id, row.message) for row in await run(claim_all)] == [("edit", "m3", BYE)]


async def test_what_is_done_to_messages_of_others(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.perform(Operation.LEAVE, KOPI)
        unit.post(BYE, KOPI, kind="notice")
        unit.perform(Operation.REACT, KOPI, message_id="m9", emoji="☕")

    await run(work)
    rows = [(row.operation, row.message_id, row.emoji) for row in await run(claim_all)]
    assert rows == [("react", "m9", "☕"), ("send", "", ""), ("leave", "", "")]


async def test_a_row_that_expired_is_not_sent(run: Desk) -> None:
    await run(lambda unit: unit.post(HELLO, KOPI, kind="greeting", expires=NOW + MINUTE))
    run.now = NOW + MINUTE
    assert await run(claim_all) == []
    assert await run(lambda unit: unit.store(Outbox).counts()) == {"expired": 1}


async def test_an_outcome_is_recorded_once(run: Desk) -> None:
    id = await run(lambda unit: unit.post(HELLO, KOPI, kind="greeting", key="w"))
    await run(claim_all)
    row = await run(lambda unit: unit.store(Outbox).finish(id, "sent", "m1", "", NOW))
    assert row is not None
    assert (row.message, row.message_id) == (HELLO, "m1")
    assert await run(lambda unit: unit.store(Outbox).finish(id, "failed", "", "late", NOW)) is None
    assert await run(lambda unit: unit.store(Outbox).message_id("w")) == "m1"


async def test_what_was_being_sent_when_the_program_ended_is_found(run: Desk) -> None:
    await run(lambda unit: unit.post(HELLO, KOPI, kind="greeting"))
    (row,) = await run(claim_all)
    assert [left.id for left in await run(lambda unit: unit.store(Outbox).interrupted("aether"))] == [row.id]
    await run(lambda unit: unit.store(Outbox).requeue([row.id]))
    assert await run(lambda unit: unit.store(Outbox).interrupted("aether")) == []
    assert [again.attempts for again in await run(claim_all)] == [2]


async def test_a_private_answer_waits_until_its_reader_opens_a_chat(run: Desk) -> None:
    await run(lambda unit: unit.post(SECRET, KOPI, kind="answer", key="a"))
    (row,) = await run(claim_all)
    await run(lambda unit: unit.store(Outbox).wait_for_private(row.id))
    assert await run(claim_all) == []
    assert await run(lambda unit: unit.store(Outbox).release("aether", "budi", NOW)) == 0

    def opened(unit: Unit) -> list[Where]:
        assert unit.store(Outbox).release("aether", "ayu", NOW) == 1
        return [queued.where for queued in unit.queued()]

    private = Where("aether", "", "ayu")
    assert await run(opened) == [private]
    assert [(row.where, plain(row.message.text)) for row in await run(claim_all)] == [(private, "Cuma kamu yang tahu")]


async def test_a_private_answer_that_waited_too_long_is_let_go(run: Desk) -> None:
    await run(lambda unit: unit.post(SECRET, KOPI, kind="answer", expires=NOW + MINUTE))
    (row,) = await run(claim_all)
    await run(lambda unit: unit.store(Outbox).wait_for_private(row.id))
    assert await run(lambda unit: unit.store(Outbox).release("aether", "ayu", NOW + DAY)) == 0
    assert await run(lambda unit: unit.store(Outbox).counts()) == {"expired": 1}


async def test_the_words_of_an_answer_that_nobody_came_for_go_after_its_time(run: Desk) -> None:
    await run(lambda unit: unit.post(SECRET, KOPI, kind="answer", expires=NOW + MINUTE))
    (row,) = await run(claim_all)
    await run(lambda unit: unit.store(Outbox).wait_for_private(row.id))
    assert await run(lambda unit: unit.store(Outbox).expire(NOW)) == 0
    assert b"Cuma kamu yang tahu" in await _everything(run)
    assert await run(lambda unit: unit.store(Outbox).expire(NOW + DAY)) == 1
    assert b"Cuma kamu yang tahu" not in await _everything(run)


async def test_what_was_said_is_not_kept_once_it_is_sent(run: Desk) -> None:
    await run(lambda unit: unit.post(Message(text("Halo Zulaikha")), KOPI, kind="greeting", key="w"))
    assert b"Zulaikha" in await _everything(run)
    await run(send_all)
    assert b"Zulaikha" not in await _everything(run)


async def test_who_pressed_is_not_kept_once_it_was_answered(run: Desk) -> None:
    pressed = Where("aether", "kopi", "")
    await run(lambda unit: unit.post(SECRET, pressed, kind="answer", key="a", handle="press:zulaikha"))
    await run(lambda unit: unit.post(SECRET, pressed, kind="notice", key="n"))
    (answer, _) = await run(claim_all)
    assert answer.handle == "press:zulaikha"
    finished = await run(lambda unit: unit.store(Outbox).finish(answer.id, "sent", "m1", "", NOW))
    assert finished is not None
    assert finished.handle == "press:zulaikha"  # whoever hears of it may still need it
    kept = await _everything(run)
    assert b"zulaikha" not in kept
    assert kept.count(b"'ayu'") == 1  # the notice's
    await run(lambda unit: unit.edit("a", BYE))
    assert [(row.operation, row.message_id) for row in await run(claim_all)] == [("edit", "m1")]


async def _everything(run: Desk) -> bytes:
    def work(unit: Unit) -> bytes:
        raw = cast(Any, cast(SqlUnit, unit).connection.connection.dbapi_connection)
        return "\n".join(raw.iterdump()).encode()

    return await run(work)


async def test_old_rows_are_forgotten_but_not_what_can_still_be_pressed(run: Desk) -> None:
    def work(unit: Unit) -> None:
        unit.post(HELLO, KOPI, kind="greeting", key="w")
        unit.post(HELLO, KOPI, kind="greeting")
        unit.post(ASK, KOPI, kind="prompt", key="p")
        send_all(unit)
        unit.post(HELLO, KOPI, kind="greeting", key="still waiting")

    await run(work)
    assert await run(lambda unit: unit.store(Outbox).forget(NOW + DAY)) == 2
    assert await run(lambda unit: unit.store(Outbox).counts()) == {"queued": 1, "sent": 1}
    assert await run(lambda unit: unit.store(Outbox).message_id("p")) == "m1"
