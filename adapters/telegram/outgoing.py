"""A message → the parameters of Bot API methods. Pure.

Styles travel as entities (offset and length in UTF-16 units) next to the text, never as markup inside of it:
there is no parse mode, so nothing that anybody is called or says can become markup or break a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from telegram import InputFile

from adapters.telegram.limits import MAX_CAPTION, MAX_TEXT, button_data
from bot.core.fit import length, shorten
from bot.core.messages import Button, ButtonRows, Message, Picture, Span, Style, Text

Parameters = dict[str, Any]

_STYLES = {Style.BOLD: "bold", Style.ITALIC: "italic", Style.CODE: "code"}
# Telegram makes a mention, with a notification, of "@name" in any plain text. Nobody is pinged by accident (S1):
# a word joiner, which nobody sees, comes in between. Who is meant is said by `Span.mention`.
# At the end of a span too, for the name may be the next span; not inside of an e-mail address.
_AT = re.compile(r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_]|\Z)")
_WORD_JOINER = "\u2060"
_NO_PREVIEW = {"is_disabled": True}


@dataclass(frozen=True, slots=True)
class Call:
    """One request: method and parameters."""

    method: str
    parameters: Parameters


def posting(message: Message) -> Call:
    """How the message is sent; where to is added by the caller."""
    extras = _markup(message)
    if message.poll is not None:
        return Call("sendPoll", _poll(message) | extras)
    if message.picture is not None:
        return Call("sendPhoto", _photo(message.picture) | _caption(message) | extras)
    return Call("sendMessage", _text(message) | extras)


def editing(message: Message) -> Call:
    """How a message that is there gets this content; without buttons it loses those it had."""
    extras = {"reply_markup": {"inline_keyboard": _rows(message.buttons)}}
    if message.picture is not None:
        return Call("editMessageCaption", _caption(message) | extras)
    return Call("editMessageText", _text(message) | extras)


def reply_parameters(message_id: str) -> Parameters:
    """Sent without the reply where the other message is gone."""
    return {"reply_parameters": {"message_id": int(message_id), "allow_sending_without_reply": True}}


def styled(spans: Text, limit: int) -> tuple[str, list[Parameters]]:
    """The text, at most `limit` UTF-16 units long, and its entities."""
    kept = shorten(tuple(_without_pings(span) for span in spans), limit, utf16=True)
    entities: list[Parameters] = []
    offset = 0
    for span in kept:
        units = length(span.text, utf16=True)
        entities += [{**entity, "offset": offset, "length": units} for entity in _entities(span)]
        offset += units
    return "".join(span.text for span in kept), entities


def _without_pings(span: Span) -> Span:
    words = span.text
    if not words.isascii():  # lone surrogates can't be sent at all
        words = words.encode("utf-8", "replace").decode() if _has_surrogates(words) else words
    if "@" in words and not (span.link or span.mention or span.style is Style.CODE):
        words = _AT.sub(f"@{_WORD_JOINER}", words)
    return span if words is span.text else replace(span, text=words)


def _has_surrogates(words: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in words)


def _entities(span: Span) -> Iterator[Parameters]:
    if not span.text.strip():
        return
    if span.mention:
        yield {"type": "text_mention", "user": {"id": int(span.mention), "is_bot": False, "first_name": span.text}}
    elif span.link:
        yield {"type": "text_link", "url": span.link}
    if span.style in _STYLES and not (span.style is Style.CODE and (span.link or span.mention)):
        yield {"type": _STYLES[span.style]}


def _text(message: Message) -> Parameters:
    text, entities = styled(message.text, MAX_TEXT)
    return {"text": text, "link_preview_options": _NO_PREVIEW} | ({"entities": entities} if entities else {})


def _caption(message: Message) -> Parameters:
    text, entities = styled(message.text, MAX_CAPTION)
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def _photo(picture: Picture) -> Parameters:
    return {"photo": InputFile(picture.data, filename="picture.png")}


def _poll(message: Message) -> Parameters:
    """Not anonymous: of anonymous polls only totals are told."""
    assert message.poll is not None
    poll = message.poll
    parameters: Parameters = {
        "question": poll.question,
        "options": [{"text": option} for option in poll.options],
        "is_anonymous": False,
        "allows_multiple_answers": poll.multiple,
    }
    text, entities = styled(message.text, MAX_CAPTION)
    if text:
        parameters |= {"description": text} | ({"description_entities": entities} if entities else {})
    return parameters


def _markup(message: Message) -> Parameters:
    if message.buttons:
        return {"reply_markup": {"inline_keyboard": _rows(message.buttons)}}
    if message.ask_reply:
        # Selective: only whoever is mentioned or answered is asked, not the whole group.
        return {"reply_markup": {"force_reply": True, "selective": True}}
    return {}


def _rows(rows: ButtonRows) -> list[list[Parameters]]:
    return [[_button(button) for button in row] for row in rows if row]


def _button(button: Button) -> Parameters:
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button_data(button.token)}
