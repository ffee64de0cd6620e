"""S6: an anonymous administrator is confirmed by a person who has the right; and forms, which are replies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.events import Standing, Where
from tests.core.desk import ANONYMOUS, OTHER_GROUP, Desk, story
from tests.core.fakes import GROUP, MANAGERS, SERVER

# ---------------------------------------------------------------- an anonymous administrator


@pytest.mark.promise("S6")
def test_an_anonymous_administrator_confirms_as_a_person() -> None:
    @story
    async def told(desk: Desk) -> None:
        desk.makes_manager("Rina")
        await desk.here.says("", "/reign", actor=ANONYMOUS)
        assert desk.chat.words(GROUP) == ["You write as the group, so I can't see who you are. Please confirm."]
        await desk.presses("Rina", "It's me")
        assert desk.chat.words(GROUP)[-1] == "Rina reigns"
        assert desk.removed() == 1


@pytest.mark.promise("S6")
def test_somebody_without_the_right_cannot_confirm_and_takes_nothing_away() -> None:
    @story
    async def told(desk: Desk) -> None:
        desk.makes_manager("Rina")
        await desk.here.says("", "/reign", actor=ANONYMOUS)
        await desk.presses("Budi", "It's me")
        assert "Budi reigns" not in desk.chat.words()
        assert desk.last().outgoing.message.audience.account == "Budi"
        assert desk.removed() == 0

        await desk.presses("Rina", "It's me")
        assert desk.chat.words(GROUP)[-1] == "Rina reigns"


@pytest.mark.promise("S4", "S6")
def test_a_confirmation_counts_once() -> None:
    @story
    async def told(desk: Desk) -> None:
        desk.makes_manager("Rina")
        await desk.here.says("", "/reign", actor=ANONYMOUS)
        for _ in range(3):
            await desk.presses("Rina", "It's me")
        assert desk.chat.words(GROUP).count("Rina reigns") == 1
        assert desk.last().words == "This button no longer works."


@pytest.mark.promise("S4", "S6")
@pytest.mark.parametrize("where", [OTHER_GROUP, SERVER, MANAGERS])
def test_a_confirmation_counts_only_where_it_was_asked(where: Where) -> None:
    @story
    async def told(desk: Desk) -> None:
        desk.makes_manager("Rina")
        desk.chat.standings[where.group, "Rina"] = Standing(administrator=True)
        await desk.here.says("", "/reign", actor=ANONYMOUS)
        await desk.presses("Rina", "It's me", where)
        assert not any("reigns" in words for words in desk.chat.words() + desk.discord.words())


@pytest.mark.promise("S6")
def test_a_confirmation_does_not_stay_open_for_long() -> None:
    @story
    async def told(desk: Desk) -> None:
        desk.makes_manager("Rina")
        await desk.here.says("", "/reign", actor=ANONYMOUS)
        desk.here.clock.ahead = timedelta(hours=2)
        await desk.presses("Rina", "It's me")
        assert "Rina reigns" not in desk.chat.words()


@pytest.mark.promise("S6")
def test_what_was_typed_is_what_is_done_in_the_end() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("", "/note a “b” | c", actor=ANONYMOUS)
        await desk.presses("Ayu", "It's me")
        assert desk.last().words == "noted: a “b” | c"


def test_what_an_anonymous_administrator_misspelt_is_not_confirmed() -> None:
    @story
    async def told(desk: Desk) -> None:
        await desk.here.says("", "/nte x", actor=ANONYMOUS)
        assert desk.chat.words() == []


# ---------------------------------------------------------------- forms


async def form(desk: Desk) -> str:
    """Rina was asked for an essay; the id of the message that asks."""
    desk.makes_manager("Rina")
    await desk.here.says("Rina", "/essay")
    assert desk.last().outgoing.message.ask_reply
    assert desk.last().words == "Write!\nReply to this message within an hour."
    return desk.question()


async def replies(desk: Desk, who: str, text: str, to: str, where: Where = GROUP, author: str = "1") -> None:
    await desk.here.says(who, text, where, reply_to=to, reply_to_actor=author)


def test_the_reply_to_a_form_is_what_was_asked_for() -> None:
    @story
    async def told(desk: Desk) -> None:
        question = await form(desk)
        await replies(desk, "Rina", " Once upon\na time ", question)
        assert desk.chat.words()[-1] == "noted: Once upon\na time"
        await replies(desk, "Rina", "again", question)
        assert "noted: again" not in desk.chat.words()


@pytest.mark.promise("S4")
def test_somebody_elses_reply_is_talk() -> None:
    @story
    async def told(desk: Desk) -> None:
        question = await form(desk)
        desk.makes_manager("Budi")
        await replies(desk, "Budi", "mine", question)
        await replies(desk, "Rina", "elsewhere", question, OTHER_GROUP)
        await replies(desk, "Rina", "another's", question, author="777")
        assert not any(words.startswith("noted") for words in desk.chat.words())
        await replies(desk, "Rina", "hers", question)
        assert desk.chat.words()[-1] == "noted: hers"


def test_a_form_closes_after_an_hour() -> None:
    @story
    async def told(desk: Desk) -> None:
        question = await form(desk)
        desk.here.clock.ahead = timedelta(hours=1, seconds=1)
        await replies(desk, "Rina", "late", question)
        assert not any(words.startswith("noted") for words in desk.chat.words())


@pytest.mark.promise("S5")
def test_a_form_that_was_opened_as_a_manager_is_filled_in_as_one() -> None:
    @story
    async def told(desk: Desk) -> None:
        question = await form(desk)
        desk.makes_manager("Rina", manager=False)
        desk.here.clock.ahead = timedelta(minutes=1)
        await replies(desk, "Rina", "coup", question)
        assert desk.last().words == "Only managers may use /essay."


def test_an_anonymous_administrator_gets_a_form_after_confirming() -> None:
    @story
    async def told(desk: Desk) -> None:
        desk.makes_manager("Rina")
        await desk.here.says("", "/essay", actor=ANONYMOUS)
        await desk.presses("Rina", "It's me")
        assert desk.last().outgoing.message.ask_reply
        await replies(desk, "Rina", "mine", desk.question())
        assert desk.last().words == "noted: mine"
