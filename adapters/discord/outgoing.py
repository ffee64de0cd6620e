"""What is to be said → the JSON that Discord takes. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from adapters.discord.limits import MAX_BUTTON_LABEL, MAX_NONCE, MAX_TEXT, POLLS
from adapters.discord.markdown import literal, render
from bot.core.messages import AudienceKind, Button, ButtonRows, Message, Poll

Json = dict[str, Any]

EPHEMERAL = 1 << 6
SUPPRESS_EMBEDS = 1 << 2  # an address in a text, perhaps in somebody's name, gets no preview
NOBODY: Json = {"parse": [], "replied_user": False}
"""Whom a message may notify. It stands in every body: without it Discord would read the text."""

ROW, BUTTON = 1, 2
SECONDARY, LINK = 2, 5
PICTURE = "picture.png"


def post(message: Message, nonce: str) -> Json:
    """A new message in a channel; under the same nonce Discord makes it only once."""
    sent = body(message) | {"nonce": short_nonce(nonce), "enforce_nonce": True, "flags": SUPPRESS_EMBEDS}
    if message.reply_to:
        sent["message_reference"] = {"message_id": message.reply_to, "fail_if_not_exists": False}
    return sent


def follow_up(message: Message) -> Json:
    """A further message after a press; seen by the presser alone unless it is for everyone."""
    hidden = 0 if message.audience.kind is AudienceKind.EVERYONE else EPHEMERAL
    return body(message) | {"flags": SUPPRESS_EMBEDS | hidden}


def body(message: Message) -> Json:
    """The whole state of a message, so that an edit leaves nothing of the old one."""
    content = render(message.poll.note if message.poll else message.text, MAX_TEXT)
    empty = not content.strip() and message.picture is None and message.poll is None
    said: Json = {
        "content": "…" if empty else content,
        "components": rows(message.buttons),
        "attachments": _attachments(message),
        "allowed_mentions": NOBODY,
    }
    return said | {"poll": poll(message.poll)} if message.poll else said


def private(content: str) -> Json:
    """Something for the one who has just acted, ready as it is."""
    return {"content": content, "flags": SUPPRESS_EMBEDS | EPHEMERAL, "allowed_mentions": NOBODY}


def poll(asked: Poll) -> Json:
    """It closes by itself at the end of an hour; one that is open for nobody knows how long, as late as it can."""
    hours = -(-(asked.open_for or POLLS.longest) // timedelta(hours=1))
    return {
        "question": {"text": literal(asked.question, POLLS.question)},
        "answers": [{"poll_media": {"text": literal(option, POLLS.option)}} for option in asked.options],
        "duration": max(1, min(hours, POLLS.longest // timedelta(hours=1))),
        "allow_multiselect": asked.multiple,
        "layout_type": 1,
    }


def _attachments(message: Message) -> list[Json]:
    if message.picture is None:
        return []
    return [{"id": 0, "filename": PICTURE, "description": message.picture.description[:1024]}]


def rows(buttons: ButtonRows) -> list[Json]:
    return [{"type": ROW, "components": [_button(button) for button in row]} for row in buttons if row]


def _button(button: Button) -> Json:
    shown: Json = {"type": BUTTON, "label": button.label[:MAX_BUTTON_LABEL] or "…"}
    if button.url:
        return shown | {"style": LINK, "url": button.url}
    return shown | {"style": SECONDARY, "custom_id": button.token}


def short_nonce(nonce: str) -> str:
    """At most 25 characters, and always the same for the same nonce."""
    return nonce if len(nonce) <= MAX_NONCE else hashlib.sha256(nonce.encode()).hexdigest()[:MAX_NONCE]
