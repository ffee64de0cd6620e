"""A message → the parameters of Bot API methods. Pure.

Styles travel as entities (offset and length in UTF-16 units) next to the text, never as markup inside of it:
there is no parse mode, so nothing that anybody is called or says can become markup or break a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from telegram import InputFile

from adapters.telegram.limits import CLOSES_WITHIN, MAX_CAPTION, MAX_TEXT, button_data
from bot.core.fit import length, shorten
from bot.core.messages import Button, ButtonRows, Message, Picture, Poll, Span, Style, Text

Parameters = dict[str, Any]

_STYLES = {Style.BOLD: "bold", Style.ITALIC: "italic", Style.CODE: "code"}
# Telegram makes a mention, with a notification, of "@name" in any plain text. Nobody is pinged by accident (S1):
# a word joiner, which nobody sees, comes in between. Who is meant is said by `Span.mention`.
# At the end of a span too, for the name may be the next span; not inside of an e-mail address.
_AT = re.compile(r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_]|\Z)")
_WORD_JOINER = "\u2060"
_NO_PREVIEW = {"is_disabled": True}
TIME = "date_time"  # the entity of a time; clients that don't know it show the words
_TIME_FORMAT = "wDt"  # weekday, date and time, in the reader's language and zone
_PICTURE = "picture.png"


@dataclass(frozen=True, slots=True)
class Call:
    """One request: method and parameters."""

    method: str
    parameters: Parameters


def posting(message: Message, now: datetime) -> Call:
    """How the message is sent; where to is added by the caller."""
    extras = _markup(message)
    if message.poll is not None:
        return Call("sendPoll", _poll(message.poll, now) | extras)
    if message.picture is not None:
        return Call("sendPhoto", {"photo": _photo(message.picture)} | _caption(message) | extras)
    return Call("sendMessage", _text(message) | extras)


def editing(message: Message) -> Call:
    """How a message that is there gets this content; without buttons it loses those it had."""
    if message.picture is None:
        return Call("editMessageText", _text(message) | _own_markup(message))
    media = {"type": "photo", "media": "attach://picture"} | _caption(message)
    return Call("editMessageMedia", {"media": media, "picture": _photo(message.picture)} | _own_markup(message))


def editing_caption(message: Message) -> Call:
    """The same where the message has a picture, which Telegram lets nobody take away: it stays."""
    return Call("editMessageCaption", _caption(message) | _own_markup(message))


def in_words(message: Message) -> Message:
    """Without its picture, for groups that take none."""
    assert message.picture is not None
    return replace(message, picture=None, text=message.text or (Span(message.picture.description),))


def without_times(parameters: Any) -> Any:
    """For servers that don't know them: the words alone."""
    if isinstance(parameters, dict):
        return {name: without_times(part) for name, part in parameters.items()}
    if isinstance(parameters, list):
        return [without_times(part) for part in parameters if not (isinstance(part, dict) and part.get("type") == TIME)]
    return parameters


def reply_parameters(message_id: str) -> Parameters:
    """Sent without the reply where the other message is gone."""
    return {"reply_parameters": {"message_id": int(message_id), "allow_sending_without_reply": True}}


def styled(spans: Text, limit: int) -> tuple[str, list[Parameters]]:
    """The text, at most `limit` UTF-16 units long, and its entities."""
    spans = tuple(_without_pings(span) for span in spans)
    kept = shorten(spans, limit, utf16=True)
    if kept is not spans:
        kept = _to_a_break(kept)
    entities: list[Parameters] = []
    offset = 0
    for span in kept:
        units = length(span.text, utf16=True)
        entities += [{**entity, "offset": offset, "length": units} for entity in _entities(span)]
        offset += units
    return "".join(span.text for span in kept), entities


def _to_a_break(cut: Text) -> Text:
    """Of what was cut, whole lines, or else whole words, as long as that doesn't cost half of it."""
    words = "".join(span.text for span in cut[:-1])
    end = next((at for gap in ("\n", " ") if (at := words.rfind(gap)) >= len(words) // 2), -1)
    if end <= 0:
        return cut
    kept: list[Span] = []
    left = end
    for span in cut[:-1]:
        if left > 0:
            kept.append(replace(span, text=span.text[:left]))
        left -= len(span.text)
    return (*kept, Span(f"{words[end]}…"))


def _without_pings(span: Span) -> Span:
    words = _sendable(span.text)
    if "@" in words and not (span.link or span.mention or span.style is Style.CODE):
        words = _AT.sub(f"@{_WORD_JOINER}", words)
    return span if words is span.text else replace(span, text=words)


def _sendable(words: str) -> str:
    """Lone surrogates can't be sent at all."""
    if words.isascii() or not _has_surrogates(words):
        return words
    return words.encode("utf-8", "replace").decode()


def _has_surrogates(words: str) -> bool:
    return any("\ud800" <= char <= "\udfff" for char in words)


def _entities(span: Span) -> Iterator[Parameters]:
    if not span.text.strip():
        return
    if span.mention:
        yield {"type": "text_mention", "user": {"id": int(span.mention), "is_bot": False, "first_name": span.text}}
    elif span.link:
        yield {"type": "text_link", "url": span.link}
    elif span.moment and span.style is not Style.CODE:
        yield {"type": TIME, "unix_time": int(span.moment.timestamp()), "date_time_format": _TIME_FORMAT}
    if span.style in _STYLES and not (span.style is Style.CODE and (span.link or span.mention)):
        yield {"type": _STYLES[span.style]}


def _text(message: Message) -> Parameters:
    text, entities = styled(message.text, MAX_TEXT)
    return {"text": text, "link_preview_options": _NO_PREVIEW} | ({"entities": entities} if entities else {})


def _caption(message: Message) -> Parameters:
    text, entities = styled(message.text, MAX_CAPTION)
    return {"caption": text} | ({"caption_entities": entities} if entities else {})


def _photo(picture: Picture) -> InputFile:
    return InputFile(picture.data, filename=_PICTURE)


def _poll(poll: Poll, now: datetime) -> Parameters:
    """Not anonymous: of anonymous polls only totals are told. Protected: in a forwarded copy anybody could vote."""
    parameters: Parameters = {
        "question": _sendable(poll.question),
        "options": [{"text": _sendable(option)} for option in poll.options],
        "is_anonymous": False,
        "allows_multiple_answers": poll.multiple,
        "protect_content": True,
    }
    note, entities = styled(poll.note, MAX_CAPTION)
    if note:
        parameters |= {"description": note} | ({"description_entities": entities} if entities else {})
    if poll.closes_at is not None and CLOSES_WITHIN[0] <= poll.closes_at - now <= CLOSES_WITHIN[1]:
        parameters["close_date"] = int(poll.closes_at.timestamp())
    if not poll.revote:
        parameters["allows_revoting"] = False
    if poll.hides_results:
        parameters["hide_results_until_closes"] = True
    return parameters


def _markup(message: Message) -> Parameters:
    if message.buttons:
        return {"reply_markup": {"inline_keyboard": _rows(message.buttons)}}
    if message.ask_reply:
        # Selective: only whoever is mentioned or answered is asked, not the whole group.
        return {"reply_markup": {"force_reply": True, "selective": True}}
    return {}


def _own_markup(message: Message) -> Parameters:
    return {"reply_markup": {"inline_keyboard": _rows(message.buttons)}}


def _rows(rows: ButtonRows) -> list[list[Parameters]]:
    return [[_button(button) for button in row] for row in rows if row]


def _button(button: Button) -> Parameters:
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button_data(button.token)}
