"""The Bot API's methods. Each takes a Call and returns what `result` holds, or raises Refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram.access import Call
from tests.servers.telegram.methods import editing, members, menus, polls, reacting, sending, settings, topics

Method = Callable[[Call], Any]

# getUpdates is missing: it waits, so the server itself runs it.
METHODS: dict[str, Method] = {
    name.lower(): method
    for module in (editing, members, menus, polls, reacting, sending, settings, topics)
    for name, method in module.METHODS.items()
}
