"""Control side: waiting until something has happened, so that tests need not sleep."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from tests.servers.telegram import truth
from tests.servers.telegram.model import Json
from tests.servers.telegram.refusals import Misused
from tests.servers.telegram.world import World

LOOK_AGAIN = 0.005  # seconds; conditions are not looked at more often, however busy the server is
DEFAULTS: Json = {"count": 1, "timeout": 5}
Reached = tuple[bool, Any]  # is it so, and what there is so far


def _messages(world: World, given: Json) -> Reached:
    found = truth.messages(world, given)
    return len(found) >= given["count"], found


def _requests(world: World, given: Json) -> Reached:
    """With `after` the log from there on, else the count since the server started, kept or not."""
    if given.get("after") is None:
        made = world.journal.calls[given["method"].lower()]
        return made >= given["count"], made
    log = truth.requests(world, given)
    return len(log) >= given["count"], log


def _confirmed(world: World, given: Json) -> Reached:
    left = len(world.the_bot(given.get("bot")).queue.waiting)
    return not left, left


def _answer(world: World, given: Json) -> Reached:
    answer = truth.query(world, given)["answer"]
    return answer is not None, answer


def _menus(world: World, given: Json) -> Reached:
    menus = truth.commands(world, given)
    return len(menus) >= given["count"], menus


CONDITIONS: dict[str, Callable[[World, Json], Reached]] = {
    "messages": _messages,
    "requests": _requests,
    "confirmed": _confirmed,
    "polling": lambda world, given: (world.the_bot(given.get("bot")).queue.polled, False),
    "answer": _answer,
    "menus": _menus,
    "held": lambda world, given: (world.faults.held >= given["count"], world.faults.held),
    "fault_hits": lambda world, given: (world.faults.hits >= given["count"], world.faults.hits),
    "sends": lambda world, given: (len(world.journal.sends) >= given["count"], len(world.journal.sends)),
    "fed": lambda world, given: (not world.feeds, len(world.feeds)),
}


async def wait(world: World, given: Json) -> Any:
    """Returns what there is as soon as condition `what` holds; fails after `timeout` seconds (5)."""
    given = {**DEFAULTS, **given}
    if given["what"] not in CONDITIONS:
        raise Misused(f"one waits for {', '.join(CONDITIONS)}, not {given['what']!r}")
    ends = time.monotonic() + float(given["timeout"])
    while True:
        reached, so_far = CONDITIONS[given["what"]](world, given)
        if reached:
            return so_far
        left = ends - time.monotonic()
        if left <= 0:
            raise Misused(f"waited {given['timeout']} s for {given}; there is {so_far!r}")
        await world.change(left)
        await asyncio.sleep(LOOK_AGAIN)


WAITING: dict[str, Callable[[World, Json], Awaitable[Any]]] = {"wait": wait}
