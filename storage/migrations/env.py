"""How Alembic reaches the tables: on the connection that Guyub gives it, or by DATABASE_URL from the command line."""

from __future__ import annotations

import os
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, make_url
from sqlmodel.sql.sqltypes import AutoString

from storage.columns import UtcTime
from storage.registry import all_tables
from storage.sqlite import file_of, sqlite_engine


def _written(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """How a new migration names a type: as it was then, whatever becomes of our own types."""
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


def _run(connection: Connection) -> None:
    # Batches: SQLite changes a column by making the table anew.
    context.configure(connection=connection, target_metadata=all_tables(), render_as_batch=True, render_item=_written)
    with context.begin_transaction():
        context.run_migrations()


def _run_from_command_line() -> None:
    url = make_url(os.environ.get("DATABASE_URL", "sqlite:///data/guyub.db"))
    if context.is_offline_mode():
        context.configure(url=url, target_metadata=all_tables(), literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    with sqlite_engine(file_of(url), durable=True, patience=5).begin() as connection:
        _run(connection)


given = context.config.attributes.get("connection")
if given is None:
    _run_from_command_line()
else:
    _run(given)
