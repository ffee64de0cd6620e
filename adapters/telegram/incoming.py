"""A Telegram update → the engine's events. Pure: what is not in the update comes in as a parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import (
    CallbackQuery,
    Chat,
    Message,
    MessageReactionUpdated,
    Poll,
    PollAnswer,
    ReactionType,
    ReactionTypeCustomEmoji,
    ReactionTypeEmoji,
    Update,
)

from adapters.telegram.actors import Me, behind, person
from adapters.telegram.lenient import read_update
from adapters.telegram.membership import decode_member, decode_own
from adapters.telegram.places import Handle, place
from adapters.telegram.talk import decode_message
from bot.core.events import (
    NOBODY,
    ButtonPressed,
    Event,
    PollTallied,
    PollVoted,
    ReactionChanged,
    Where,
)

KINDS = (
    "message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "message_reaction",
    "chat_join_request",
    "poll",
    "poll_answer",
)
"""What is asked of Telegram. Edits and channel posts are not: nothing would use them."""

_OF_A_REPLY = ("message_id", "date", "chat", "from", "sender_chat")
_UNREAD = frozenset(
    {
        "reply_to_message",
        "entities",
        "caption_entities",
        "reply_markup",
        "link_preview_options",
        "external_reply",
        "quote",
        "forward_origin",
        "pinned_message",
    }
)


@dataclass(frozen=True, slots=True)
class SentPoll:
    """Where a poll of ours is: its updates don't say."""

    where: Where
    message_id: str


FindPoll = Callable[[str], SentPoll | None]


def read(raw: Mapping[str, Any]) -> Update:
    """The library's objects of one update; raise what it raises for one that can't be read.

    What nothing looks at is left out, for reading it costs more than all the rest: a reply carries the whole other
    message, with its own pictures, entities and buttons.
    """
    message = raw.get("message")
    if isinstance(message, dict) and not _UNREAD.isdisjoint(message):
        message = {name: value for name, value in message.items() if name not in _UNREAD}
        reply = raw["message"].get("reply_to_message")
        if isinstance(reply, dict):
            message["reply_to_message"] = {name: reply[name] for name in _OF_A_REPLY if name in reply}
        raw = {**raw, "message": message}
    return read_update(dict(raw))


def poll_of(update: Update) -> str:
    """Telegram's id of the poll that it tells something of; empty for none."""
    if update.poll_answer is not None:
        return update.poll_answer.poll_id
    return update.poll.id if update.poll is not None and update.poll.is_closed else ""


def decode(update: Update, me: Me, received: datetime, find_poll: FindPoll) -> list[Event]:
    """All that happened in one update; `received` is the time where Telegram tells none (presses, votes)."""
    event_id = f"{me.id}:{update.update_id}"
    if update.message is not None:
        return decode_message(update.message, event_id, me)
    if update.callback_query is not None:
        return _press(update.callback_query, event_id, received)
    if update.chat_member is not None:
        own = update.chat_member.new_chat_member.user.id == me.id
        return [] if own or _is_channel(update.chat_member.chat) else decode_member(update.chat_member, event_id)
    if update.my_chat_member is not None:
        return [] if _is_channel(update.my_chat_member.chat) else decode_own(update.my_chat_member, event_id)
    if update.message_reaction is not None:
        return _reactions(update.message_reaction, event_id)
    if update.poll_answer is not None:
        return _vote(update.poll_answer, event_id, received, find_poll(update.poll_answer.poll_id))
    if update.poll is not None:
        return _tally(update.poll, event_id, received, find_poll(update.poll.id))
    return []  # a join request is no join yet; all else was not asked for


def _is_channel(chat: Chat) -> bool:
    return chat.type == Chat.CHANNEL


def _press(query: CallbackQuery, event_id: str, received: datetime) -> list[Event]:
    message = query.message
    if message is None or query.data is None:
        return []
    topic = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    number = str(message.message_id)
    handle = str(Handle(str(message.chat.id), number, query.id))
    where, actor = place(message.chat, topic), person(query.from_user)
    return [ButtonPressed(event_id, received, where, actor, token=query.data, message_id=number, handle=handle)]


def _reactions(change: MessageReactionUpdated, event_id: str) -> list[Event]:
    """Set or unset, each emoji by itself: harmless when told twice."""
    if change.user is not None:
        actor = person(change.user)
    elif change.actor_chat is not None:
        actor = behind(change.actor_chat, change.chat)
    else:
        return []
    before = {emoji for reaction in change.old_reaction if (emoji := _emoji(reaction))}
    after = {emoji for reaction in change.new_reaction if (emoji := _emoji(reaction))}
    where, number = place(change.chat), str(change.message_id)
    return [
        ReactionChanged(f"{event_id}:{emoji}", change.date, where, actor, number, emoji, emoji in after)
        for emoji in sorted(before ^ after)
    ]


def _emoji(reaction: ReactionType) -> str:
    if isinstance(reaction, ReactionTypeEmoji):
        return str(reaction.emoji)
    return f"custom:{reaction.custom_emoji_id}" if isinstance(reaction, ReactionTypeCustomEmoji) else ""


def _vote(answer: PollAnswer, event_id: str, received: datetime, poll: SentPoll | None) -> list[Event]:
    if poll is None:
        return []
    if answer.voter_chat is not None:  # beside it stands a user who is nobody
        actor = behind(answer.voter_chat, None)
    elif answer.user is not None:
        actor = person(answer.user)
    else:
        return []
    return [PollVoted(event_id, received, poll.where, actor, poll.message_id, tuple(answer.option_ids))]


def _tally(poll: Poll, event_id: str, received: datetime, sent: SentPoll | None) -> list[Event]:
    """Only the last one: while a poll is open, its votes are told one by one."""
    if sent is None or not poll.is_closed:
        return []
    counts = tuple(option.voter_count for option in poll.options)
    return [PollTallied(event_id, received, sent.where, NOBODY, sent.message_id, counts, closed=True)]
