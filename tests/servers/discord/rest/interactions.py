"""Answers to interactions: the callback, its message, follow-ups. Their token is in the path; no header is needed."""

from __future__ import annotations

from typing import Any

from .. import errors, interactions, messages
from ..state import EPHEMERAL, Interaction, Json
from .messages import shown
from .routing import Call, route, snowflake

HOOK = "/webhooks/{application}/{token}"


@route("POST", "/interactions/{interaction}/{token}/callback", public=True)
def callback(call: Call) -> Any:
    """204, or with `with_response` the message that it made."""
    act = call.world.interactions.get(call.id(0))
    if act is None or act.token != call.path[1]:
        raise errors.unknown("interaction")
    body = call.form()
    data = body.get("data") or {}
    kind = snowflake(body.get("type"))
    interactions.answer(call.world, act, kind, data, call.uploads)
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return None
    return _response(call, act, kind)


def _response(call: Call, act: Interaction, kind: int) -> Json:
    summary: Json = {"id": str(act.id), "type": act.kind}
    resource: Json = {"type": kind}
    if act.original is not None:
        summary["response_message_id"] = str(act.original.id)
        summary["response_message_loading"] = act.original.loading
        summary["response_message_ephemeral"] = bool(act.original.payload["flags"] & EPHEMERAL)
        if kind in (interactions.MESSAGE, interactions.UPDATE):
            resource["message"] = shown(call.world, act.original)
    return {"interaction": summary, "resource": resource}


def _act(call: Call) -> Interaction:
    if call.id(0) != call.world.application_id:
        raise errors.unknown("webhook")
    return interactions.by_token(call.world, call.path[1])


@route("POST", HOOK, public=True, posting=True)
def follow_up(call: Call) -> Json:
    return shown(call.world, interactions.follow_up(call.world, _act(call), call.form(), call.uploads))


@route("GET", HOOK + "/messages/{message}", public=True)
def get(call: Call) -> Json:
    return shown(call.world, interactions.answer_message(call.world, _act(call), call.path[2]))


@route("PATCH", HOOK + "/messages/{message}", public=True)
def change(call: Call) -> Json:
    act = _act(call)
    message = interactions.answer_message(call.world, act, call.path[2])
    return shown(call.world, interactions.change(call.world, act, message, call.form(), call.uploads))


@route("DELETE", HOOK + "/messages/{message}", public=True)
def delete(call: Call) -> None:
    messages.delete(call.world, interactions.answer_message(call.world, _act(call), call.path[2]))
