"""People press buttons, choose from menus, send forms; and see how the bot answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import forms, interactions, permissions
from ..errors import ControlError
from ..state import Channel, Interaction, Json, Message, User
from .verbs import Control, verb

LINK = 5


@verb
def press(control: Control, *, user: int, channel: int, label: str, message: int | None = None) -> Json:
    """Press the button with this label on the newest message that shows it to this person."""
    who, where = control.user(user), _seen(control, user, channel)
    on, button = _component(where, who, message, lambda c: c["type"] == forms.BUTTON and _label(c) == label, label)
    if button.get("disabled"):
        raise ControlError(f"the button {label!r} is disabled")
    if button.get("style") == LINK or "custom_id" not in button:
        raise ControlError(f"the button {label!r} is a link to {button.get('url')}")
    data = {"custom_id": button["custom_id"], "component_type": forms.BUTTON, "id": button.get("id", 0)}
    return {"id": _begin(control, interactions.COMPONENT, who, where, data, label, on).id}


@verb
def choose(control: Control, *, user: int, channel: int, labels: list[str], message: int | None = None) -> Json:
    """Choose these options, by their labels, in the newest select menu that offers them all."""
    who, where = control.user(user), _seen(control, user, channel)

    def offers(component: Json) -> bool:
        return component["type"] == 3 and set(labels) <= {o["label"] for o in component["options"]}

    on, menu = _component(where, who, message, offers, ", ".join(labels))
    values = [o["value"] for o in menu["options"] if o["label"] in labels]
    if not menu.get("min_values", 1) <= len(values) <= menu.get("max_values", 1):
        raise ControlError(f"that menu takes {menu.get('min_values', 1)} to {menu.get('max_values', 1)} options")
    data = {"custom_id": menu["custom_id"], "component_type": 3, "values": values, "id": menu.get("id", 0)}
    return {"id": _begin(control, interactions.COMPONENT, who, where, data, ", ".join(labels), on).id}


@verb
def submit(control: Control, *, interaction: int, values: Json) -> Json:
    """Fill in the form that the interaction opened and send it. `values` maps labels or custom ids to values."""
    act = _act(control, interaction)
    if act.modal is None:
        raise ControlError("no form was opened")
    left = dict(values)
    components = [_filled(component, left) for component in act.modal["components"]]
    if left:
        raise ControlError(f"the form has no field {', '.join(left)}")
    data = {"custom_id": act.modal["custom_id"], "components": components}
    title = act.modal["title"]
    sent = _begin(control, interactions.MODAL, act.user, act.channel, data, title, act.message, trigger=act)
    return {"id": sent.id}


def _filled(component: Json, left: Json, label: str = "") -> Json:
    kind = component["type"]
    if kind == forms.ROW:
        return {"type": kind, "id": 0, "components": [_filled(c, left) for c in component["components"]]}
    if kind == forms.LABEL:
        return {"type": kind, "id": 0, "component": _filled(component["component"], left, component["label"])}
    if "custom_id" not in component:
        return component
    label = label or component.get("label", "")
    key = label if label in left else component["custom_id"]
    value: Any = left.pop(key, component.get("value") or "")
    if component.get("required", True) and value in ("", []):
        raise ControlError(f"the field {label!r} is required")
    if kind == forms.TEXT_INPUT:
        low, high = component.get("min_length") or 0, component.get("max_length") or 4000
        if value and not low <= len(value) <= high:
            raise ControlError(f"the field {label!r} takes {low} to {high} characters")
        return {"type": kind, "id": 0, "custom_id": component["custom_id"], "value": value}
    return {"type": kind, "id": 0, "custom_id": component["custom_id"], "values": value or []}


@verb
def interaction(control: Control, *, interaction: int) -> Json:
    """What happened to an interaction and what its invoker sees now."""
    return described(control, _act(control, interaction))


@verb
def interactions_of(control: Control, *, user: int | None = None) -> Json:
    """All interactions in order, of one person if asked."""
    acts = control.world.interactions.values()
    return {"interactions": [described(control, a) for a in acts if user is None or a.user.id == user]}


def described(control: Control, act: Interaction) -> Json:
    """Times are ms after the interaction began, None while it has not happened. `state` is what people see:
    waiting, thinking (deferred), answered, form, choices, or failed ("The application did not respond")."""
    seen = [m for m in (act.original, *act.followups) if m is not None]
    return {
        "id": act.id,
        "kind": act.kind,
        "name": act.name,
        "user": act.user.id,
        "channel": act.channel.id,
        "created": act.created,
        "answer_type": act.answer_type,
        "acknowledged_ms": _after(act, act.acknowledged_at),
        "shown_ms": _after(act, act.shown_at),
        "state": _state(control, act),
        "modal": act.modal,
        "choices": act.choices,
        "refused": act.refused,
        "messages": [_view(m) for m in seen if m.deleted_at is None],
    }


def _after(act: Interaction, at: float | None) -> float | None:
    return None if at is None else round((at - act.created) * 1000, 1)


def _state(control: Control, act: Interaction) -> str:
    if act.acknowledged_at is None:
        late = control.world.now() - act.created > interactions.ANSWER_WITHIN
        return "failed" if late else "waiting"
    if act.modal is not None:
        return "form"
    if act.choices is not None:
        return "choices"
    if act.shown_at is None and act.answer_type == interactions.DEFER:
        return "thinking"
    return "answered"


def _view(message: Message) -> Json:
    return {
        "id": message.id,
        "content": message.payload["content"],
        "ephemeral": message.seen_by is not None,
        "loading": message.loading,
        "embeds": message.payload["embeds"],
        "components": message.payload["components"],
        "pings": message.pings,
        "edits": len(message.edits),
    }


def _begin(
    control: Control, kind: int, who: User, where: Channel, data: Json, name: str, on: Message | None, **more: Any
) -> Interaction:
    return interactions.begin(control.world, kind, who, where, data, name=name, locale=who.locale, message=on, **more)


def _act(control: Control, id: int) -> Interaction:
    act = control.world.interactions.get(id)
    if act is None:
        raise ControlError(f"there is no interaction {id}")
    return act


def _seen(control: Control, user: int, channel: int) -> Channel:
    where = control.channel(channel)
    if where.guild is not None:
        member = control.member(where.guild, user)
        if not permissions.in_channel(where, member) & permissions.VIEW_CHANNEL:
            raise ControlError("they do not see that channel")
    return where


def _component(where: Channel, who: User, message: int | None, wanted: Any, asked: str) -> tuple[Message, Json]:
    for candidate in _newest_first(where):
        if (message is None or candidate.id == message) and candidate.seen_by in (None, who.id):
            for row in candidate.payload["components"]:
                for component in forms.walk(row):
                    if wanted(component):
                        return candidate, component
    raise ControlError(f"no message there shows {asked!r}")


def _newest_first(where: Channel) -> Iterator[Message]:
    return (m for m in reversed(where.messages.values()) if m.deleted_at is None)


def _label(component: Json) -> str:
    return component.get("label") or (component.get("emoji") or {}).get("name") or ""


@verb
def forge_form(control: Control, *, user: int, channel: int, custom_id: str, value: str = "forged") -> Json:
    """Somebody's own client sends a form that was never opened for them."""
    who, where = control.user(user), _seen(control, user, channel)
    field = {"type": forms.TEXT_INPUT, "id": 0, "custom_id": "forged", "value": value}
    data = {"custom_id": custom_id, "components": [{"type": forms.LABEL, "id": 0, "component": field}]}
    return {"id": _begin(control, interactions.MODAL, who, where, data, "forged", None).id}
