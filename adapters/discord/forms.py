"""Forms: what they look like, and what was given with a command before its form opened."""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.discord.limits import MAX_CUSTOM_ID, MAX_DESCRIPTION, MAX_INPUT, MAX_TITLE
from bot.core.clock import Clock
from bot.core.commands import Form
from bot.core.messages import compose, plain
from bot.locale import translate

Json = dict[str, Any]

LABEL, TEXT_INPUT, PARAGRAPH = 18, 4, 2
KEPT_FOR = timedelta(minutes=15)
MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class _Kept:
    account: str
    until: datetime
    options: Mapping[str, Any]


class Given:
    """Options travel in the form's own id; those that find no place there are kept in memory for a while."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def note(self, command: str, account: str, options: Mapping[str, Any]) -> str:
        """The id of the form."""
        whole = json.dumps([command, options], separators=(",", ":"), ensure_ascii=False)
        if len(whole.encode()) <= MAX_CUSTOM_ID:
            return whole
        key = secrets.token_urlsafe(9)
        self._kept[key] = _Kept(account, self._clock.now() + KEPT_FOR, dict(options))
        self._forget()
        return json.dumps([command, key], separators=(",", ":"))

    def read(self, form: str, account: str) -> tuple[str, Mapping[str, Any] | None]:
        """The command, and what was given with it; None where that is forgotten."""
        try:
            command, given = json.loads(form)
            if not isinstance(given, str):
                return str(command), dict(given)
        except (ValueError, TypeError):  # none of ours
            return "", None
        self._forget()
        kept = self._kept.get(given)
        return str(command), kept.options if kept and kept.account == account else None

    def _forget(self) -> None:
        now = self._clock.now()
        while self._kept and (len(self._kept) > MOST_KEPT or next(iter(self._kept.values())).until <= now):
            self._kept.popitem(last=False)


def shown(form: Form, id: str, language: str, given: Mapping[str, Any]) -> Json:
    """The form as Discord takes it."""
    title = plain(compose(translate(language, form.title)))
    prompt = plain(compose(translate(language, form.asks(given))))
    field = {
        "type": TEXT_INPUT,
        "custom_id": form.option,
        "style": PARAGRAPH,
        "required": True,
        "max_length": min(form.longest, MAX_INPUT),
    }
    label: Json = {"type": LABEL, "label": _cut(title, MAX_TITLE), "component": field}
    if prompt:
        label["description"] = _cut(prompt, MAX_DESCRIPTION)
    return {"custom_id": id, "title": _cut(title, MAX_TITLE), "components": [label]}


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1] + "…"
