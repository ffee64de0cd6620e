"""Commands and presses, and how they are answered."""

from __future__ import annotations

import pytest

from bot.core.chat import Operation
from bot.core.events import (
    ButtonPressed,
    CommandInvoked,
    MessagePosted,
)
from bot.core.messages import Message, only, text
from tests.adapters.contract import Someone, Subject
from tests.adapters.contract.doing import (
    CHOICE,
    capabilities,
    does,
    private,
    send,
)
from tests.adapters.contract.platforms import where_answers_can_be_private, where_commands_are_typed


class TestCommands:
    async def test_a_command_says_who_asks_where_and_how_to_answer(self, subject: Subject, ayu: Someone) -> None:
        await subject.uses(ayu, "aturan")
        asked = await subject.ears.hear_one(CommandInvoked)
        assert (asked.name, asked.where, asked.actor.id) == ("aturan", subject.channel, ayu.id)
        assert asked.handle
        assert (asked.options is not None) is capabilities(subject).typed_options

    @where_commands_are_typed
    @pytest.mark.parametrize(
        ("typed", "name", "rest", "addressed"),
        [
            ("/aturan", "aturan", "", False),
            ("/Aturan  siang  malam ", "aturan", "siang  malam", False),
            ("/aturan@{bot} siang", "aturan", "siang", True),
            ("/aturan\nsiang\nmalam", "aturan", "siang\nmalam", False),
        ],
    )
    async def test_what_is_typed(
        self, subject: Subject, ayu: Someone, typed: str, name: str, rest: str, addressed: bool
    ) -> None:
        await subject.says(ayu, typed.replace("{bot}", subject.handle))
        asked = await subject.ears.hear_one(CommandInvoked)
        assert (asked.name, asked.text, asked.addressed) == (name, rest, addressed)

    @where_commands_are_typed
    async def test_in_private_the_bot_is_meant(self, subject: Subject, ayu: Someone) -> None:
        await subject.says_in_private(ayu, "/aturan")
        asked = await subject.ears.hear_one(CommandInvoked, lambda asked: asked.name == "aturan")
        assert (asked.addressed, asked.where) == (True, private(ayu, subject))

    @where_commands_are_typed
    async def test_other_bots_commands_are_theirs(self, subject: Subject, ayu: Someone) -> None:
        await subject.says(ayu, "/aturan@other_bot")
        await subject.says(ayu, "Halo")
        await subject.ears.hear(MessagePosted)
        assert subject.ears.heard(CommandInvoked) == []

    async def test_it_is_answered_where_it_was_given(self, subject: Subject, ayu: Someone, budi: Someone) -> None:
        await subject.uses(ayu, "aturan")
        asked = await subject.ears.hear_one(CommandInvoked)
        id = await send(subject, Message(text("Ramah saja.")), handle=asked.handle)
        [seen] = await subject.sees(budi, subject.channel)
        assert (seen.id, seen.text) == (id, "Ramah saja.")
        await does(subject, Operation.EDIT, id, Message(text("Ramah sekali.")))
        assert [seen.text for seen in await subject.sees(budi, subject.channel)] == ["Ramah sekali."]

    @where_answers_can_be_private
    async def test_it_may_be_answered_to_the_asker_alone(self, subject: Subject, ayu: Someone, budi: Someone) -> None:
        await subject.uses(ayu, "rahasia")
        asked = await subject.ears.hear_one(CommandInvoked)
        await send(subject, Message(text("Psst"), only(ayu.id)), handle=asked.handle)
        assert [seen.text for seen in await subject.sees(ayu, subject.channel)] == ["Psst"]
        assert await subject.sees(budi, subject.channel) == []


class TestPresses:
    @pytest.fixture
    async def asked(self, subject: Subject) -> str:
        """The id of a message with buttons."""
        return await send(subject, CHOICE)

    async def test_a_press_comes_back_with_its_token(self, subject: Subject, ayu: Someone, asked: str) -> None:
        await subject.presses(ayu, "Tidak")
        pressed = await subject.ears.hear_one(ButtonPressed)
        assert (pressed.token, pressed.message_id) == ("tok-tidak", asked)
        assert (pressed.where, pressed.actor.id) == (subject.channel, ayu.id)
        assert pressed.handle

    async def test_each_press_is_an_event_of_its_own(self, subject: Subject, ayu: Someone, asked: str) -> None:
        await subject.presses(ayu, "Ya")
        await subject.presses(ayu, "Ya")
        assert len({pressed.key for pressed in await subject.ears.hear(ButtonPressed, 2)}) == 2

    async def test_a_note_is_for_the_presser_alone(
        self, subject: Subject, ayu: Someone, budi: Someone, asked: str
    ) -> None:
        press = await subject.presses(ayu, "Ya")
        pressed = await subject.ears.hear_one(ButtonPressed)
        await send(subject, Message(text("Tercatat."), only(ayu.id)), handle=pressed.handle)
        assert await press.shown() == "Tercatat."
        assert [seen.text for seen in await subject.sees(budi, subject.channel)] == ["Pilih"]

    async def test_what_is_for_all_is_seen_by_all(
        self, subject: Subject, ayu: Someone, budi: Someone, asked: str
    ) -> None:
        await subject.presses(ayu, "Ya")
        pressed = await subject.ears.hear_one(ButtonPressed)
        await send(subject, Message(text("Ayu ikut.")), handle=pressed.handle)
        assert [seen.text for seen in await subject.sees(budi, subject.channel)] == ["Pilih", "Ayu ikut."]

    async def test_the_message_itself_may_change(
        self, subject: Subject, ayu: Someone, budi: Someone, asked: str
    ) -> None:
        await subject.presses(ayu, "Ya")
        pressed = await subject.ears.hear_one(ButtonPressed)
        await does(subject, Operation.EDIT, asked, Message(text("Sudah.")), handle=pressed.handle)
        [seen] = await subject.sees(budi, subject.channel)
        assert (seen.id, seen.text, seen.buttons) == (asked, "Sudah.", ())

    async def test_a_press_may_only_be_taken_note_of(self, subject: Subject, ayu: Someone, asked: str) -> None:
        press = await subject.presses(ayu, "Ya")
        pressed = await subject.ears.hear_one(ButtonPressed)
        await subject.chat.acknowledge(pressed.handle)
        assert await press.shown() == ""
        assert [seen.text for seen in await subject.sees(ayu, subject.channel)] == ["Pilih"]
