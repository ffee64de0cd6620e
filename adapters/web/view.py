"""A scene → what the templates show. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from adapters.web.stage import Chat, Line, LineKind, Scene, Window
from bot.core.names import safe_name

SHOWN = 150  # lines of a chat; older ones are left out
PAUSE = timedelta(minutes=5)
"""After such a silence the time is shown, and an author's name again."""
TINTS = 8
FACES = ("telegram", "discord")
_ID = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_KEY = re.compile(r"[a-z]{1,16}")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address says: which chat each window shows, and which message is being replied to."""

    chats: Mapping[str, str]  # by face
    replies: Mapping[str, str]

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Choice:
        """From a query; whatever is not understood is left out."""
        return cls(
            {face: key for face in FACES if _KEY.fullmatch(key := query.get(face, ""))},
            {face: id for face in FACES if _ID.fullmatch(id := query.get(f"reply_{face}", ""))},
        )

    def query(self) -> str:
        replies = {f"reply_{face}": id for face, id in self.replies.items()}
        return urlencode({**self.chats, **replies})

    def address(self) -> str:
        query = self.query()
        return f"/?{query}" if query else "/"

    def with_chat(self, face: str, key: str) -> Choice:
        return replace(self.without_reply(face), chats={**self.chats, face: key})

    def with_reply(self, face: str, id: str) -> Choice:
        return replace(self, replies={**self.replies, face: id})

    def without_reply(self, face: str) -> Choice:
        return replace(self, replies={of: id for of, id in self.replies.items() if of != face})


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what its neighbours make of it. `follows`: the same author just spoke; `time`: shown above it."""

    line: Line
    mine: bool
    follows: bool
    time: datetime | None


@dataclass(frozen=True, slots=True)
class Pane:
    """A window with the chat that it shows."""

    window: Window
    chat: Chat
    rows: tuple[Row, ...]
    reply: Line | None

    @property
    def face(self) -> str:
        return self.window.face

    @property
    def may_write(self) -> bool:
        return not self.chat.closed and (self.window.joined or self.chat.key == "private")


def panes(scene: Scene, choice: Choice) -> list[Pane]:
    return [_pane(scene, window, choice) for window in scene.windows]


def _pane(scene: Scene, window: Window, choice: Choice) -> Pane:
    wanted = choice.chats.get(window.face, "")
    chat = next((chat for chat in window.chats if chat.key == wanted), window.chats[0])
    answered = choice.replies.get(window.face, "")
    reply = next((line for line in chat.lines if answered and line.message_id == answered and not line.deleted), None)
    viewer = scene.viewer.name if scene.viewer else ""
    return Pane(window, chat, tuple(rows(chat.lines, viewer, scene)), reply)


def rows(lines: Sequence[Line], viewer: str, scene: Scene) -> Iterator[Row]:
    before: Line | None = None
    for line in lines[-SHOWN:]:
        anew = before is None or line.at - before.at >= PAUSE or _day(before, scene) != _day(line, scene)
        same = (
            before is not None
            and not anew
            and (before.kind, before.who, before.bot) == (line.kind, line.who, line.bot)
            and line.kind is LineKind.SAID
            and not line.answers
        )
        mine = line.kind is LineKind.SAID and not line.bot and line.who == viewer
        yield Row(line, mine, same, line.at.astimezone(scene.zone) if anew else None)
        before = line


def _day(line: Line, scene: Scene) -> object:
    return line.at.astimezone(scene.zone).date()


def tint(name: str) -> int:
    """The colour by which a person is recognised."""
    return zlib.crc32(name.encode(errors="replace")) % TINTS


def shown_name(name: str) -> str:
    """Without what would make a mess of the page."""
    return safe_name(name) or "?"


def initials(name: str) -> str:
    """What stands for a face: the first letter that can be seen."""
    return next((char for char in name if char.isalnum()), shown_name(name)[0])


def in_cookie(name: str) -> str:
    return quote(name, safe="", errors="replace")
