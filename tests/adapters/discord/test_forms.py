"""Forms keep what was given with the command, whatever its length; and what was written is never lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from adapters.discord.adapter import DiscordChat
from adapters.discord.forms import MOST_KEPT
from bot.core.commands import Command, Form, Kind, Option
from bot.core.events import CommandInvoked, Where
from bot.core.messages import Message, text
from tests.adapters.contract import never
from tests.adapters.discord.conftest import Bot, sending
from tests.adapters.ears import Ears
from tests.servers.discord import Act, DiscordWorld, Guild, Person

ASK = Command(
    "poll new",
    "Ask all",
    never,
    options=(
        Option("question", "What is asked", Kind.TEXT, required=True),
        Option("options", "One answer a line", Kind.TEXT, required=True),
        Option("closes", "When it closes"),
        Option("most", "How many may be chosen", Kind.INTEGER),
        Option("secret", "Nobody sees who chose what", Kind.FLAG),
    ),
    form=Form("options", "Answers", "One answer a line", longest=4000),
)
LONG: dict[str, Any] = {"question": "Di mana? \"☕\" 'é' \\ " + "kopi " * 50, "closes": "2h", "most": 2, "secret": True}
SHORT: dict[str, Any] = {"question": "Di mana?", "most": 2, "secret": True}


@pytest.fixture
async def chat(bot: Bot, kopi: Guild) -> AsyncIterator[DiscordChat]:
    async with bot.runs() as chat:
        await chat.publish_commands([ASK])
        yield chat


@pytest.fixture
async def ayu(dc: DiscordWorld, kopi: Guild) -> Person:
    ayu = await dc.person("Ayu", locale="id")
    await ayu.joins(kopi)
    return ayu


async def opened(who: Person, kopi: Guild, options: dict[str, Any]) -> Act:
    act = await who.slash(kopi["general"], "poll new", **options)
    form = (await act.answer()).modal
    assert form is not None
    assert len(form["custom_id"]) <= 100
    return act


@pytest.mark.parametrize("given", [LONG, SHORT], ids=["long", "short"])
async def test_what_was_given_is_there_when_the_form_is_sent(
    chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person, given: dict[str, Any]
) -> None:
    act = await opened(ayu, kopi, given)
    sent = await act.submits(options="Taman\nKafe")
    asked = await ears.hear_one(CommandInvoked)
    assert (asked.name, asked.options) == ("poll new", given | {"options": "Taman\nKafe"})
    await chat.perform(sending(kopi["general"], Message(text("Baik")), handle=asked.handle))
    assert (await sent.answer()).text == "Baik"


async def test_two_forms_of_one_person_are_two(chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
    first, second = await opened(ayu, kopi, LONG), await opened(ayu, kopi, LONG | {"closes": "3d"})
    await second.submits(options="b")
    await first.submits(options="a")
    told = await ears.hear(CommandInvoked, 2)
    assert [(asked.options or {})["closes"] for asked in told] == ["3d", "2h"]


async def test_a_form_may_be_sent_again(chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person) -> None:
    act = await opened(ayu, kopi, LONG)
    for _ in range(2):
        await act.submits(options="a")
    assert len({asked.event_id for asked in await ears.hear(CommandInvoked, 2)}) == 2


async def test_short_ones_survive_a_restart(bot: Bot, kopi: Guild, ayu: Person) -> None:
    async with bot.runs() as chat:
        await chat.publish_commands([ASK])
        act = await opened(ayu, kopi, SHORT)
    async with bot.runs() as chat:
        await chat.publish_commands([ASK])
        await act.submits(options="a")
        assert (await bot.ears.hear_one(CommandInvoked)).options == SHORT | {"options": "a"}


class TestForgotten:
    async def gives_back(self, act: Act, words: str) -> list[str]:
        sent = await act.submits(options=words)
        answer = await sent.answer()
        assert answer.ephemeral
        assert "Nothing has happened" in answer.messages[0]["content"]
        return [said["content"] for said in answer.messages]

    async def test_after_a_restart_what_was_written_is_given_back(self, bot: Bot, kopi: Guild, ayu: Person) -> None:
        async with bot.runs() as chat:
            await chat.publish_commands([ASK])
            act = await opened(ayu, kopi, LONG)
        async with bot.runs() as chat:
            await chat.publish_commands([ASK])
            [said] = await self.gives_back(act, "Taman *Suropati*\nKafe @everyone")
            assert said.endswith("```\nTaman *Suropati*\nKafe @everyone\n```")
            assert bot.ears.heard(CommandInvoked) == []

    async def test_all_of_it(self, dc: DiscordWorld, bot: Bot, chat: DiscordChat, kopi: Guild, ayu: Person) -> None:
        act = await opened(ayu, kopi, LONG)
        bot.clock.ahead = timedelta(minutes=16)
        words = "\n".join(f"Pilihan {n}" for n in range(300))
        sent = await act.submits(options=words)

        async def whole() -> list[str] | None:
            said = [message["content"] for message in (await sent.now()).messages]
            return said if len(said) == 2 else None

        said = await dc.eventually(whole)
        copied = "".join(part.partition("```\n")[2].removesuffix("\n```") for part in said)
        assert copied == words

    async def test_within_a_quarter_of_an_hour_nothing_is(
        self, bot: Bot, chat: DiscordChat, kopi: Guild, ayu: Person
    ) -> None:
        act = await opened(ayu, kopi, LONG)
        bot.clock.ahead = timedelta(minutes=14)
        await act.submits(options="a")
        assert (await bot.ears.hear_one(CommandInvoked)).options == LONG | {"options": "a"}

    async def test_by_one_for_whom_it_was_not_opened(
        self, dc: DiscordWorld, chat: DiscordChat, ears: Ears, kopi: Guild, ayu: Person
    ) -> None:
        """Whose client makes its own forms."""
        form = (await (await opened(ayu, kopi, LONG)).answer()).modal
        assert form is not None
        rina = await dc.person("Rina")
        await rina.joins(kopi)
        for custom_id in (form["custom_id"], "nonsense", "7", '["poll new",7]', '["other",{}]'):
            act = await dc.order("forge_form", user=rina.id, channel=kopi["general"].id, custom_id=custom_id)
            assert "Nothing has happened" in (await Act(dc, act["id"]).answer()).text
        assert ears.heard(CommandInvoked) == []

    async def test_memory_is_bounded(
        self, dc: DiscordWorld, bot: Bot, chat: DiscordChat, kopi: Guild, ayu: Person
    ) -> None:
        first = await opened(ayu, kopi, LONG)
        given = chat._interactions._given
        for _ in range(MOST_KEPT):
            given.note("poll new", str(ayu.id), LONG)
        assert len(given._kept) == MOST_KEPT
        await self.gives_back(first, "a")

    async def test_in_the_language_of_the_place(self, bot: Bot, dc: DiscordWorld, kopi: Guild, ayu: Person) -> None:
        def spoken(where: Where) -> str:
            assert where.group == str(kopi.id)
            return "id"

        async with bot.runs(language=spoken) as chat:
            await chat.publish_commands([ASK])
            act = await opened(ayu, kopi, LONG)
            bot.clock.ahead = timedelta(minutes=16)
            assert (await (await act.submits(options="a")).answer()).text.endswith("```\na\n```")
