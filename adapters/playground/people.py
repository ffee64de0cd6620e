"""Who there is, and whether the bot may write to them in private."""

from __future__ import annotations

import zlib
from datetime import datetime
from enum import StrEnum

from adapters.playground.history import Change, History, Kind, Person
from adapters.playground.limits import DISCORD, FACES
from bot.core.events import Where

BOT_NAME = "Guyub"
BOT_HANDLES = frozenset({"guyub", "guyub_playground"})


class PrivateChat(StrEnum):
    UNOPENED = "unopened"
    OPEN = "open"
    BLOCKED = "blocked"


class People:
    def __init__(self, history: History) -> None:
        self._history = history
        self._by_id: dict[tuple[str, str], Person] = {}
        self._by_name: dict[tuple[str, str], Person] = {}
        self._private: dict[tuple[str, str], PrivateChat] = {}
        self._bots = {face: self._add(face, BOT_NAME, bot=True) for face in FACES}

    def bot(self, face: str) -> Person:
        return self._bots[face]

    def named(self, face: str, name: str) -> Person:
        """Made when named for the first time, always with the same id. A name of digits alone is the id."""
        return self._by_name.get((face, name)) or self._add(face, name)

    def by_id(self, face: str, id: str) -> Person | None:
        return self._by_id.get((face, id))

    def all(self, face: str) -> list[Person]:
        """Everybody on a face but the bot, in the order in which they were named."""
        return [person for (of, _), person in self._by_id.items() if of == face and not person.bot]

    def private_chat(self, face: str, id: str) -> PrivateChat:
        return self._private.get((face, id), PrivateChat.UNOPENED)

    def writable(self, face: str, id: str) -> bool:
        """Whether the bot may write to them in private. On Telegram's face they have to begin."""
        if (face, id) not in self._by_id:
            return False
        state = self.private_chat(face, id)
        return state is PrivateChat.OPEN or (face == DISCORD and state is PrivateChat.UNOPENED)

    def set_private_chat(self, person: Person, state: PrivateChat, at: datetime) -> bool:
        """False when it was so already."""
        if self.private_chat(person.face, person.id) is state:
            return False
        self._private[person.face, person.id] = state
        kind = Kind.BLOCKED if state is PrivateChat.BLOCKED else Kind.OPENED
        self._history.add(Change(0, kind, at, Where(person.face, "", person.id), person))
        return True

    def _add(self, face: str, name: str, *, bot: bool = False) -> Person:
        id = name if name.isascii() and name.isdigit() else self._free_id(face, name)
        person = Person(face, id, name, bot)
        self._by_id[face, id] = self._by_name[face, name] = person
        return person

    def _free_id(self, face: str, name: str) -> str:
        """Made from the name, so that a new world on an old database knows people again."""
        number = zlib.crc32(name.encode(errors="replace")) + (10**17 if face == DISCORD else 10**9)
        while (face, str(number)) in self._by_id:
            number += 1
        return str(number)
