"""Who plays along in the browser's playground: people known by name, with an account on each face."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from random import Random

from adapters.playground.groups import Group, Member
from adapters.playground.history import Person
from adapters.playground.world import World
from adapters.web.stage import CannotAct, Someone
from bot.core.community import Group as Home
from bot.locale import _
from bot.play.newcomers import newcomer


class Cast:
    """`homes` are the community's groups, one a face."""

    def __init__(self, world: World, homes: Iterable[Home], random: Random) -> None:
        self._world = world
        self._homes = tuple(homes)
        self._random = random
        self._names: list[str] = []

    def people(self) -> tuple[Someone, ...]:
        return tuple(self.someone(name) for name in self._names)

    def someone(self, name: str) -> Someone:
        faces = frozenset(home.platform for home in self._homes if self.is_member(home, name))
        return Someone(name, self.is_manager(name), faces)

    def known(self, name: str) -> str:
        """The same name; raise CannotAct if nobody has it."""
        if name not in self._names:
            raise CannotAct(_("Nobody here is called {name}."), name=name)
        return name

    def person(self, face: str, name: str) -> Person:
        return self._world.people.named(face, name)

    def is_member(self, home: Home, name: str) -> bool:
        member = self._member(home, name)
        return member is not None and member.present

    def is_manager(self, name: str) -> bool:
        members = (self._member(home, name) for home in self._homes)
        return any(member is not None and member.present and member.administrator for member in members)

    # ------------------------------------------------------------------ changes

    def add(self, name: str) -> None:
        if name not in self._names:
            self._names.append(name)

    def newcomer(self) -> str:
        """Somebody whose name nobody has."""
        name = newcomer(self._random, self._names)
        self.add(name)
        return name

    def settle(self, name: str) -> None:
        """Has been a member of every group from the start."""
        self.add(name)
        for home in self._homes:
            self._world.groups.member(self._group(home), self.person(home.platform, name)).present = True

    def appoint(self, name: str, manager: bool, at: datetime) -> None:
        """In every group; a manager has been in all of them from the start."""
        if manager:
            self.settle(name)
        for home in self._homes:
            if self.is_member(home, name):
                person = self.person(home.platform, name)
                self._world.groups.set_administrator(self._group(home), person, at, manager)

    # ------------------------------------------------------------------ parts

    def _group(self, home: Home) -> Group:
        group = self._world.groups.get(home.platform, home.id)
        assert group is not None, "the community's groups are there from the start"
        return group

    def _member(self, home: Home, name: str) -> Member | None:
        return self._group(home).members.get(self.person(home.platform, name).id)
