"""Where an answer goes: never to more people than meant; and S4, S6: every press is authorised again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.chat import Operation
from bot.core.events import Actor, ActorKind, MemberJoined, Where
from bot.core.messages import AudienceKind
from bot.core.stores import Accounts
from tests.core.desk import OTHER_GROUP, Desk, private, story
from tests.core.fakes import GROUP, MANAGERS, SERVER

# ---------------------------------------------------------------- private answers


@pytest.mark.parametrize("command", ["/whisper it", "/mumble it"])
def test_where_the_platform_can_only_the_asker_sees_it(command: str) -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Ayu", command, SERVER, handle="h1")
        (answer,) = desk.discord.delivered
        assert (answer.words, answer.outgoing.handle) == ("psst: it", "h1")
        assert (answer.outgoing.message.audience.kind, answer.outgoing.message.audience.account) == ("person", "Ayu")


def test_else_it_waits_for_the_private_chat_and_the_group_sees_a_link_without_content() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Ayu", "/whisper secrets", handle="h1")
        (pointer,) = desk.chat.delivered
        assert "secrets" not in pointer.words
        assert desk.button("Open a private chat")[0].url == "https://chat.example/guyub?start=answer"

        await desk.opens_a_chat("Budi")
        assert len(desk.chat.delivered) == 1
        await desk.opens_a_chat("Ayu")
        assert desk.chat.words(private("Ayu")) == ["psst: secrets"]
        await desk.opens_a_chat("Ayu")
        assert desk.chat.words(private("Ayu")) == ["psst: secrets"]


def test_an_answer_waits_for_a_day() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Ayu", "/whisper secrets")
        desk.here.clock.ahead = timedelta(days=1, minutes=1)
        await desk.opens_a_chat("Ayu")
        assert desk.chat.words(private("Ayu")) == []


def test_who_can_be_reached_is_answered_in_private_and_the_group_hears_nothing() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.opens_a_chat("Ayu")
        for command in ("/whisper a", "/mumble b"):
            await desk.here.says("Ayu", command)
        assert desk.chat.words(private("Ayu")) == ["psst: a", "psst: b"]
        assert desk.chat.words(GROUP) == []


def test_who_blocked_the_bot_is_asked_to_open_a_chat_again() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.opens_a_chat("Ayu")
        await desk.opens_a_chat("Ayu", open=False)
        await desk.here.says("Ayu", "/whisper a")
        assert len(desk.chat.words(GROUP)) == 1
        assert desk.chat.words(private("Ayu")) == []


def test_what_need_not_be_private_is_said_in_the_group() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Ayu", "/mumble a")
        assert desk.chat.words(GROUP) == ["psst: a"]


def test_managers_among_themselves_need_no_private_chat() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Rina", "/whisper a", MANAGERS)
        assert desk.chat.words(MANAGERS) == ["psst: a"]


def test_where_there_is_no_link_they_are_asked_to_write() -> None:
    @story
    async def told(desk: Desk) -> None:
        desk.chat.limits = replace(desk.chat.limits, private_link="")
        await desk.here.says("Ayu", "/whisper a")
        assert desk.chat.words(GROUP) == ["The answer is for you alone: please write me a private message first."]


@pytest.mark.parametrize("where", [GROUP, SERVER, OTHER_GROUP, private("Ayu")])
@pytest.mark.parametrize("reachable", [None, True, False])
@pytest.mark.parametrize("handle", ["", "h1"])
def test_a_private_answer_never_reaches_others(where: Where, reachable: bool | None, handle: str) -> None:
    @story
    async def told(desk: Desk) -> None:
        if reachable is not None:
            await desk.here.do(lambda unit: unit.store(Accounts).set_reachable(where.platform, "Ayu", reachable))
        await desk.here.says("Ayu", "/whisper secrets", where, handle=handle)
        for attempt in desk.chat.delivered + desk.discord.delivered:
            if "secrets" in attempt.words:
                to, message = attempt.outgoing.where, attempt.outgoing.message
                alone = message.audience.kind is AudienceKind.PERSON and message.audience.account == "Ayu"
                assert to == Where(to.platform, "", "Ayu") or (alone and attempt.outgoing.handle)


# ---------------------------------------------------------------- presses


def test_a_short_answer_to_a_press_is_a_note_for_the_presser() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Ayu", "/offer")
        event = await desk.presses("Budi", "tell")
        note = desk.last()
        assert (note.words, note.outgoing.handle) == ("Budi pressed 1", event.handle)
        assert note.outgoing.message.audience.account == "Budi"


def test_a_message_may_be_replaced_once() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Ayu", "/offer")
        await desk.presses("Budi", "instead")
        assert (desk.last().outgoing.operation, desk.last().words) == (Operation.EDIT, "pressed, and gone")
        await desk.presses("Budi", "instead")
        assert desk.last().words == "This button no longer works."


@pytest.mark.promise("S4")
@pytest.mark.parametrize(
    "forgery",
    [
        {"token": "forged"},
        {"token": ""},
        {"token": "notebook.tell"},
        {"where": OTHER_GROUP},
        {"where": SERVER},
        {"where": Where("telegram", "", "Ayu")},
    ],
)
def test_a_forged_press_does_nothing(forgery: dict[str, object]) -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Ayu", "/offer")
        await desk.presses("Ayu", "tell", **forgery)  # type: ignore[arg-type]
        words = desk.chat.words() + desk.discord.words()
        assert not any("pressed" in said for said in words)
        assert "no longer works" in "".join(words) or "private" in words[-1]


@pytest.mark.promise("S4")
def test_a_press_of_anybody_but_a_person_does_nothing() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Ayu", "/offer")
        for kind in (ActorKind.BOT, ActorKind.SERVICE, ActorKind.ANONYMOUS):
            await desk.presses("x", "tell", actor=Actor("x", "x", kind))
        assert desk.chat.words() == ["press one"]


@pytest.mark.promise("S4")
def test_a_press_too_late_does_nothing() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Ayu", "/offer")
        desk.here.clock.ahead = timedelta(days=181)
        await desk.presses("Ayu", "tell")
        assert desk.last().words == "This button no longer works."


@pytest.mark.promise("S4")
def test_a_button_in_a_private_chat_is_its_readers_alone() -> None:
    @story
    async def told(desk: Desk) -> None:
        here = desk.here
        for who in ("Ayu", "Budi"):
            await here.happens(MemberJoined(here.next_id(), here.clock.now(), GROUP, Actor(who, who)))
        await here.says("Ayu", "/offer", private("Ayu"))
        await desk.presses("Budi", "tell", private("Budi"))
        assert desk.last().words == "This button no longer works."
        await desk.presses("Ayu", "tell")
        assert desk.last().words == "Ayu pressed 1"


@pytest.mark.promise("S4", "S5")
def test_who_may_press_is_asked_at_every_press() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("Ayu", "/offer")
        await desk.presses("Rina", "rule")
        assert desk.last().words == "Only managers may press this."
        desk.makes_manager("Rina")
        desk.here.clock.ahead = timedelta(minutes=1)
        await desk.presses("Rina", "rule")
        assert desk.last().words == "Rina pressed 1"
        desk.makes_manager("Rina", manager=False)
        desk.here.clock.ahead = timedelta(minutes=2)
        await desk.presses("Rina", "rule")
        assert desk.last().words == "Only managers may press this."


@pytest.mark.promise("S5")
def test_who_is_no_manager_any_more_commands_no_more() -> None:
    @story
    async def told(desk: Desk) -> None:
        desk.makes_manager("Rina")
        await desk.here.says("Rina", "/reign")
        desk.makes_manager("Rina", manager=False)
        await desk.here.says("Rina", "/coronation")  # can't be undone: asked anew
        assert desk.last().words == "Only managers may use /coronation."
        desk.here.clock.ahead = timedelta(minutes=1)
        await desk.here.says("Rina", "/reign")
        assert desk.chat.words(GROUP).count("Rina reigns") == 1
