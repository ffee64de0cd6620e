"""Sends what is in the outbox: one sender for each platform.

A row goes queued → sending (committed) → told to the platform → Delivered or Refused (an event, handled by the engine,
which writes the outcome down). What was being sent when the program ended, or broke off half-way, is never repeated
blindly: only where the platform itself recognises a repeat by its nonce, or where twice is the same as once, as it is
with edits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from bot.core.chat import (
    Chat,
    NotSent,
    Operation,
    Outgoing,
    Pace,
    RateLimited,
    Reason,
    Refusal,
    Submit,
    Unauthorised,
    Uncertain,
)
from bot.core.clock import Clock
from bot.core.events import NOBODY, Delivered, Refused, Where
from bot.core.fit import fit
from bot.core.lanes import Lanes
from bot.core.pictures import Draw, Pictures
from bot.core.steps import step
from bot.core.stores import Outbox, OutboxRow, Pauses
from bot.core.unit import Database, Queued, R, StorageUnavailable, Unit, priority_of
from bot.core.vitals import NOBODY_WATCHES, Observer

log = logging.getLogger(__name__)

CLAIM_AHEAD = 0.02  # seconds of sends that are claimed in one transaction where the pace is faster than that
OVERSLEPT = 0.002
"""Seconds that a sleep is late, as sleeps are: the next send need not wait for them too. No more is made up for."""
LONGEST_BACKOFF = 30.0  # seconds
CHANGES_FOR = timedelta(minutes=10)
"""So long an edit or removal is tried again of which it isn't known whether it arrived; its place waits meanwhile."""
_OF_A_POST = (Operation.EDIT, Operation.DELETE, Operation.CLOSE_POLL)
IDLE = 60.0  # seconds after which the sender looks around anyway


