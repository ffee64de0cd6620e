"""Is a message's body one that Discord would take? Raises 50035 (or 50006 for nothing at all) where it is not."""

from __future__ import annotations

from typing import Any

from . import errors, pings
from .state import COMPONENTS_V2, Json

MAX_CONTENT = 2000
ROW, BUTTON, TEXT_INPUT, TEXT_DISPLAY, SECTION, CONTAINER, LABEL = 1, 2, 4, 10, 9, 17, 18
SELECTS = (3, 5, 6, 7, 8)
_EMBED_LIMITS = {"title": 256, "description": 4096}


def check_message(body: Json, *, files: int = 0, editing: bool = False) -> None:
    """Check content, embeds, components, poll, mentions and nonce; trims the content in place as Discord does."""
    content = body.get("content")
    if content is not None:
        if not isinstance(content, str):
            body["content"] = content = str(content)
        body["content"] = content = content.strip()
        if len(content) > MAX_CONTENT:
            raise errors.too_long("content", MAX_CONTENT)
    if len(str(body.get("nonce") or "")) > 25:
        raise errors.too_long("nonce", 25)
    pings.check(body.get("allowed_mentions"))
    if body.get("embeds"):
        _check_embeds(body["embeds"])
    if body.get("components"):
        _check_components(body["components"], bool((body.get("flags") or 0) & COMPONENTS_V2), content)
    _check_attachments(body, files, editing)
    if body.get("poll"):
        check_poll(body["poll"])
    said = content or files or any(body.get(k) for k in ("embeds", "components", "poll", "sticker_ids"))
    if not said and not editing:
        raise errors.empty_message()


def _check_attachments(body: Json, files: int, editing: bool) -> None:
    """What is said of files is said of those that are uploaded with it, or were before."""
    for index, attachment in enumerate(body.get("attachments") or ()):
        number = str(attachment.get("id"))
        if not editing and not (number.isdecimal() and int(number) < files):
            message = "Attachment ids must be those of uploaded files"
            raise errors.invalid_form(f"attachments.{index}.id", "ATTACHMENT_NOT_FOUND", message)
        if len(attachment.get("description") or "") > 1024:
            raise errors.too_long(f"attachments.{index}.description", 1024)


def _check_embeds(embeds: list[Json]) -> None:
    if len(embeds) > 10:
        raise errors.too_long("embeds", 10)
    total = 0
    for index, embed in enumerate(embeds):
        path = f"embeds.{index}"
        for key, limit in _EMBED_LIMITS.items():
            total += _length(embed.get(key), f"{path}.{key}", limit)
        total += _length((embed.get("footer") or {}).get("text"), f"{path}.footer.text", 2048)
        total += _length((embed.get("author") or {}).get("name"), f"{path}.author.name", 256)
        fields = embed.get("fields") or []
        if len(fields) > 25:
            raise errors.too_long(f"{path}.fields", 25)
        for n, item in enumerate(fields):
            for key, limit in (("name", 256), ("value", 1024)):
                if not item.get(key):
                    raise errors.required(f"{path}.fields.{n}.{key}")
                total += _length(item[key], f"{path}.fields.{n}.{key}", limit)
    if total > 6000:
        raise errors.invalid_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _length(text: Any, path: str, limit: int) -> int:
    if text is None:
        return 0
    if len(str(text)) > limit:
        raise errors.too_long(path, limit)
    return len(str(text))


def _check_components(components: list[Json], v2: bool, content: str | None) -> None:
    if not v2 and len(components) > 5:
        raise errors.bad_length("components", 1, 5)
    if v2 and content:
        message = "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
        raise errors.invalid_form("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message)
    seen: set[str] = set()
    for index, component in enumerate(components):
        kind = component.get("type")
        if not v2 and kind != ROW:
            message = f'Value of field "type" must be one of ({ROW},).'
            raise errors.invalid_form(f"components.{index}.type", "UNION_TYPE_CHOICES", message)
        _check_component(component, f"components.{index}", seen)
    total = sum(1 for component in components for _ in walk(component))
    if v2 and total > 40:
        raise errors.too_long("components", 40)


def _check_component(component: Json, path: str, seen: set[str]) -> None:
    kind = component.get("type")
    if kind == ROW and not 1 <= len(component.get("components") or ()) <= 5:
        raise errors.bad_length(f"{path}.components", 1, 5)
    if kind == BUTTON and len(component.get("label") or "") > 80:
        raise errors.too_long(f"{path}.label", 80)
    if kind in SELECTS and len(component.get("options") or ()) > 25:
        raise errors.bad_length(f"{path}.options", 1, 25)
    custom_id = component.get("custom_id")
    if custom_id is not None:
        if not 1 <= len(custom_id) <= 100:
            raise errors.bad_length(f"{path}.custom_id", 1, 100)
        if custom_id in seen:
            message = "Component custom id cannot be duplicated"
            raise errors.invalid_form(f"{path}.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", message)
        seen.add(custom_id)
    for index, child in enumerate(component.get("components") or ()):
        _check_component(child, f"{path}.components.{index}", seen)
    if component.get("accessory"):
        _check_component(component["accessory"], f"{path}.accessory", seen)


def walk(component: Json) -> list[Json]:
    """The component and all within it, in reading order."""
    found = [component]
    for child in component.get("components") or ():
        found += walk(child)
    for key in ("accessory", "component"):
        if component.get(key):
            found += walk(component[key])
    return found


def check_poll(poll: Json) -> None:
    question = (poll.get("question") or {}).get("text") or ""
    if not 1 <= len(question) <= 300:
        raise errors.bad_length("poll.question.text", 1, 300)
    answers = poll.get("answers") or []
    if not 1 <= len(answers) <= 10:
        raise errors.bad_length("poll.answers", 1, 10)
    for index, answer in enumerate(answers):
        text = (answer.get("poll_media") or {}).get("text") or ""
        if not 1 <= len(text) <= 55:
            raise errors.bad_length(f"poll.answers.{index}.poll_media.text", 1, 55)
    hours = poll.get("duration", 24)
    if hours != int(hours) or not 1 <= hours <= 768:  # discord.py writes 1.0
        raise errors.invalid_form("poll.duration", "NUMBER_TYPE_MAX", "int value should be between 1 and 768.")


def check_modal(data: Json) -> None:
    """A modal needs a title (≤ 45), a custom id (≤ 100) and one to five rows or labels."""
    for key, high in (("custom_id", 100), ("title", 45)):
        if not 1 <= len(data.get(key) or "") <= high:
            raise errors.bad_length(f"data.{key}", 1, high)
    components = data.get("components") or []
    if not 1 <= len(components) <= 5:
        raise errors.bad_length("data.components", 1, 5)
    for index, component in enumerate(components):
        for item in walk(component):
            if item.get("type") == TEXT_INPUT and len(item.get("label") or "") > 45:
                raise errors.too_long(f"data.components.{index}.components.0.label", 45)
