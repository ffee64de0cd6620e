"""What may hang below a message: inline keyboards, ForceReply and their kin."""

from __future__ import annotations

from typing import Any

from tests.servers.telegram.arguments import Args
from tests.servers.telegram.model import Json
from tests.servers.telegram.refusals import bad

MAX_DATA = 64  # bytes
MAX_BUTTONS = 100
KINDS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
OTHERS = ("keyboard", "remove_keyboard", "force_reply")


def read_markup(args: Args) -> Json | None:
    """The argument `reply_markup`, checked; None when there is none."""
    given = args.structure("reply_markup")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in given:
        return {"inline_keyboard": _rows(given["inline_keyboard"])}
    if given and not any(name in given for name in OTHERS):
        raise bad("object expected as reply markup")
    return given or None


def inline(markup: Json | None) -> Json | None:
    """The part of the markup that the message itself shows."""
    return markup if markup and markup.get("inline_keyboard") else None


def _rows(given: Any) -> list[list[Json]]:
    if not isinstance(given, list):
        raise bad('can\'t parse inline keyboard: Field "inline_keyboard" must be of type Array')
    rows = []
    for row in given:
        if not isinstance(row, list):
            raise bad("can't parse inline keyboard: expected an Array of Arrays of InlineKeyboardButton")
        if row:
            rows.append([_button(button) for button in row])
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad("reply markup is too long")
    return rows


def _button(given: Any) -> Json:
    if not isinstance(given, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    button: Json = {name: value for name, value in given.items() if value is not None}
    text = button.get("text")
    if not isinstance(text, str):
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad("BUTTON_TEXT_INVALID" if text else "can't parse inline keyboard button: text is empty")
    chosen = [kind for kind in KINDS if kind in button]
    if not chosen:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(chosen) > 1:
        raise bad("BUTTON_TYPE_INVALID")
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= MAX_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button:
        _check_url(button["url"])
    return button


def _check_url(url: str) -> None:
    if url.startswith("tg://"):
        return
    host = url.partition("://")[2] if "://" in url else url
    if not url.startswith(("http://", "https://")) and "://" in url:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if "." not in host.split("/")[0] or " " in url:
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
