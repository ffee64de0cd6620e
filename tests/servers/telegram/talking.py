"""Control side: people write, edit, press and react."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram.markup_text import parse_html
from tests.servers.telegram.membership import set_standing
from tests.servers.telegram.model import ANONYMOUS_ADMIN, CHANNEL_BOT, SERVICE, Chat, Json, Member, Stored
from tests.servers.telegram.posting import Draft, store
from tests.servers.telegram.refusals import Misused
from tests.servers.telegram.text import tidy
from tests.servers.telegram.world import Bot, World


def say(world: World, given: Json) -> Json:
    """`text` (or `html`) with `reply_to`, `topic`, `at`, `extra` fields; `as` is anonymous, channel or linked."""
    chat, bot = world.chat(given["chat"], given.get("bot")), world.the_bot(given.get("bot"))
    draft = _voice(world, chat, given)
    if given.get("reply_to"):
        draft.reply_to = stored_in(chat, given["reply_to"])
    stored = store(world, chat, draft, bot)
    world.tell_message(chat, stored, bot=bot)
    return stored.message


def _voice(world: World, chat: Chat, given: Json) -> Draft:
    text, marks = parse_html(given["html"], world.users) if "html" in given else (given.get("text") or "", [])
    text, marks = tidy(text, (given.get("entities") or []) + marks)
    fields: Json = {"text": text} if text else {}
    if marks:
        fields["entities"] = marks
    draft = Draft(fields, ANONYMOUS_ADMIN, topic=given.get("topic"), at=given.get("at"), extra=given.get("extra") or {})
    match given.get("as"):
        case None:
            draft.sender = world.user(given["user"])
            _may_speak(chat, draft.sender)
        case "anonymous":
            draft.sender_chat = chat.shown()
        case "channel":
            draft.sender, draft.sender_chat = CHANNEL_BOT, world.chat(given["channel"]).shown()
        case "linked":
            channel = world.chat(given["channel"]).shown()
            draft.sender, draft.sender_chat = SERVICE, channel
            origin = {"type": "channel", "chat": channel, "message_id": next(world.ids), "date": int(world.now())}
            draft.extra = {"is_automatic_forward": True, "forward_origin": origin, **draft.extra}
        case other:
            raise Misused(f"one speaks as anonymous, channel or linked, not as {other!r}")
    return draft


def _may_speak(chat: Chat, user: Json) -> None:
    """Somebody never heard of was always there; somebody who left or never pressed Start can't speak."""
    if chat.is_private:
        if not chat.started or chat.blocked:
            raise Misused(f"{user['first_name']} must start the bot first")
        return
    if user["id"] not in chat.members:
        chat.members[user["id"]] = Member(user, "member")
    if not chat.members[user["id"]].present and chat.type != "channel":
        raise Misused(f"{user['first_name']} is not in {chat.title}")
    standing = chat.members[user["id"]]
    if standing.status == "restricted" and not standing.rights.get("can_send_messages"):
        raise Misused(f"{user['first_name']} may not write in {chat.title} yet")


def stored_in(chat: Chat, number: int) -> Stored:
    """A message that is still there."""
    stored = chat.messages.get(int(number))
    if stored is None or stored.deleted:
        raise Misused(f"there is no message {number} in {chat.title or chat.id}")
    return stored


def edit(world: World, given: Json) -> None:
    """A person changes what they wrote; bots are told."""
    chat = world.chat(given["chat"])
    stored = stored_in(chat, given["message"])
    text, marks = tidy(given["text"], [])
    stored.edits.append({"at": world.now(), "was": {"text": stored.message.get("text")}})
    kept = {k: v for k, v in stored.message.items() if k != "entities"}
    stored.message = kept | {"text": text, "edit_date": int(world.now())} | ({"entities": marks} if marks else {})
    world.tell_message(chat, stored, "edited_message", world.the_bot(given.get("bot")))


def delete(world: World, given: Json) -> None:
    """A person deletes a message; bots are not told."""
    stored_in(world.chat(given["chat"]), given["message"]).deleted = True
    world.changed()


