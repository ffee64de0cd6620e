"""Which chat a call means, and whether the bot may do there what it asks for."""

from __future__ import annotations

from dataclasses import dataclass

from tests.servers.telegram.arguments import Args
from tests.servers.telegram.model import Chat, Json, Member, Stored
from tests.servers.telegram.refusals import bad, forbidden, migrated
from tests.servers.telegram.world import Bot, World

GENERAL = 1  # the General topic's id, which nobody may send to by that id


@dataclass(slots=True)
class Call:
    """One method call: who calls, with what."""

    world: World
    bot: Bot
    args: Args

    def chat(self, *, write: bool = True) -> Chat:
        """The chat of `chat_id`; raises the refusals of a chat that is unknown, gone, or closed to the bot."""
        chat = self._named(self.args.text("chat_id"))
        if chat.is_private:
            if write:
                _may_write_privately(self, chat)
            return chat
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        if chat.was_deleted:
            raise forbidden(f"the {chat.kind()} was deleted")
        member = self.member(chat)
        if member.status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind()}")
        if not member.present and (write or not chat.username):
            raise forbidden(f"bot is not a member of the {chat.kind()}")
        return chat

    def _named(self, given: str) -> Chat:
        if not given:
            raise bad("chat_id is empty")
        if given.startswith("@"):
            name = given[1:].lower()
            found = (chat for chat in self.world.chats.values() if (chat.username or "").lower() == name)
            chat = next(found, None)
            if chat is not None:
                return chat
            raise bad("chat not found")
        try:
            number = int(given)
        except ValueError:
            raise bad("chat not found") from None
        if number in self.world.chats:
            return self.world.chats[number]
        if number in self.world.users:
            return self.world.private_chat(self.bot, self.world.users[number])
        raise bad("chat not found")

    def member(self, chat: Chat) -> Member:
        """The calling bot's standing in the chat."""
        return chat.members.get(self.bot.id) or Member(self.bot.user)

    def need(self, chat: Chat, right: str, refusal: str = "not enough rights") -> None:
        """Raises `refusal` unless the bot is an administrator with this right."""
        if not chat.is_private and not self.member(chat).may(right):
            raise bad(refusal)

    def message(self, chat: Chat, refusal: str, name: str = "message_id") -> Stored:
        """The message of `message_id`; raises `refusal` when there is none."""
        stored = chat.messages.get(self.args.integer(name))
        if stored is None or stored.deleted:
            raise bad(refusal)
        return stored

    def user(self, name: str = "user_id") -> Json:
        """The person of `user_id`."""
        user = self.world.users.get(self.args.integer(name))
        if user is None:
            raise bad("PARTICIPANT_ID_INVALID" if self.args.integer(name) else "invalid user_id specified")
        return user


def _may_write_privately(call: Call, chat: Chat) -> None:
    person = chat.person or {}
    if person["id"] in call.world.deactivated:
        raise forbidden("user is deactivated")
    if person.get("is_bot"):
        raise forbidden("bots can't send messages to bots")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if chat.started:
        return
    # Whoever asks to join a group may be written to until that is decided.
    if not any(person["id"] in other.requests for other in call.world.chats.values()):
        raise forbidden("bot can't initiate conversation with a user")


def may_send(call: Call, chat: Chat, permission: str, what: str) -> None:
    """Raises unless the bot may send `what` ("text messages", "photos", …) there."""
    if chat.is_private:
        return
    member = call.member(chat)
    if chat.type == "channel":
        if not member.is_admin:
            raise bad("need administrator rights in the channel chat")
        return
    if member.is_admin:
        return
    allowed = chat.permissions.get(permission, False)
    if member.status == "restricted":
        allowed = allowed and member.rights.get(permission, False)
    if not allowed:
        raise bad(f"not enough rights to send {what} to the chat")


def topic_of(call: Call, chat: Chat) -> int | None:
    """The thread that `message_thread_id` names; raises for one that is missing, closed or deleted."""
    asked = call.args.integer("message_thread_id")
    privileged = call.member(chat).may("can_manage_topics")
    if not asked:
        if chat.is_forum and chat.general_closed and not privileged:
            raise bad("TOPIC_CLOSED")
        return None
    if chat.is_forum:
        topic = chat.topics.get(asked)
        if topic is None or asked == GENERAL:
            raise bad("message thread not found")
        if topic.deleted:
            raise bad("TOPIC_DELETED")
        if topic.closed and not privileged:
            raise bad("TOPIC_CLOSED")
        return asked
    stored = chat.messages.get(asked)
    if chat.type != "supergroup" or stored is None or stored.deleted:
        raise bad("message thread not found")
    return asked
