"""What can be said: text with styles as data, buttons, a poll, a picture, and for whom it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pydantic import ConfigDict, TypeAdapter


class Style(StrEnum):
    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. `link` is a web address; `mention` an account's id, shown as that person's name; `moment` the
    time that the text tells, which a platform may show in each reader's own zone instead.
    """

    text: str
    style: Style = Style.PLAIN
    link: str = ""
    mention: str = ""
    moment: datetime | None = None


Text = tuple[Span, ...]


class AudienceKind(StrEnum):
    EVERYONE = "everyone"
    PERSON = "person"
    MANAGERS = "managers"


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a message is; `fit` never widens it."""

    kind: AudienceKind
    account: str = ""


EVERYONE = Audience(AudienceKind.EVERYONE)
MANAGERS = Audience(AudienceKind.MANAGERS)


def only(account: str) -> Audience:
    return Audience(AudienceKind.PERSON, account)


@dataclass(frozen=True, slots=True)
class Button:
    """Either does something (`action` is "feature.name", `data` is kept by us) or opens `url`.

    `token` is what the platform sees: opaque, made when the message is posted. `typed` is the command that does the
    same, for where nothing can be pressed.
    """

    label: str
    action: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    token: str = ""
    typed: str = ""


ButtonRows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Poll:
    """The platform's own poll. A message that has one shows it where the platform can have it just so; elsewhere its
    text and buttons are shown instead, and never both.

    `open_for`: how long it takes votes; the platform closes it by itself at `closes_at`. `revote`: whether a vote may
    be changed. `hides_results`: whether they are hidden until then. `note`: a line shown with it, if possible.
    """

    question: str
    options: tuple[str, ...]
    multiple: bool = False
    open_for: timedelta | None = None
    closes_at: datetime | None = None
    revote: bool = True
    hides_results: bool = False
    note: Text = ()


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float
    note: str = ""  # behind the bar, such as "12 (40%)"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture that is yet to be drawn: bars from top to bottom. It becomes a `Picture` when it is sent."""

    title: str
    bars: tuple[Bar, ...]
    note: str = ""
    description: str = ""  # for those who can't see it


@dataclass(frozen=True, slots=True)
class Picture:
    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    data: bytes  # PNG
    description: str


@dataclass(frozen=True, slots=True)
class Message:
    text: Text = ()
    audience: Audience = EVERYONE
    buttons: ButtonRows = ()
    poll: Poll | None = None
    picture: Picture | None = None
    reply_to: str = ""  # message id
    ask_reply: bool = False  # invite the reader to reply to this very message
    chart: Chart | None = None


_MESSAGE = TypeAdapter(Message)


def to_json(message: Message) -> str:
    return _MESSAGE.dump_json(message, exclude_defaults=True).decode()


def from_json(data: str) -> Message:
    return _MESSAGE.validate_json(data)


def plain(text: Text) -> str:
    return "".join(span.text for span in text)


def text(words: str) -> Text:
    """Literal words, nothing parsed."""
    return (Span(words),) if words else ()


_MARKUP = re.compile(r"\*(?P<bold>[^*\n]+)\*|`(?P<code>[^`\n]+)`|\{(?P<name>[a-z_]+)\}")


def compose(pattern: str, values: Mapping[str, object] | None = None) -> Text:
    """Parse `*bold*`, `` `code` `` and `{name}` of a translated pattern; values (str, int or Text) are never parsed."""
    spans: list[Span] = []
    _compose(pattern, values or {}, Style.PLAIN, spans)
    return _joined(spans)


def _compose(pattern: str, values: Mapping[str, object], style: Style, spans: list[Span]) -> None:
    end = 0
    for match in _MARKUP.finditer(pattern):
        spans.append(Span(pattern[end : match.start()], style))
        end = match.end()
        if match["bold"] is not None:
            _compose(match["bold"], values, Style.BOLD, spans)
        elif match["code"] is not None:
            _compose(match["code"], values, Style.CODE, spans)
        else:
            spans.extend(_value(values, match["name"], style))
    spans.append(Span(pattern[end:], style))


def _value(values: Mapping[str, object], name: str, style: Style) -> Text:
    if name not in values:
        return (Span("{" + name + "}", style),)
    value = values[name]
    if isinstance(value, tuple):
        return tuple(_styled(span, style) for span in value)
    return (Span(str(value), style),)


def _styled(span: Span, style: Style) -> Span:
    keeps = span.style is not Style.PLAIN or style is Style.PLAIN
    return span if keeps else replace(span, style=style)


def _joined(spans: list[Span]) -> Text:
    """Neighbours of the same style become one; empty ones go."""
    joined: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        last = joined[-1] if joined else None
        if last and last.style == span.style and not (_stands_alone(last) or _stands_alone(span)):
            joined[-1] = Span(last.text + span.text, last.style)
        else:
            joined.append(span)
    return tuple(joined)


def _stands_alone(span: Span) -> bool:
    return bool(span.link or span.mention or span.moment)


def lines(*parts: Text, gap: str = "\n") -> Text:
    """Join texts that are not empty by line breaks."""
    spans: list[Span] = []
    for part in parts:
        if not part:
            continue
        if spans:
            spans.append(Span(gap))
        spans.extend(part)
    return _joined(spans)
