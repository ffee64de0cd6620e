"""sendMessage, sendPhoto, sendDocument, forwards and copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.servers.telegram.access import Call, may_send
from tests.servers.telegram.markup_text import utf16
from tests.servers.telegram.model import Json
from tests.servers.telegram.posting import send
from tests.servers.telegram.refusals import bad
from tests.servers.telegram.text import MAX_CAPTION, MAX_TEXT, formatted


def text_of(call: Call) -> Json:
    """Argument `text` as the fields of a message; its length is checked later, as Telegram does."""
    if not call.args.text("text"):
        raise bad("message text is empty")
    text, entities = formatted(call.args, "text", "entities", call.world.users)
    if not text:
        raise bad("text must be non-empty")
    return {"text": text, "entities": entities} if entities else {"text": text}


def check_length(text: str) -> None:
    """Raises when a text is longer than a message may be."""
    if len(text) > MAX_TEXT // 2 and utf16(text) > MAX_TEXT:
        raise bad("message is too long")


def caption_of(call: Call) -> Json:
    """Argument `caption` as the fields of a message."""
    text, entities = formatted(call.args, "caption", "caption_entities", call.world.users)
    if utf16(text) > MAX_CAPTION:
        raise bad("message caption is too long")
    return ({"caption": text} if text else {}) | ({"caption_entities": entities} if entities else {})


def send_message(call: Call) -> Json:
    fields = text_of(call)
    chat = call.chat()
    may_send(call, chat, "can_send_messages", "text messages")
    check_length(fields["text"])
    return send(call, chat, fields)


def _file(call: Call, name: str) -> Json:
    """The uploaded file, or the id or address that was given instead of one."""
    given = call.args.text(name)
    upload = call.args.files.get(given.removeprefix("attach://") if given.startswith("attach://") else name)
    if upload is not None:
        if not upload["size"]:
            raise bad("file must be non-empty")
        return upload
    if not given:
        raise bad(f"there is no {name} in the request")
    if not given.startswith(("http://", "https://", "file-")):
        raise bad("wrong file identifier/HTTP URL specified")
    return {"filename": given.rsplit("/", 1)[-1], "size": 1, "type": "application/octet-stream"}


def _ids(call: Call) -> Json:
    number = next(call.world.ids)
    return {"file_id": f"file-{number}", "file_unique_id": f"u{number}"}


def photo_of(call: Call) -> tuple[Json, Json]:
    """Argument `photo` with its caption as the fields of a message, and the file."""
    file, caption = _file(call, "photo"), caption_of(call)
    sizes = [_ids(call) | {"width": side, "height": side, "file_size": file["size"]} for side in (90, 800)]
    return {"photo": sizes} | caption, file


def send_photo(call: Call) -> Json:
    fields, file = photo_of(call)
    chat = call.chat()
    may_send(call, chat, "can_send_photos", "photos")
    return send(call, chat, fields, file)


def send_document(call: Call) -> Json:
    file, caption, chat = _file(call, "document"), caption_of(call), call.chat()
    may_send(call, chat, "can_send_documents", "documents")
    document = _ids(call) | {"file_name": file["filename"], "mime_type": file["type"], "file_size": file["size"]}
    return send(call, chat, {"document": document} | caption, file)


def _source(call: Call, refusal: str) -> tuple[Json, Json | None]:
    asked = call.args.values.get("chat_id")
    call.args.values["chat_id"] = call.args.text("from_chat_id")
    try:
        chat = call.chat(write=False)
    finally:
        call.args.values["chat_id"] = asked
    stored = call.message(chat, refusal)
    if stored.service is not None:
        raise bad("message can't be forwarded" if "forward" in refusal else "message can't be copied")
    names = ("text", "entities", "photo", "document", "caption", "caption_entities", "poll")
    return {k: v for k, v in stored.message.items() if k in names} | {"origin": stored}, stored.file


def forward_message(call: Call) -> Json:
    fields, file = _source(call, "message to forward not found")
    origin = fields.pop("origin")
    chat = call.chat()
    may_send(call, chat, "can_send_messages", "text messages")
    source = origin.message
    shown = {"type": "user", "sender_user": source.get("from", call.bot.user), "date": source["date"]}
    return send(call, chat, fields | {"forward_origin": shown}, file)


def copy_message(call: Call) -> Json:
    fields, file = _source(call, "message to copy not found")
    fields.pop("origin")
    chat = call.chat()
    may_send(call, chat, "can_send_messages", "text messages")
    return {"message_id": send(call, chat, fields, file)["message_id"]}


def send_chat_action(call: Call) -> bool:
    if not call.args.text("action"):
        raise bad("wrong parameter action in request")
    call.chat()
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
    "sendChatAction": send_chat_action,
}
