"""That somebody spoke is recorded; never what they said."""

from __future__ import annotations

from typing import Final

from bot.core.activity import Activity, Spoken
from bot.core.directory import Directory
from bot.core.events import ActorKind, MessagePosted, Where
from bot.core.questions import asks
from bot.core.unit import Unit

SPEAKERS: Final = (ActorKind.PERSON, ActorKind.ANONYMOUS)
"""People; of an administrator who hides behind the group's name nobody knows which."""


def record(event: MessagePosted, unit: Unit, directory: Directory) -> None:
    """In the groups of a community, where managers are not among themselves."""
    kind, where = event.actor.kind, event.where
    if kind not in SPEAKERS or not _is_recorded(where, directory):
        return
    account = event.actor.id if kind is ActorKind.PERSON else ""
    answered = event.reply_to_actor if event.reply_to_actor != where.group else ""  # the group's name hides somebody
    unit.store(Activity).add(
        Spoken(where, event.message_id, account, event.at, event.reply_to, answered, asks(event.text))
    )


def _is_recorded(where: Where, directory: Directory) -> bool:
    community = directory.find(where)
    if community is None or community.group(where.platform, where.group) is None:
        return False
    return not community.is_managers_place(where)
