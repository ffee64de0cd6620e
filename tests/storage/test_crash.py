"""A process that ends in the middle of its work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.stores import Jobs, Outbox, State
from bot.core.unit import Unit
from storage.database import SqlDatabase
from storage.schema import MIGRATIONS
from tests.storage.sayings import HELLO, KOPI, NOW

ENDED = 9


@pytest.mark.promise("R3")
@pytest.mark.parametrize("killed", ["before the commit", "after the commit"])
async def test_what_was_committed_stays_and_the_rest_was_never_there(file: Path, killed: str) -> None:
    command = [sys.executable, "-m", "tests.storage.crashing", str(file), killed]
    assert subprocess.run(command, cwd=MIGRATIONS.parent.parent, check=False).returncode == ENDED
    async with SqlDatabase(f"sqlite:///{file}") as database:
        expected = "first" if killed == "before the commit" else "second"
        assert await database.run(lambda unit: unit.store(State).get("step"), NOW) == expected
        rows = {"first": 1, "second": 2}[expected]
        assert await database.run(lambda unit: unit.store(Outbox).counts(), NOW) == {"queued": rows}
        assert len(await database.run(lambda unit: unit.store(Jobs).due(NOW, 9), NOW)) == rows
        await database.run(lambda unit: step("third", unit), NOW)


def step(name: str, unit: Unit) -> None:
    unit.store(State).put("step", name)
    unit.post(HELLO, KOPI, kind="greeting", key=name)
    unit.schedule("a.b", NOW, key=name)
