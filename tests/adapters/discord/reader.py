"""How a Discord client reads a message: a small reader of its markdown, written apart from the code that writes it.

The rules and their order follow the client's (a dialect of simple-markdown). Where that is lenient, this is more so:
what it takes for plain text, the client does as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

BLOCKS = (
    ("heading", re.compile(r"[ \t]*(?:-#|#{1,3})[ \t]+(?P<inner>[^\n]*)")),
    ("quote", re.compile(r"[ \t]*>(?:>>)?[ \t](?P<inner>[^\n]*)")),
    ("list", re.compile(r"[ \t]*(?:[*+-]|\d+[.)])[ \t]+(?P<inner>[^\n]*)")),
)
INLINE = (
    ("escape", re.compile(r"\\(?P<text>[^0-9A-Za-z\s])")),
    ("code", re.compile(r"(`+)(?P<text>[\s\S]*?[^`])\1(?!`)")),
    ("mention", re.compile(r"<(?:@[!&]?|#)(?P<text>\d+)>|(?P<all>@(?:everyone|here)\b)")),
    ("special", re.compile(r"<(?:a?:\w+:\d+|t:-?\d+(?::\w)?|/[\w -]+:\d+|id:\w+)>")),
    ("emoji", re.compile(r":[\w+-]+:")),
    ("link", re.compile(r"\[(?P<inner>(?:\\.|[^\]\\])+)\]\(<?(?P<address>[^\s>)]+)>?\)")),
    ("address", re.compile(r"<?(?P<text>https?://[^\s<]*[^<.,:;\"'\]\s])>?", re.IGNORECASE)),
    ("bold", re.compile(r"\*\*(?P<inner>(?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")),
    ("underline", re.compile(r"__(?P<inner>(?:\\[\s\S]|[^\\])+?)__(?!_)")),
    ("italic", re.compile(r"\*(?=\S)(?P<inner>(?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)")),
    ("italic", re.compile(r"_(?P<inner>(?:__|\\[\s\S]|[^\\_])+?)_\b")),
    ("strike", re.compile(r"~~(?=\S)(?P<inner>(?:\\[\s\S]|[^\\])+?)~~")),
    ("spoiler", re.compile(r"\|\|(?P<inner>[\s\S]+?)\|\|")),
)
PLAIN_UNTIL = re.compile(r"[\s\S][^\\`<@:\[h*_~|\n]*", re.IGNORECASE)


@dataclass(frozen=True)
class Seen:
    """`shown` is what people see; `marks` each thing that is not plain text: (kind, what is in it)."""

    shown: str
    marks: tuple[tuple[str, str], ...]


def read(content: str) -> Seen:
    marks: list[tuple[str, str]] = []
    lines = []
    for line in content.split("\n"):
        for kind, rule in BLOCKS:
            if match := rule.fullmatch(line):
                marks.append((kind, match["inner"]))
                line = match["inner"]
        lines.append(line)
    return Seen(_inline("\n".join(lines), marks).replace("\u200b", ""), tuple(marks))


def _inline(text: str, marks: list[tuple[str, str]]) -> str:
    shown: list[str] = []
    at = 0
    while at < len(text):
        kind, match = _first(text, at)
        shown.append(_shown(kind, match, marks))
        at = match.end()
    return "".join(shown)


def _first(text: str, at: int) -> tuple[str, re.Match[str]]:
    for kind, rule in INLINE:
        if match := rule.match(text, at):
            return kind, match
    match = PLAIN_UNTIL.match(text, at)
    assert match
    return "plain", match


def _shown(kind: str, match: re.Match[str], marks: list[tuple[str, str]]) -> str:
    groups = match.groupdict()
    if kind in ("plain", "special", "emoji"):
        if kind != "plain":
            marks.append((kind, match[0]))
        return match[0]
    if kind == "escape":
        return match["text"]
    if groups.get("inner") is not None:
        inner = _inline(match["inner"], marks)
        marks.append((kind, groups.get("address") or inner))
        return inner
    marks.append((kind, groups.get("text") or match[0]))
    return groups.get("text") or match[0]
