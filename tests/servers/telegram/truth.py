"""Control side: what really happened."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from tests.servers.telegram.model import Chat, Json, Stored
from tests.servers.telegram.refusals import Misused
from tests.servers.telegram.world import World


def plain(stored: Stored) -> str:
    """The message on one line, its buttons as [Label]."""
    message = stored.message
    text = message.get("text") or message.get("caption") or ""
    if "poll" in message:
        text = " ".join([message["poll"]["question"], *(option["text"] for option in message["poll"]["options"])])
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return " ".join([*text.split(), *(f"[{button['text']}]" for row in rows for button in row)])


def fits(text: str, pattern: str) -> bool:
    """Does `pattern` match the whole text; … stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), text, re.DOTALL) is not None


def shown(chat: Chat, stored: Stored) -> Json:
    """A message as the control side tells it."""
    message = stored.message
    reply = message.get("reply_to_message", {})
    return {
        "chat": chat.id,
        "id": message["message_id"],
        "at": stored.at,
        "date": message["date"],
        "sender": stored.sender_id,
        "from_bot": stored.by_bot is not None,
        "text": message.get("text") or message.get("caption") or "",
        "plain": plain(stored),
        "entities": message.get("entities") or message.get("caption_entities") or [],
        "buttons": message.get("reply_markup", {}).get("inline_keyboard", []),
        "markup": stored.markup,
        "reply_to": reply.get("message_id"),
        "topic": message.get("message_thread_id"),
        "silent": stored.silent,
        "deleted": stored.deleted,
        "edits": stored.edits,
        "pinned": message["message_id"] in chat.pinned,
        "reactions": {str(who): reactions for who, reactions in stored.reactions.items() if reactions},
        "service": stored.service,
        "file": stored.file,
        "poll": message.get("poll"),
        "message": message,
    }


def chosen(world: World, given: Json) -> Iterator[tuple[Chat, Stored]]:
    """Messages of `chat` (or all), `by` "bot", "people" or all, later than id `after`, fitting `pattern`."""
    if given.get("chat"):
        chats = [world.chat(given["chat"], given.get("bot"))]
    else:
        chats = [*world.chats.values(), *world.private.values()]
    by, after, pattern = given.get("by"), given.get("after") or 0, given.get("pattern")
    for chat in chats:
        for number, stored in chat.messages.items():
            if number <= after or (stored.deleted and not given.get("deleted")):
                continue
            if by is not None and (by == "bot") != (stored.by_bot is not None):
                continue
            if stored.service is not None and not given.get("service"):
                continue
            if pattern is None or fits(plain(stored), pattern):
                yield chat, stored


def messages(world: World, given: Json) -> list[Json]:
    return [shown(chat, stored) for chat, stored in chosen(world, given)]


def requests(world: World, given: Json) -> list[Json]:
    """The log from index `after` on, of `method` or all; getUpdates only when asked for by name."""
    method, start = (given.get("method") or "").lower(), int(given.get("after") or 0)
    log = enumerate(world.journal.entries[start:], start)
    return [e.shown(i) for i, e in log if (e.method == method if method else e.method != "getupdates")]


def duplicates(world: World, _: Json) -> list[Json]:
    """Messages that a bot sent more than once with the same text, in one chat, in reply to the same message."""
    seen: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)
    for chat, stored in chosen(world, {"by": "bot", "deleted": True}):
        reply = stored.message.get("reply_to_message", {}).get("message_id")
        seen[chat.id, stored.by_bot, plain(stored), reply].append(stored.message["message_id"])
    return [{"chat": k[0], "plain": k[2], "ids": ids} for k, ids in seen.items() if len(ids) > 1]


def stats(world: World, given: Json) -> Json:
    """Counts and rates; `allowed_updates`, `pending`, `confirmed` and `offsets` are the queue's of one bot."""
    journal, queue = world.journal, world.the_bot(given.get("bot")).queue
    return {
        "calls": dict(journal.calls),
        "statuses": dict(journal.statuses),
        "refused_by_limits": world.limits.refused,
        "rates": journal.rates(),
        "fault_hits": world.faults.hits,
        "held": world.faults.held,
        "pending": len(queue.waiting),
        "confirmed": queue.confirmed,
        "last_update_id": queue.last_id,
        "handed_out": queue.handed_out,
        "offsets": queue.offsets,
        "allowed_updates": queue.allowed,
    }


def pending(world: World, given: Json) -> list[Json]:
    """Updates not confirmed yet; those that are no JSON as text."""
    waiting = world.the_bot(given.get("bot")).queue.waiting
    return [_parsed(text) for _, _, text in waiting]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def query(world: World, given: Json) -> Json:
    """How a press was answered: None while it was not."""
    if given["query"] not in world.queries:
        raise Misused(f"no query {given['query']!r}")
    return world.queries[given["query"]]


def queries(world: World, given: Json) -> list[Json]:
    """All presses from `after` on, in order: at, user, answer."""
    return list(world.queries.values())[int(given.get("after") or 0) :]


def commands(world: World, given: Json) -> list[Json]:
    """Every menu that the bot published: scope, chat, user, language, commands."""
    menus = []
    for key, kept in world.the_bot(given.get("bot")).commands.items():
        names = {2: ("scope", "language"), 3: ("scope", "chat", "language"), 4: ("scope", "chat", "user", "language")}
        menus.append(dict(zip(names[len(key)], key, strict=True)) | {"commands": kept})
    return menus


def chat(world: World, given: Json) -> Json:
    """A chat with its members' standings, topics, requests and links."""
    found = world.chat(given["chat"], given.get("bot"))
    return found.shown() | {
        "member_count": found.member_count,
        "members": {str(number): member.shown() for number, member in found.members.items()},
        "topics": [asdict(topic) for topic in found.topics.values()],
        "requests": list(found.requests),
        "links": list(found.links.values()),
        "pinned": found.pinned,
        "started": found.started,
        "blocked": found.blocked,
    }


ACTIONS: dict[str, Callable[[World, Json], Any]] = {
    "messages": messages,
    "requests": requests,
    "duplicates": duplicates,
    "stats": stats,
    "pending": pending,
    "query": query,
    "queries": queries,
    "commands": commands,
    "chat": chat,
}
