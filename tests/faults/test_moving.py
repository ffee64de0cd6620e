"""A Telegram group becomes a supergroup: its id changes, and what was about to be said there is said anyway."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.sides import greetings_of
from tests.faults.town import Town, eventually, found_town
from tests.servers.telegram import Group

ORDERS = [["to", "from"], ["from", "to"], ["to"], ["from"], []]


@pytest.mark.promise("R10")
@pytest.mark.parametrize("seen", ORDERS, ids=lambda seen: "-".join(seen) or "unseen")
async def test_a_group_moves_while_posts_wait(tmp_path: Path, forks: Forks, seen: list[str]) -> None:
    """Refused under the old id, or told of the new one first: the posts arrive under the new one, once."""
    async with found_town(tmp_path, forks, "telegram", group={"kind": "group"}) as town:
        side = town.telegram
        run = await town.guyub()
        rina = await side.person("Rina")
        await side.stalls("before")
        await side.joins("Ayu0x")
        await side.stalled()  # the greeting is on its way; what follows waits behind it
        for _ in range(2):
            await rina.says("/help", side.group)
        await eventually(lambda: _waiting(town, 2))
        moved = await side.group.migrates(seen=seen)
        if seen:
            await side.world.wait("confirmed", timeout=10)
        await side.release()
        await eventually(lambda: _all_sent(town), within=20)
        new = await moved.messages()
        assert sum("Ayu0x" in message["text"] for message in new) == 1
        await _state_goes_on(town, moved)
        assert await run.stopped() == 0


@pytest.mark.promise("R10")
@pytest.mark.parametrize("seen", ORDERS[:2] + ORDERS[-1:], ids=lambda seen: "-".join(seen) or "unseen")
async def test_a_group_moves_while_the_program_is_off(tmp_path: Path, forks: Forks, seen: list[str]) -> None:
    async with found_town(tmp_path, forks, "telegram", group={"kind": "group"}) as town:
        side = town.telegram
        await town.met_before()
        await side.joins("Ayu0x")
        run = await town.guyub(kill_at="claimed:1")
        assert await run.ends() == -9
        await side.joins("Budi0x")
        moved = await side.group.migrates(seen=seen)
        await town.guyub()
        await eventually(lambda: _in(moved, "Budi0x"), within=15)
        await _state_goes_on(town, moved)


async def _state_goes_on(town: Town, moved: Group) -> None:
    """The community serves the group under its new id, though its file names the old one."""
    citra = await town.telegram.person("Citra0x")
    await citra.joins(moved)
    await eventually(lambda: _in(moved, "Citra0x"), within=15)
    assert (await greetings_of(town.telegram, ["Ayu0x", "Budi0x", "Citra0x"])).total() == 0  # nothing under the old id
    assert [m["text"] for m in await moved.messages() if "Citra0x" in m["text"]] != []


async def _in(group: Group, name: str) -> bool:
    return any(name in message["text"] for message in await group.messages())


async def _waiting(town: Town, count: int) -> bool:
    return len(town.rows("SELECT id FROM outbox WHERE state = 'queued'")) >= count


async def _all_sent(town: Town) -> bool:
    return town.rows("SELECT DISTINCT state FROM outbox WHERE state != 'waiting'") == [("sent",)]
