"""Telegram as a platform: its life cycle and the port."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Collection, Iterator, Mapping, Sequence
from typing import Any

from telegram import Update
from telegram.error import TelegramError

from adapters.telegram import limits, menus
from adapters.telegram.actors import Me
from adapters.telegram.api import Api
from adapters.telegram.attendance import Attendance
from adapters.telegram.errors import translated
from adapters.telegram.facts import GroupFactsBook
from adapters.telegram.fetch import Fetching, remove_webhook
from adapters.telegram.incoming import decode, poll_of, read
from adapters.telegram.line import Line, Timing
from adapters.telegram.places import PLATFORM
from adapters.telegram.polls import LoadState, SaveState, SentPolls
from adapters.telegram.sender import Sender
from bot.core.chat import Capabilities, Connection, GroupFacts, Outgoing, Reason, Refusal, Submit, Voted
from bot.core.clock import Clock, SystemClock
from bot.core.commands import Command
from bot.core.events import Event, GroupChange, GroupChanged, Standing, Where

log = logging.getLogger(__name__)

API_URL = "https://api.telegram.org"


class TelegramChat:
    """The port for one bot account.

    `api_url` is TELEGRAM_API_URL: where `/bot<token>/<method>` is. `load_state` and `save_state` keep short texts by
    key over restarts: where polls were sent, and which menus were published.
    """

    name = PLATFORM
    pace = limits.PACE

    def __init__(
        self,
        token: str,
        *,
        load_state: LoadState,
        save_state: SaveState,
        api_url: str = API_URL,
        clock: Clock | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._timing = timing or Timing()
        self._api = Api(token, api_url, self._timing.send_silence)
        self._account_id = token.partition(":")[0]
        self._load_state, self._save_state = load_state, save_state
        self._line = Line(self._timing)
        self._book = GroupFactsBook(self._api, self._clock)
        self._polls = SentPolls(load_state, save_state)
        self._attendance = Attendance(self._api, self._timing.member_gap)
        self._sender = Sender(self._api, self._polls, self._clock)
        self._fetching = Fetching(self._api, self._line, self._clock, self._timing, self._take)
        self._capabilities = limits.capabilities("")
        self._me: Me | None = None
        self._submit: Submit | None = None
        self._life: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Future[None]] = set()  # events under way
        self._performing = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._account_id})"

    # ------------------------------------------------------------- life

    def capabilities(self, where: Where) -> Capabilities:
        return self._capabilities

    def connection(self) -> Connection:
        heard = self._line.heard_at
        return Connection(
            connected=self._line.connected,
            account=f"@{self._me.username}" if self._me else "",
            account_id=self._account_id,
            lag=None if heard is None else (self._clock.now() - heard).total_seconds(),
            catching_up=not self._fetching.caught_up,
            problems=self._line.problems,
        )

    async def start(self, submit: Submit) -> None:
        """Returns at once; `connection()` tells how it goes."""
        self._submit = submit
        self._life = asyncio.create_task(self._live())

    async def stop(self) -> None:
        """What is not finished in time is told again by Telegram at the next start."""
        if self._life is not None:
            self._life.cancel()
            await asyncio.wait([self._life])
            self._life = None
        await self._fetching.settle()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timing.finish):
                await self._quiet.wait()
                await self._sender.finish()
        for task in list(self._tasks):
            task.cancel()
        await self._api.close_connections()
        self._line.ended()

    async def _live(self) -> None:
        while self._me is None:
            try:
                await self._introduce()
            except TelegramError as error:
                await asyncio.sleep(self._line.failed(error))
            except Exception:
                log.exception("beginning with Telegram failed in a way nobody foresaw")
                await asyncio.sleep(self._timing.longest_retry)
        await self._fetching.run()

    async def _introduce(self) -> None:
        account = await self._api.get_me()
        with contextlib.suppress(TelegramError):  # if there is one after all, fetching is refused and says so
            await remove_webhook(self._api)
        self._me = Me(account.id, account.username or "")
        self._account_id = str(account.id)
        self._capabilities = limits.capabilities(self._me.username)
        self._line.heard(self._clock.now())
        log.info("connected to Telegram as @%s", self._me.username)

    # ------------------------------------------------------------- in

    def _take(self, raw: dict[str, Any]) -> list[asyncio.Future[None]]:
        """Hand the events of one update to the engine, in their order."""
        update = read(raw)
        poll = poll_of(update)
        if poll and self._polls.find(poll) is None:
            return [self._begin(self._take_of_poll(update, poll))]
        return [self._hand_over(event) for event in self._events(update)]

    def _events(self, update: Update) -> list[Event]:
        assert self._me is not None
        events = decode(update, self._me, self._clock.now(), self._polls.find)
        for event in events:
            if isinstance(event, GroupChanged):
                self._book.forget(event.where.group)
                if event.change is GroupChange.MIGRATED:
                    self._polls.moved(event.where.group, event.new_group)
        return events

    async def _take_of_poll(self, update: Update, poll: str) -> None:
        """A poll from before the start: where it is must be looked up first."""
        await self._polls.look_up(poll)
        for event in self._events(update):
            await self._hand_over(event)

    def _hand_over(self, event: Event) -> asyncio.Future[None]:
        assert self._submit is not None
        done = self._submit(event)
        if isinstance(event, GroupChanged) and event.change is GroupChange.MIGRATED:
            done = self._keep_successor(done, event)
        return self._begin(done)

    async def _keep_successor(self, done: Awaitable[None], event: GroupChanged) -> None:
        await done
        await self._polls.keep_successor(event.where.group, event.new_group)

    def _begin(self, work: Awaitable[None]) -> asyncio.Future[None]:
        """The engine's own future is taken as it is: a task around each would cost as much as the handling."""
        future = asyncio.ensure_future(work)
        if future is not work:
            self._tasks.add(future)
            future.add_done_callback(self._tasks.discard)
        return future

    # ------------------------------------------------------------- out

    async def perform(self, outgoing: Outgoing) -> str:
        try:
            with self._busy(), translated(outgoing.where.private):
                return await self._sender.perform(outgoing)
        except Refusal as refusal:
            if refusal.new_group:
                await self._follow(outgoing.where.group, refusal.new_group)
            raise

    async def _follow(self, group: str, successor: str) -> None:
        """What Telegram said is what matters to the caller, not whether it could be kept."""
        self._polls.moved(group, successor)
        try:
            await self._polls.keep_successor(group, successor)
        except Exception:
            log.exception("that %s goes on as %s could not be kept", group, successor)

    async def acknowledge(self, handle: str) -> None:
        with self._busy():
            await self._sender.acknowledge(handle)

    @contextlib.contextmanager
    def _busy(self) -> Iterator[None]:
        """`stop` waits for it."""
        self._performing += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._performing -= 1
            if not self._performing:
                self._quiet.set()

    # ------------------------------------------------------------- to ask, to settle in

    async def standing(self, where: Where, account: str) -> Standing:
        with translated():
            return await self._book.standing(where, account)

    async def facts(self, where: Where) -> GroupFacts:
        with translated():
            return await self._book.facts(where)

    async def members(self, where: Where, accounts: Collection[str]) -> frozenset[str]:
        with translated():
            return await self._attendance.members(where, accounts)

    async def votes(self, where: Where, message_id: str) -> Mapping[str, Voted]:
        raise Refusal(Reason.BAD_MESSAGE, "Telegram keeps no record of who voted for what")

    async def publish_commands(self, commands: Sequence[Command]) -> None:
        """Only if anything in the menus has changed since they were published last."""
        wanted = menus.menus(commands)
        key, checksum = f"{PLATFORM}:menus:{self._account_id}", menus.checksum(wanted)
        if await self._load_state(key) == checksum:
            return
        with translated():
            for menu in wanted:
                await self._api.call("setMyCommands", menu.parameters())
        await self._save_state(key, checksum)
