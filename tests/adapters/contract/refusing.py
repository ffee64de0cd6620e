"""What can't be done is told in the port's words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from bot.core.chat import ChatError, Operation, Reason
from bot.core.events import (
    GroupChange,
    GroupChanged,
    Where,
)
from bot.core.messages import Button, Message, text
from tests.adapters.contract import Someone, Subject
from tests.adapters.contract.doing import (
    does,
    outgoing,
    refused,
    send,
)


class TestRefusals:
    async def test_where_the_bot_was_removed(self, subject: Subject, ayu: Someone) -> None:
        await subject.bot_is_removed()
        assert await refused(send(subject)) is Reason.GONE
        assert await refused(send(subject, where=subject.group)) is Reason.GONE
        assert await refused(subject.chat.facts(subject.group)) is Reason.GONE

    async def test_where_the_bot_left(self, subject: Subject) -> None:
        await subject.chat.perform(outgoing(subject, Operation.LEAVE, where=subject.group))
        await subject.ears.hear_one(GroupChanged, lambda told: told.change is GroupChange.REMOVED)
        assert await refused(send(subject)) is Reason.GONE

    async def test_where_the_bot_may_not_write(self, subject: Subject) -> None:
        await subject.bot_may_not_write()
        assert await refused(send(subject)) is Reason.NO_RIGHT

    async def test_a_group_that_never_was(self, subject: Subject) -> None:
        there = Where(subject.chat.name, "-1009999999999" if "-" in subject.group.group else "9999999999999", "")
        assert await refused(send(subject, where=there)) is Reason.GONE
        assert await refused(subject.chat.facts(there)) is Reason.GONE

    @pytest.mark.parametrize("operation", [Operation.EDIT, Operation.DELETE, Operation.REACT, Operation.PIN])
    async def test_a_message_that_is_gone(self, subject: Subject, operation: Operation) -> None:
        id = await send(subject)
        await does(subject, Operation.DELETE, id)
        assert await refused(does(subject, operation, id, Message(text("Hai")), emoji="👍")) is Reason.MESSAGE_GONE

    async def test_content_that_is_wrong(self, subject: Subject) -> None:
        """Faults of ours, since `fit` comes before: told as such, and not tried again and again."""
        too_many = Message(text("Pilih"), buttons=(tuple(Button(f"{n}", token=f"tok-{n}") for n in range(101)),))
        too_long = Message(text("Pilih"), buttons=((Button("Ya", token="x" * 200),),))
        for message in (too_many, too_long):
            assert await refused(send(subject, message)) is Reason.BAD_MESSAGE

    @pytest.mark.parametrize("id", ["", "0", "x", "-1", "99999999999999999999999", "1/2"])
    async def test_ids_that_make_no_sense_raise_errors_of_the_port_only(self, subject: Subject, id: str) -> None:
        places = [Where(subject.chat.name, id, ""), Where(subject.chat.name, id, id), Where(subject.chat.name, "", id)]
        acts: list[Awaitable[Any]] = [send(subject, where=place) for place in places]
        acts += [
            does(subject, operation, id, emoji="👍") for operation in Operation if operation is not Operation.LEAVE
        ]
        acts += [subject.chat.facts(places[0]), subject.chat.standing(places[0], id)]
        acts += [subject.chat.standing(subject.group, id), subject.chat.acknowledge(id), send(subject, handle=id)]
        for outcome in await asyncio.gather(*acts, return_exceptions=True):
            assert not isinstance(outcome, BaseException) or isinstance(outcome, ChatError), repr(outcome)
