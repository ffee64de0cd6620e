"""What managers and the admin are told, in their own chats and nowhere else."""

from __future__ import annotations

from datetime import timedelta

from bot.core.community import Community
from bot.core.events import Where
from bot.core.feature import Service
from bot.core.messages import MANAGERS, Message, Text, only
from bot.core.unit import Unit

NOTICE_LIVES = timedelta(days=3)


def to_managers(unit: Unit, community: Community, text: Text, *, key: str, except_in: Where | None = None) -> int:
    """Post to the managers' chats on every platform; return how many there are (besides what is left out).

    `except_in`: a place where nothing can be said; without a channel, nowhere in that group.
    """
    posted = 0
    for place in community.managers.values():
        if except_in and _within(place, except_in):
            continue
        unit.post(
            Message(text, audience=MANAGERS),
            place,
            kind="notice",
            key=f"{key}@{place.platform}",
            community=community.slug,
            expires=unit.now + NOTICE_LIVES,
        )
        posted += 1
    return posted


def _within(place: Where, silent: Where) -> bool:
    same_group = (place.platform, place.group) == (silent.platform, silent.group)
    return same_group and (not silent.channel or place.channel == silent.channel)


def to_admin(unit: Unit, service: Service, text: Text, *, key: str) -> int:
    """Write to the admin's accounts in private; return how many there are."""
    for platform, account in service.contacts.items():
        unit.post(
            Message(text, audience=only(account)),
            Where(platform, "", account),
            kind="notice",
            key=f"{key}@{platform}",
            expires=unit.now + NOTICE_LIVES,
        )
    return len(service.contacts)
