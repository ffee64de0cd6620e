"""The contract of bot.core.chat and bot.core.events, held by every platform, seen as people see it.

Who brings a platform adds its module in `contract/` and its name in `contract/platforms.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.adapters.contract import Someone, Subject, wellformed
from tests.adapters.contract.answering import TestCommands, TestPresses
from tests.adapters.contract.asking import TestAsking, TestLife
from tests.adapters.contract.platforms import PLATFORMS
from tests.adapters.contract.polling import TestLookingUp, TestMoments, TestPictures, TestPolls
from tests.adapters.contract.refusing import TestRefusals
from tests.adapters.contract.saying import TestInPrivate, TestSaying
from tests.adapters.contract.telling import TestWhatIsTold

__all__ = [
    "TestAsking",
    "TestCommands",
    "TestInPrivate",
    "TestLife",
    "TestLookingUp",
    "TestMoments",
    "TestPictures",
    "TestPolls",
    "TestPresses",
    "TestRefusals",
    "TestSaying",
    "TestWhatIsTold",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Callable[[str], Any]]:
    """One for each platform of this module, started when first asked for."""
    running: dict[str, Any] = {}
    with ExitStack() as stack:

        def started(platform: str) -> Any:
            if platform not in running:
                running[platform] = stack.enter_context(PLATFORMS[platform].server())
            return running[platform]

        yield started


@pytest.fixture(params=PLATFORMS)
async def subject(request: pytest.FixtureRequest, server: Callable[[str], Any]) -> AsyncIterator[Subject]:
    """Whatever a test has done: all that was told meanwhile is well-formed."""
    async with PLATFORMS[request.param].subject(server(request.param)) as there:
        yield there
        wellformed.check(there.ears.events, there.chat.name)


@pytest.fixture
async def ayu(subject: Subject) -> Someone:
    who = await subject.person("Ayu")
    await subject.joins(who)
    return who


@pytest.fixture
async def budi(subject: Subject) -> Someone:
    who = await subject.person("Budi")
    await subject.joins(who)
    return who
