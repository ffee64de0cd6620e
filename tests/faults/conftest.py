"""Programs that start quickly, and a folder for each community."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.processes import Forks


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    with Forks.ready() as started:
        yield started
