"""The control side's own levers: faults, limits, the clock, crowds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from itertools import cycle
from typing import Any

from tests.servers.telegram import ballots, coming_and_going, founding, talking, truth, voting
from tests.servers.telegram.model import Json
from tests.servers.telegram.world import World


def fault(world: World, given: Json) -> None:
    world.faults.add(given)


def clear_faults(world: World, _: Json) -> None:
    world.faults.clear()


def release(world: World, _: Json) -> None:
    world.faults.release()


def limits(world: World, given: Json) -> None:
    """Sets per_second, per_chat_second, per_group_minute; 0 is no limit."""
    for name in ("per_second", "per_chat_second", "per_group_minute"):
        setattr(world.limits, name, int(given.get(name) or 0))


def clock(world: World, given: Json) -> float:
    """Moves this world's clock forward by `seconds`; returns its time."""
    world.ahead += float(given.get("seconds") or 0)
    ballots.close_due(world)
    return world.now()


def log(world: World, given: Json) -> None:
    """Turns the keeping of requests on or off; `forget` empties it and all counts."""
    world.journal.keeps = bool(given.get("keep", True))
    if given.get("forget"):
        for kept in (world.journal.entries, world.journal.calls, world.journal.statuses, world.journal.sends):
            kept.clear()


def crowd_joins(world: World, given: Json) -> list[int]:
    """`count` people called `name` ({n} counts) join at once; returns their ids."""
    first = int(given.get("first_id") or 2_000_000 + next(world.ids))
    name, via = given.get("name", "Person {n}"), given.get("via", ["chat_member"])
    ids = list(range(first, first + int(given["count"])))
    for n, number in enumerate(ids, 1):
        founding.person(world, {"id": number, "first_name": name.replace("{n}", str(n))})
        coming_and_going.join(world, {"chat": given["chat"], "user": number, "via": via, "at": given.get("at")})
    return ids


def crowd_says(world: World, given: Json) -> int:
    """`count` messages `text` ({n} counts), round robin over `chats` and `users`; returns how many."""
    for one in _speech(given):
        talking.say(world, one)
    return int(given["count"])


def _speech(given: Json) -> list[Json]:
    places, people = cycle(given["chats"]), cycle(given["users"])
    text = given.get("text", "message {n}")
    return [
        {"chat": next(places), "user": next(people), "text": text.replace("{n}", str(n))}
        for n in range(1, int(given["count"]) + 1)
    ]


def feed(world: World, given: Json) -> None:
    """As crowd_says, but `per_second`, in the background; `wait` with what="fed" for its end."""
    world.feeds.append(asyncio.get_running_loop().create_task(_fed(world, _speech(given), float(given["per_second"]))))


async def _fed(world: World, speech: list[Json], per_second: float) -> None:
    begun, said = time.monotonic(), 0
    while said < len(speech):
        due = min(len(speech), int((time.monotonic() - begun) * per_second) + 1)
        for one in speech[said:due]:
            talking.say(world, one)
        said = due
        await asyncio.sleep(min(0.01, 1 / per_second))
    world.feeds.remove(asyncio.current_task())  # type: ignore[arg-type]
    world.changed()


ACTIONS: dict[str, Callable[[World, Json], Any]] = {
    **founding.ACTIONS,
    **coming_and_going.ACTIONS,
    **talking.ACTIONS,
    **voting.ACTIONS,
    **truth.ACTIONS,
    "fault": fault,
    "clear_faults": clear_faults,
    "release": release,
    "limits": limits,
    "clock": clock,
    "log": log,
    "crowd_joins": crowd_joins,
    "crowd_says": crowd_says,
    "feed": feed,
}
