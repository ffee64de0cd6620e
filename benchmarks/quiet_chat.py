"""A platform without a network: it takes whatever is said, and counts it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bot.core.chat import ButtonLimits, Capabilities, Connection, GroupFacts, Outgoing, Pace, Submit, Voted
from bot.core.commands import Command
from bot.core.events import Standing, Where

CAPABILITIES = Capabilities(max_text=4096, utf16=True, buttons=ButtonLimits(rows=20, per_row=5, label=64), toast=200)


class QuietChat:
    """Implements bot.core.chat.Chat. `members` is how large every group of it is."""

    def __init__(self, name: str = "telegram", members: int = 10_000) -> None:
        self.name = name
        self.pace = Pace(gap=0, target_gap=0)
        self.size = members
        self.sent = 0

    def capabilities(self, where: Where) -> Capabilities:
        return CAPABILITIES

    def connection(self) -> Connection:
        return Connection(True, "@guyub_bot", "1", 0.0)

    async def start(self, submit: Submit) -> None: ...
    async def stop(self) -> None: ...
    async def acknowledge(self, handle: str) -> None: ...
    async def publish_commands(self, commands: Sequence[Command]) -> None: ...

    async def perform(self, outgoing: Outgoing) -> str:
        self.sent += 1
        return str(self.sent)

    async def standing(self, where: Where, account: str) -> Standing:
        return Standing()

    async def facts(self, where: Where) -> GroupFacts:
        return GroupFacts("Kopi", self.size)

    async def members(self, where: Where, accounts: Collection[str]) -> frozenset[str]:
        return frozenset(accounts)

    async def votes(self, where: Where, message_id: str) -> Mapping[str, Voted]:
        return {}
