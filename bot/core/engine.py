"""once only → who may → handler → reply.

Events come in through `submit`. One that waits for the network holds back its own place only. All that are ready are
handled in one transaction; when one raises, the batch is rolled back and run again event by event, and an event that
fails three times is set aside. What `submit` gives is done when its event is committed: only then may a platform be
told so.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from bot.core.clock import Clock
from bot.core.commands import CommandMistake
from bot.core.dispatch import Dispatcher, Outcome
from bot.core.events import CommandInvoked, Delivered, Event, JobDue, MessagePosted, Refused, Where
from bot.core.flood import Flood
from bot.core.resolve import NOTHING, Resolved, Resolver
from bot.core.steps import step
from bot.core.stores import Seen, SetAside
from bot.core.unit import Database, Queued, StorageUnavailable, Unit
from bot.core.vitals import NOBODY_WATCHES, Observer

log = logging.getLogger(__name__)

BATCH = 256
LONG_TURN, LEAST_JOBS = 0.2, 4  # seconds that a transaction with jobs may take, and how many it has at the least
TRIES = 3
LOOKED_UP_AT_ONCE = 64  # events of one place
RETRY_STORAGE = 1.0  # seconds between tries while the database can't be used


@dataclass(slots=True)
class Ready:
    event: Event
    resolved: Resolved
    done: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class Effects:
    """What a committed batch asks of the rest of the program."""

    queued: Sequence[Queued]
    outcomes: Sequence[Outcome]


class Engine:
    """`after_commit` is told the effects of each batch; `pause` waits (injected, so that tests need not)."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        resolver: Resolver,
        database: Database,
        clock: Clock,
        after_commit: Callable[[Effects], None],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        observer: Observer = NOBODY_WATCHES,
    ) -> None:
        self.dispatcher = dispatcher
        self.resolver = resolver
        self._database = database
        self._clock = clock
        self._after_commit = after_commit
        self._sleep = pause
        self._observer = observer
        self._ready: deque[Ready] = deque()
        self._due: deque[Ready] = deque()  # jobs: they wait for what people do, which is done first
        self._jobs_at_once = BATCH
        self._held: dict[Where, deque[Ready]] = {}
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._pending = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._flood = Flood()
        self.handled = 0
        self.storage_problem = ""

    # ------------------------------------------------------------------ in

    def submit(self, event: Event) -> asyncio.Future[None]:
        """Done once the event's effects are committed, or it was set aside. Nothing stops when the waiting does."""
        if not self._without_effect(event):
            return self.offer(event)
        self._observer.passed_over(event.where.platform)
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    def offer(self, event: Event) -> asyncio.Future[None]:
        """The same for whatever event; those of one place are handled in the order they were offered."""
        item = Ready(event, NOTHING, asyncio.get_running_loop().create_future())
        self._pending += 1
        self._idle.clear()
        held = self._held.get(event.where)
        if isinstance(event, CommandInvoked) and self._flood.is_over(_who(event), self._clock.now()):
            item.resolved = Resolved(mistake=CommandMistake("flood"))
            self._enqueue(item)
        elif held is not None:
            held.append(item)
        elif self.resolver.instant(event):
            self._enqueue(item)
        else:
            self._held[event.where] = deque()
            task = asyncio.get_running_loop().create_task(self._resolve_place(item))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return item.done

    def _without_effect(self, event: Event) -> bool:
        """What bots and private chats say needs no transaction, nor does the rest of a flood of commands."""
        return (
            isinstance(event, MessagePosted)
            and not self.dispatcher.concerns(event)
            and not (event.where.group and self._held.get(event.where))
            and self.resolver.instant(event)
        ) or (isinstance(event, CommandInvoked) and self._flood.is_told(_who(event), self._clock.now()))

    def _enqueue(self, item: Ready) -> None:
        (self._due if isinstance(item.event, JobDue) else self._ready).append(item)
        self._wake.set()

    async def _resolve_place(self, first: Ready) -> None:
        """Look up what some events of a place need at the same time; they go on in the order in which they came."""
        held, items = self._held[first.event.where], [first]
        while items:
            looking = [self._looking(item.event) for item in items]
            for item, resolving in zip(items, looking, strict=True):
                if resolving is not None:
                    item.resolved = await resolving
                self._enqueue(item)
            items = [held.popleft() for _ in range(min(LOOKED_UP_AT_ONCE, len(held)))]
        del self._held[first.event.where]

    def _looking(self, event: Event) -> asyncio.Task[Resolved] | None:
        return None if self.resolver.instant(event) else asyncio.create_task(self._resolve(event))

    async def _resolve(self, event: Event) -> Resolved:
        while True:
            try:
                return await self.resolver.resolve(event)
            except StorageUnavailable as problem:
                await self._storage_trouble(problem)
            except Exception:
                log.exception("looking up what %s needs failed; it is handled without", event.key)
                return NOTHING

    @property
    def waiting(self) -> int:
        """Events that were offered and aren't done."""
        return self._pending

    # ------------------------------------------------------------------ through

    async def run(self) -> None:
        """Handle what comes in, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._ready or self._due:
                batch = [self._ready.popleft() for _ in range(min(BATCH, len(self._ready)))]
                jobs = min(self._jobs_at_once, len(self._due))
                batch += [self._due.popleft() for _ in range(jobs)]
                begun = perf_counter()
                await asyncio.shield(asyncio.ensure_future(self._handle(batch)))
                if jobs:
                    self._adjust(perf_counter() - begun)

    def _adjust(self, took: float) -> None:
        """Some jobs take a thousand times as long as others: nobody's command shall wait behind too many of them."""
        if took > LONG_TURN:
            self._jobs_at_once = max(LEAST_JOBS, self._jobs_at_once // 2)
        elif took < LONG_TURN / 4:
            self._jobs_at_once = min(BATCH, self._jobs_at_once * 2)

    async def idle(self) -> None:
        """Wait until everything offered so far is done."""
        await self._idle.wait()

    async def _handle(self, batch: list[Ready]) -> None:
        step("received")
        try:
            await self._commit(batch)
        except Exception:  # noqa: BLE001 - told event by event below
            for item in batch:
                await self._handle_alone(item)
        for item in batch:
            self._pending -= 1
            if not item.done.done():
                item.done.set_result(None)
        if not self._pending:
            self._idle.set()

    async def _handle_alone(self, item: Ready) -> None:
        trace = ""
        for attempt in range(1, TRIES + 1):
            try:
                await self._commit([item], alone=True)
                return
            except Exception as error:  # noqa: BLE001 - any fault of a handler
                log.warning("event %s failed (%d of %d): %s", item.event.key, attempt, TRIES, type(error).__name__)
                trace = _without_text(error)
        await self._set_aside(item, trace)

    async def _commit(self, batch: list[Ready], *, alone: bool = False) -> None:
        """One transaction; while the database can't be used, wait and try again. `alone`: it failed among others."""
        while True:
            begun = perf_counter()
            try:
                effects = await self._database.run(lambda unit: self._work(unit, batch, alone), self._clock.now())
            except StorageUnavailable as problem:
                await self._storage_trouble(problem)
                continue
            if self.storage_problem:
                log.warning("the database can be used again")
                self.storage_problem = ""
            step("committed")
            self.handled += len(batch)
            self._observer.handled(effects.outcomes, perf_counter() - begun)
            self._after_commit(effects)
            return

    def _work(self, unit: Unit, batch: list[Ready], alone: bool) -> Effects:
        seen = unit.store(Seen)
        keys = [item.event.key if once_only(item, alone) else "" for item in batch]
        marked = [key for key in keys if key]
        known = seen.among(marked) if marked else set()
        new: list[str] = []
        outcomes: list[Outcome] = []
        transaction = self.dispatcher.begin(unit)
        for item, key in zip(batch, keys, strict=True):
            if key in known:
                outcomes.append(Outcome(item.event, repeated=True))
                continue
            if key:
                known.add(key)
                new.append(key)
            outcomes.append(transaction.handle(item.event, item.resolved))
        if new:
            seen.add(new, unit.now)
        step("before commit")
        return Effects(unit.queued(), outcomes)

    async def _set_aside(self, item: Ready, trace: str) -> None:
        event = item.event
        self._observer.set_aside()
        log.error("event %s failed %d times and is set aside\n%s", event.key, TRIES, trace)

        def work(unit: Unit) -> Effects:
            if once_only(item, alone=True):
                unit.store(Seen).add([event.key], unit.now)
            unit.store(SetAside).add(event.key, event.where, trace, unit.now)
            self.dispatcher.begin(unit).abandon(event)
            return Effects(unit.queued(), [])

        while True:
            try:
                self._after_commit(await self._database.run(work, self._clock.now()))
                return
            except StorageUnavailable as problem:
                await self._storage_trouble(problem)
            except Exception:
                log.exception("setting %s aside failed", event.key)
                return

    async def _storage_trouble(self, problem: StorageUnavailable) -> None:
        if not self.storage_problem:
            log.error("nothing is confirmed until the database can be used: %s", problem)
        self.storage_problem = str(problem)
        await self._sleep(RETRY_STORAGE)


def once_only(item: Ready, alone: bool) -> bool:
    """Jobs and outcomes of sending are rows of our own, which say themselves whether they are done. Talk is recorded
    under its message's id, and whoever listens to it does no harm by hearing it twice: so it is marked only where it
    is a command's text, or fails.
    """
    if isinstance(item.event, MessagePosted):
        return alone or item.resolved.form is not None
    return not isinstance(item.event, JobDue | Delivered | Refused)


def _who(event: Event) -> str:
    return f"{event.where.platform}:{event.actor.id}"


def _without_text(error: BaseException) -> str:
    """Where it happened and what kind of error it was, without its words: they may quote a person."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{frames}{type(error).__module__}.{type(error).__qualname__}"
