"""Crowds: thousands of joins or messages, at once or at a pace."""

from __future__ import annotations

import asyncio

from .. import members, messages
from ..state import Json, User
from .acts import press
from .communities import add_guild
from .talk import vote
from .verbs import Control, verb

BREATH = 100
"""So many events go out before the sockets get their turn."""


class Pace:
    """Keeps to `per_second` on average; without one it only lets others run now and then."""

    def __init__(self, per_second: float | None) -> None:
        self._loop = asyncio.get_running_loop()
        self._gap = 0.0 if per_second is None else 1 / per_second
        self._began = self._loop.time()
        self._done = 0

    async def step(self) -> None:
        self._done += 1
        ahead = self._began + self._done * self._gap - self._loop.time()
        if self._gap and ahead > 0:
            await asyncio.sleep(ahead)
        elif self._done % BREATH == 0:
            await asyncio.sleep(0)


@verb
async def crowd_joins(
    control: Control, *, guild: int, count: int, per_second: float | None = None, pending: bool = False
) -> Json:
    """So many new people join one after the other. Returns when the last one is in."""
    where, world, pace = control.guild(guild), control.world, Pace(per_second)
    people = []
    for number in range(count):
        who = world.new_user(f"guest{number}", f"Guest {number}")
        members.join(world, where, who, pending=pending)
        people.append(who.id)
        await pace.step()
    return {"people": people}


@verb
async def crowd_leaves(control: Control, *, guild: int, people: list[int], per_second: float | None = None) -> Json:
    where, pace = control.guild(guild), Pace(per_second)
    for user in people:
        members.leave(control.world, where, control.user(user))
        await pace.step()
    return {}


@verb
async def crowd_votes(
    control: Control, *, channel: int, votes: list[Json], message: int | None = None, per_second: float | None = None
) -> Json:
    """Each of `votes` in turn, in the newest native poll with that answer: user, answer, present (True)."""
    pace = Pace(per_second)
    for told in votes:
        vote(control, channel=channel, message=message, **told)
        await pace.step()
    return {}


@verb
async def crowd_presses(
    control: Control, *, channel: int, presses: list[Json], message: int | None = None, per_second: float | None = None
) -> Json:
    """Each of `presses` in turn: user, label. Returns the interactions' ids."""
    pace = Pace(per_second)
    begun = []
    for told in presses:
        begun.append(press(control, channel=channel, message=message, **told)["id"])
        await pace.step()
    return {"ids": begun}


@verb
async def crowd_says(
    control: Control,
    *,
    channels: list[int],
    count: int,
    people: int = 10,
    text: str = "message {n}",
    per_second: float | None = None,
) -> Json:
    """So many messages by members in turn over the channels, `{n}` counted up. Returns when the last one is sent."""
    world, pace = control.world, Pace(per_second)
    targets = [control.channel(id) for id in channels]
    speakers: dict[int, list[User]] = {}
    for target in targets:
        where = target.guild
        if where is not None and where.id not in speakers:
            present = [m.user for m in where.members.values() if not m.user.bot][:people]
            while len(present) < people:
                who = world.new_user(f"talker{len(present)}", f"Talker {len(present)}")
                members.join(world, where, who)
                present.append(who)
            speakers[where.id] = present
    for number in range(count):
        target = targets[number % len(targets)]
        assert target.guild is not None
        who = speakers[target.guild.id][number % people]
        messages.post(world, target, who, {"content": text.replace("{n}", str(number))})
        await pace.step()
    return {"sent": count}


@verb
def many_guilds(control: Control, *, count: int, members_each: int = 0, member_count: int = 0) -> Json:
    """So many guilds with one channel each: for broadcasts and memory."""
    made = [add_guild(control, name=f"Guild {n}", member_count=member_count) for n in range(count)]
    for item in made:
        where = control.guild(item["id"])
        for number in range(members_each):
            members.join(control.world, where, control.world.new_user(f"m{number}", f"Member {number}"))
    return {"guilds": [{"id": item["id"], "channel": next(iter(item["channels"].values()))} for item in made]}
