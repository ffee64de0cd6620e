"""Older self-hosted Bot API servers and proxies leave out fields that the library requires: they are filled in.

Only what is missing is added, as the least that it could mean: a right that isn't told isn't there.
"""

from __future__ import annotations

import inspect
from typing import Any

import telegram
from telegram import ChatMember, Update

_CLASSES: dict[str, type] = {
    ChatMember.OWNER: telegram.ChatMemberOwner,
    ChatMember.ADMINISTRATOR: telegram.ChatMemberAdministrator,
    ChatMember.RESTRICTED: telegram.ChatMemberRestricted,
    ChatMember.BANNED: telegram.ChatMemberBanned,
}
_PEOPLE = frozenset({"from", "user", "left_chat_member", "via_bot", "new_chat_members", "inviter", "creator"})
_OF: dict[str, dict[str, Any]] = {  # what kinds of objects lack, by the name under which they stand
    "callback_query": {"chat_instance": ""},
    "poll_answer": {"option_persistent_ids": ()},
    "poll": {"allows_revoting": True, "members_only": False},
    "options": {"persistent_id": ""},
}
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_FULL_CHAT = {"accent_color_id": 0, "max_reaction_count": 0, "accepted_gift_types": dict.fromkeys(_GIFTS, False)}


def _required(kind: type) -> tuple[str, ...]:
    parameters = list(inspect.signature(kind).parameters.values())
    return tuple(p.name for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD)


_REQUIRED = {status: tuple(name for name in _required(kind) if name != "user") for status, kind in _CLASSES.items()}


def read_update(raw: dict[str, Any]) -> Update:
    """Raises TypeError or another error when it is no update even so."""
    try:
        return Update.de_json(raw, None)
    except TypeError:
        return Update.de_json(_completed(raw, ""), None)


def completed_answer(method: str, result: Any) -> Any:
    """The answer to one of the look-ups, fit for the library."""
    if not isinstance(result, dict):
        return result
    if method == "getChat":
        return {**_FULL_CHAT, **_completed(result, "")}
    if method == "getMe":
        return _completed(result, "user")
    return _completed(result, "") if method == "getChatMember" else result


def _completed(node: Any, key: str) -> Any:
    if isinstance(node, list):
        return [_completed(item, key) for item in node]
    if not isinstance(node, dict):
        return node
    whole = {name: _completed(value, name) for name, value in node.items()}
    if key in _PEOPLE and "id" in whole:
        return {"is_bot": False, "first_name": "", **whole}
    if key in _OF:
        return {**_OF[key], **whole}
    if "status" in whole and "user" in whole:
        missing = dict.fromkeys(_REQUIRED.get(whole["status"], ()), False)
        return {**missing, "until_date": 0, "is_member": True, "can_react_to_messages": False, **whole}
    return whole
