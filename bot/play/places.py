"""What a script's places are in the world: `telegram`, `discord/second`, `telegram#managers`, `discord@Ayu`."""

from __future__ import annotations

import zlib
from datetime import datetime

from adapters.playground.groups import Group
from adapters.playground.people import BOT_NAME
from adapters.playground.world import World
from bot.core.community import Community
from bot.core.community import Group as Home
from bot.core.events import ButtonPressed, Where
from bot.play.script import Action, Line, NotUnderstood, Place

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
MANAGERS = "managers"


class Unknown(Exception):
    """The config has no such place."""


class Places:
    """The community's groups are in the world from the start; further ones and channels come as they are named."""

    def __init__(self, world: World, community: Community, at: datetime) -> None:
        self._world = world
        self._community = community
        for home in community.groups:
            self._add(home, at)
        for platform, where in community.managers.items():
            if world.groups.get(platform, where.group) is None and not where.channel:
                world.groups.add(
                    Group(platform, where.group, f"{platform}#{MANAGERS}", f"{community.name}: managers"), at
                )
            elif group := world.groups.get(platform, where.group):
                group.channel(where.channel, MANAGERS)

    def _add(self, home: Home, at: datetime) -> None:
        number = sum(group.platform == home.platform for group in self._homes_before(home)) + 1
        name = home.platform if number == 1 else f"{home.platform}/{_ordinal(number)}"
        group = Group(home.platform, home.id, name, self._community.name, home.main)
        self._world.groups.add(group, at)
        if home.welcome:
            group.channel(home.welcome, "welcome")

    def _homes_before(self, home: Home) -> tuple[Home, ...]:
        return self._community.groups[: self._community.groups.index(home)]

    # ------------------------------------------------------------------ before anything is played

    def check(self, line: Line) -> None:
        """Raise NotUnderstood for a place that the config doesn't have, and where the bot is to act by hand."""
        place = getattr(line.step, "place", None)
        if isinstance(line.step, Action) and line.step.who == BOT_NAME:
            raise NotUnderstood(line.number, line.text, f"{BOT_NAME} is the bot, and speaks for itself")
        if place is None:
            return
        try:
            self._where(place)
        except Unknown as error:
            raise NotUnderstood(line.number, line.text, str(error), "name it in the config") from None

    # ------------------------------------------------------------------ while playing

    def where(self, place: Place) -> Where:
        """Where somebody acts who acts in that place."""
        if place.private:
            return Where(place.platform, "", self._world.people.named(place.platform, place.private).id)
        return self._where(place)

    def group(self, place: Place, at: datetime) -> tuple[Group, bool]:
        """The group of a place that isn't private, made if need be; True if it was made just now."""
        where = self._where(place)
        known = self._world.groups.get(where.platform, where.group)
        if known is not None:
            return known, False
        return self._world.groups.add(Group(place.platform, where.group, _group_name(place), place.group), at), True

    def holds(self, place: Place, where: Where) -> bool:
        """Whether a message in `where` is heard in that place."""
        meant = self.where(place)
        if (meant.platform, meant.group) != (where.platform, where.group):
            return False
        if where.channel == meant.channel:
            return True
        home = self._community.group(where.platform, where.group)
        return not place.channel and not place.private and where.channel in _main_channels(home)

    def name(self, where: Where) -> str:
        """What a script would call it."""
        if where.private:
            return f"{where.platform}@{self.reader(where.platform, where.channel)}"
        group = self._world.groups.get(where.platform, where.group)
        if group is None:
            return str(where)
        home = self._community.group(where.platform, where.group)
        if where.channel in _main_channels(home):
            return group.name
        return f"{group.name}#{group.channel(where.channel).name}"

    def reader(self, platform: str, account: str) -> str:
        """Somebody's name."""
        person = self._world.people.by_id(platform, account)
        return person.name if person else account

    def label(self, press: ButtonPressed) -> str:
        """Of the button that is pressed."""
        posted = self._world.board.get(press.message_id)
        rows = posted.message.buttons if posted else ()
        return next((button.label for row in rows for button in row if button.token == press.token), press.token)

    # ------------------------------------------------------------------ parts

    def _where(self, place: Place) -> Where:
        """Raise Unknown."""
        if place.private:
            return Where(place.platform, "", "")
        if place.channel == MANAGERS and not place.group:
            managers = self._community.managers.get(place.platform)
            if managers is None:
                raise Unknown(f"the community {self._community.slug} has no managers' chat on {place.platform}")
            return managers
        home = self._home(place)
        if home is None:
            return Where(place.platform, _new_id(place), place.channel)
        return Where(place.platform, home.id, _channel(home, place.channel))

    def _home(self, place: Place) -> Home | None:
        """The community's group that is meant; None for one that isn't the community's."""
        homes = [home for home in self._community.groups if home.platform == place.platform]
        if not place.group:
            if not homes:
                raise Unknown(f"the community {self._community.slug} has no group on {place.platform}")
            return homes[0]
        by_name = {_ordinal(number): home for number, home in enumerate(homes, 1)} | {home.id: home for home in homes}
        return by_name.get(place.group)


def _ordinal(number: int) -> str:
    return _ORDINALS[number - 1] if number <= len(_ORDINALS) else str(number)


def _group_name(place: Place) -> str:
    return f"{place.platform}/{place.group}"


def _main_channels(home: Home | None) -> tuple[str, ...]:
    return ("", home.main, home.welcome) if home else ("",)


def _channel(home: Home, name: str) -> str:
    """A channel's id by its name in the config; other names are ids themselves."""
    known = {"": home.main, "main": home.main, "welcome": home.welcome or home.main}
    if name in known:
        return known[name]
    return f"topic:{name}" if home.platform == "telegram" and name.isdigit() else name


def _new_id(place: Place) -> str:
    """The same whenever that name is used. An id of the platform stands for itself."""
    if place.group.lstrip("-").isdigit():
        return place.group
    number = zlib.crc32(place.group.encode(errors="replace"))
    return f"-100{number + 10**9}" if place.platform == "telegram" else str(number + 2 * 10**17)
