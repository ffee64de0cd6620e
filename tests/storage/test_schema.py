"""Tables come from migrations, and are those that the program thinks it has."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.core.stores import State
from storage.database import SqlDatabase
from storage.errors import TooNew
from storage.registry import all_tables
from storage.schema import MIGRATIONS, known_versions
from storage.sqlite import sqlite_engine
from tests.storage.sayings import NOW

ROOT = MIGRATIONS.parent.parent


def look(file: Path) -> Connection:
    return sqlite_engine(file, durable=False, patience=1).connect()


async def make(file: Path, *, durable: bool) -> None:
    async with SqlDatabase(f"sqlite:///{file}", durable=durable):
        pass


async def test_the_migrations_make_the_tables_that_the_program_knows(file: Path) -> None:
    await make(file, durable=True)
    with look(file) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, all_tables()) == []


async def test_a_database_that_is_made_quickly_is_the_same(tmp_path: Path) -> None:
    """What Alembic doesn't compare counts too: AUTOINCREMENT, WITHOUT ROWID."""
    await make(tmp_path / "migrated.db", durable=True)
    await make(tmp_path / "quick.db", durable=False)
    assert shape(tmp_path / "migrated.db") == shape(tmp_path / "quick.db")


def shape(file: Path) -> set[tuple[str, str]]:
    with look(file) as connection:
        made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == known_versions()[-1]
    plain = {(name, " ".join(sql.replace('"', "").replace(" )", ")").split())) for name, sql in made}
    return {(name, sql) for name, sql in plain if name != "alembic_version"}


def test_a_migration_file_is_named_after_its_version() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert [revision.revision for revision in script.walk_revisions()] == known_versions()[::-1]
    assert script.get_current_head() == known_versions()[-1]


async def test_a_database_that_is_up_to_date_opens_without_alembic(file: Path) -> None:
    await make(file, durable=True)
    code = (
        "import asyncio, sys\n"
        "from storage.database import SqlDatabase\n"
        "async def main():\n"
        f"    async with SqlDatabase({f'sqlite:///{file}'!r}): pass\n"
        "asyncio.run(main())\n"
        "sys.exit('alembic' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


async def test_opening_leaves_logging_alone(file: Path) -> None:
    before = (list(logging.root.handlers), logging.root.level, logging.getLogger("alembic").level)
    await make(file, durable=True)
    assert (list(logging.root.handlers), logging.root.level, logging.getLogger("alembic").level) == before


async def test_what_a_newer_program_changed_is_left_alone(file: Path) -> None:
    await make(file, durable=True)
    with look(file) as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '9001'"))
    database = SqlDatabase(f"sqlite:///{file}")
    with pytest.raises(TooNew, match=r"guyub\.db was changed by a newer Guyub .* 9001"):
        await database.open()
    with look(file) as connection, connection.begin():
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{known_versions()[-1]}'"))
    async with database:  # it may be tried again
        await database.run(lambda unit: unit.store(State).put("a", "b"), NOW)


def test_alembic_can_be_used_from_the_command_line(file: Path) -> None:
    def alembic(*words: str) -> str:
        command = [sys.executable, "-m", "alembic", "-c", str(ROOT / "storage/alembic.ini"), *words]
        environment = {"DATABASE_URL": f"sqlite:///{file}", "PATH": ""}
        return subprocess.run(
            command, cwd=file.parent, env=environment, check=True, capture_output=True, text=True
        ).stdout

    assert "CREATE TABLE outbox" in alembic("upgrade", "head", "--sql")
    file.touch()
    alembic("upgrade", "head")
    assert known_versions()[-1] in alembic("current")
