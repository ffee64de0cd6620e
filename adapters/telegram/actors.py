"""Who did it. Some ids that Telegram gives stand for nobody."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Chat, Message, User

from bot.core.events import Actor, ActorKind

ANONYMOUS_ADMIN = 1087968824  # GroupAnonymousBot
CHANNEL_BOT = 136817688
SERVICE = 777000  # Telegram itself
_KINDS = {
    ANONYMOUS_ADMIN: ActorKind.ANONYMOUS,
    CHANNEL_BOT: ActorKind.SERVICE,
    SERVICE: ActorKind.SERVICE,
}


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account."""

    id: int
    username: str


def person(user: User) -> Actor:
    """Somebody with an account: a person, or a bot, or one of those that stand for nobody."""
    kind = _KINDS.get(user.id) or (ActorKind.BOT if user.is_bot else ActorKind.PERSON)
    name = f"{user.first_name} {user.last_name}" if user.last_name else user.first_name
    return Actor(str(user.id), name, kind)


def speaker(message: Message) -> Actor:
    """Who wrote it. Behind the group's own name hides an administrator; a channel is nobody."""
    if message.sender_chat is not None:
        return behind(message.sender_chat, message.chat)
    if message.from_user is not None:
        return person(message.from_user)
    return Actor(str(message.chat.id), message.chat.title or "", ActorKind.SERVICE)


def behind(chat: Chat, group: Chat | None) -> Actor:
    """Whoever speaks, votes or reacts in a chat's name, under that chat's id."""
    own = group is not None and chat.id == group.id
    return Actor(str(chat.id), chat.title or "", ActorKind.ANONYMOUS if own else ActorKind.SERVICE)
