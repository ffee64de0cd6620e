"""Who may: what the platform says about somebody's rights, never older than a minute; a failed look-up means no."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.core.chat import Chat, ChatError
from bot.core.community import Community
from bot.core.events import Actor, ActorKind, Standing, Where

FRESH_FOR = timedelta(seconds=50)
LOOK_UP_TIMEOUT = 5.0  # seconds
_REMEMBERED = 4096


class Authority:
    """Answers whether somebody is a manager of a community, in the place where they act."""

    def __init__(self, chats: Mapping[str, Chat]) -> None:
        self._chats = chats
        self._known: OrderedDict[tuple[Where, str], tuple[Standing, datetime]] = OrderedDict()

    async def is_manager(
        self, actor: Actor, where: Where, community: Community | None, now: datetime, live: bool
    ) -> bool:
        """True only if the platform said so within the last minute (`live`: just now)."""
        if actor.kind is not ActorKind.PERSON:
            return False
        for place, told in _places(where, community, actor):
            standing = told or await self._standing(place, actor.id, now, live)
            if standing and self._grants(standing, place, community):
                return True
        return False

    def forget(self, group: str) -> None:
        """Somebody's rights changed there."""
        for key in [key for key in self._known if key[0].group == group]:
            del self._known[key]

    async def _standing(self, where: Where, account: str, now: datetime, live: bool) -> Standing | None:
        known = self._known.get((where, account))
        if known and not live and timedelta(0) <= now - known[1] < FRESH_FOR:
            return known[0]
        try:
            async with asyncio.timeout(LOOK_UP_TIMEOUT):
                standing = await self._chats[where.platform].standing(where, account)
        except (ChatError, TimeoutError, KeyError):
            self._known.pop((where, account), None)
            return None
        if not standing.administrator:  # who has just been made a manager need not wait
            self._known.pop((where, account), None)
            return standing
        self._known[where, account] = (standing, now)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return standing

    def _grants(self, standing: Standing, place: Where, community: Community | None) -> bool:
        if not standing.present:
            return False
        if community is None:
            return standing.administrator
        if community.is_managers_place(place) and not place.channel:
            return True  # the managers' chat is a group of its own: whoever is in it is a manager
        group = community.group(place.platform, place.group)
        return standing.administrator or bool(group and standing.roles & group.manager_roles)


def _places(where: Where, community: Community | None, actor: Actor) -> list[tuple[Where, Standing | None]]:
    """Where to ask, cheapest first; with the standing that came with the event, if it did."""
    here = Where(where.platform, where.group, "")
    places: list[tuple[Where, Standing | None]] = []
    if where.group:
        places.append((here, actor.standing))
    if community is None:
        return places
    if not where.group:
        places += [(Where(g.platform, g.id, ""), None) for g in community.groups if g.platform == where.platform]
    managers = community.managers.get(where.platform)
    if managers and not managers.channel and managers.group != where.group:
        places.append((managers, None))
    return places
