"""Interactions: what people start, and the rules by which the bot may answer.

The first answer must come within 3 s (else 10062), only once (else 40060); the token lives 15 minutes (else 50027).
"""

from __future__ import annotations

from typing import Any

from . import errors, forms, messages, payloads, permissions, polls
from .state import EPHEMERAL, LOADING, Channel, Interaction, Json, Message, User
from .world import World

ANSWER_WITHIN = 3.0
TOKEN_LIVES = 900.0
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, OPEN_MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: {MESSAGE, DEFER, OPEN_MODAL},
    COMPONENT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, OPEN_MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE},
}


def begin(world: World, kind: int, who: User, channel: Channel, data: Json, **more: Any) -> Interaction:
    """Somebody acts: keep it and send INTERACTION_CREATE (which needs no intent). `more` are Interaction's fields."""
    now = world.now()
    act = Interaction(world.new_id(), world.new_token(), kind, who, channel, now, data, **more)
    world.interactions[act.id] = world.by_token[act.token] = act
    world.emit("INTERACTION_CREATE", _payload(world, act), guild=channel.guild, needs=0)
    return act


def _payload(world: World, act: Interaction) -> Json:
    guild = act.channel.guild
    data: Json = {
        "id": str(act.id),
        "application_id": str(world.application_id),
        "type": act.kind,
        "token": act.token,
        "version": 1,
        "data": act.data,
        "channel_id": str(act.channel.id),
        "locale": act.locale,
        "app_permissions": str(world.allowed(act.channel)),
        "entitlements": [],
        "attachment_size_limit": messages.MAX_FILE,
        "context": 1 if guild is None else 0,
        "authorizing_integration_owners": {"0": "0" if guild is None else str(guild.id)},
    }
    if act.message is not None:
        data["message"] = act.message.payload
    if guild is None:
        return {**data, "user": payloads.user(act.user), "channel": payloads.interaction_channel(act.channel, None)}
    member = guild.members[act.user.id]
    allowed = str(permissions.in_channel(act.channel, member))
    return {
        **data,
        "guild_id": str(guild.id),
        "guild_locale": guild.locale,
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "channel": payloads.interaction_channel(act.channel, member),
        "member": payloads.member(member) | {"permissions": allowed},
    }


def answer(world: World, act: Interaction, kind: int, data: Json, uploads: list[Json]) -> None:
    """The callback. Raises 10062 when late, 40060 when it was answered before, 50035 for a kind that does not fit."""
    now = world.now()
    if now - act.created > ANSWER_WITHIN and act.acknowledged_at is None:
        act.refused.append(10062)
        raise errors.unknown("interaction")
    if act.acknowledged_at is not None:
        act.refused.append(40060)
        raise errors.already_acknowledged()
    updates = kind in (DEFER_UPDATE, UPDATE)
    if kind not in ALLOWED[act.kind] or (updates and act.message is None):
        raise errors.invalid_form(
            "type", "INTERACTION_APPLICATION_COMMAND_CALLBACK_TYPE", "Invalid interaction callback type"
        )
    _EFFECTS[kind](world, act, data, uploads)
    act.answer_type, act.acknowledged_at = kind, now


def _message(world: World, act: Interaction, data: Json, uploads: list[Json]) -> None:
    forms.check_message(data, files=len(uploads))
    act.original = _post(world, act, data, uploads)
    act.shown_at = world.now()


def _defer(world: World, act: Interaction, data: Json, uploads: list[Json]) -> None:
    act.original = _post(world, act, {"flags": (data.get("flags") or 0) & EPHEMERAL | LOADING}, [])


def _defer_update(world: World, act: Interaction, data: Json, uploads: list[Json]) -> None:
    act.original = act.message


def _update(world: World, act: Interaction, data: Json, uploads: list[Json]) -> None:
    assert act.message is not None
    forms.check_message(data, files=len(uploads), editing=True)
    messages.edit(world, act.message, data, uploads)
    act.original, act.shown_at = act.message, world.now()


