"""Control side: people join, ask to join, are held back, leave, are banned, rise and fall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram.membership import announce, announce_join, member_of, set_standing, tell_standing
from tests.servers.telegram.model import ADMIN_RIGHTS, PERMISSIONS, Chat, Json
from tests.servers.telegram.refusals import Misused
from tests.servers.telegram.world import World

HELD_BACK = dict.fromkeys(PERMISSIONS, False)


def _both(world: World, given: Json) -> tuple[Chat, Json, Json]:
    """Chat, person, and who did it: themselves unless `by` says otherwise."""
    user = world.user(given["user"])
    return world.chat(given["chat"]), user, world.user(given.get("by") or given["user"])


def join(world: World, given: Json) -> Json:
    """`via`: "chat_member" and/or "service", told in that order. `link`, `by`, `at`; `restricted` holds them back."""
    chat, user, by = _both(world, given)
    if member_of(chat, user).present:
        raise Misused(f"{user['first_name']} is in {chat.title} already")
    standing = {"status": "restricted", "rights": HELD_BACK} if given.get("restricted") else {"status": "member"}
    told = {"by": by, "at": given.get("at"), "link": given.get("link")}
    return _enter(world, chat, [user], given.get("via", ["chat_member", "service"]), standing, told)


def join_together(world: World, given: Json) -> Json:
    """`users` join at once: one service message for all of them, one chat_member each."""
    chat, users = world.chat(given["chat"]), [world.user(number) for number in given["users"]]
    told = {"by": world.user(given.get("by") or users[0]["id"]), "at": given.get("at")}
    return _enter(world, chat, users, given.get("via", ["service", "chat_member"]), {"status": "member"}, told)


def _enter(world: World, chat: Chat, users: list[Json], via: list[str], standing: Json, told: Json) -> Json:
    changes = []
    for user in users:
        by = told["by"] if len(users) == 1 else user
        change = set_standing(world, chat, user, by, tell=False, at=told.get("at"), is_member=True, **standing)
        if told.get("link"):
            change["invite_link"] = _link(chat, told["link"])
        chat.requests.pop(user["id"], None)
        changes.append(change)
    message = None
    for source in via:
        if source == "chat_member":
            for change in changes:
                tell_standing(world, chat, change)
        elif source == "service":
            message = announce_join(world, chat, users, told["by"], told.get("at"))
        else:
            raise Misused(f"a join is seen via chat_member or service, not {source!r}")
    return {"message_id": message["message_id"] if message else None}


def _link(chat: Chat, given: str) -> Json:
    found = [link for link in chat.links.values() if given in (link["invite_link"], link.get("name"))]
    if not found:
        raise Misused(f"{chat.title} has no invite link {given!r}")
    return found[-1]


def ask_to_join(world: World, given: Json) -> None:
    """A join request, told to bots that may invite; decided by the bot or by `join`."""
    chat, user, _ = _both(world, given)
    at = int(given.get("at") or world.now())
    request: Json = {"chat": chat.shown(), "from": user, "user_chat_id": user["id"], "date": at}
    request |= {k: given[k] for k in ("bio",) if given.get(k)}
    if given.get("link"):
        request["invite_link"] = _link(chat, given["link"])
    chat.requests[user["id"]] = request
    for bot, member in world.bots_in(chat):
        if member.may("can_invite_users"):
            world.tell_bot(bot, "chat_join_request", request)
    world.changed()


def restrict(world: World, given: Json) -> None:
    """Another admin or bot (`by`) takes rights away; all of them unless `rights` names what stays."""
    chat, user, by = _both(world, given)
    standing: Json = {"status": "restricted", "rights": HELD_BACK | (given.get("rights") or {})}
    until = int(given.get("until") or 0)
    set_standing(world, chat, user, by, is_member=given.get("is_member", True), until_date=until, **standing)


def lift(world: World, given: Json) -> None:
    """A restriction ends: a plain member again."""
    chat, user, by = _both(world, given)
    set_standing(world, chat, user, by, status="member", rights={})


def leave(world: World, given: Json) -> None:
    """`via` as for joins; someone who leaves while restricted stays restricted, but is no member."""
    chat, user, by = _both(world, given)
    restricted = member_of(chat, user).status == "restricted"
    standing: Json = {"is_member": False} if restricted else {"status": "left", "rights": {}}
    _gone(world, given, set_standing(world, chat, user, by, tell=False, at=given.get("at"), **standing))


def ban(world: World, given: Json) -> None:
    """Kicked out and kept out until `until` (0: for good)."""
    chat, user, by = _both(world, given)
    standing = {"status": "kicked", "rights": {}, "until_date": int(given.get("until") or 0)}
    _gone(world, given, set_standing(world, chat, user, by, tell=False, at=given.get("at"), **standing))


def _gone(world: World, given: Json, change: Json) -> None:
    chat, user = world.chat(given["chat"]), change["new_chat_member"]["user"]
    for source in given.get("via", ["chat_member", "service"]):
        if source == "chat_member":
            tell_standing(world, chat, change)
        else:
            fields = {"left_chat_participant": user, "left_chat_member": user}
            announce(world, chat, fields, change["from"], "left_chat_member", given.get("at"))


def unban(world: World, given: Json) -> None:
    chat, user, by = _both(world, given)
    set_standing(world, chat, user, by, status="left", until_date=0)


def promote(world: World, given: Json) -> None:
    """To administrator, with all rights unless `rights` lists them; `anonymous` hides them, `owner` gives the chat."""
    chat, user, by = _both(world, given)
    status = "creator" if given.get("owner") else "administrator"
    set_standing(
        world, chat, user, by, status=status, rights=granted(given.get("rights")),
        is_anonymous=bool(given.get("anonymous")), tell=given.get("tell", True),
    )  # fmt: skip


def demote(world: World, given: Json) -> None:
    chat, user, by = _both(world, given)
    set_standing(world, chat, user, by, status="member", rights={}, is_anonymous=False)


def granted(rights: list[str] | None) -> dict[str, bool]:
    """Admin rights by name; None means all but the right to make more admins."""
    if rights is None:
        rights = [right for right in ADMIN_RIGHTS if right != "can_promote_members"]
    unknown = set(rights) - set(ADMIN_RIGHTS)
    if unknown:
        raise Misused(f"no such admin right: {', '.join(sorted(unknown))}")
    return {right: right in rights or right == "can_manage_chat" for right in ADMIN_RIGHTS}


ACTIONS: dict[str, Callable[[World, Json], Any]] = {
    "join": join,
    "join_together": join_together,
    "ask_to_join": ask_to_join,
    "restrict": restrict,
    "lift": lift,
    "leave": leave,
    "ban": ban,
    "unban": unban,
    "promote": promote,
    "demote": demote,
}
