"""Where things are: Telegram's chats and topics ↔ the port's places, and the handles by which events are answered."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Chat

from bot.core.events import Where

PLATFORM = "telegram"
_TOPIC = "topic:"
_GENERAL = "1"  # the General topic: Telegram takes no message under this id


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes."""

    chat: int | str
    topic: int | None = None

    def parameters(self) -> dict[str, int | str]:
        place: dict[str, int | str] = {"chat_id": self.chat}
        if self.topic is not None:
            place["message_thread_id"] = self.topic
        return place


@dataclass(frozen=True, slots=True)
class Handle:
    """By what an event is answered: `query` for a press, else in reply to the message."""

    chat: str
    message: str
    query: str = ""

    def __str__(self) -> str:
        return f"{self.chat}/{self.message}/{self.query}"

    @classmethod
    def read(cls, handle: str) -> Handle | None:
        parts = handle.split("/")
        return cls(*parts) if len(parts) == 3 else None


def target(where: Where) -> Target:
    """The chat and topic of a place."""
    if where.private:
        return Target(_number(where.channel))
    topic = where.channel.removeprefix(_TOPIC)
    named = where.channel.startswith(_TOPIC) and topic.isdecimal() and topic != _GENERAL
    return Target(_number(where.group), int(topic) if named else None)


def place(chat: Chat, topic: int | None = None) -> Where:
    """Of a group's message, the topic if it is in one; of a private chat, the person's account."""
    if chat.type == Chat.PRIVATE:
        return Where(PLATFORM, "", str(chat.id))
    return Where(PLATFORM, str(chat.id), "" if topic is None else f"{_TOPIC}{topic}")


def _number(text: str) -> int | str:
    """Ids are numbers; a public group may be named (@name) in the config."""
    try:
        return int(text)
    except ValueError:
        return text
