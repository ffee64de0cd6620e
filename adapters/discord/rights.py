"""What can be shown in a place, reckoned once for as long as discord.py's picture of the guilds stands.

It is asked for with every message, and reckoning rights costs more than all else that is done about one.
"""

from __future__ import annotations

from adapters.discord import limits, places
from adapters.discord.client import Client
from bot.core.chat import Capabilities
from bot.core.events import Where


class Rights:
    """May be asked from any thread."""

    def __init__(self) -> None:
        self._known: tuple[Client | None, int, dict[tuple[str, str], Capabilities]] = (None, 0, {})

    def capabilities(self, client: Client | None, where: Where) -> Capabilities:
        if client is None:
            return limits.capabilities()
        of, changes, known = self._known
        if of is not client or changes != client.changes:
            known = {}  # another one than before: who reckons just now by what has changed keeps it in that
            self._known = (client, client.changes, known)
        place = (where.group, where.channel)
        found = known.get(place)
        if found is None:
            found = _capabilities(client, where)
            if where.group:
                known[place] = found
        return found


def _capabilities(client: Client, where: Where) -> Capabilities:
    link = f"https://discord.com/users/{client.user.id}" if client.user else ""
    guild = client.get_guild(int(where.group)) if where.group.isdecimal() else None
    if guild is None:
        return limits.capabilities(link)
    home = "" if where.channel else places.speaking_channel(guild)
    return limits.capabilities(link, places.may_poll(guild, where), home)
