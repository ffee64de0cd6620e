"""Whatever happens, in any order: never more than the allowance a local day, once each, and nothing on hold."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.chat import ChatError, NotSent, Reason, Refusal, Uncertain
from bot.core.interruptions import Kind
from tests.core.fakes import GROUP, MANAGERS, SERVER
from tests.core.shouting import AUTUMN, BERLIN, SPRING, Square, square

PLACES = (GROUP, SERVER)
ERRORS: dict[str, Callable[[], ChatError]] = {
    "not sent": NotSent,
    "uncertain": Uncertain,
    "refused": lambda: Refusal(Reason.BAD_MESSAGE),
}
keys = st.sampled_from("abcdefgh")
kinds = st.sampled_from([str(kind) for kind in Kind])
spots = st.sampled_from(PLACES)
shouts = st.tuples(st.just("shout"), kinds, keys, spots, st.sampled_from(["", "", "promo", "brief"]))
steps = st.one_of(
    shouts,
    shouts,
    shouts,
    st.tuples(st.just("plan"), kinds, keys, spots),
    st.tuples(st.just("time"), st.sampled_from([1, 45, 240, 719, 1440])),
    st.tuples(st.just("breaks"), st.sampled_from(sorted(ERRORS)), spots),
    st.tuples(st.just("hold"), st.sampled_from(["on", "off"])),
    st.tuples(st.sampled_from(["restart", "again", "wait"])),
)
Step = tuple[Any, ...]
WAITS: list[Step] = [("breaks", "not sent", GROUP), ("shout", "prompt", "a", GROUP, "")]


async def take(here: Square, step: Step) -> None:
    match step:
        case ("shout", kind, key, where, how):
            await here.says(f"/shout {kind} {key} {how}".strip(), where)
        case ("plan", kind, key, where):
            await here.says(f"/plan {kind} {key}", where)
        case ("time", minutes):
            await here.minutes(minutes)
        case ("breaks", error, where):
            here.breaks(where, ERRORS[error]())
        case ("hold", which):
            await here.says(f"/hold {which}", MANAGERS)
        case ("restart",):
            await here.here.restarts()
        case ("again",) if here.last:
            await here.here.happens(here.last)
        case _:
            await asyncio.sleep(200)
            await here.here.settle()


@settings(deadline=None)
@given(
    taken=st.lists(steps, max_size=25),
    per_day=st.integers(0, 3),
    start=st.sampled_from([SPRING, AUTUMN]),
)
@example(
    taken=[
        *WAITS,
        ("time", 719),
        ("shout", "prompt", "b", GROUP, ""),
        ("wait",),
    ],
    per_day=1,
    start=SPRING,
)
@example(taken=[*WAITS, ("time", 1440), ("wait",), ("shout", "prompt", "b", GROUP, "")], per_day=1, start=AUTUMN)
@example(taken=[*WAITS, ("hold", "on"), ("wait",)], per_day=1, start=SPRING)
def test_never_more_than_the_allowance_and_nothing_on_hold(taken: list[Step], per_day: int, start: datetime) -> None:
    async def tell(here: Square) -> None:
        here.at(start)
        on_hold = False
        for step in [*taken, ("wait",), ("time", 1440), ("wait",)]:
            before = len(here.said())
            await take(here, step)
            if on_hold:
                assert len(here.said()) == before, step
            if step[0] == "hold":
                on_hold = step[1] == "on"
        said = here.said()
        days = Counter((where, at.astimezone(BERLIN).date()) for at, where, _words in said)
        assert all(count <= per_day for count in days.values()), days
        keys = Counter((where, words.split("shout ")[1].split()[1]) for _at, where, words in said)
        assert all(count == 1 for count in keys.values()), keys

    square(tell, per_day=per_day)
