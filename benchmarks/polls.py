"""A vote by a button: press → committed, beside a plain command; the bars' edit, and memory, among many ballots."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

import psutil  # type: ignore[import-untyped]

from benchmarks.joins import SetClock
from benchmarks.measuring import CpuTime, Figure
from benchmarks.programs import running, serving
from benchmarks.quiet_chat import QuietChat
from bot.bootstrap import Program
from bot.core.chat import Outgoing
from bot.core.events import Actor, ButtonPressed, CommandInvoked, Event, Standing, Where
from bot.core.messages import ButtonRows

PEOPLE, FEW, MANY = 1_000, 1_000, 10_000
BATCHES, EDITS = 10, 5
GROUP = "-1001000000001"
HERE = Where("telegram", GROUP, "")
OPTIONS = ("Senopati", "Kemang", "Blok M")
_numbers = count(1)


class PollingChat(QuietChat):
    """Remembers the poll's buttons, and how often a message was changed."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: ButtonRows = ()
        self.edits = 0

    async def perform(self, outgoing: Outgoing) -> str:
        if any(button.label == OPTIONS[0] for row in outgoing.message.buttons for button in row):
            self.buttons = outgoing.message.buttons
        self.edits += outgoing.operation == "edit"
        return await super().perform(outgoing)

    async def standing(self, where: Where, account: str) -> Standing:
        return Standing(administrator=account == "rina")

    def token(self, option: int) -> str:
        """As the platform sees the button of this option."""
        return next(b.token for row in self.buttons for b in row if b.label == OPTIONS[option])


class Voting:
    """A program with one open poll."""

    def __init__(self, program: Program, clock: SetClock, chat: PollingChat) -> None:
        self.program, self.clock, self.chat = program, clock, chat
        self._changes = count()

    async def begin(self) -> None:
        asked = {"question": "Ngopi di mana?", "options": " | ".join(OPTIONS), "closes": "90d"}
        rina = Actor("rina", "Rina")
        self.program.engine.offer(CommandInvoked("begin", self.clock.at, HERE, rina, "poll new", options=asked))
        await self.settle()

    def press(self, person: int, option: int = 0) -> Event:
        number, actor = next(_numbers), Actor(str(person), f"Anggota {person}")
        token = self.chat.token(option)
        return ButtonPressed(str(number), self.clock.at, HERE, actor, token, "1", handle=f"{GROUP}/1/{number}")

    def command(self, person: int) -> Event:
        actor = Actor(str(person), f"Anggota {person}")
        return CommandInvoked(str(next(_numbers)), self.clock.at, HERE, actor, "language", handle=f"{GROUP}/1")

    async def settle(self) -> None:
        await self.program.engine.idle()
        await self.program.tick()
        await self.program.settle()

    async def committed(self, event_of: Callable[[int], Event], people: Iterable[int]) -> float:
        """CPU seconds of an event until its effects are committed; what it leads to is sent outside of the clock."""
        rounds: list[float] = []
        everybody = list(people)
        size = max(1, len(everybody) // BATCHES)
        for start in range(0, len(everybody), size):
            some = everybody[start : start + size]
            with CpuTime() as cpu:
                for person in some:
                    self.program.engine.offer(event_of(person))
                await self.program.engine.idle()
            rounds.append(cpu.seconds / len(some))
            self.clock.at += timedelta(seconds=11)  # so that nobody is held to have asked too often
            await self.settle()
        return statistics.median(rounds)

    async def edit(self) -> float:
        """CPU seconds of a vote after a while in which nobody voted, bars and answer included."""
        rounds: list[float] = []
        for number in range(EDITS):
            self.clock.at += timedelta(minutes=1)
            before = self.chat.edits
            with CpuTime() as cpu:
                self.program.engine.offer(self.press(number, 1 + next(self._changes) % 2))
                await self.settle()
            assert self.chat.edits > before
            rounds.append(cpu.seconds)
        return statistics.median(rounds)


async def run(full: bool) -> list[Figure]:
    clock, chat, me = SetClock(datetime(2026, 1, 5, 2, tzinfo=UTC)), PollingChat(), psutil.Process()
    config = serving({"telegram": [int(GROUP)]})
    async with running({"telegram": chat}, config, clock=clock, background=False) as program:
        voting = Voting(program, clock, chat)
        await voting.begin()
        plain = await voting.committed(voting.command, range(1_000_000, 1_000_000 + PEOPLE))
        vote = await voting.committed(voting.press, range(PEOPLE))
        few = await voting.edit()
        memory = me.memory_info().rss
        late = await voting.committed(voting.press, range(PEOPLE, MANY))
        grown = (me.memory_info().rss - memory) / 2**20
        many = await voting.edit()
    beside = "a plain command, answered"
    more = f"{MANY - FEW:,} more votes"
    return [
        Figure("a vote, press → committed", vote * 1e6, "µs", plain * 1e6, beside),
        Figure(
            f"… among up to {MANY:,} ballots",
            late * 1e6,
            "µs",
            vote * 1e6,
            f"among {FEW:,}",
            "≤ 1.2×",
            late <= 1.2 * vote,
        ),
        Figure(f"a vote with its bars' edit, among {FEW:,}", few * 1e3, "ms", target="≤ 50 ms", met=few <= 0.05),
        Figure(f"… among {MANY:,}", many * 1e3, "ms", few * 1e3, f"among {FEW:,}", "≤ 500 ms", many <= 0.5),
        Figure(f"memory grown by {more}", grown, "MiB", target="≤ 50 MiB", met=grown <= 50),
    ]
