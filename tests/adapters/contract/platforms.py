"""The platforms under test."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.adapters.contract import Subject, on_discord, on_playground, on_telegram


@dataclass(frozen=True, slots=True)
class Platform:
    """`server` runs as long as a module's tests; what it says of itself is given to `subject`, anew for each test."""

    server: Callable[[], AbstractContextManager[Any]]
    subject: Callable[[Any], AbstractAsyncContextManager[Subject]]


PLATFORMS = {
    "telegram": Platform(on_telegram.server, on_telegram.subject),
    "discord": Platform(on_discord.server, on_discord.subject),
    "playground-telegram": Platform(on_playground.server, lambda _: on_playground.subject("telegram")),
    "playground-discord": Platform(on_playground.server, lambda _: on_playground.subject("discord")),
}


def on(*names: str) -> pytest.MarkDecorator:
    """A promise of these platforms only."""
    return pytest.mark.parametrize("subject", names, indirect=True)


over_a_network = on("telegram", "discord")
where_commands_are_typed = on("telegram", "playground-telegram", "playground-discord")
where_answers_can_be_private = on("discord", "playground-discord")
where_repeats_are_known = on("discord", "playground-discord")