def _choices(world: World, act: Interaction, data: Json, uploads: list[Json]) -> None:
    choices = data.get("choices") or []
    if len(choices) > 25:
        raise errors.bad_length("data.choices", 0, 25)
    for index, choice in enumerate(choices):
        if not 1 <= len(choice.get("name") or "") <= 100:
            raise errors.bad_length(f"data.choices.{index}.name", 1, 100)
        if isinstance(choice.get("value"), str) and not 1 <= len(choice["value"]) <= 100:
            raise errors.bad_length(f"data.choices.{index}.value", 1, 100)
    act.choices, act.shown_at = choices, world.now()


def _modal(world: World, act: Interaction, data: Json, uploads: list[Json]) -> None:
    forms.check_modal(data)
    act.modal, act.shown_at = data, world.now()


_EFFECTS = {
    MESSAGE: _message,
    DEFER: _defer,
    DEFER_UPDATE: _defer_update,
    UPDATE: _update,
    CHOICES: _choices,
    OPEN_MODAL: _modal,
}


def _post(world: World, act: Interaction, body: Json, uploads: list[Json]) -> Message:
    ephemeral = bool((body.get("flags") or 0) & EPHEMERAL)
    extra: Json = {
        "webhook_id": str(world.application_id),
        "application_id": str(world.application_id),
        "interaction_metadata": {
            "id": str(act.id),
            "type": act.kind,
            "user": payloads.user(act.user),
            "authorizing_integration_owners": {},
            "name": act.name,
        },
    }
    if act.kind == COMPONENT and act.message is not None:
        extra["interaction_metadata"]["interacted_message_id"] = str(act.message.id)
    if act.kind == MODAL and act.trigger is not None:
        extra["interaction_metadata"]["triggering_interaction_metadata"] = {
            "id": str(act.trigger.id), "type": act.trigger.kind, "user": payloads.user(act.user),
            "authorizing_integration_owners": {}, "interacted_message_id": str(act.message.id if act.message else 0),
        }  # fmt: skip
    if act.kind == COMMAND:
        extra["type"] = 20
    seen_by = act.user.id if ephemeral else None
    return polls.post(world, act.channel, world.bot, body, uploads=uploads, seen_by=seen_by, extra=extra)


def by_token(world: World, token: str) -> Interaction:
    """The interaction of a webhook token: 10015 if there is none, 50027 when its 15 minutes are over."""
    act = world.by_token.get(token)
    if act is None:
        raise errors.unknown("webhook")
    if world.now() - act.created > TOKEN_LIVES:
        raise errors.ApiError(401, 50027, "Invalid Webhook Token")
    return act


def follow_up(world: World, act: Interaction, body: Json, uploads: list[Json]) -> Message:
    """A further message. The first one after a deferral takes the place of "thinking…", as visible as that was."""
    if act.acknowledged_at is None:
        raise errors.unknown("webhook")
    forms.check_message(body, files=len(uploads))
    if act.original is not None and act.original.loading and act.original.deleted_at is None:
        return change(world, act, act.original, body, uploads)
    message = _post(world, act, body, uploads)
    act.followups.append(message)
    act.shown_at = act.shown_at or world.now()
    return message


def change(world: World, act: Interaction, message: Message, body: Json, uploads: list[Json]) -> Message:
    """Edit an answer; a deferred one is finished by it."""
    forms.check_message(body, files=len(uploads), editing=True)
    if "poll" in message.payload or (body.get("poll") and not message.loading):
        raise errors.poll_message()
    if body.get("poll"):
        polls.attach(world, message, body["poll"])
    if message.loading:
        message.payload["flags"] &= ~LOADING
        message.pings = messages.pinged(world, message, body)
    messages.edit(world, message, body, uploads)
    act.shown_at = act.shown_at or world.now()
    return message


def answer_message(world: World, act: Interaction, which: str) -> Message:
    """`@original` or the id of one of the interaction's messages. Raises 10008, or 10015 before any answer."""
    if act.acknowledged_at is None:
        raise errors.unknown("webhook")
    own = [m for m in (act.original, act.message, *act.followups) if m is not None]
    found = act.original if which == "@original" else next((m for m in own if str(m.id) == which), None)
    if found is None or found.deleted_at is not None:
        raise errors.unknown("message")
    return found
