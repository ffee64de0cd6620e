"""How an answer finds what it answers: a short text that outlives a restart of the bot."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Handle:
    """`message_id`: of the command, or of the message whose button was pressed by `account`."""

    message_id: str
    account: str
    press: bool = False

    def __str__(self) -> str:
        return f"{'press' if self.press else 'said'}:{self.account}:{self.message_id}"

    @classmethod
    def parse(cls, text: str) -> Handle | None:
        how, _, rest = text.partition(":")
        account, _, message_id = rest.partition(":")
        return cls(message_id, account, how == "press") if how in ("press", "said") and message_id else None
