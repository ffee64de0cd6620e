"""HTML parse mode as Telegram reads it: supported tags only, everything closed, offsets in UTF-16 units."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from tests.servers.telegram.refusals import bad

Entity = dict[str, Any]

KIND = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_START = re.compile(r"<([^\s>/]*)")
_END = re.compile(r"</([^\s>]*)\s*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.-]+)))?")
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_TEXT = re.compile(r"[^<&]+")
_USER_LINK = re.compile(r"tg:(?://)?user\?id=(\d+)")
_WEB_LINK = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)*\.?[\w-]{2,}(?::\d+)?(?:[/?#].*)?", re.IGNORECASE)


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int  # UTF-16
    start: int  # in pieces' joined length


@dataclass(slots=True)
class _Reading:
    """The parser's state: what was read, and which tags are open."""

    source: str
    at: int = 0
    units: int = 0
    text: str = ""
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def take(self, piece: str) -> None:
        self.text += piece
        self.units += utf16(piece)

    def wrong(self, what: str, at: int) -> Exception:
        offset = len(self.source[:at].encode("utf-8", "surrogatepass"))
        return bad(f"can't parse entities: {what.format(offset=f'at byte offset {offset}')}")


def utf16(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str, users: dict[int, Any]) -> tuple[str, list[Entity]]:
    """The text and its entities; mentions of `users` by id become text_mention. Raises 400 as Telegram does."""
    if "<" not in source and "&" not in source:
        return source, []
    reading = _Reading(source)
    while reading.at < len(source):
        if source.startswith("</", reading.at):
            _close(reading, users)
        elif source[reading.at] == "<":
            _begin(reading)
        elif source[reading.at] == "&":
            _character(reading)
        else:
            found = _TEXT.match(source, reading.at)
            assert found is not None
            reading.take(found.group())
            reading.at = found.end()
    if reading.open:
        raise reading.wrong(f'Can\'t find end tag corresponding to start tag "{reading.open[-1].tag}"', 0)
    return reading.text, sorted(reading.entities, key=lambda e: (e["offset"], -e["length"]))


def _character(reading: _Reading) -> None:
    found = _CHARACTER.match(reading.source, reading.at)
    piece = html.unescape(found.group()) if found else "&"
    reading.take(piece)
    reading.at = found.end() if found else reading.at + 1


def _begin(reading: _Reading) -> None:
    begin = reading.at
    found = _START.match(reading.source, begin)
    assert found is not None
    tag = found.group(1).lower()
    reading.at = found.end()
    if reading.at >= len(reading.source):
        raise reading.wrong("Unclosed start tag {offset}", begin)
    if tag not in KIND:
        shown = tag.replace("{", "{{").replace("}", "}}")
        raise reading.wrong(f'Unsupported start tag "{shown}" {{offset}}', begin)
    attributes = _attributes(reading, tag, begin)
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise reading.wrong('Tag "span" must have class "tg-spoiler" {offset}', begin)
    reading.open.append(_Open(tag, attributes, reading.units, len(reading.text)))


def _attributes(reading: _Reading, tag: str, begin: int) -> dict[str, str]:
    attributes: dict[str, str] = {}
    while True:
        while reading.at < len(reading.source) and reading.source[reading.at].isspace():
            reading.at += 1
        if reading.at >= len(reading.source):
            raise reading.wrong(f'Unclosed start tag "{tag}" {{offset}}', begin)
        if reading.source[reading.at] == ">":
            reading.at += 1
            return attributes
        found = _ATTRIBUTE.match(reading.source, reading.at)
        if found is None or (found.group().strip() == found.group(1) and found.group(1) != "expandable"):
            raise reading.wrong(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" {{offset}}', begin
            )
        value = next((v for v in found.groups()[1:] if v is not None), "")
        attributes[found.group(1).lower()] = html.unescape(value)
        reading.at = found.end()


def _close(reading: _Reading, users: dict[int, Any]) -> None:
    begin = reading.at
    if not reading.open:
        raise reading.wrong("Unexpected end tag {offset}", begin)
    found = _END.match(reading.source, begin)
    assert found is not None
    reading.at = found.end()
    if not reading.source.startswith(">", reading.at):
        raise reading.wrong("Unclosed end tag {offset}", begin)
    reading.at += 1
    ended, opened = found.group(1).lower(), reading.open.pop()
    if ended and ended != opened.tag:
        shown = ended.replace("{", "{{").replace("}", "}}")
        raise reading.wrong(f'Unmatched end tag {{offset}}, expected "</{opened.tag}>", found "</{shown}>"', begin)
    entity = _entity(opened, reading.text[opened.start :], reading, users)
    if entity is not None and reading.units > opened.offset:
        reading.entities.append(entity | {"offset": opened.offset, "length": reading.units - opened.offset})


def _entity(opened: _Open, inner: str, reading: _Reading, users: dict[int, Any]) -> Entity | None:
    if opened.tag == "a":
        return _link(opened.attributes.get("href") or inner, users)
    if opened.tag == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": opened.attributes.get("emoji-id", "")}
    if opened.tag == "tg-time":
        shape = {"date_time_format": opened.attributes["format"]} if "format" in opened.attributes else {}
        return {"type": "date_time", "unix_time": int(opened.attributes.get("unix", "0") or 0), **shape}
    if opened.tag == "blockquote" and "expandable" in opened.attributes:
        return {"type": "expandable_blockquote"}
    if opened.tag == "code":
        language = opened.attributes.get("class", "")
        if reading.open and reading.open[-1].tag == "pre" and language.startswith("language-"):
            reading.open[-1].attributes["language"] = language.removeprefix("language-")
            return None
    if opened.tag == "pre" and "language" in opened.attributes:
        return {"type": "pre", "language": opened.attributes["language"]}
    return {"type": KIND[opened.tag]}


def _link(url: str, users: dict[int, Any]) -> Entity | None:
    """A person's link mentions them if they are known; a link that is none is dropped silently."""
    person = _USER_LINK.fullmatch(url.strip())
    if person:
        user = users.get(int(person.group(1)))
        return {"type": "text_mention", "user": user} if user else None
    if url.startswith("tg://") or _WEB_LINK.fullmatch(url.strip()):
        plain = url.strip()
        return {"type": "text_link", "url": plain if "://" in plain else f"http://{plain}"}
    return None
