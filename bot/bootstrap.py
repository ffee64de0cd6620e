"""Builds the running program; the only module that sees every part."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar

from bot.config.model import Config
from bot.config.serving import service
from bot.core.activity import Activity
from bot.core.chat import Capabilities, Chat, ChatError
from bot.core.clock import Clock
from bot.core.delivery import Delivery
from bot.core.directory import Directory
from bot.core.dispatch import Dispatcher, Outcome
from bot.core.engine import RETRY_STORAGE, Effects, Engine
from bot.core.events import ButtonPressed, ChatChanged, CommandInvoked, Event, GroupChanged, JobDue, Where
from bot.core.feature import Feature, settle
from bot.core.pictures import Draw
from bot.core.resolve import Resolver
from bot.core.stores import Buttons, Jobs, Outage, Outages, Outbox, Seen, SetAside, State
from bot.core.unit import StorageUnavailable, Unit
from bot.core.vitals import NOBODY_WATCHES, Observer, Vitals
from bot.features import ALL
from scheduler.clockwork import Clockwork
from storage.database import SqlDatabase

log = logging.getLogger(__name__)

T = TypeVar("T")

DUE_AT_ONCE = 1000
SEEN_FOR = timedelta(days=2)  # Telegram repeats updates for a day at most
SETTLING = timedelta(seconds=10)  # until the platforms are connected
BETWEEN_CHECKS = timedelta(seconds=2)
SENT_FOR = timedelta(days=30)
OUTAGES_FOR = timedelta(days=180)
ACTIVITY_FOR = timedelta(days=180)
PATIENCE = 2.0  # seconds that the database may take to answer whoever watches over us
STOP_WITHIN = 8.0  # seconds
NOWHERE = Capabilities(max_text=2000)


class Program:
    """Engine, storage, senders and scheduler around a set of chats.

    With `start(background=False)` nothing happens by itself: `settle` sends, `tick` does what is due. So a scripted
    conversation runs the very program that serves communities.
    """

    def __init__(
        self,
        config: Config,
        database: SqlDatabase,
        chats: Mapping[str, Chat],
        clock: Clock,
        random: Random,
        features: Sequence[Feature] = ALL,
        observer: Observer = NOBODY_WATCHES,
        draw: Draw | None = None,
    ) -> None:
        self.config = config
        self.database = database
        self.chats = chats
        self.clock = clock
        self._features = tuple(features)
        self.resolver = Resolver(service(config, features, self.capabilities), database, chats, clock)
        self._observer = observer
        self._draw = draw
        dispatcher = Dispatcher(self.resolver, random)
        self.engine = Engine(dispatcher, self.resolver, database, clock, self._after_commit, observer=observer)
        self.deliveries: dict[str, Delivery] = {}
        self._clockwork: Clockwork | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._due_in_flight: set[str] = set()
        self._scripted = False
        self.watch: Callable[[Effects], None] = lambda effects: None  # told what was committed, before it is sent

    # ------------------------------------------------------------------ life

    async def start(self, background: bool = True) -> None:
        """Open the database, settle what an earlier run left half done, connect."""
        self._scripted = not background
        await self._patiently(self.database.open)
        instance = await self._patiently(lambda: self.database.run(_instance, self.clock.now()))
        self._spawn(self.engine.run(), "engine")
        submit, observer, draw = self.engine.submit, self._observer, self._draw
        for name, chat in self.chats.items():
            self.deliveries[name] = Delivery(
                chat, self.database, self.clock, submit, instance, self._time, observer=observer, draw=draw
            )
        for delivery in self.deliveries.values():
            if background:
                self._spawn(delivery.run())
            else:
                await delivery.recover()
        for chat in self.chats.values():
            await chat.start(self.engine.submit)
            self._spawn(self._publish(chat))
        await self._patiently(self._settle)
        if not background:
            await self.listen()
        if background:
            await self._patiently(lambda: self.database.run(self._look_around, self.clock.now()))
            self._clockwork = Clockwork(self.tick, self.tidy, self.listen)
            self._clockwork.start()

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """As soon as the database can be used; a program that ends instead would only be started again."""
        told = False
        while True:
            try:
                return await work()
            except StorageUnavailable as problem:
                if not told:
                    log.error("waiting until the database can be used: %s", problem)  # noqa: TRY400
                told = True
            await asyncio.sleep(RETRY_STORAGE)

    async def stop(self) -> None:
        """Take nothing new, finish what is running, keep the rest for the next start."""
        if self._clockwork:
            self._clockwork.stop()
        ending = [delivery.stop() for delivery in self.deliveries.values()]
        ending += [chat.stop() for chat in self.chats.values()]
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await asyncio.gather(*ending)
                await self.engine.idle()
        except TimeoutError:
            log.warning("not everything was finished in time; the rest is taken up at the next start")
        await self.kill()

    async def kill(self) -> None:
        """End at once."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.database.close()

    def apply(self, config: Config) -> None:
        """Go on with a changed config, from the next event on."""
        self.config = config
        self.resolver.service = service(config, self._features, self.capabilities)
        self._observer.reloaded()
        self._spawn(self._patiently(self._settle))

    async def _settle(self) -> None:
        """Have scheduled what the communities of the file ask for by their settings."""

        def work(unit: Unit) -> None:
            directory = Directory(self.resolver.service, unit, self.resolver.known)
            for slug in self.resolver.service.communities:
                if community := directory.by_slug(slug):
                    settle(unit, self._features, community)

        await self.database.run(work, self.clock.now())

    # ------------------------------------------------------------------ work

    async def submit(self, event: Event) -> None:
        await self.engine.submit(event)

    async def tick(self) -> None:
        """Hand what is due to the engine."""
        while True:
            now = self.clock.now()
            try:
                due = await self.database.run(_due, now)
            except StorageUnavailable:
                return
            fresh = [job for job in due if job.event_id not in self._due_in_flight]
            for job in fresh:
                self._due_in_flight.add(job.event_id)
                done = self.engine.offer(job)
                done.add_done_callback(partial(self._job_done, job.event_id))
            if len(due) < DUE_AT_ONCE or not fresh:
                return
            await self.engine.idle()

    def _job_done(self, job: str, _done: asyncio.Future[None]) -> None:
        self._due_in_flight.discard(job)

    async def settle(self) -> None:
        """Scripted mode: until nothing is left to handle or to send."""
        while True:
            await self.engine.idle()
            while loose := [task for task in self._tasks if task.get_name() == "loose"]:
                await asyncio.gather(*loose)
            sent = [await delivery.drain() for delivery in self.deliveries.values()]
            if not any(sent):
                return

    async def next_due(self) -> datetime | None:
        return await self.database.run(lambda unit: unit.store(Jobs).next_due(), self.clock.now())

    async def tidy(self) -> None:
        """Forget what nobody needs any more."""
        now = self.clock.now()

        def work(unit: Unit) -> None:
            unit.store(Seen).forget(now - SEEN_FOR)
            unit.store(Buttons).forget(now)
            unit.store(Outbox).expire(now)
            unit.store(Outbox).forget(now - SENT_FOR)
            unit.store(Outages).forget(now - OUTAGES_FOR)

        try:
            await self.database.run(work, now)
            while await self.database.run(lambda unit: unit.store(Activity).forget(now - ACTIVITY_FOR), now):
                pass
        except StorageUnavailable as problem:
            log.warning("tidying up is put off: %s", problem)

    async def listen(self, unbroken: bool = False) -> None:
        """Note which platforms are heard just now: what was said while one was not may be gone for good."""
        now = self.clock.now()
        heard = [name for name, chat in self.chats.items() if chat.connection().connected]

        def work(unit: Unit) -> list[Outage]:
            ended = (unit.store(Outages).heard(name, now, unbroken=unbroken) for name in heard)
            return [outage for outage in ended if outage]

        try:
            for outage in await self.database.run(work, now):
                log.info("%s was not heard from %s to %s", outage.platform, outage.start, outage.end)
        except StorageUnavailable as problem:
            log.warning("noting that the platforms are heard is put off: %s", problem)

    async def unasked(self, work: Callable[[Unit], object]) -> None:
        """Post something that no event asked for."""

        def and_tell(unit: Unit) -> Effects:
            work(unit)
            return Effects(unit.queued(), ())

        self._after_commit(await self.database.run(and_tell, self.clock.now()))

    async def vitals(self) -> Vitals:
        """How everything is now; see bot.core.vitals.Health."""
        database, aside = self.engine.storage_problem, 0
        outbox: dict[str, int] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                outbox, aside = await self.database.run(_counted, self.clock.now())
        except (StorageUnavailable, TimeoutError) as problem:
            database = database or str(problem) or "it does not answer"
        running = any(task.get_name() == "engine" for task in self._tasks)
        return Vitals(
            database=database,
            engine="" if running else "it is not running",
            connections={name: chat.connection() for name, chat in self.chats.items()},
            events_waiting=self.engine.waiting,
            posts_waiting={name: len(delivery.lanes) for name, delivery in self.deliveries.items()},
            outbox=outbox,
            set_aside=aside,
        )

    def language(self, where: Where) -> str:
        """What is spoken in a place, as far as the file tells: asked where there is no time for the database."""
        for community in self.resolver.service.communities.values():
            if community.group(where.platform, where.group):
                return community.language
        return self.resolver.service.language

    def capabilities(self, where: Where) -> Capabilities:
        chat = self.chats.get(where.platform)
        return chat.capabilities(where) if chat else NOWHERE

    # ------------------------------------------------------------------ parts

    def _after_commit(self, effects: Effects) -> None:
        self.watch(effects)
        for delivery in self.deliveries.values():
            delivery.enqueue(effects.queued)
        for outcome in effects.outcomes:
            event = outcome.event
            if handle := _unsettled(outcome):
                self._spawn(_quietly(self.chats[event.where.platform].acknowledge(handle)), "loose")
            sender = self.deliveries.get(event.where.platform)
            if sender is not None and _may_resume(event, bool(sender.lanes.paused)):
                self._spawn(sender.reload(), "loose")

    def _look_around(self, unit: Unit) -> None:
        """Have the rights in the groups of the file checked: what a platform would tell on arrival may be long past.

        One after the other, so that thousands of groups take nothing from people who want an answer.
        """
        communities = self.resolver.service.communities.values()
        groups = [group for community in communities for group in community.groups]
        for number, group in enumerate(groups):
            where = Where(group.platform, group.id, "")
            at = unit.now + SETTLING + number * BETWEEN_CHECKS
            unit.schedule("arrival.check", at, key=f"{group.platform}:{group.id}", where=where, keep=True)

    async def _publish(self, chat: Chat) -> None:
        """Command menus; a platform that is down gets them later."""
        delay = 5.0
        while True:
            try:
                await chat.publish_commands(self.resolver.service.commands.commands)
                return
            except ChatError as error:
                log.info("the commands can't be published on %s yet: %s", chat.name, error)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 300)

    def _time(self) -> float:
        """Seconds, monotonic; in a scripted conversation those of its own clock."""
        return self.clock.now().timestamp() if self._scripted else asyncio.get_running_loop().time()

    def _spawn(self, work: Coroutine[Any, Any, None], name: str = "") -> None:
        task = asyncio.create_task(work, name=name or None)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.critical("a part of the program ended: %s", type(error).__name__, exc_info=error)


def _due(unit: Unit) -> list[JobDue]:
    return unit.store(Jobs).due(unit.now, DUE_AT_ONCE)


def _counted(unit: Unit) -> tuple[dict[str, int], int]:
    return unit.store(Outbox).counts(), unit.store(SetAside).count()


def _instance(unit: Unit) -> str:
    """A few random letters that tell this database's posts from another's."""
    state = unit.store(State)
    known = state.get("instance")
    if not known:
        known = secrets.token_hex(4)
        state.put("instance", known)
    return known


def _unsettled(outcome: Outcome) -> str:
    """The handle of whoever sees a waiting sign, since nothing that will be said settles it; empty if there is none."""
    event = outcome.event
    if outcome.answered or not isinstance(event, CommandInvoked | ButtonPressed):
        return ""
    return "" if outcome.repeated and isinstance(event, CommandInvoked) else event.handle


def _may_resume(event: Event, paused: bool) -> bool:
    """Whether rows may have become ready that nobody put into the outbox just now."""
    if isinstance(event, ChatChanged):
        return event.open
    return isinstance(event, GroupChanged) or (paused and isinstance(event, CommandInvoked))


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except ChatError as error:
        log.debug("a press could not be acknowledged: %s", error)
