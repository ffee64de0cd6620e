"""What Telegram does to any text: strips what it does not show, finds commands, mentions and links in it."""

from __future__ import annotations

import re
from typing import Any

from tests.servers.telegram.arguments import Args
from tests.servers.telegram.markup_text import Entity, parse_html, utf16
from tests.servers.telegram.refusals import bad

MAX_TEXT = 4096
MAX_CAPTION = 1024

# Line and paragraph separators, direction overrides and three combining marks never get through.
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANKED = re.compile("[\x00-\x08\x09\x0b\x0c\x0e-\x1f]")
_TIME_FORMAT = re.compile("r|w?[dD]?[tT]?")
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z0-9_]{3,32}\b")),
    ("email", re.compile(r"(?<![\w@])[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("url", re.compile(r"(?<![\w@])(?:https?://[^\s<>\"]+|(?:[\w-]+\.)+(?:com|org|net|me|id|io|dev|co)\b[^\s<>\"]*)")),
    ("hashtag", re.compile(r"(?<![\w#])#\w{1,255}")),
)


def formatted(args: Args, name: str, entities: str, users: dict[int, Any]) -> tuple[str, list[Entity]]:
    """Text argument `name` as it will be shown, by parse_mode or by the argument `entities`."""
    source = args.text(name)
    mode = args.text("parse_mode").lower()
    if mode == "html":
        text, marks = parse_html(source, users)
    elif mode in ("", "none"):
        text, marks = source, _given(args.structure(entities) or [], users)
    else:
        raise bad("unsupported parse_mode")
    return tidy(text, marks)


def tidy(text: str, marks: list[Entity]) -> tuple[str, list[Entity]]:
    """Cleaned and trimmed text with its entities moved along, and those that Telegram finds by itself."""
    if _BLANKED.search(text):
        text = _BLANKED.sub(" ", text)
    for found in reversed(list(_REMOVED.finditer(text))):
        at = utf16(text[: found.start()])
        marks = [_shrunk(mark, at, 1) for mark in marks]
        text = text[: found.start()] + text[found.end() :]
    stripped = text.lstrip()
    lead = utf16(text) - utf16(stripped) if stripped != text else 0
    text = stripped.rstrip()
    end = utf16(text) if marks else 0
    moved = [_cut(_shrunk(mark, 0, lead) if lead else mark, end) for mark in marks]
    kept = [mark for mark in moved if mark["length"] > 0]
    return text, sorted(kept + detected(text, kept), key=lambda e: (e["offset"], -e["length"]))


def detected(text: str, marks: list[Entity]) -> list[Entity]:
    """Commands, mentions, addresses and hashtags outside code and links."""
    if not any(sign in text for sign in "/@#."):
        return []
    closed = [mark for mark in marks if mark["type"] in ("code", "pre", "text_link", "text_mention")]
    taken = [(mark["offset"], mark["offset"] + mark["length"]) for mark in closed]
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start = utf16(text[: match.start()])
            end = start + utf16(match.group())
            if all(end <= a or start >= b for a, b in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return found


def _given(marks: list[Entity], users: dict[int, Any]) -> list[Entity]:
    """Entities that the bot sent; a mention of somebody unknown is dropped."""
    known = []
    for mark in marks:
        if mark.get("type") == "text_mention":
            user = users.get(int(mark.get("user", {}).get("id", 0)))
            if user is None:
                continue
            mark = mark | {"user": user}
        if mark.get("type") == "date_time":
            _check_time(mark)
        known.append({k: v for k, v in mark.items() if v is not None})
    return known


def _check_time(mark: Entity) -> None:
    if not isinstance(mark.get("unix_time"), int):
        raise bad("can't parse MessageEntity: Can't find field \"unix_time\"")
    if not _TIME_FORMAT.fullmatch(mark.get("date_time_format") or ""):
        raise bad("can't parse MessageEntity: Invalid date-time format specified")


def _shrunk(mark: Entity, at: int, by: int) -> Entity:
    """The entity after `by` units were removed at `at`."""
    start, end = mark["offset"], mark["offset"] + mark["length"]
    start -= min(by, max(0, start - at))
    end -= min(by, max(0, end - at))
    return mark | {"offset": start, "length": end - start}


def _cut(mark: Entity, end: int) -> Entity:
    return mark | {"length": min(mark["length"], end - mark["offset"])}
