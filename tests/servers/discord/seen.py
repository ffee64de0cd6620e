"""What a test reads: messages and answers, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import forms

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Posted:
    """A message. `pings` are those it really notified; `raw` holds all that `control/truth.py: shown` tells."""

    id: int
    channel: int
    author: str
    text: str
    pings: tuple[str, ...]
    buttons: tuple[str, ...]
    nonce: str | None
    deleted: bool
    ephemeral: bool
    edits: int
    raw: Json

    @classmethod
    def of(cls, raw: Json) -> Posted:
        return cls(
            raw["id"],
            raw["channel"],
            raw["author_name"],
            raw["content"],
            tuple(raw["pings"]),
            buttons(raw["components"]),
            raw["nonce"],
            raw["deleted"],
            raw["ephemeral_to"] is not None,
            len(raw["edits"]),
            raw,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What the invoker sees of an interaction now; times in ms since it began.

    `state`: waiting, thinking, answered, form, choices, failed. `text` is that of the newest message.
    """

    state: str
    text: str
    ephemeral: bool
    buttons: tuple[str, ...]
    acknowledged_ms: float | None
    shown_ms: float | None
    modal: Json | None
    choices: tuple[str, ...]
    messages: tuple[Json, ...]
    raw: Json

    @classmethod
    def of(cls, raw: Json) -> Answer:
        last: Json = raw["messages"][-1] if raw["messages"] else {"content": "", "ephemeral": False, "components": []}
        return cls(
            raw["state"],
            last["content"],
            last["ephemeral"],
            buttons(last["components"]),
            raw["acknowledged_ms"],
            raw["shown_ms"],
            raw["modal"],
            tuple(choice["name"] for choice in raw["choices"] or ()),
            tuple(raw["messages"]),
            raw,
        )


def buttons(components: list[Json]) -> tuple[str, ...]:
    """The labels of all buttons, in order."""
    found = [c for row in components for c in forms.walk(row) if c["type"] == forms.BUTTON]
    return tuple(c.get("label") or (c.get("emoji") or {}).get("name") or "" for c in found)
