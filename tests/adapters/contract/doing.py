"""What the outbox does, in words short enough for tests."""

from __future__ import annotations

import base64
from collections.abc import Awaitable
from itertools import count
from typing import Any

import pytest

from bot.core.chat import Capabilities, Operation, Outgoing, Reason, Refusal
from bot.core.events import Where
from bot.core.messages import Button, Message, text
from tests.adapters.contract import Someone, Subject

HALO = Message(text("Halo"))
CHOICE = Message(text("Pilih"), buttons=((Button("Ya", token="tok-ya"), Button("Tidak", token="tok-tidak")),))
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOSTILE = (
    "<b>Ayu</b>", "&lt;i&gt;", "@everyone", "@here", "@guyub_bot", "<@123456789012345678>", "<@&123456789012345678>",
    "<#123456789012345678>", "*Ayu* _Ayu_ **Ayu** __Ayu__", "`Ayu` ```Ayu```", "~~Ayu~~ ||Ayu||", "# Ayu", "-# Ayu",
    "> Ayu", "- Ayu", "1. Ayu", "[Ayu](https://evil.example)", "https://evil.example/a_b_c", "{name}", "\\*Ayu\\*",
    ":smile:", "😀👩‍👩‍👧", "Z̴͎̈ä̷l̸g̵o̷", "عائشة", "tg://user?id=1", "a" * 64,
)  # fmt: skip


_numbers = count(1)


def outgoing(subject: Subject, operation: Operation, message: Message = HALO, **more: Any) -> Outgoing:
    """In the channel, under a nonce of its own, unless told otherwise."""
    where, nonce = more.pop("where", subject.channel), more.pop("nonce", f"n-{next(_numbers)}")
    return Outgoing(operation, where, message, nonce, **more)


async def send(subject: Subject, message: Message = HALO, **more: Any) -> str:
    return await subject.chat.perform(outgoing(subject, Operation.SEND, message, **more))


async def does(subject: Subject, operation: Operation, id: str, message: Message = HALO, **more: Any) -> str:
    return await subject.chat.perform(outgoing(subject, operation, message, message_id=id, **more))


async def refused(work: Awaitable[Any]) -> Reason:
    with pytest.raises(Refusal) as caught:
        await work
    return caught.value.reason


def private(who: Someone, subject: Subject) -> Where:
    return Where(subject.chat.name, "", who.id)


def capabilities(subject: Subject) -> Capabilities:
    return subject.chat.capabilities(subject.channel)
