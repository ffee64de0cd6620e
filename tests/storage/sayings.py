"""Times, places and messages that the tests of storage speak of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.core.events import Where
from bot.core.messages import Button, Message, only, text
from bot.core.stores import Outbox, OutboxRow
from bot.core.unit import Unit

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
KOPI = Where("aether", "kopi", "")
TEH = Where("aether", "teh", "")
HELLO = Message(text("Halo Ayu"))
BYE = Message(text("Sampai jumpa"))
ASK = Message(text("Ngopi?"), buttons=((Button("Ya", "poll.vote", {"option": 1}), Button("Tidak", "poll.vote")),))
SECRET = Message(text("Cuma kamu yang tahu"), audience=only("ayu"))


def claim_all(unit: Unit, platform: str = "aether") -> list[OutboxRow]:
    box = unit.store(Outbox)
    return box.claim([id for id, *_ in box.waiting_rows(platform)], unit.now)


def send_all(unit: Unit, message_id: str = "m1") -> list[OutboxRow]:
    """As the sender does when the platform accepts everything."""
    rows = claim_all(unit)
    for row in rows:
        unit.store(Outbox).finish(row.id, "sent", message_id, "", unit.now)
    return rows
