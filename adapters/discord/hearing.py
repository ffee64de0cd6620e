"""What the gateway tells is decoded and handed on, in order, without waiting for what was told before."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from adapters.discord import incoming, places
from adapters.discord.budget import LoadState, SaveState
from adapters.discord.gateway import Line
from adapters.discord.interactions import Interactions
from adapters.discord.newcomers import RECENT, Newcomers
from adapters.discord.reconcile import Reconciler
from adapters.discord.rest import Json, Rest
from bot.core.clock import Clock
from bot.core.events import ChatChanged, Event, GroupChange, Where

log = logging.getLogger(__name__)

HEARD, WAITING = "discord.heard", "discord.waiting"
NOTES_EACH = 60.0  # seconds
MOST = 20_000
TURN = 3.0  # seconds that an interaction waits for the one before it in its channel
PEOPLE_REMEMBERED = 4096


class Backlog:
    """Tasks for what was heard and is not handled yet."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._tasks: set[asyncio.Future[Any]] = set()
        self._room = asyncio.Event()

    @property
    def full(self) -> bool:
        return len(self._tasks) >= self._most

    async def room(self) -> None:
        """Wait until half of it is done."""
        self._room.clear()
        await self._room.wait()

    def add(self, work: Awaitable[None]) -> asyncio.Future[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Future[Any]) -> None:
        self._tasks.discard(task)
        if len(self._tasks) <= self._most // 2:
            self._room.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("handing on an event failed", exc_info=error)

    async def finish(self, seconds: float) -> None:
        """Give it so long, then end what is left."""
        if self._tasks:
            _, left = await asyncio.wait(self._tasks, timeout=seconds)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)


