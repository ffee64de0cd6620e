"""Brings the tables to the version that this program knows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.errors import TooNew
from storage.registry import all_tables

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"


def known_versions() -> list[str]:
    """Oldest first. A migration's file is named after its version (0001_first.py), so that Alembic needn't be asked."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def bring_up_to_date(connection: Connection, place: str, *, quickly: bool = False) -> None:
    """Within the caller's transaction. `quickly`: make a new database's tables without going through its history."""
    versions = known_versions()
    at = stored_version(connection)
    if at == versions[-1]:
        return
    if at is not None and at not in versions:
        raise TooNew(
            f"The database {place} was changed by a newer Guyub (its version is {at}, this program knows up to "
            f"{versions[-1]}). Run the newer Guyub again, or restore a backup made before the update."
        )
    if at is None and quickly:
        _create(connection, versions[-1])
    else:
        migrate(connection)


def is_up_to_date(connection: Connection) -> bool:
    return stored_version(connection) == known_versions()[-1]


def stored_version(connection: Connection) -> str | None:
    """None for a database without tables of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608


def migrate(connection: Connection) -> None:
    from alembic import command  # it takes half a second to import, and is rarely needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _create(connection: Connection, version: str) -> None:
    all_tables().create_all(connection)
    connection.execute(text(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:version)"), {"version": version})  # noqa: S608
