"""The real program on a playground, under a virtual clock: what scripts and tests are played on."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from random import Random

from adapters.playground.adapter import PlaygroundChat
from adapters.playground.limits import FACES
from adapters.playground.world import World
from bot.bootstrap import Program
from bot.core.chat import Submit
from bot.core.clock import Clock
from bot.core.engine import Effects
from bot.core.events import Delivered, Event, JobDue, MessagePosted, Refused
from bot.core.feature import Feature
from bot.core.messages import Chart, Picture
from bot.core.pictures import Draw
from bot.core.vitals import NOBODY_WATCHES, Observer
from bot.features import ALL
from bot.play.clock import VirtualClock
from bot.play.community import Scene
from bot.play.places import Places
from storage.database import SqlDatabase

Watch = Callable[[Event], None]
MOST_JOBS = 100_000  # in one stretch of time; more than that is a job that schedules itself for ever


async def described(chart: Chart) -> Picture:
    """Nothing to look at, all of it in words."""
    return Picture(b"", chart.description or chart.title)


class Stage:
    """World, clock and database outlive the program, which may be restarted. Open and close it, or use `async with`.

    `watch` may be set: it is told every event, those of the program itself (jobs, what was delivered) too. A chart is
    shown as its description, which takes no time, unless `draw` is given.
    """

    def __init__(
        self,
        scene: Scene,
        now: datetime,
        seed: int = 0,
        draw: Draw = described,
        features: Sequence[Feature] = ALL,
    ) -> None:
        self.scene = scene
        self._features = features
        self.clock = VirtualClock(now)
        self.world = World()
        self.places = Places(self.world, scene.community, now)
        self.watch: Watch = lambda event: None
        self.chats = {face: WatchedChat(face, self.world, self.clock, self._happened) for face in FACES}
        self.observer: Observer = NOBODY_WATCHES  # of the next program
        self._random = Random(seed)
        self._draw = draw
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._program: Program | None = None

    @property
    def program(self) -> Program:
        assert self._program is not None, "the program isn't running"
        return self._program

    async def __aenter__(self) -> Stage:
        await self.open()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Start the program and let it finish what waits."""
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="guyub-play-")
        database = SqlDatabase(f"sqlite:///{Path(self._folder.name) / 'play.db'}", durable=False)
        chats = dict(self.chats)
        program = Program(
            self.scene.config,
            database,
            chats,
            self.clock,
            self._random,
            self._features,
            observer=self.observer,
            draw=self._draw,
        )
        program.watch = self._committed
        await program.start(background=False)
        self._program = program
        await self._catch_up()

    async def close(self) -> None:
        if self._program is not None:
            await self._program.stop()
            self._program = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    # ------------------------------------------------------------------ time

    async def advance(self, until: datetime) -> None:
        """Let time run; what falls due on the way is done at its time, unless the program is away."""
        if self._program is None:
            self.clock.advance(until)
            await self._close_polls()
            return
        for _ in range(MOST_JOBS):
            due = await self.next_due()
            if due is None or due > until:
                await self._run_on(until)
                return
            await self._run_on(due)
        raise RuntimeError(f"more than {MOST_JOBS} jobs fell due before {until}")

    async def hear(self, said: Sequence[MessagePosted]) -> None:
        """Let the program hear what people said somewhere, all at once; nobody on the stage said it."""
        if said:
            self.clock.advance(said[-1].at)
            await self.program.listen(unbroken=True)
            await asyncio.gather(*(self.program.submit(one) for one in said))

    async def next_due(self) -> datetime | None:
        """When something happens by itself: on the platforms, or in the program."""
        moments = [await self.program.next_due(), *(chat.next_close() for chat in self.chats.values())]
        return min((moment for moment in moments if moment), default=None)

    async def _run_on(self, until: datetime) -> None:
        self.clock.advance(until)
        await self._close_polls()
        await self.program.listen(unbroken=True)
        await self._catch_up()

    async def offline(self, until: datetime) -> None:
        """The program is stopped, and starts again then: what fell due meanwhile is late."""
        async with self.away():
            await self.advance(until)

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """The program is stopped, and starts again at the end: nobody tells it what people do meanwhile."""
        await self.program.listen()
        program, self._program = self.program, None
        await program.stop()
        yield
        await self.open()

    async def restart(self) -> None:
        """The program is killed and starts again at once."""
        await self.program.listen()
        await self.program.kill()
        for chat in self.chats.values():
            await chat.stop()
        await self.open()

    async def settle(self) -> None:
        """Until the bot has nothing more to say."""
        if self._program is not None:
            await self.program.settle()

    async def _catch_up(self) -> None:
        await self.program.tick()
        await self.program.settle()

    async def _close_polls(self) -> None:
        for chat in self.chats.values():
            await chat.close_due()

    def _happened(self, event: Event) -> None:
        self.watch(event)

    def _committed(self, effects: Effects) -> None:
        for outcome in effects.outcomes:
            if isinstance(outcome.event, JobDue | Delivered | Refused):
                self.watch(outcome.event)


class WatchedChat(PlaygroundChat):
    """Tells what it tells the bot."""

    def __init__(self, face: str, world: World, clock: Clock, watch: Watch) -> None:
        super().__init__(face, world, clock)
        self._watch = watch

    async def start(self, submit: Submit) -> None:
        async def watched(event: Event) -> None:
            self._watch(event)
            await submit(event)

        await super().start(watched)
