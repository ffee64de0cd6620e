"""That somebody spoke is recorded; never what they said."""

from __future__ import annotations

from typing import Final

from bot.core.activity import Activity, Spoken
from bot.core.directory import Directory
from bot.core.events import ActorKind, MessagePosted
from bot.core.questions import asks
from bot.core.unit import Unit

SPEAKERS: Final = (ActorKind.PERSON, ActorKind.ANONYMOUS)
"""People; of an administrator who hides behind the group's name nobody knows which."""


def record(event: MessagePosted, unit: Unit, directory: Directory) -> None:
    """In the groups of a community, where managers are not among themselves."""
    kind, where = event.actor.kind, event.where
    community = directory.find(where) if kind in SPEAKERS else None
    if community is None or community.group(where.platform, where.group) is None or community.is_managers_place(where):
        return
    account = event.actor.id if kind is ActorKind.PERSON else ""
    asking = asks(event.text)
    unit.store(Activity).add(
        Spoken(where, event.message_id, account, event.at, event.reply_to, event.reply_to_actor, asking)
    )
