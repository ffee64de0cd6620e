"""A message's text → safe HTML. Pure; everything that people wrote is escaped."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from bot.core.messages import Picture, Span, Style, Text

_STYLED = {
    Style.BOLD: Markup("<strong>{}</strong>"),
    Style.ITALIC: Markup("<em>{}</em>"),
    Style.CODE: Markup("<code>{}</code>"),
}
_MENTION = Markup('<span class="mention">{}</span>')
_LINK = Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>')


_MOMENT = Markup('<time datetime="{}">{}</time>')


def html(text: Text, moments: bool = False) -> Markup:
    """Line breaks are left to the style sheet. `moments`: times can be told from other words."""
    return Markup().join(_span(span, moments) for span in text)


def _span(span: Span, moments: bool) -> Markup:
    words = escape(span.text)
    if span.moment and moments:
        words = _MOMENT.format(span.moment.isoformat(timespec="seconds"), words)
    if span.mention:
        words = _MENTION.format(words)
    if styled := _STYLED.get(span.style):
        words = styled.format(words)
    if span.link and is_web_address(span.link):
        words = _LINK.format(span.link, words)
    return words


def is_web_address(link: str) -> bool:
    """Nothing else is made clickable: no javascript:, no data:."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def picture_address(picture: Picture) -> str:
    return "data:image/png;base64," + base64.b64encode(picture.data).decode()
