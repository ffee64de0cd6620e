"""Ten thousand people join one group within a minute: what is said, and what it costs. The minute is a virtual one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psutil  # type: ignore[import-untyped]

from benchmarks.measuring import CpuTime, Figure
from benchmarks.programs import running, serving
from benchmarks.quiet_chat import QuietChat
from bot.bootstrap import Program
from bot.core.events import Actor, MemberJoined, Where

PEOPLE, SECONDS, GROUP = 10_000, 60, -1001000000001


class SetClock:
    """Stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


async def _minute(program: Program, clock: SetClock, chat: QuietChat) -> int:
    """Returns how many posts were made until two minutes after the last came."""
    began, before = clock.at, chat.sent
    for second in range(SECONDS + 120):
        clock.at = began + timedelta(seconds=second)
        if second < SECONDS:
            for number in range(PEOPLE * second // SECONDS, PEOPLE * (second + 1) // SECONDS):
                actor = Actor(str(number), f"Anggota {number}")
                program.engine.offer(MemberJoined(str(number), clock.at, Where(chat.name, str(GROUP), ""), actor))
            await program.engine.idle()
        await program.tick()
        await program.settle()
    return chat.sent - before


async def run(full: bool) -> list[Figure]:
    clock, chat, me = SetClock(datetime(2026, 1, 5, 2, tzinfo=UTC)), QuietChat(), psutil.Process()
    async with running({"telegram": chat}, serving({"telegram": [GROUP]}), clock=clock, background=False) as program:
        before = me.memory_info().rss
        with CpuTime() as cpu:
            posts = await _minute(program, clock, chat)
        grown = (me.memory_info().rss - before) / 2**20
    what = f"{PEOPLE:,} joins within a minute"
    return [
        Figure(f"{what}: posts", posts, "", PEOPLE, "one greeting each", "≤ 20 a minute", posts <= 60),
        Figure("… CPU a join", cpu.seconds / PEOPLE * 1e6, "µs", note=f"{cpu.seconds:.1f} s in all"),
        Figure("… memory grown", grown, "MiB", target="≤ 150 MB", met=grown * 2**20 <= 150e6),
    ]
