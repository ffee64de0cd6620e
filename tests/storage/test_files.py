"""Who may read the data, and that only one Guyub uses it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from bot.core.stores import State
from bot.core.unit import Unit
from storage.database import SqlDatabase
from storage.errors import AlreadyInUse
from storage.schema import MIGRATIONS
from storage.unit import SqlUnit
from tests.storage.sayings import NOW


@pytest.fixture(params=[0o000, 0o022, 0o177])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())}


@pytest.mark.promise("S14")
@pytest.mark.usefixtures("umask")
async def test_only_its_owner_reads_the_data_whatever_the_umask(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    async with SqlDatabase(f"sqlite:///{folder}/guyub.db") as database:
        await database.run(lambda unit: unit.store(State).put("a", "1"), NOW)
        files = {"guyub.db", "guyub.db-wal", "guyub.db-shm", "guyub.db.lock"}
        assert modes(folder) == {"data": 0o700} | dict.fromkeys(files, 0o600)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


@pytest.mark.promise("S14")
async def test_a_file_that_others_could_read_is_closed_to_them(file: Path) -> None:
    file.touch()
    file.chmod(0o666)
    async with SqlDatabase(f"sqlite:///{file}"):
        assert file.stat().st_mode & 0o777 == 0o600


async def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    async with SqlDatabase(f"sqlite:///{tmp_path}/guyub.db"):
        assert tmp_path.stat().st_mode & 0o777 == 0o755


async def test_a_path_may_hold_what_an_address_may_not(tmp_path: Path) -> None:
    folder = tmp_path / "kopi & teh? 50% #1"
    folder.mkdir()
    database = SqlDatabase("sqlite:///" + str(folder / "guyub.db").replace("?", "%3F"))
    async with database:
        await database.run(lambda unit: unit.store(State).put("a", "1"), NOW)
    assert "guyub.db" in {path.name for path in Path(database.place).parent.iterdir()}


@pytest.mark.promise("R26")
async def test_a_second_instance_stops_with_a_clear_message(file: Path) -> None:
    async with SqlDatabase(f"sqlite:///{file}") as first:
        message = rf"Another Guyub \(process {os.getpid()}\) is using the database .*guyub\.db\. Stop it first"
        begun = time.monotonic()
        with pytest.raises(AlreadyInUse, match=message):
            await SqlDatabase(f"sqlite:///{file}").open()
        assert time.monotonic() - begun < 5
        await first.run(lambda unit: unit.store(State).put("a", "1"), NOW)
    async with SqlDatabase(f"sqlite:///{file}"):
        pass


async def test_a_visit_can_be_paid_beside_a_running_guyub(file: Path) -> None:
    address = f"sqlite:///{file}"
    async with SqlDatabase(address, exclusive=False) as visit:  # also before the first start
        await visit.run(lambda unit: unit.store(State).put("a", "1"), NOW)
    async with SqlDatabase(address) as guyub, SqlDatabase(address, exclusive=False) as visit:
        await visit.run(lambda unit: unit.store(State).put("a", "2"), NOW)
        assert await guyub.run(lambda unit: unit.store(State).get("a"), NOW) == "2"


async def test_a_visit_changes_no_tables_under_a_running_guyub(file: Path) -> None:
    address = f"sqlite:///{file}"
    async with SqlDatabase(address) as guyub:
        await guyub.run(_forget_version, NOW)
        with pytest.raises(AlreadyInUse, match="Stop it first"):
            await SqlDatabase(address, exclusive=False).open()


def _forget_version(unit: Unit) -> None:
    cast(SqlUnit, unit).connection.exec_driver_sql("DELETE FROM alembic_version")


@pytest.mark.promise("R26")
async def test_a_killed_instance_leaves_no_lock_behind(file: Path) -> None:
    code = (
        "import asyncio\n"
        "from storage.database import SqlDatabase\n"
        "async def main():\n"
        f"    async with SqlDatabase({f'sqlite:///{file}'!r}):\n"
        "        print('open', flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=MIGRATIONS.parent.parent, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "open\n"
        with pytest.raises(AlreadyInUse, match=f"process {other.pid}"):
            await SqlDatabase(f"sqlite:///{file}").open()
        other.send_signal(signal.SIGKILL)
    async with SqlDatabase(f"sqlite:///{file}"):
        pass
