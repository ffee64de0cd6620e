"""The playground for the browser: the stage of scripted conversations, with its time running and anybody acting."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from datetime import datetime, time, timedelta
from random import Random
from time import monotonic
from zoneinfo import ZoneInfo

from adapters.playground import acts
from adapters.playground.acts import Act
from adapters.playground.doing import Impossible
from adapters.playground.history import Change, Person, Posted
from adapters.playground.people import BOT_NAME
from adapters.web import stage as web
from adapters.web.stage import CannotAct, Someone, Spot, Stride
from bot.bootstrap import Program
from bot.config.model import Config
from bot.config.serving import service
from bot.core.chat import Capabilities
from bot.core.clock import Clock, SystemClock
from bot.core.community import Group
from bot.core.events import Where
from bot.core.messages import Poll
from bot.core.pictures import Draw
from bot.core.vitals import NOBODY_WATCHES, Observer, Vitals
from bot.features import ALL
from bot.locale import _
from bot.play import community as built_in
from bot.play.cast import Cast
from bot.play.chronicle import Chronicle
from bot.play.stage import Stage, described
from bot.play.watching import Viewer, command_hints

log = logging.getLogger(__name__)

TICK = 1.0  # seconds, of real time and of the playground's
BEGIN = time(9)
MORNING = time(8)
STRIDES = {Stride.MINUTE: timedelta(minutes=1), Stride.HOUR: timedelta(hours=1)}
NAME, ZONE = "Kopi Nusantara", "Asia/Jakarta"
MANAGER, MEMBER = "Rina", "Budi"


class PlaygroundStage:
    """Implements adapters.web.stage.Stage. One thing is done at a time; `open` it to have its time run."""

    def __init__(
        self, scene: built_in.Scene, clock: Clock, random: Random, observer: Observer, draw: Draw = described
    ) -> None:
        self._scene = scene
        self._observer = observer
        self._clock = clock  # tells the day on which it begins
        self._random = random
        self._draw = draw
        self._lock = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []
        self._language = scene.community.language
        self._homes: dict[str, Group] = {}
        for group in scene.community.groups:
            self._homes.setdefault(group.platform, group)
        self._cast: Cast | None = None
        self._chronicle = Chronicle()
        self._stage: Stage | None = None

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        config: Config,
        observer: Observer = NOBODY_WATCHES,
        clock: Clock | None = None,
        draw: Draw = described,
    ) -> AsyncIterator[PlaygroundStage]:
        """Play the config's first community, or the built-in one; its time runs with real time."""
        stage = cls(playable(config), clock or SystemClock(), Random(), observer, draw)
        await stage.begin()
        running = asyncio.create_task(stage.run())
        try:
            yield stage
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await stage.end()

    async def begin(self) -> None:
        """Somebody manages the community, somebody else is a member, and nobody has said anything."""
        zone = self._scene.community.zone
        today = self._clock.now().astimezone(zone).date()
        seed = self._random.getrandbits(32)
        stage = Stage(self._scene, datetime.combine(today, BEGIN, zone), seed=seed, draw=self._draw)
        stage.observer = self._observer
        await stage.open()
        self._chronicle = Chronicle()
        for change in stage.world.since(0):
            self._chronicle.add(change)
        stage.world.subscribe(self._happened)
        self._stage = stage
        self._cast = Cast(stage.world, self._homes.values(), self._random)
        self._cast.settle(MANAGER)
        self._cast.settle(MEMBER)
        self._cast.appoint(MANAGER, True, stage.clock.now())

    async def end(self) -> None:
        stage, self._stage = self._stage, None
        if stage is not None:
            await stage.close()

    async def run(
        self,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        """Let time pass while nobody does anything, until cancelled."""
        before = seconds()
        while True:
            await pause(TICK)
            async with self._lock:
                elapsed, before = seconds() - before, seconds()
                try:
                    await self.stage.advance(self.stage.clock.now() + timedelta(seconds=elapsed))
                except Exception:
                    log.exception("what fell due on the playground failed")

    @property
    def stage(self) -> Stage:
        assert self._stage is not None, "the playground isn't open"
        return self._stage

    @property
    def cast(self) -> Cast:
        assert self._cast is not None, "the playground isn't open"
        return self._cast

    @property
    def program(self) -> Program:
        return self.stage.program

    async def vitals(self) -> Vitals:
        return await self.program.vitals()

    # ------------------------------------------------------------------ seeing

    def scene(self, viewer: str) -> web.Scene:
        people = self.cast.people()
        someone = next((person for person in people if person.name == viewer), None)
        community, language = self._scene.community, self._language
        return web.Scene(
            now=self.stage.clock.now(),
            zone=community.zone,
            community=community.name,
            language=language,
            windows=tuple(self._viewer(home, someone).window() for home in self._homes.values()),
            people=people,
            viewer=someone,
            commands=command_hints(self.program.resolver.service.commands.commands, language),
        )

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def watched(self) -> bool:
        """Whether anybody is told of changes."""
        return bool(self._listeners)

    def _happened(self, change: Change) -> None:
        self._chronicle.add(change)
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _viewer(self, home: Group, someone: Someone | None) -> Viewer:
        account = self.cast.person(home.platform, someone.name).id if someone else ""
        manager = someone is not None and someone.manager
        return Viewer(self.stage, self._chronicle, home, self._language, account, manager)

    # ------------------------------------------------------------------ people

    async def newcomer(self, face: str) -> str:
        name = self.cast.newcomer()
        await self.join(Spot(face, "group", name))
        return name

    async def invite(self, name: str, manager: bool) -> str:
        if name.casefold() == BOT_NAME.casefold():
            raise CannotAct(_("{name} is the bot, and speaks for itself."), name=BOT_NAME)
        self.cast.add(name)
        if manager:
            self.cast.appoint(name, True, self.stage.clock.now())
        self._tell()
        return name

    async def appoint(self, person: str, manager: bool) -> None:
        self.cast.appoint(self.cast.known(person), manager, self.stage.clock.now())
        self._tell()

    # ------------------------------------------------------------------ acts

    async def join(self, spot: Spot) -> None:
        where, person = self._where(spot), self._actor(spot)
        if self.cast.is_member(self._home(spot), person.name):
            raise CannotAct(_("{name} is in this group already."), name=person.name)
        await self._act(acts.Joins(Where(where.platform, where.group, ""), person.id))

    async def leave(self, spot: Spot) -> None:
        where, person = self._where(spot), self._present(spot)
        await self._act(acts.Leaves(Where(where.platform, where.group, ""), person.id))

    async def say(self, spot: Spot, text: str, reply_to: str = "") -> None:
        person = self._actor(spot) if spot.chat == "private" else self._present(spot)
        if spot.chat == "managers" and not self.cast.is_manager(person.name):
            raise CannotAct(_("Only managers write here."))
        await self._act(acts.Says(self._where(spot), person.id, text, reply_to))

    async def press(self, spot: Spot, message_id: str, token: str) -> None:
        person = self._actor(spot)
        posted = self.stage.world.board.get(message_id)
        if posted is None or not posted.visible_to(person.id):
            raise CannotAct(_("That message is gone."))
        await self._act(acts.Presses(posted.where, person.id, message_id, token))

    async def vote(self, spot: Spot, message_id: str, option: int) -> None:
        person, poll = self._at_poll(spot, message_id)
        before = poll.votes.get(person.id, ())
        kept = [chosen for chosen in before if chosen != option] if _of(poll).multiple else []
        await self._vote(person, poll, kept if option in before else [*kept, option])

    async def ballot(self, spot: Spot, message_id: str, options: Collection[int]) -> None:
        person, poll = self._at_poll(spot, message_id)
        await self._vote(person, poll, options)

    def _at_poll(self, spot: Spot, message_id: str) -> tuple[Person, Posted]:
        person = self._actor(spot) if spot.chat == "private" else self._present(spot)
        posted = self.stage.world.board.get(message_id)
        if posted is None or posted.message.poll is None or not posted.visible_to(person.id):
            raise CannotAct(_("That poll is gone."))
        return person, posted

    async def _vote(self, person: Person, poll: Posted, options: Collection[int]) -> None:
        if not poll.takes_votes(self.stage.clock.now()):
            raise CannotAct(_("That poll is closed."))
        if person.id in poll.votes and not _of(poll).revote:
            raise CannotAct(_("In this poll a vote can’t be changed."))
        await self._act(acts.Votes(poll.where, person.id, poll.id, tuple(options)))

    async def react(self, spot: Spot, message_id: str, emoji: str) -> None:
        person = self._actor(spot)
        posted = self.stage.world.board.get(message_id)
        if posted is None or not posted.visible_to(person.id):
            raise CannotAct(_("That message is gone."))
        present = person.id not in posted.reactions.get(emoji, frozenset())
        await self._act(acts.Reacts(posted.where, person.id, message_id, emoji, present))

    async def open_private(self, spot: Spot, payload: str) -> None:
        person = self._actor(spot)
        await self._act(acts.Starts(Where(spot.face, "", person.id), person.id, payload[:64]))

    async def _act(self, act: Act) -> None:
        """Do it, and wait until the bot has said what it has to say."""
        async with self._lock:
            try:
                await self.stage.chats[act.where.platform].act(act)
            except Impossible as reason:
                raise CannotAct(str(reason)) from None
            finally:
                await self.stage.settle()

    def _home(self, spot: Spot) -> Group:
        home = self._homes.get(spot.face)
        if home is None:
            raise CannotAct(_("There is no such window."))
        return home

    def _where(self, spot: Spot) -> Where:
        home = self._home(spot)
        places = self._viewer(home, self.cast.someone(self.cast.known(spot.person))).places()
        if spot.chat not in places:
            raise CannotAct(_("There is no such chat."))
        return places[spot.chat]

    def _actor(self, spot: Spot) -> Person:
        self._home(spot)
        return self.cast.person(spot.face, self.cast.known(spot.person))

    def _present(self, spot: Spot) -> Person:
        person = self._actor(spot)
        if not self.cast.is_member(self._home(spot), person.name):
            raise CannotAct(_("{name} is not in this group."), name=person.name)
        return person

    # ------------------------------------------------------------------ the playground itself

    async def pass_time(self, stride: Stride) -> None:
        async with self._lock:
            now = self.stage.clock.now()
            await self.stage.advance(_until(now, stride, self._scene.community.zone))
        self._tell()

    async def speak(self, language: str) -> None:
        async with self._lock:
            self._language = language
            slug = self._scene.community.slug
            config = self.program.config
            changed = config.communities[slug].model_copy(update={"language": language})
            communities = {**config.communities, slug: changed}
            self.program.apply(config.model_copy(update={"communities": communities}))
        self._tell()

    async def reset(self) -> None:
        language = self._language
        async with self._lock:
            old = self.stage
            await self.begin()
            await old.close()
        await self.speak(language)


def playable(config: Config) -> built_in.Scene:
    """The first of its communities that has a group, else one of our own."""
    communities = service(config, ALL, lambda where: Capabilities(max_text=2000)).communities
    found = next((community for community in communities.values() if community.groups), None)
    if found is not None:
        return built_in.Scene(config, found)
    config = built_in.scene().config
    named = {
        slug: community.model_copy(update={"name": NAME, "timezone": ZONE})
        for slug, community in config.communities.items()
    }
    return playable(config.model_copy(update={"communities": named}))


def _of(posted: Posted) -> Poll:
    assert posted.message.poll is not None
    return posted.message.poll


def _until(now: datetime, stride: Stride, zone: ZoneInfo) -> datetime:
    if stride is not Stride.MORNING:
        return now + STRIDES[stride]
    local = now.astimezone(zone)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone)
