"""Whom a message really notifies: mentions in its text, less what `allowed_mentions` and permissions take away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from . import errors, permissions
from .state import Channel, Json

_CODE = re.compile(r"```.*?```|``.*?``|`[^`]*`", re.DOTALL)
_MENTION = re.compile(r"<@(?P<role>&?)!?(?P<id>\d{15,21})>|@(?P<all>everyone|here)\b")
TEXT_DISPLAY = 10


def check(allowed: Any) -> None:
    """50035 for an `allowed_mentions` that Discord would refuse."""
    if allowed is None:
        return
    parse = allowed.get("parse") or []
    for kind in ("users", "roles"):
        listed = allowed.get(kind) or []
        if kind in parse and listed:
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            raise errors.invalid_form("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)
        if len(listed) > 100:
            raise errors.too_long(f"allowed_mentions.{kind}", 100)


def of(body: Json, channel: Channel, author_may: int, reply_to: int | None) -> list[str]:
    """The notified, in the order of their first mention: `user:ID`, `role:ID`, `everyone`, `here`.

    Text in code is no mention, embeds never notify, text displays do. `reply_to` is the author replied to. Without
    `allowed_mentions` everything written counts, as Discord does for bots and people alike.
    """
    allowed = body.get("allowed_mentions")
    found: dict[str, None] = {}
    for text in _texts(body):
        if "@" in text:
            for match in _MENTION.finditer(_CODE.sub(" ", text)):
                ping = _ping(match, allowed, channel, author_may)
                if ping is not None:
                    found[ping] = None
    if reply_to is not None and (allowed is None or allowed.get("replied_user")):
        found[f"user:{reply_to}"] = None
    return list(found)


def _texts(body: Json) -> Iterator[str]:
    yield body.get("content") or ""
    for component in body.get("components") or ():
        yield from _displayed(component)


def _displayed(component: Json) -> Iterator[str]:
    if component.get("type") == TEXT_DISPLAY:
        yield str(component.get("content", ""))
    for child in component.get("components") or ():
        yield from _displayed(child)


def _ping(match: re.Match[str], allowed: Json | None, channel: Channel, author_may: int) -> str | None:
    everyone = bool(author_may & permissions.MENTION_EVERYONE) and channel.guild is not None
    if match["all"]:
        return match["all"] if everyone and _lets(allowed, "everyone", "") else None
    if match["role"]:
        role = channel.guild.roles.get(int(match["id"])) if channel.guild else None
        if role is None or not (role.mentionable or everyone) or not _lets(allowed, "roles", match["id"]):
            return None
        return f"role:{role.id}"
    return f"user:{match['id']}" if _lets(allowed, "users", match["id"]) else None


def _lets(allowed: Json | None, kind: str, id: str) -> bool:
    if allowed is None or kind in (allowed.get("parse") or ()):
        return True
    return id in [str(listed) for listed in allowed.get(kind) or ()]
