"""What the Bot API says when it refuses."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An answer with `ok: false`; `parameters` is retry_after or migrate_to_chat_id where there is one."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class Misused(Exception):
    """A test asked the control side for something that can't be done; says what."""


def bad(text: str) -> Refused:
    """400 Bad Request."""
    return Refused(400, f"Bad Request: {text}")


def forbidden(text: str) -> Refused:
    """403 Forbidden."""
    return Refused(403, f"Forbidden: {text}")


def too_many(retry_after: int) -> Refused:
    """429, with the seconds to wait in text and parameters."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def migrated(new_chat_id: int) -> Refused:
    """The group lives on as a supergroup with another id."""
    return Refused(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new_chat_id},
    )
