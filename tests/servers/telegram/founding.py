"""Control side: bots, people, groups, what befalls a group, and updates that nobody sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.servers.telegram.coming_and_going import granted
from tests.servers.telegram.membership import announce, announce_join, set_standing
from tests.servers.telegram.methods.topics import close_topic, open_topic
from tests.servers.telegram.model import PERMISSIONS, Chat, Json, Member
from tests.servers.telegram.refusals import Misused
from tests.servers.telegram.updates import KEPT
from tests.servers.telegram.world import World

KINDS = ("group", "supergroup", "forum", "channel")
PERSON = ("first_name", "last_name", "username", "language_code", "is_premium")


def bot(world: World, given: Json) -> Json:
    """Another bot account; or, with the token of one that exists, changes its privacy mode."""
    if given["token"] in world.bots:
        world.bots[given["token"]].sees_all = not given.get("privacy", True)
        return world.bots[given["token"]].user
    username, name = given.get("username", "other_bot"), given.get("name", "Other")
    return world.add_bot(given["token"], username, name, sees_all=not given.get("privacy", True)).user


def person(world: World, given: Json) -> Json:
    """Adds somebody, or changes who they are; `id` and everything but `first_name` may be left out."""
    number = int(given.get("id") or 1_000_000 + next(world.ids))
    user = world.users.setdefault(number, {"id": number, "is_bot": bool(given.get("is_bot")), "first_name": ""})
    user |= {name: given[name] for name in PERSON if given.get(name) is not None}
    if given.get("deactivated"):
        world.deactivated.add(number)
    return user


def group(world: World, given: Json) -> Json:
    """A chat with its owner and, unless `bot` is "absent", the bot: "admin" (with `rights`), "member", "restricted"."""
    kind = given.get("kind", "supergroup")
    if kind not in KINDS:
        raise Misused(f"a group is one of {', '.join(KINDS)}, not {kind!r}")
    number = int(given.get("id") or _chat_id(world, kind))
    chat = world.chats[number] = Chat(
        number,
        "supergroup" if kind == "forum" else kind,
        given["title"],
        given.get("username"),
        is_forum=kind == "forum",
        unseen_members=int(given.get("unseen_members") or 0),
        join_by_request=bool(given.get("join_by_request")),
        hidden_members=bool(given.get("hidden_members")),
        linked_chat_id=given.get("linked"),
        # A supergroup begins with the message that it was made: 1 is never a topic.
        last_message_id=0 if kind == "group" else 1,
    )
    chat.permissions |= {right: bool(on) for right, on in (given.get("permissions") or {}).items()}
    owner = world.user(given["owner"]) if given.get("owner") else person(world, {"first_name": "Owner"})
    chat.members[owner["id"]] = Member(owner, "creator")
    if given.get("bot", "admin") != "absent":
        where = {"chat": number, "rights": given.get("rights"), "by": owner["id"], "tell": given.get("announce", False)}
        bot_standing(world, where | {"status": given.get("bot", "admin"), "bot": given.get("which_bot")})
    return chat.shown()


def _chat_id(world: World, kind: str) -> int:
    return -(4_000_000 + next(world.ids)) if kind == "group" else -(1_001_000_000_000 + next(world.ids))


def bot_standing(world: World, given: Json) -> None:
    """The bot becomes "admin" (with `rights`), "member", "restricted", "left" or "kicked"; `tell`: with updates."""
    chat, account = world.chat(given["chat"]), world.the_bot(given.get("bot"))
    status = {"admin": "administrator"}.get(given["status"], given["status"])
    rights = granted(given.get("rights")) if status == "administrator" else {}
    if status == "restricted":
        rights = dict.fromkeys(PERMISSIONS, False) | dict.fromkeys(given.get("rights") or [], True)
    owner = next((m.user for m in chat.members.values() if m.status == "creator"), account.user)
    by = world.user(given["by"]) if given.get("by") else owner
    was = chat.members.get(account.id)
    tell = given.get("tell", True)
    set_standing(world, chat, account.user, by, status=status, rights=rights, is_member=True, tell=tell)
    if tell and not (was and was.present) and chat.members[account.id].present and chat.type != "channel":
        announce_join(world, chat, [account.user], by)


def change_group(world: World, given: Json) -> Json:
    """Sets title, permissions, unseen_members, hidden_members, available_reactions, was_deleted … of a chat."""
    chat = world.chat(given["chat"])
    for name, value in given["to"].items():
        if name == "permissions":
            chat.permissions |= value
        elif hasattr(chat, name):
            setattr(chat, name, value)
        else:
            raise Misused(f"a chat has no {name!r}")
    world.changed()
    return chat.shown()


def migrate(world: World, given: Json) -> Json:
    """A group becomes a supergroup with a new id. `seen`: "to" and/or "from", the messages in that order."""
    old = world.chat(given["chat"])
    if old.type != "group":
        raise Misused(f"{old.title} is no basic group")
    number = int(given.get("new_id") or _chat_id(world, "supergroup"))
    new = world.chats[number] = Chat(
        number, "supergroup", old.title, permissions=old.permissions, members=dict(old.members),
        unseen_members=old.unseen_members, last_message_id=1,
    )  # fmt: skip
    owner = next((m.user for m in old.members.values() if m.status == "creator"), world.the_bot().user)
    for side in given.get("seen", ["to", "from"]):
        if side == "to":
            announce(world, old, {"migrate_to_chat_id": number}, owner, "migrate_to_chat_id")
        else:
            announce(world, new, {"migrate_from_chat_id": old.id}, owner, "migrate_from_chat_id")
    old.migrated_to = number
    world.changed()
    return new.shown()


def topic(world: World, given: Json) -> Json:
    """Opens a topic by `name`, or sets the state of topic `id`: "closed", "open" or "deleted" (`id` 1: General)."""
    chat = world.chat(given["chat"])
    by = next((m.user for m in chat.members.values() if m.status == "creator"), world.the_bot().user)
    if "name" in given:
        return {"id": open_topic(world, chat, given["name"], by).id}
    state = given["state"]
    if given["id"] == 1:
        chat.general_closed = state == "closed"
    elif state == "deleted":
        chat.topics[given["id"]].deleted = True
    else:
        close_topic(world, chat, chat.topics[given["id"]], by, closed=state == "closed")
    world.changed()
    return {"id": given["id"]}


def update(world: World, given: Json) -> int:
    """Queues `update` as it is (an update_id is added where it has none), or the literal text `raw`; returns its id."""
    queue = world.the_bot(given.get("bot")).queue
    text = given.get("raw")
    if text is None:
        text = json.dumps({"update_id": queue.last_id + 1} | given["update"])
    number = queue.add_raw(text, world.now() + KEPT)
    world.changed()
    return number


ACTIONS: dict[str, Callable[[World, Json], Any]] = {
    "bot": bot,
    "person": person,
    "group": group,
    "bot_standing": bot_standing,
    "change_group": change_group,
    "migrate": migrate,
    "topic": topic,
    "update": update,
}
