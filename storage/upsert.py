"""Insert or update, which each database says in its own words."""

from __future__ import annotations

from functools import cache, lru_cache

from sqlalchemy import Dialect, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.compiler import SQLCompiler


@cache
def upsert(dialect: str, table: Table) -> Insert:
    """Insert rows (all columns given); one with the same primary key is overwritten."""
    statement = insert_or(dialect, table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changed)


@cache
def insert_new(dialect: str, table: Table) -> Insert:
    """Insert rows; one whose key is there already is left as it is."""
    return insert_or(dialect, table).on_conflict_do_nothing()


@lru_cache(maxsize=16)
def insert_new_rows(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> str:
    """The same for the driver itself, which takes a list of tuples of these columns, in the table's order. What is done
    otherwise about each row of a long list costs more than storing it.
    """
    compiled = insert_new(dialect.name, table).compile(dialect=dialect, column_keys=columns)
    assert isinstance(compiled, SQLCompiler)
    assert compiled.positiontup == list(columns), "as the table has them, and a driver that takes tuples"
    return compiled.string


def insert_or(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """To be completed by what happens where the key is there already."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
