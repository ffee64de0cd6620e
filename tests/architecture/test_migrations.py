"""The database grows along one line."""

from __future__ import annotations

import pytest
from alembic.script import ScriptDirectory

from tests.architecture.tree import ROOT


@pytest.fixture
def migrations() -> ScriptDirectory:
    return ScriptDirectory(str(ROOT / "storage" / "migrations"))


def test_there_is_one_newest_migration(migrations: ScriptDirectory) -> None:
    """Two heads mean that two changes were made side by side: an upgrade would not know where to go."""
    assert len(migrations.get_heads()) == 1, migrations.get_heads()


def test_there_is_one_first_migration(migrations: ScriptDirectory) -> None:
    assert len(migrations.get_bases()) == 1, migrations.get_bases()


def test_every_migration_says_what_it_is_for(migrations: ScriptDirectory) -> None:
    silent = [script.revision for script in migrations.walk_revisions() if not script.doc.strip()]
    assert not silent, silent