class Hearing:
    line: Line
    submit: Callable[[Event], Awaitable[None]]

    def __init__(
        self, rest: Rest, interactions: Interactions, clock: Clock, load_state: LoadState, save_state: SaveState
    ) -> None:
        self._interactions = interactions
        self._clock = clock
        self._load = load_state
        self._save = save_state
        self._newcomers = Newcomers()
        self._reconciler = Reconciler(rest, self._newcomers, clock, self._tell)
        self._heard: datetime | None = None  # until then nothing was missed
        self._since: datetime | None = None  # from then on something may have been
        self._listed: set[str] = set()  # guilds the bot was in when it connected
        self._settled_at = 0.0
        self.unbroken_since = clock.now()  # who left before that, left unheard
        self._turns: dict[str, asyncio.Future[None]] = {}
        self._open: OrderedDict[str, None] = OrderedDict()
        self._searches = Backlog()
        self.backlog = Backlog()
        self._hears: dict[str, Callable[[Json], None]] = {
            "READY": self._ready,
            "MESSAGE_CREATE": self._message,
            "INTERACTION_CREATE": self._interaction,
            "GUILD_CREATE": self._guild_added,
            "GUILD_UPDATE": self._guild_changed,
            "GUILD_DELETE": self._guild_removed,
            "GUILD_MEMBER_ADD": self._member_added,
            "GUILD_MEMBER_UPDATE": self._member_changed,
            "GUILD_MEMBER_REMOVE": lambda data: self._member_left(data, banned=False),
            "GUILD_BAN_ADD": lambda data: self._member_left(data, banned=True),
            "MESSAGE_REACTION_ADD": lambda data: self._reaction(data, present=True),
            "MESSAGE_REACTION_REMOVE": lambda data: self._reaction(data, present=False),
            "MESSAGE_POLL_VOTE_ADD": lambda data: self._vote(data, chosen=True),
            "MESSAGE_POLL_VOTE_REMOVE": lambda data: self._vote(data, chosen=False),
            "MESSAGE_UPDATE": self._message_changed,
        }

    @property
    def unchecked(self) -> list[str]:
        """Guilds of which it is not known who joined while the line was down."""
        return list(self._reconciler.unchecked.values())

    def hear(self, name: str, data: Json) -> None:
        """One event of the gateway. Raises whatever a malformed one makes it raise."""
        heard = self._hears.get(name)
        if heard is not None:
            heard(data)

    async def finish(self, seconds: float) -> None:
        await self._searches.finish(0)
        await self.backlog.finish(seconds)

    # ------------------------------------------------------------------ notes that outlive the process

    async def restore(self) -> None:
        """Read the notes; while they can't be read, nothing is begun."""
        while True:
            try:
                heard = await self._load(HEARD)
                self._newcomers.restore(await self._load(WAITING))
            except Exception as error:  # noqa: BLE001 – the database's own, unknown here
                log.warning("the notes about Discord can't be read (%s)", type(error).__name__)
                await asyncio.sleep(1)
            else:
                self._heard = datetime.fromisoformat(heard) if heard else None
                return

    async def keep_notes(self) -> None:
        """Each minute, until cancelled."""
        while True:
            await asyncio.sleep(NOTES_EACH)
            await self.note()

    async def note(self) -> None:
        settled = asyncio.get_running_loop().time() >= self._settled_at and not self._reconciler.running
        try:
            if self.line.connected and settled:
                self._heard = self._clock.now()
                await self._save(HEARD, self._heard.isoformat())
            if self._newcomers.changed:
                await self._save(WAITING, self._newcomers.stored())
        except Exception as error:  # noqa: BLE001 – the database's own, unknown here
            log.warning("the notes about Discord can't be written (%s)", type(error).__name__)

    # ------------------------------------------------------------------ what is heard

    def _tell(self, event: Event | None) -> None:
        if event is not None:
            self.backlog.add(self.submit(event))

    def _parent_of(self, guild: str, channel: str) -> str:
        return places.parent_of(self.line.client, guild, channel)

    def _message(self, data: Json) -> None:
        event = incoming.message(data, self._parent_of)
        if event is None:
            return
        if not event.where.group:
            self._opened(event.where, event)
        self.backlog.add(self.submit(event))

    def _opened(self, where: Where, event: Any) -> None:
        """Somebody writes to the bot: from now on it may write to them. Said once for each."""
        if where.channel in self._open:
            return
        self._open[where.channel] = None
        while len(self._open) > PEOPLE_REMEMBERED:
            self._open.popitem(last=False)
        self._tell(ChatChanged(f"{where.channel}:{event.event_id}", event.at, where, event.actor, True))

    def _interaction(self, act: Json) -> None:
        channel = str(act.get("channel_id") or "")
        turn = self.backlog.add(self._take(act, self._turns.get(channel)))
        self._turns[channel] = turn
        turn.add_done_callback(lambda done: self._turns.pop(channel) if self._turns.get(channel) is done else None)

    async def _take(self, act: Json, before: asyncio.Future[None] | None) -> None:
        """Acknowledge at once; hand on after the interaction that came before it in this channel."""
        event = await self._interactions.take(act)
        if before is not None:
            await asyncio.wait({before}, timeout=TURN)
        if event is None:
            return
        if not event.where.group:
            self._opened(event.where, event)
        self._tell(event)

    def _member_added(self, data: Json) -> None:
        if not data.get("joined_at"):
            data = {**data, "joined_at": self._clock.now().isoformat()}
        self._tell(self._newcomers.added(data))

    def _member_changed(self, data: Json) -> None:
        self._tell(self._newcomers.updated(data, self._clock.now()))

    def _member_left(self, data: Json, *, banned: bool) -> None:
        self._newcomers.gone(str(data["guild_id"]), str(data["user"]["id"]))
        self._tell(incoming.left(data, mark=self.line.mark, at=self._clock.now(), banned=banned))

    def _reaction(self, data: Json, *, present: bool) -> None:
        me = self.line.client.user if self.line.client else None
        if me is not None and str(data["user_id"]) == str(me.id):
            return
        now = self._clock.now()
        self._tell(incoming.reaction(data, self._parent_of, mark=self.line.mark, at=now, present=present))

    def _vote(self, data: Json, *, chosen: bool) -> None:
        self._tell(incoming.voted(data, self._parent_of, mark=self.line.mark, at=self._clock.now(), chosen=chosen))

    def _message_changed(self, data: Json) -> None:
        """Of all changes only the end of a poll matters."""
        me = self.line.client.user if self.line.client else None
        if data.get("poll") and me is not None:
            self._tell(incoming.tallied(data, self._parent_of, me=str(me.id), at=self._clock.now()))

    # ------------------------------------------------------------------ guilds

    def _ready(self, data: Json) -> None:
        """A new session: what happened since the last was heard was missed."""
        self.unbroken_since = self._clock.now()
        self._listed = {str(guild["id"]) for guild in data.get("guilds", ())}
        self._since = self._heard - RECENT if self._heard else None
        self._settled_at = asyncio.get_running_loop().time() + NOTES_EACH
        if self._heard is None:
            self._heard = self._clock.now()
            self.backlog.add(self._save(HEARD, self._heard.isoformat()))

    def _guild_added(self, data: Json) -> None:
        if data.get("unavailable"):
            return
        guild, name = str(data["id"]), str(data["name"])
        self._group(guild, GroupChange.ADDED if self._is_new(guild, data) else GroupChange.FOUND, name)
        self._listed.add(guild)
        if self._since is not None:
            came = data.get("joined_at")  # proxies may leave it out
            since = max(self._since, incoming.time(came)) if came else self._since  # not who came before the bot did
            size = int(data.get("member_count") or 0)
            self._searches.add(self._reconciler.guild(guild, name, size, since))

    def _is_new(self, guild: str, data: Json) -> bool:
        """Whether the bot was added since it was last heard of there, rather than found when it connected."""
        if guild not in self._listed:
            return True
        came = data.get("joined_at")
        return self._since is not None and came is not None and incoming.time(came) >= self._since

    def _guild_changed(self, data: Json) -> None:
        known = self.line.client.get_guild(int(data["id"])) if self.line.client else None
        if known is None or known.name != data["name"]:
            self._group(str(data["id"]), GroupChange.RENAMED, str(data["name"]))

    def _guild_removed(self, data: Json) -> None:
        if not data.get("unavailable"):  # else an outage
            self._listed.discard(str(data["id"]))
            self._group(str(data["id"]), GroupChange.REMOVED)

    def _group(self, guild: str, change: GroupChange, title: str = "") -> None:
        now = self._clock.now()
        self._tell(incoming.group_changed(guild, change, mark=self.line.mark, at=now, title=title))
