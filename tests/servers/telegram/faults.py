"""Faults to order: what goes wrong, for which calls, before or after the call took effect."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.servers.telegram.refusals import Misused

Kind = Literal["status", "stall", "reset", "malformed", "drop"]
KINDS = ("status", "stall", "reset", "malformed", "drop")
DESCRIPTIONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Rule:
    """One fault for the next `times` matching calls, after letting `skip` of them pass."""

    kind: Kind
    method: str = "*"
    chat_id: str | None = None
    times: int = 1
    skip: int = 0
    when: Literal["before", "after"] = "before"  # the effect
    status: int = 500
    description: str = ""
    parameters: dict[str, Any] | None = None
    seconds: float = 0.0  # stall: how long; 0 holds until released
    hits: int = 0

    def matches(self, method: str, chat_id: str) -> bool:
        """Is this call meant."""
        return (self.method in ("*", method)) and self.chat_id in (None, chat_id)

    def answer(self) -> str:
        """The body of a status fault."""
        retry = (self.parameters or {}).get("retry_after")
        text = self.description or DESCRIPTIONS.get(self.status, "Error")
        if self.status == 429 and not self.description:
            text = f"Too Many Requests: retry after {retry}"
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": text}
        if self.parameters:
            body["parameters"] = self.parameters
        return json.dumps(body)


@dataclass(slots=True)
class Faults:
    """The rules in force, in the order they were given; a call meets the first that matches."""

    rules: list[Rule] = field(default_factory=list)
    hits: int = 0
    held: int = 0  # calls that stand still now
    _release: asyncio.Event = field(default_factory=asyncio.Event)

    def add(self, given: dict[str, Any]) -> None:
        """A rule from the control side; raises Misused for unknown words."""
        given = dict(given)
        retry_after = given.pop("retry_after", None)
        if retry_after is not None:
            given |= {"status": 429, "parameters": {"retry_after": retry_after}}
        if given.get("chat_id") is not None:
            given["chat_id"] = str(given["chat_id"])
        given["method"] = str(given.get("method", "*")).lower()
        try:
            rule = Rule(**given)
        except TypeError as wrong:
            raise Misused(f"a fault has no such word: {wrong}") from None
        if rule.kind not in KINDS:
            raise Misused(f"a fault is one of {', '.join(KINDS)}, not {rule.kind!r}")
        self.rules.append(rule)

    def take(self, method: str, chat_id: str) -> Rule | None:
        """The rule that this call meets, if any; uses it up by one."""
        for rule in self.rules:
            if not rule.matches(method, chat_id):
                continue
            if rule.skip > 0:
                rule.skip -= 1
                continue
            rule.hits += 1
            self.hits += 1
            rule.times -= 1
            if rule.times == 0:
                self.rules.remove(rule)
            return rule
        return None

    def clear(self) -> None:
        """Ends all faults and lets go of every call that stands still."""
        self.rules.clear()
        self.release()

    def release(self) -> None:
        """Lets go of every call that stands still; the rules stay."""
        self._release.set()
        self._release = asyncio.Event()

    async def hold(self, seconds: float) -> None:
        """Stands still for so long, or until released when 0."""
        self.held += 1
        try:
            await asyncio.wait_for(self._release.wait(), seconds or None)
        except TimeoutError:
            pass
        finally:
            self.held -= 1
