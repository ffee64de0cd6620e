"""Keeps what the libraries would log to themselves: payloads, addresses with tokens in them."""

from __future__ import annotations

import logging

LOGGERS = ("client", "gateway", "http", "state", "webhook.async_", "webhook.sync", "shard", "player", "voice_state")
"""discord.py's loggers; a filter on a parent does not see what its children log."""


class _Redaction(logging.Filter):
    def __init__(self) -> None:
        super().__init__()
        self.secrets: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Below INFO discord.py logs whole payloads: people's words, and tokens by which interactions are answered."""
        if record.levelno < logging.INFO:
            return False
        words = record.getMessage()
        for secret in self.secrets:
            if secret in words:
                words = words.replace(secret, "…")
        record.msg, record.args = words, None
        return True


_redaction = _Redaction()


def hide(secret: str) -> None:
    """From now on `secret` is in no line that discord.py logs, and none of its lines shows a payload."""
    _redaction.secrets.add(secret)
    for name in LOGGERS:
        logger = logging.getLogger(f"discord.{name}")
        if _redaction not in logger.filters:
            logger.addFilter(_redaction)
    parent = logging.getLogger("discord")
    if parent.level < logging.INFO:  # spares the library the making of lines that nobody will see
        parent.setLevel(logging.INFO)
