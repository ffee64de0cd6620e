"""Slash commands, buttons and forms: acknowledged at once, answered later, seen by whom it is for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.discord.adapter import DiscordChat
from bot.core.chat import Reason, Refusal, Uncertain
from bot.core.commands import Answers, Command, Form, Kind, Option
from bot.core.events import ButtonPressed, CommandInvoked
from bot.core.messages import Button, Message, only, text
from tests.adapters.discord.conftest import Bot, sending, where_is
from tests.adapters.ears import Ears
from tests.servers.discord import DiscordWorld, Guild, Person


def handler() -> None:
    raise AssertionError("commands are run by the engine, not here")


def fitting(typed: str, language: str) -> list[str]:
    if typed == "raises":
        raise RuntimeError("nothing comes to mind")
    many = {"many": [f"many {n}" for n in range(500)], "long": ["x" * 101, "", " "]}
    return many.get(typed) or [key for key in ("language", "window") if typed in key]


COMMANDS = (
    Command("help", "What I can do for you here", handler, everywhere=True),
    Command("poll close", "Close a poll", handler, answers=Answers.PUBLIC),
    Command(
        "settings set",
        "Change a setting",
        handler,
        options=(
            Option("value", "The value", Kind.TEXT),
            Option("key", "The setting", required=True, suggest=fitting),
        ),
        aliases={"id": "setelan ubah"},
    ),
    Command(
        "welcome text",
        "Change the greeting",
        handler,
        options=(
            Option("words", "The greeting", Kind.TEXT, required=True),
            Option("colour", "A colour", choices=("merah", "hijau", "biru")),
        ),
        form=Form("words", "The greeting", "What shall I say?"),
    ),
)


@pytest.fixture
async def chat(bot: Bot, kopi: Guild) -> AsyncIterator[DiscordChat]:
    async with bot.runs() as chat:
        await chat.publish_commands(COMMANDS)
        yield chat


@pytest.fixture
async def ayu(dc: DiscordWorld, kopi: Guild) -> Person:
    ayu = await dc.person("Ayu", locale="id")
    await ayu.joins(kopi)
    return ayu


async def test_a_command_is_acknowledged_then_answered(chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
    act = await ayu.slash(kopi["general"], "help")
    asked = await ears.hear_one(CommandInvoked)
    assert (await act.now()).state == "thinking"
    assert (asked.name, asked.options, asked.actor.id, asked.where) == (
        "help",
        {},
        str(ayu.id),
        where_is(kopi["general"]),
    )
    await chat.perform(sending(kopi["general"], Message(text("Begini")), handle=asked.handle))
    answer = await act.answer()
    assert (answer.text, answer.ephemeral) == ("Begini", True)


async def test_a_public_answer_is_seen_by_all(chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
    act = await ayu.slash(kopi["general"], "poll close")
    asked = await ears.hear_one(CommandInvoked)
    await chat.perform(sending(kopi["general"], Message(text("Selesai")), handle=asked.handle))
    assert not (await act.answer()).ephemeral


async def test_options_are_told_by_name_and_completed_from_memory(
    chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person
) -> None:
    act = await ayu.types(kopi["general"], "setelan ubah", "key", "lang")
    assert (await act.answer()).choices == ("language",)
    await ayu.slash(kopi["general"], "settings set", key="language", value="id")
    asked = await ears.hear_one(CommandInvoked)
    assert (asked.name, asked.options) == ("settings set", {"key": "language", "value": "id"})


async def test_however_much_is_suggested_something_can_be_chosen(chat: DiscordChat, kopi: Guild, ayu: Person) -> None:
    act = await ayu.types(kopi["general"], "settings set", "key", "many")
    assert (await act.answer()).choices == tuple(f"many {n}" for n in range(25))
    for breaks in ("long", "raises"):
        act = await ayu.types(kopi["general"], "settings set", "key", breaks)
        answer = await act.answer()
        assert (answer.state, answer.choices) == ("choices", ())


async def test_a_form_opens_and_what_is_written_runs_the_command(
    chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person
) -> None:
    act = await ayu.slash(kopi["general"], "welcome text", colour="merah")
    form = (await act.answer()).modal
    assert form is not None
    assert form["title"] == "The greeting"
    sent = await act.submits(words="Halo {name}")
    asked = await ears.hear_one(CommandInvoked)
    assert (asked.name, asked.options) == ("welcome text", {"colour": "merah", "words": "Halo {name}"})
    await chat.perform(sending(kopi["general"], Message(text("Tersimpan")), handle=asked.handle))
    assert (await sent.answer()).text == "Tersimpan"


async def test_no_form_where_the_words_were_given(chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
    await ayu.slash(kopi["general"], "welcome text", words="Halo {name}")
    assert (await ears.hear_one(CommandInvoked)).options == {"words": "Halo {name}"}


async def test_rights_come_with_the_command(
    chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person
) -> None:
    await ayu.slash(kopi["general"], "help")
    role = await kopi.grants(ayu, "manage_guild")
    await ayu.slash(kopi["general"], "help")
    before, after = await ears.hear(CommandInvoked, 2)
    assert before.actor.standing is not None
    assert after.actor.standing is not None
    assert (before.actor.standing.administrator, after.actor.standing.administrator) == (False, True)
    assert after.actor.standing.roles == {str(role)}
    assert abs((after.at - before.at).total_seconds()) < 5


async def test_in_a_private_chat(chat: DiscordChat, ears: Ears, ayu: Person) -> None:
    act = await ayu.slash(await ayu.dm(), "help")
    asked = await ears.hear_one(CommandInvoked)
    assert asked.where == where_is(ayu)
    await chat.perform(sending(ayu, Message(text("Begini")), handle=asked.handle))
    assert not (await act.answer()).ephemeral


async def test_an_answer_may_be_repeated_and_a_second_one_does_not_replace_it(
    chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person
) -> None:
    act = await ayu.slash(kopi["general"], "help")
    handle = (await ears.hear_one(CommandInvoked)).handle
    for nonce, words in (("a", "Satu"), ("a", "Satu"), ("b", "Dua")):
        message = Message(text(words), only(str(ayu.id)))
        await chat.perform(sending(kopi["general"], message, nonce=nonce, handle=handle))
    answer = await act.answer()
    assert [(said["content"], said["ephemeral"]) for said in answer.messages] == [("Satu", True), ("Dua", True)]


async def test_another_process_can_answer(bot: Bot, kopi: Guild, ayu: Person) -> None:
    async with bot.runs() as first:
        await first.publish_commands(COMMANDS)
        act = await ayu.slash(kopi["general"], "help")
        handle = (await bot.ears.hear_one(CommandInvoked)).handle
    async with bot.runs() as second:
        await second.perform(sending(kopi["general"], Message(text("Begini")), handle=handle))
    assert (await act.answer()).text == "Begini"


async def test_too_late_to_answer(chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person) -> None:
    await ayu.slash(kopi["general"], "help")
    handle = (await ears.hear_one(CommandInvoked)).handle
    await dc.pass_time(901)
    with pytest.raises(Refusal) as caught:
        await chat.perform(sending(kopi["general"], Message(text("Begini")), handle=handle))
    assert caught.value.reason is Reason.TOO_LATE


class TestPresses:
    async def press(self, chat: DiscordChat, kopi: Guild, ayu: Person) -> str:
        rows = ((Button("Halo juga", token="tok-1"),),)
        id = await chat.perform(sending(kopi["general"], Message(text("Halo"), buttons=rows)))
        await ayu.presses(kopi["general"], "Halo juga")
        return id

    async def test_a_press_tells_its_token(self, chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
        id = await self.press(chat, kopi, ayu)
        pressed = await ears.hear_one(ButtonPressed)
        assert (pressed.token, pressed.message_id, pressed.actor.id) == ("tok-1", id, str(ayu.id))
        assert pressed.actor.standing is not None
        await chat.acknowledge(pressed.handle)

    async def test_its_answer_is_seen_by_the_presser_alone(
        self, chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person
    ) -> None:
        await self.press(chat, kopi, ayu)
        pressed = await ears.hear_one(ButtonPressed)
        message = Message(text("Sampai nanti"), only(str(ayu.id)))
        await chat.perform(sending(kopi["general"], message, nonce="n-2", handle=pressed.handle))
        said = await kopi["general"].messages(by_bot=True)
        assert [(m.text, m.ephemeral) for m in said] == [("Halo", False), ("Sampai nanti", True)]

    async def test_one_that_may_have_arrived_is_not_repeated(
        self, chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        await self.press(chat, kopi, ayu)
        handle = (await ears.hear_one(ButtonPressed)).handle
        await dc.trouble.resets("POST /webhooks/*/*", when="after")
        answer = sending(kopi["general"], Message(text("Sampai nanti")), nonce="n-2", handle=handle)
        with pytest.raises(Uncertain):
            await chat.perform(answer)
        with pytest.raises(Refusal):
            await chat.perform(answer)
        said = await kopi["general"].messages(by_bot=True)
        assert [m.text for m in said] == ["Halo", "Sampai nanti"]


class TestAcknowledging:
    @pytest.mark.promise("R28")
    async def test_it_does_not_wait_for_the_engine(
        self, chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person
    ) -> None:
        ears.hold(lambda event: True)
        acts = [await ayu.slash(kopi["general"], "help") for _ in range(50)]
        await ears.hear(CommandInvoked, 50)
        took = [(await act.now()).acknowledged_ms for act in acts]
        ears.let_go()
        assert None not in took
        assert max(ms for ms in took if ms is not None) < 1000

    @pytest.mark.parametrize("breaks", ["fails", "resets"])
    @pytest.mark.parametrize("when", ["before", "after"])
    async def test_it_is_tried_again(
        self, chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person, breaks: str, when: str
    ) -> None:
        await getattr(dc.trouble, breaks)("POST /interactions/*/*/callback", when=when)
        act = await ayu.slash(kopi["general"], "help")
        handle = (await ears.hear_one(CommandInvoked)).handle
        await chat.perform(sending(kopi["general"], Message(text("Begini")), handle=handle))
        assert (await act.answer()).text == "Begini"

    async def test_a_command_that_can_no_longer_be_acknowledged_is_not_run(
        self, chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        await dc.trouble.stalls("POST /interactions/*/*/callback")
        await ayu.slash(kopi["general"], "help")
        await dc.trouble.stalled()
        await dc.pass_time(4)
        await dc.trouble.release()
        await ayu.slash(kopi["general"], "poll close")
        assert [asked.name for asked in await ears.hear(CommandInvoked)] == ["poll close"]

    async def test_commands_of_a_channel_stay_in_order(
        self, chat: DiscordChat, ears: Ears, dc: DiscordWorld, kopi: Guild, ayu: Person
    ) -> None:
        await dc.trouble.stalls("POST /interactions/*/*/callback", seconds=0.3)
        await ayu.slash(kopi["general"], "help")
        await ayu.slash(kopi["general"], "poll close")
        assert [asked.name for asked in await ears.hear(CommandInvoked, 2)] == ["help", "poll close"]

    async def test_what_needs_no_answer_stops_thinking(
        self, chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person
    ) -> None:
        act = await ayu.slash(kopi["general"], "help")
        await chat.acknowledge((await ears.hear_one(CommandInvoked)).handle)
        assert (await act.now()).messages == ()


class TestRegistering:
    async def test_they_are_registered_once_and_again_only_when_changed(
        self, bot: Bot, dc: DiscordWorld, kopi: Guild
    ) -> None:
        for offered in (COMMANDS, COMMANDS, COMMANDS[:2]):
            async with bot.runs() as chat:
                await chat.publish_commands(offered)
        assert (await dc.stats()).command_syncs == 2
        assert sorted(command["name"] for command in await dc.commands()) == ["help", "poll"]

    async def test_commands_that_were_offered_before_the_line_was_up(self, bot: Bot, dc: DiscordWorld) -> None:
        chat = bot.chat()
        await chat.publish_commands(COMMANDS)
        await chat.start(bot.ears.submit)
        await dc.eventually(dc.commands)
        await chat.stop()

    async def test_a_refusal_is_a_problem_and_is_mended_at_the_next_connection(
        self, bot: Bot, dc: DiscordWorld, kopi: Guild
    ) -> None:
        await dc.trouble.fails("GET /applications/*/commands", status=403)
        async with bot.runs() as chat:
            await chat.publish_commands(COMMANDS)
            assert [problem.code for problem in chat.connection().problems] == ["commands_not_published"]
            await dc.trouble.invalidates_session()
            await dc.eventually(dc.commands)
            await dc.eventually(lambda: asyncio.sleep(0, not chat.connection().problems))
