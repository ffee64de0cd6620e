"""Text as Discord's markdown: what people wrote stays exactly what they wrote, and never calls anybody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from bot.core.fit import length, shorten
from bot.core.messages import Span, Style, Text, plain

BREAK = "\u200b"
"""Zero width space: parts what must not be read as one."""

_UNWANTED = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Control characters, halves of a pair, and what turns the direction of the text around it."""
_SPECIAL = re.compile(
    r"(?P<address>(?<!\w)https?://[a-z0-9][a-z0-9._/?#&=%+:,;!-]*[a-z0-9/](?=[.,:;!?'\")]*(?:\s|\Z)))"
    r"|[\\*_~`|<\[\]]|:(?=[\w+-]+:)|:(?=//)",
    re.IGNORECASE,
)
"""What has to be escaped; and a web address without anything of the kind, which is left whole."""
_LINE_START = re.compile(r"^([ \t]*)([#>+-])", re.MULTILINE)
_NUMBERED = re.compile(r"^([ \t]*\d*)([.)])", re.MULTILINE)
_PING = re.compile(r"@(?=everyone|here|[!&]?\d)", re.IGNORECASE)
_TOGETHER = tuple(
    (re.compile(tail + r"\Z", re.IGNORECASE), re.compile(head, re.IGNORECASE))
    for tail, head in ((r":[\w+-]*", r"[\w+-]*:"), (r"@\w*", r"\w"), (r"https?:?/?", r"[:/]"))
)
"""How one part may end and the next begin, so that they'd be read as one thing."""
_LONGEST_NAME = 64
_ID = re.compile(r"\d{1,20}")
_BLOCK = "```\n{}\n```"
_MARKS = {Style.PLAIN: "", Style.BOLD: "**", Style.ITALIC: "*", Style.CODE: "`"}


def render(text: Text, limit: int) -> str:
    """At most `limit` UTF-16 units, escapes counted; ends in … when something had to go."""
    room = limit
    while True:
        words = _render(shorten(text, room, utf16=True))
        excess = length(words, utf16=True) - limit
        if excess <= 0:
            return words
        room -= max(1, min(excess, room // 2))


def literal(words: str, limit: int) -> str:
    """Where Discord reads no markdown: what can't be seen is taken out. At most `limit` characters."""
    seen = _UNWANTED.sub("", words.replace("\n", " ").replace("\t", " ")).strip() or "…"
    return plain(shorten((Span(seen),), limit, utf16=False))


def blocks(words: str, limit: int) -> list[str]:
    """Code blocks of at most `limit` units each, from which these words can be copied."""
    left = _UNWANTED.sub("", words.replace("\r\n", "\n").replace("\t", " ")).replace("```", "\u02cb" * 3)
    parts: list[str] = []
    while left:
        part = _beginning(left, limit - len(_BLOCK))
        left = left[len(part) :]
        parts.append(_BLOCK.format(part))
    return parts


def _beginning(words: str, limit: int) -> str:
    if length(words, utf16=True) <= limit:
        return words
    return plain(shorten((Span(words),), limit + 1, utf16=True)[:-1])


def escape(words: str) -> str:
    """What shows as exactly these words. Web addresses stay whole, so that they can be followed."""
    words = _UNWANTED.sub("", words.replace("\r\n", "\n").replace("\t", " "))
    words = _SPECIAL.sub(lambda match: match[0] if match["address"] else "\\" + match[0], words)
    lines = _LINE_START.sub(r"\1\\\2", words)
    return _PING.sub("@" + BREAK, _NUMBERED.sub(r"\1\\\2", lines))


def _render(text: Text) -> str:
    parts: list[str] = []
    marked = False
    for style, group in groupby(text, key=lambda span: span.style):
        spans = tuple(group)
        inner = _code(spans) if style is Style.CODE else _joined([_span(span) for span in spans])
        words = inner.strip()
        if style is Style.PLAIN or not words.strip(BREAK):
            parts.append(inner)
            marked = marked and not inner
            continue
        before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        parts += (BREAK if marked and not before else "", before, _MARKS[style], words, _MARKS[style], after)
        marked = not after
    return _joined(parts)


def _joined(parts: Sequence[str]) -> str:
    """Each part is escaped by itself: what would become an emoji, a call or an address only together is held apart."""
    words = ""
    for part in parts:
        apart = any(tail.search(words[-_LONGEST_NAME:]) and head.match(part) for tail, head in _TOGETHER)
        words += BREAK + part if apart else part
    return words


def _code(spans: Sequence[Span]) -> str:
    """In code nothing is escaped; a backtick becomes an accent that looks the same."""
    words = "".join(span.text for span in spans)
    return _PING.sub("@" + BREAK, _UNWANTED.sub("", words.replace("`", "\u02cb").replace("\n", " ")))


def _span(span: Span) -> str:
    if span.moment and span.text:
        return f"<t:{int(span.moment.timestamp())}:f>"  # shown in each reader's own zone and language
    if span.mention and _ID.fullmatch(span.mention):
        return f"<@{span.mention}>"
    if span.link and (address := _address(span.link)):
        label = escape(span.text.replace("://", ":" + BREAK + "//")).strip()  # an address in it would undo the link
        return f"[{label}](<{address}>)" if label else f"<{address}>"
    return escape(span.text)


def _address(link: str) -> str:
    """Empty unless it is a web address; what would end it early is encoded."""
    link = _UNWANTED.sub("", link).strip()
    if not re.match(r"https?://\S", link, re.IGNORECASE):
        return ""
    return quote(link, safe="!#$%&'*+,-./:;=?_~[]")
