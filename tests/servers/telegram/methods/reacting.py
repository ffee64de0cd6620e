"""Reactions, pins, and answers to button presses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram.access import Call
from tests.servers.telegram.model import Chat
from tests.servers.telegram.posting import Draft, store
from tests.servers.telegram.refusals import bad
from tests.servers.telegram.updates import ANSWER_WITHIN

_EMOJI = (
    "👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 "
    "🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
EMOJI = frozenset(_EMOJI.split())
NO_PIN_RIGHT = "not enough rights to manage pinned messages in the chat"
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def plain(emoji: str) -> str:
    """Emoji without variation selectors, which Telegram ignores."""
    return emoji.replace("\ufe0f", "")


def set_reaction(call: Call) -> bool:
    chat = call.chat()
    stored = call.message(chat, "message to react not found")
    wanted = call.args.structure("reaction") or []
    if len(wanted) > 1:
        raise bad("REACTIONS_TOO_MANY")
    for reaction in wanted:
        emoji = plain(str(reaction.get("emoji", "")))
        allowed = chat.available_reactions
        if reaction.get("type") != "emoji" or emoji not in EMOJI:
            raise bad("REACTION_INVALID")
        if allowed is not None and emoji not in map(plain, allowed):
            raise bad("REACTION_INVALID")
    stored.reactions[call.bot.id] = wanted
    call.world.changed()
    return True


def _may_pin(call: Call, chat: Chat) -> None:
    if not chat.is_private and chat.type != "channel":
        call.need(chat, "can_pin_messages", NO_PIN_RIGHT)


def pin(call: Call) -> bool:
    chat = call.chat()
    stored = call.message(chat, "message to pin not found")
    _may_pin(call, chat)
    number = stored.message["message_id"]
    if chat.pinned[-1:] == [number]:
        raise bad("CHAT_NOT_MODIFIED")
    chat.pinned = [n for n in chat.pinned if n != number] + [number]
    notice = Draft(
        {"pinned_message": {k: v for k, v in stored.message.items() if k != "reply_to_message"}},
        call.bot.user,
        topic=stored.message.get("message_thread_id") if chat.is_forum else None,
        service="pinned_message",
        by_bot=call.bot.id,
        silent=call.args.flag("disable_notification"),
    )
    call.world.tell_message(chat, store(call.world, chat, notice, call.bot), bot=call.bot)
    return True


def unpin(call: Call) -> bool:
    """Without `message_id` the newest pinned one."""
    chat = call.chat()
    _may_pin(call, chat)
    if call.args.text("message_id"):
        number = call.message(chat, "message to unpin not found").message["message_id"]
    elif chat.pinned:
        number = chat.pinned[-1]
    else:
        raise bad("message to unpin not found")
    chat.pinned = [n for n in chat.pinned if n != number]
    call.world.changed()
    return True


def unpin_all(call: Call) -> bool:
    chat = call.chat()
    _may_pin(call, chat)
    chat.pinned.clear()
    call.world.changed()
    return True


def answer_query(call: Call) -> bool:
    """A press can be answered once, and only for so long."""
    query = call.world.queries.get(call.args.text("callback_query_id"))
    if query is None or query["bot"] != call.bot.id or query["answer"] is not None:
        raise bad(TOO_OLD)
    if call.world.now() - query["at"] > ANSWER_WITHIN:
        raise bad(TOO_OLD)
    text = call.args.text("text")
    if len(text) > 200:
        raise bad("MESSAGE_TOO_LONG")
    query["answer"] = {
        "text": text,
        "show_alert": call.args.flag("show_alert"),
        "url": call.args.text("url"),
        "at": call.world.now(),
    }
    call.world.changed()
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "setMessageReaction": set_reaction,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "unpinAllChatMessages": unpin_all,
    "answerCallbackQuery": answer_query,
}