class Delivery:
    """`run` sends at the platform's pace; `drain` sends all at once. `time` tells monotonic seconds."""

    def __init__(
        self,
        chat: Chat,
        database: Database,
        clock: Clock,
        submit: Submit,
        instance: str,
        time: Callable[[], float],
        pace: Pace | None = None,
        observer: Observer = NOBODY_WATCHES,
        draw: Draw | None = None,
    ) -> None:
        self._chat = chat
        self._database = database
        self._clock = clock
        self._submit = submit
        self._instance = instance
        self._time = time
        self._observer = observer
        self.pace = pace or chat.pace
        self.lanes = Lanes(self.pace)
        self._pictures = Pictures(draw)
        self._wake = asyncio.Event()
        self._sends: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._claim_takes = 0.002
        self._stopping = False
        self._paced = False

    # ------------------------------------------------------------------ in

    def enqueue(self, rows: Iterable[Queued]) -> None:
        """Rows that were committed to the outbox of any platform."""
        for row in rows:
            if row.where.platform == self._chat.name:
                self.lanes.add(row.id, row.where, row.priority, self._monotonic(row.not_before))
        self._wake.set()

    async def reload(self) -> None:
        """Look again at what waits and what is paused."""
        name = self._chat.name
        rows, pauses = await self._run(lambda unit: (unit.store(Outbox).waiting_rows(name), unit.store(Pauses).all()))
        self.lanes.resume(
            (p.where.group, None if p.reason == Reason.GONE else p.where.channel)
            for p in pauses
            if p.where.platform == name
        )
        for row_id, where, priority, not_before in rows:
            self.lanes.add(row_id, where, priority, self._monotonic(not_before))
        self._wake.set()

    async def recover(self) -> None:
        """Settle what was being sent when the program ended, then load what waits."""
        interrupted = await self._run(lambda unit: unit.store(Outbox).interrupted(self._chat.name))
        again = [row.id for row in interrupted if self._repeatable(row) or _is_same_twice(row)]
        await self._run(lambda unit: unit.store(Outbox).requeue(again))
        for row in interrupted:
            if row.id not in again:
                await self._submit(self._refused(row, "uncertain", "the program ended while it was being sent"))
        await self.reload()

    # ------------------------------------------------------------------ out

    async def run(self) -> None:
        """Send until cancelled or `stop`ped."""
        self._paced = True
        await self.recover()
        while not self._stopping:
            now = self._time()
            start = self.lanes.next_at()
            if start is None or start > now + self._ahead:
                await self._wait(IDLE if start is None else start - now - self._ahead)
                continue
            await self._send_some(max(now, start, self.lanes.free_at))

    @property
    def _ahead(self) -> float:
        """Seconds before a send at which its row is claimed: half a gap, so that a busy writer delays no send."""
        return max(self._claim_takes, min(self.pace.gap / 2, CLAIM_AHEAD))

    async def drain(self) -> bool:
        """Send all that waits, without pace; True if there was anything."""
        sent = False
        while taken := self.lanes.take(self._time()):
            sent = True
            row_id, where = taken[0]
            rows = await self._claim([row_id])
            if rows:
                await self._send(rows[0], where)
            else:
                self.lanes.done(where, row_id)
        return sent

    async def stop(self) -> None:
        """Begin nothing new, let finish what is being sent."""
        self._stopping = True
        self._wake.set()
        if self._sends:
            await asyncio.wait(self._sends, timeout=8)

    async def _send_some(self, at: float) -> None:
        """Claim what may begin at `at`, which is now or so soon that claiming takes as long."""
        limit = max(1, int(CLAIM_AHEAD / self.pace.gap)) if self.pace.gap else 64
        taken = self.lanes.take(at, limit)
        if not taken:
            self.lanes.forget_idle_targets(at)
            await asyncio.sleep(0)
            return
        before = self._time()
        rows = {row.id: row for row in await self._claim([row_id for row_id, _ in taken])}
        self._claim_takes = min(0.02, 0.8 * self._claim_takes + 0.2 * (self._time() - before))
        for row_id, where in taken:
            row = rows.get(row_id)
            if row is None:  # withdrawn or expired meanwhile
                self.lanes.done(where, row_id)
                continue
            slot = max(at, self.lanes.free_at)
            await self._sleep_until(slot)
            begin = self._time()
            self.lanes.free_at = max(slot, begin - OVERSLEPT) + self.pace.gap
            self.lanes.started(where, begin, priority_of(row.kind))
            task = asyncio.create_task(self._send(row, where))
            self._sends.add(task)
            task.add_done_callback(self._sends.discard)

    async def _claim(self, ids: list[int]) -> list[OutboxRow]:
        now = self._clock.now()
        return await self._run(lambda unit: unit.store(Outbox).claim(ids, now))

    async def _send(self, row: OutboxRow, lane: Where) -> None:
        """`lane`: the place the row was queued for, which a migration may have replaced in the row itself."""
        try:
            drawn = await self._drawn(row, lane)
            if drawn is None:  # withdrawn or expired meanwhile
                self._pictures.forget(row.id)
                self.lanes.done(lane, row.id)
            else:
                row = drawn
                await self._attempt(row, lane)
        except RateLimited as wait:
            if wait.everywhere:
                self.lanes.free_at = max(self.lanes.free_at, self._time() + wait.retry_after)
            await self._put_back(row, lane, wait.retry_after)
        except (NotSent, Unauthorised) as problem:
            self._failures += 1
            delay = min(LONGEST_BACKOFF, 2.0 ** min(self._failures, 5) / 2)
            log.warning("%s can't be reached (%s); next try in %g s", self._chat.name, type(problem).__name__, delay)
            self.lanes.free_at = max(self.lanes.free_at, self._time() + delay)
            await self._put_back(row, lane, delay)
        except Exception:
            log.exception("sending outbox row %d failed in a way nobody foresaw", row.id)
            await self._finish(row, lane, self._refused(row, "uncertain", "an error of ours"))
        self._wake.set()

    async def _drawn(self, row: OutboxRow, lane: Where) -> OutboxRow | None:
        """The row once its chart is drawn. It waits for that as one that surely was not sent, and may be changed or
        withdrawn meanwhile; its place waits with it, and no other does.
        """
        while self._pictures.lacks(row):
            await self._run(partial(_requeue, row.id))
            await self._pictures.draw(row)
            if self._paced:
                slot = max(self._time(), self.lanes.free_at)
                self.lanes.delayed(lane, slot)
                await self._sleep_until(slot)
            again = await self._claim([row.id])
            if not again:
                return None
            row = again[0]
        return row

    async def _attempt(self, row: OutboxRow, lane: Where) -> None:
        step("claimed")
        outgoing = self._outgoing(row)
        if outgoing.operation in _OF_A_POST and not outgoing.message_id:
            await self._finish(row, lane, self._refused(row, Reason.MESSAGE_GONE, "it was never sent"))
            return
        backoff = 0.5
        while True:
            try:
                message_id = await self._chat.perform(outgoing)
            except Uncertain as problem:
                if self._repeatable(row, timedelta(seconds=backoff)):
                    await asyncio.sleep(backoff)
                    backoff = min(backoff * 2, 10.0)
                    continue
                await self._finish(row, lane, self._refused(row, "uncertain", str(problem)))
            except Refusal as refusal:
                await self._refusal(row, lane, refusal)
            else:
                step("sent")
                self._failures = 0
                await self._finish(row, lane, self._delivered(row, message_id))
            return

    async def _refusal(self, row: OutboxRow, lane: Where, refusal: Refusal) -> None:
        detail = refusal.new_group if refusal.reason is Reason.MIGRATED else refusal.detail
        event = self._refused(row, refusal.reason, detail)
        log.info("outbox row %d (%s) was refused: %s", row.id, row.kind, refusal)
        await self._finish(row, lane, event)
        if refusal.reason.pauses or refusal.reason is Reason.MIGRATED:
            await self.reload()

    async def _finish(self, row: OutboxRow, lane: Where, event: Delivered | Refused) -> None:
        result = "delivered" if isinstance(event, Delivered) else event.reason
        self._observer.sent(self._chat.name, row.kind, result)
        self._pictures.forget(row.id)
        await self._submit(event)
        step("settled")
        self.lanes.done(lane, row.id)

    async def _put_back(self, row: OutboxRow, lane: Where, delay: float) -> None:
        self._observer.sent(self._chat.name, row.kind, "put_back")
        await self._run(lambda unit: unit.store(Outbox).requeue([row.id]))
        self.lanes.put_back(lane, row.id, priority_of(row.kind), self._time() + delay)

    # ------------------------------------------------------------------ parts

    def _outgoing(self, row: OutboxRow) -> Outgoing:
        return Outgoing(
            operation=Operation(row.operation),
            where=row.where,
            message=fit(self._pictures.in_place(row), self._chat.capabilities(row.where)),
            nonce=f"{self._instance}-{row.id}",
            message_id=row.message_id,
            handle=row.handle,
            emoji=row.emoji,
        )

    def _repeatable(self, row: OutboxRow, later: timedelta = timedelta(0)) -> bool:
        """Whether a repeat would do no harm by then: the first try can't be older than the row.

        A row from the future says that the clock was put back, so nobody knows how old it is.
        """
        window = self._chat.capabilities(row.where).repeatable_for
        if _is_same_twice(row):
            window = max(window, CHANGES_FOR)
        age = self._clock.now() - row.created_at
        return timedelta(0) <= age and age + later < window

    def _delivered(self, row: OutboxRow, message_id: str) -> Delivered:
        return Delivered(str(row.id), self._clock.now(), row.where, NOBODY, row.key, row.kind, message_id)

    def _refused(self, row: OutboxRow, reason: str, detail: str) -> Refused:
        return Refused(str(row.id), self._clock.now(), row.where, NOBODY, row.key, row.kind, str(reason), detail)

    async def _run(self, work: Callable[[Unit], R]) -> R:
        """One transaction; while the database can't be used, wait and try again."""
        while True:
            try:
                return await self._database.run(work, self._clock.now())
            except StorageUnavailable:
                await asyncio.sleep(1)

    async def _wait(self, seconds: float) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout(min(seconds, IDLE)):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _sleep_until(self, at: float) -> None:
        delay = at - self._time()
        if delay > 0:
            await asyncio.sleep(delay)

    def _monotonic(self, at: datetime | None) -> float:
        if at is None:
            return 0.0
        return self._time() + (at - self._clock.now()).total_seconds()


def _is_same_twice(row: OutboxRow) -> bool:
    """Changes of a message are; not those that answer a press, which can be done once only."""
    return row.operation != Operation.SEND and not row.handle


def _requeue(row: int, unit: Unit) -> None:
    unit.store(Outbox).requeue([row])
