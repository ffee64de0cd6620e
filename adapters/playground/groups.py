"""Groups with their channels and members, and whether the bot is in them and may write."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from adapters.playground.history import Change, History, Kind, Person
from bot.core.events import Where


@dataclass(slots=True)
class Member:
    """`present` is also true while somebody is `pending`: there, but not let in yet."""

    person: Person
    present: bool = True
    pending: bool = False
    administrator: bool = False
    banned: bool = False


@dataclass(slots=True)
class Channel:
    """A text channel or a topic. Its id "" is the group itself."""

    id: str
    name: str
    writable: bool = True  # by the bot


@dataclass(slots=True)
class Group:
    """`name` is what scripts and pages call it; `silent_members` are counted though nobody ever named them."""

    face: str
    id: str
    name: str
    title: str
    main: str = ""  # the channel that people mean when they name the group alone
    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)  # by account
    bot_present: bool = True
    silent_members: int = 0

    @property
    def where(self) -> Where:
        return Where(self.face, self.id, "")

    @property
    def member_count(self) -> int:
        return self.silent_members + sum(member.present for member in self.members.values())

    def channel(self, id: str, name: str = "") -> Channel:
        """Made when named for the first time."""
        return self.channels.setdefault(id, Channel(id, name or id))


class Groups:
    def __init__(self, history: History) -> None:
        self._history = history
        self._groups: dict[tuple[str, str], Group] = {}

    def add(self, group: Group, at: datetime) -> Group:
        group.channel(group.main, "main")
        self._groups[group.face, group.id] = group
        self._tell(Kind.GROUP, group, at)
        return group

    def get(self, face: str, id: str) -> Group | None:
        return self._groups.get((face, id))

    def named(self, face: str, name: str) -> Group | None:
        return next((group for group in self.all(face) if group.name == name), None)

    def all(self, face: str) -> list[Group]:
        return [group for group in self._groups.values() if group.face == face]

    # ------------------------------------------------------------------ members

    def member(self, group: Group, person: Person) -> Member:
        """Who acts in a group for the first time without joining has been there all along."""
        return group.members.setdefault(person.id, Member(person))

    def join(self, group: Group, person: Person, at: datetime, *, pending: bool = False) -> None:
        known = group.members.get(person.id)
        group.members[person.id] = Member(person, pending=pending, administrator=bool(known and known.administrator))
        self._tell(Kind.WAITING if pending else Kind.JOINED, group, at, person)

    def let_in(self, group: Group, person: Person, at: datetime) -> None:
        self.member(group, person).pending = False
        self._tell(Kind.JOINED, group, at, person)

    def leave(self, group: Group, person: Person, at: datetime, *, banned: bool = False) -> None:
        member = self.member(group, person)
        member.present = member.pending = member.administrator = False
        member.banned = banned
        self._tell(Kind.BANNED if banned else Kind.LEFT, group, at, person)

    def set_administrator(self, group: Group, person: Person, at: datetime, administrator: bool = True) -> None:
        member = self.member(group, person)
        if member.administrator != administrator:
            member.administrator = administrator
            self._tell(Kind.RIGHTS, group, at, person)

    # ------------------------------------------------------------------ the bot

    def set_bot_present(self, group: Group, present: bool, at: datetime) -> None:
        group.bot_present = present
        self._tell(Kind.GROUP, group, at)

    def set_writable(self, group: Group, channel: str, writable: bool, at: datetime) -> None:
        """Whether the bot may write in a channel; in "" for the group itself."""
        group.channel(channel).writable = writable
        self._history.add(Change(0, Kind.RIGHTS, at, Where(group.face, group.id, channel)))

    def _tell(self, kind: Kind, group: Group, at: datetime, person: Person | None = None) -> None:
        self._history.add(Change(0, kind, at, group.where, person))
