"""Changing and deleting what was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram.access import Call, may_send
from tests.servers.telegram.arguments import Args
from tests.servers.telegram.keyboards import inline, read_markup
from tests.servers.telegram.methods.sending import caption_of, check_length, photo_of, text_of
from tests.servers.telegram.model import Chat, Json, Stored
from tests.servers.telegram.refusals import bad

UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
DELETABLE_FOR = 48 * 3600  # seconds


def _own(call: Call) -> Stored:
    """The message to edit, which must be the bot's own."""
    chat = call.chat()
    stored = call.message(chat, "message to edit not found")
    if stored.by_bot != call.bot.id:
        raise bad("message can't be edited")
    return stored


def change(call: Call, stored: Stored, fields: Json, *, dropping: tuple[str, ...] = ()) -> Json:
    """Replaces content and markup; raises when nothing would differ. Keeps what was there in `edits`.

    Edits count against the limits as messages do.
    """
    markup = read_markup(call.args)
    before = stored.message
    call.world.limits.pass_or_refuse(before["chat"]["id"])
    kept = {k: v for k, v in before.items() if k not in (*dropping, "reply_markup", "edit_date")}
    after = kept | fields
    shown = inline(markup)
    if shown is not None:
        after["reply_markup"] = shown
    if after == {k: v for k, v in before.items() if k != "edit_date"}:
        raise bad(UNCHANGED)
    stored.edits.append(
        {"at": call.world.now(), "was": {k: before.get(k) for k in ("text", "caption", "reply_markup") if k in before}}
    )
    after["edit_date"] = int(call.world.now())
    stored.message, stored.markup = after, markup
    call.world.changed()
    return after


def edit_text(call: Call) -> Json:
    fields = text_of(call)
    stored = _own(call)
    if "text" not in stored.message:
        raise bad("there is no text in the message to edit")
    check_length(fields["text"])
    return change(call, stored, fields, dropping=("text", "entities"))


def edit_caption(call: Call) -> Json:
    fields = caption_of(call)
    stored = _own(call)
    if not ({"photo", "document"} & stored.message.keys()):
        raise bad("there is no caption in the message to edit")
    return change(call, stored, fields, dropping=("caption", "caption_entities"))


def edit_media(call: Call) -> Json:
    """A photo in place of a photo, or added to a text, which goes. No other kinds here."""
    media = call.args.structure("media")
    if not isinstance(media, dict) or media.get("type") != "photo":
        raise bad("can't parse InputMedia: only photos are known here")
    within = Call(call.world, call.bot, Args(call.args.values | media | {"photo": media.get("media")}, call.args.files))
    fields, file = photo_of(within)
    stored = _own(call)
    if not ({"photo", "document", "text"} & stored.message.keys()):
        raise bad("message media can't be edited")
    may_send(call, call.chat(), "can_send_photos", "photos")
    shown = change(call, stored, fields, dropping=("text", "entities", "document", "caption", "caption_entities"))
    stored.file = file
    return shown


def edit_markup(call: Call) -> Json:
    return change(call, _own(call), {})


def _may_delete(call: Call, chat: Chat, stored: Stored) -> bool:
    old = call.world.now() - stored.at > DELETABLE_FOR
    if chat.is_private:
        return not old
    if call.member(chat).may("can_delete_messages"):
        return True
    return stored.by_bot == call.bot.id and not old


def _delete(call: Call, stored: Stored) -> None:
    stored.deleted = True
    call.world.changed()


def delete_message(call: Call) -> bool:
    chat = call.chat()
    stored = call.message(chat, "message to delete not found")
    if not _may_delete(call, chat, stored):
        own = stored.by_bot == call.bot.id or chat.is_private
        raise bad("message can't be deleted for everyone" if own else "message can't be deleted")
    _delete(call, stored)
    return True


def delete_messages(call: Call) -> bool:
    """Skips what can't be found, as Telegram does."""
    chat = call.chat()
    numbers = call.args.structure("message_ids") or []
    if not 1 <= len(numbers) <= 100:
        raise bad("message identifiers are not specified" if not numbers else "too many message identifiers specified")
    found = [chat.messages[int(n)] for n in numbers if int(n) in chat.messages and not chat.messages[int(n)].deleted]
    if not all(_may_delete(call, chat, stored) for stored in found):
        raise bad("message can't be deleted")
    for stored in found:
        _delete(call, stored)
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