def start(world: World, given: Json) -> Json:
    """Presses Start in the private chat, with the payload of a t.me link if any."""
    bot, user = world.the_bot(given.get("bot")), world.user(given["user"])
    chat = world.private_chat(bot, user)
    if chat.blocked:
        unblock(world, given)
    chat.started = True
    text = f"/start {given['payload']}" if given.get("payload") else "/start"
    return say(world, {"chat": user["id"], "user": user["id"], "text": text, "bot": bot.id})


def block(world: World, given: Json) -> None:
    bot, user = world.the_bot(given.get("bot")), world.user(given["user"])
    world.private_chat(bot, user).blocked = True
    _told(world, bot, user, "kicked")


def unblock(world: World, given: Json) -> None:
    bot, user = world.the_bot(given.get("bot")), world.user(given["user"])
    world.private_chat(bot, user).blocked = False
    _told(world, bot, user, "member")


def _told(world: World, bot: Bot, user: Json, status: str) -> None:
    chat = world.private_chat(bot, user)
    if bot.user["id"] not in chat.members:
        chat.members[bot.id] = Member(bot.user, "member")
    set_standing(world, chat, bot.user, user, status=status)


def press(world: World, given: Json) -> Json:
    """Presses the newest button with this `label` (or callback data); links are only returned as `url`.

    Somebody never heard of was always there, unless they are an `outsider` who looks into a public group.
    """
    chat, user = world.chat(given["chat"] if given.get("chat") else given["user"]), world.user(given["user"])
    if not (chat.is_private or given.get("outsider") or user["id"] in chat.members):
        chat.members[user["id"]] = Member(user, "member")
    stored, button = _button(chat, given["label"], given.get("message"))
    if "callback_data" not in button:
        return {"query": None, "url": button.get("url"), "message": stored.message["message_id"]}
    bot = world.bot_by_id(stored.by_bot or 0)
    if bot is None:
        raise Misused("no bot sent that message")
    query_id = str(4_000_000_000_000_000_000 + next(world.ids))
    world.queries[query_id] = {"at": world.now(), "bot": bot.id, "user": user["id"], "answer": None}
    query = {
        "id": query_id,
        "from": user,
        "message": stored.message,
        "chat_instance": str(7_000_000_000 + abs(chat.id) % 999_983),
        "data": button["callback_data"],
    }
    world.tell_bot(bot, "callback_query", query)
    return {"query": query_id, "url": None, "message": stored.message["message_id"]}


def _button(chat: Chat, label: str, number: int | None) -> tuple[Stored, Json]:
    seen = [stored_in(chat, number)] if number else [s for s in reversed(chat.messages.values()) if not s.deleted]
    for stored in seen:
        for row in stored.message.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if label in (button["text"], button.get("callback_data")):
                    return stored, button
    raise Misused(f"no button {label!r} in {chat.title or 'the private chat'}")


def react(world: World, given: Json) -> None:
    """Sets a person's reactions to a message; told to bots that are admins."""
    chat, user = world.chat(given["chat"]), world.user(given["user"])
    stored = stored_in(chat, given["message"])
    new = [{"type": "emoji", "emoji": emoji} for emoji in given["emoji"]]
    change = {
        "chat": chat.shown(),
        "message_id": stored.message["message_id"],
        "user": user,
        "date": int(given.get("at") or world.now()),
        "old_reaction": stored.reactions.get(user["id"], []),
        "new_reaction": new,
    }
    stored.reactions[user["id"]] = new
    if chat.is_private:
        world.tell_bot(world.the_bot(given.get("bot")), "message_reaction", change)
    world.tell(chat, "message_reaction", change, admins_only=True)


ACTIONS: dict[str, Callable[[World, Json], Any]] = {
    "say": say,
    "edit": edit,
    "delete": delete,
    "start": start,
    "block": block,
    "unblock": unblock,
    "press": press,
    "react": react,
}
