"""`/hold`, `/announce` and `/why` where it gets difficult: rights, restarts, silence, summer time, bad input."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.discord.commands import payload
from bot.core.events import Standing, Where
from bot.core.interruptions import Decisions, Holds, Kind
from bot.core.messages import plain
from bot.core.stores import Jobs, Places
from bot.features import ALL
from bot.features.posts import feature as posts
from bot.features.posts.wording import LONGEST, read_announcement
from bot.locale import LANGUAGES, translate
from tests.core.desk import ANONYMOUS, LINK, Desk
from tests.core.fakes import GROUP, MANAGERS, SERVER, FakeChat, play, town
from tests.driver import Conversation, conversation
from tests.features.stories import demote, kopi, mute, newest, presses_again, standing

FACES = ("telegram", "discord")
MANAGERS_CHAT = "telegram#managers"
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@asynccontextmanager
async def kopi_talk(tables: str = "", at: datetime = NOON, **how: str) -> AsyncIterator[Conversation]:
    async with conversation(kopi(tables=tables, **how), at) as talk:
        yield talk


# ---------------------------------------------------------------- rights


@pytest.mark.promise("S5")
@pytest.mark.parametrize("face", FACES)
async def test_rights_are_looked_up_when_it_matters(face: str) -> None:
    """Rina was a manager a second ago, and her rights are still remembered."""
    async with kopi_talk() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.starts("telegram")
        await rina.says(face, "/announce Hello")
        answer = "telegram@Rina" if face == "telegram" else "discord"
        talk.place(answer).shows("…[Post it] [Cancel]")
        demote(talk, "Rina", face)
        rina = talk.person("Rina")
        await rina.presses(answer, "Post it")
        talk.place(answer).shows("Only managers may press this.")
        for words in ("/hold on", "/hold off", "/hold statement", "/announce Hello"):
            await rina.says(face, words)
            talk.place(answer).shows("Only managers may use /…")
        talk.place("telegram").does_not_show("Hello")
        talk.place(MANAGERS_CHAT).does_not_show()


def anonymous_story(words: str) -> list[str]:
    """What was said after an anonymous administrator's words were confirmed by somebody without and with the right."""
    said: list[str] = []

    async def told() -> None:
        chats = (
            FakeChat("telegram", toast=40, private_link=LINK),
            FakeChat("discord", private_reply=True, repeatable_for=timedelta(minutes=2)),
        )
        async with town(posts, chats=chats) as here:
            desk = Desk(here)
            desk.makes_manager("Rina")
            await here.says("", words, actor=ANONYMOUS)
            assert desk.chat.words(GROUP) == ["You write as the group, so I can't see who you are. Please confirm."]
            await desk.presses("Budi", "It's me")
            assert desk.chat.words(MANAGERS) == []
            await desk.presses("Rina", "It's me")
            said.extend(desk.chat.words())

    play(told())
    return said


@pytest.mark.promise("S6")
def test_an_anonymous_administrator_is_confirmed_by_a_manager() -> None:
    assert "Rina has put all cheerful posts on hold, on every platform." in anonymous_story("/hold on")
    assert not [words for words in anonymous_story("/announce Hello") if words == "Hello"]  # the preview comes first


async def test_what_is_pressed_twice_is_posted_once() -> None:
    async with kopi_talk() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says(MANAGERS_CHAT, "/announce Hello")
        posted, token = newest(talk, "Post it")
        for _ in range(3):
            await presses_again(talk, "Rina", posted, token)
        assert standing(talk, "telegram").count("Hello") == 1
        await rina.says(MANAGERS_CHAT, "/hold on We keep still.")
        posted, token = newest(talk, "Post it")
        for _ in range(3):
            await presses_again(talk, "Rina", posted, token)
        assert standing(talk, "discord").count("We keep still.") == 1


@pytest.mark.parametrize("language", LANGUAGES)
async def test_help_shows_them_to_whom_they_are_for(language: str) -> None:
    names = ("/hold on", "/hold off", "/announce") if language == "en" else ("/jeda mulai", "/jeda selesai", "/umumkan")
    async with kopi_talk(language=language) as talk:
        await talk.person("Ayu").says("discord", "/help")
        talk.place("discord").shows("…/why –…" if language == "en" else "…/kenapa –…")
        for name in names:
            talk.place("discord").does_not_show(f"…{name} –…")
        await talk.person("Rina", manager=True).says("discord", "/help")
        for name in names:
            talk.place("discord").shows(f"…{name} –…")


def test_the_commands_fit_where_they_are_offered() -> None:
    table = [command for feature in ALL for command in feature.commands]
    ours = {command["name"]: command for command in payload(table)}
    assert {verb["name"] for verb in ours["hold"]["options"]} == {"state", "on", "off", "statement"}
    for command in posts.commands:
        for words in (command.help, *(option.help for option in command.options)):
            for language in LANGUAGES:
                assert 1 <= len(translate(language, words)) <= 100, words
        if command.form:
            assert all(len(translate(language, command.form.title)) <= 45 for language in LANGUAGES)


# ---------------------------------------------------------------- words


async def test_words_are_posted_as_they_stand() -> None:
    words = "*Bold* {name} `code` <b>x</b> @everyone\n\n– and “quotes” 🎉"
    async with kopi_talk() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says(MANAGERS_CHAT, f"/announce {words}")
        await rina.presses(MANAGERS_CHAT, "Post it")
        assert [plain(said.message.text) for said in talk.stage.world.board.all()].count(words) == 2
        await rina.says(MANAGERS_CHAT, f'/hold on "{words}"')
        await rina.presses(MANAGERS_CHAT, "Post it")
        assert [plain(said.message.text) for said in talk.stage.world.board.all()].count(words) == 4


@pytest.mark.parametrize(
    ("typed", "text", "promo"),
    [
        ("--promo Buy tea", "Buy tea", True),
        ("Buy tea --promo", "Buy tea", True),
        ("Buy\ntea —promo", "Buy\ntea", True),
        ("–promosi  Teh", "Teh", True),
        ("--PROMO x", "x", True),
        ("Buy tea", "Buy tea", False),
        ("use --promo codes", "use --promo codes", False),
        ("--promotion tea", "--promotion tea", False),
        ("x--promo", "x--promo", False),
        ("--promo", "", True),
        ("", "", False),
    ],
)
def test_where_promo_may_stand(typed: str, text: str, promo: bool) -> None:
    read = read_announcement(typed)
    assert (read.get("text", ""), read.get("promo", False)) == (text, promo)


@pytest.mark.parametrize("face", FACES)
async def test_too_much_to_read_is_refused_but_a_hold_is_on_all_the_same(face: str) -> None:
    words = "a" * (LONGEST + 1)
    place = f"{face}#managers"
    async with kopi_talk() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says(place, f"/announce {words}")
        talk.place(place).shows("That has to have between 1 and 1500 characters.")
        await rina.says(place, f"/hold on {words}")
        talk.place(place).shows("Done: from now on nothing cheerful…Your statement is too long…[Undo]")
        await rina.says(place, "/hold")
        talk.place(place).shows("Cheerful posts are on hold…")
        await rina.says(place, f"/hold statement {words}")
        talk.place(place).shows("That has to have between 1 and 1500 characters.")
        await rina.says(place, f"/hold statement {words[1:]}")
        talk.place(place).shows(f"…{words[1:]} It will stand in: …[Post it] [Cancel]")
        await rina.presses(place, "Post it")
        for other in FACES:
            talk.place(other).shows(words[1:])


# ---------------------------------------------------------------- holds that last


async def test_a_hold_outlives_the_program_and_says_each_morning_that_it_is_on_through_summer_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 27, 20, tzinfo=berlin)
    config = kopi().replace('name = "Kopi"', 'name = "Kopi"\ntimezone = "Europe/Berlin"')
    async with conversation(config, start) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says(MANAGERS_CHAT, "/hold on")
        await talk.person("Ayu").says("telegram", "hi")
        for day in (28, 29, 30):  # on the 29th the clock goes forward at night
            await talk.clock.reaches(datetime(2026, 3, day, 8, 59, 59, tzinfo=berlin))
            assert len(reminders(talk)) == day - 28
            await talk.restarts()
            await talk.clock.reaches(datetime(2026, 3, day, 9, tzinfo=berlin))
            assert len(reminders(talk)) == day - 27
        assert "since Friday 27 March, 20:00 CET, by Rina." in reminders(talk)[-1]


async def test_mornings_that_were_missed_are_made_up_for_once() -> None:
    async with kopi_talk() as talk:
        await talk.person("Rina", manager=True).says(MANAGERS_CHAT, "/hold on")
        await talk.goes_offline(hours=60)
        await talk.clock.advance(minutes=1)
        assert len(reminders(talk)) == 1
        await talk.clock.advance(hours=24)
        assert len(reminders(talk)) == 2


def reminders(talk: Conversation) -> list[str]:
    return [words for words in standing(talk, MANAGERS_CHAT) if words.startswith("A reminder")]


async def test_where_managers_have_no_chat_whoever_put_it_on_is_reminded() -> None:
    async with kopi_talk(managers="") as talk:
        rina = talk.person("Rina", manager=True)
        await rina.starts("telegram")
        await rina.says("telegram", "/hold on")
        await talk.clock.advance(hours=21)
        talk.place("telegram@Rina").shows("A reminder: Cheerful posts are on hold…")
        talk.place("telegram").does_not_show("A reminder…")


async def test_undo_works_as_long_as_it_is_that_hold() -> None:
    async with kopi_talk() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says(MANAGERS_CHAT, "/hold on")
        first = newest(talk, "Undo")
        await rina.says(MANAGERS_CHAT, "/hold off")
        second = newest(talk, "Undo")
        await rina.says(MANAGERS_CHAT, "/hold on")
        await presses_again(talk, "Rina", *first)
        talk.place(MANAGERS_CHAT).shows("That hold is over already.")
        await presses_again(talk, "Rina", *second)
        talk.place(MANAGERS_CHAT).shows("It's too late to undo that.")
        await rina.says(MANAGERS_CHAT, "/hold")
        talk.place(MANAGERS_CHAT).shows("Cheerful posts are on hold…")


async def test_whose_hold_it_was_is_forgotten_a_month_after_it() -> None:
    async with kopi_talk() as talk:
        rina = talk.person("Rina", manager=True)

        async def known() -> bool:
            program, now = talk.stage.program, talk.clock.now()
            return await program.database.run(lambda unit: unit.store(Holds).get(1) is not None, now)

        await rina.says(MANAGERS_CHAT, "/hold on")
        await talk.clock.advance(days=40)
        await rina.says(MANAGERS_CHAT, "/hold off")
        await talk.clock.advance(days=29)
        assert await known()
        talk.place(MANAGERS_CHAT).does_not_show("A reminder…")
        await talk.clock.advance(days=2)
        assert not await known()
        await rina.presses(MANAGERS_CHAT, "Undo")
        talk.place(MANAGERS_CHAT).shows("It's too late to undo that.")


def test_a_community_that_the_config_forgets_for_a_while_is_still_on_hold() -> None:
    async def story() -> None:
        async with town(posts) as here:
            here.chat.standings[MANAGERS.group, "Rina"] = Standing(administrator=True)
            await here.says("Rina", "/hold on", MANAGERS)
            whole = here.resolver.service
            for day, reminded in ((1, 0), (2, 1)):
                here.resolver.service = whole if reminded else replace(whole, communities={})
                here.clock.ahead = timedelta(days=day, hours=1)
                due = await here.do(lambda unit: unit.store(Jobs).due(unit.now, 10))
                assert [event.job for event in due] == ["posts.remind"]
                for event in due:
                    await here.happens(event)
                assert sum("A reminder" in words for words in here.chat.words(MANAGERS)) == reminded

    play(story())


@pytest.mark.parametrize("face", FACES)
async def test_a_statement_names_the_places_where_it_cannot_stand(face: str) -> None:
    other = FACES[1 - FACES.index(face)]
    async with kopi_talk() as talk:
        rina = talk.person("Rina", manager=True)
        mute(talk, face, writable=False)
        await talk.person("Ayu").joins(face)
        await talk.clock.advance(seconds=40)  # a greeting is refused, so the place is known to be silent
        await rina.says(f"{other}#managers", "/hold on We keep still.")
        name, silent = f"Kopi ({other.capitalize()})", f"Kopi ({face.capitalize()})"
        talk.place(f"{other}#managers").shows(f"…It will stand in: {name} I can't speak in {silent} just now.…")
        await rina.presses(f"{other}#managers", "Post it")
        talk.place(other).shows("We keep still.")
        await rina.says(f"{other}#managers", "/announce Hello")
        talk.place(f"{other}#managers").shows(f"…It will stand in: {name} I can't speak in {silent} just now.…")
        await rina.presses(f"{other}#managers", "Post it")
        talk.place(f"{other}#managers").shows(f"Posted in: {name} I can't speak in {silent} just now.")


async def test_one_hold_is_one_communitys() -> None:
    kedai = '\n[communities.kedai]\nname = "Kedai"\nlanguage = "en"\n[[communities.kedai.groups]]\n'
    kedai += 'platform = "telegram"\nid = "-1001000000077"\n'
    async with conversation(kopi() + kedai, NOON) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says(MANAGERS_CHAT, "/hold on")
        await talk.person("Ayu").joins("telegram/-1001000000077")
        await talk.person("Ayu").joins("telegram")
        await talk.clock.advance(seconds=40)
        talk.place("telegram/-1001000000077").shows("…Ayu…")
        talk.place("telegram").does_not_show()
        await rina.says("telegram/-1001000000077", "/announce Only here")
        talk.place("telegram").does_not_show()


# ---------------------------------------------------------------- announcements


@pytest.mark.parametrize("face", FACES)
async def test_what_was_shown_can_be_posted_after_a_restart(face: str) -> None:
    async with kopi_talk() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says(f"{face}#managers", "/announce")
        await talk.restarts()
        if face == "telegram":
            await rina.replies(f"{face}#managers", "Guyub", "Hello", saying="What shall everybody read?…")
        else:
            await rina.says(f"{face}#managers", "/announce Hello")
        await talk.restarts()
        await rina.presses(f"{face}#managers", "Post it")
        for other in FACES:
            talk.place(other).shows("Hello")


async def test_nothing_at_all_where_nothing_is_allowed() -> None:
    async with kopi_talk("[communities.kopi.posts]\nper_day = 0\n") as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("discord", "/announce Hello")
        talk.place("discord").shows("…no posts that nobody asked for are allowed here (posts.per_day is 0).…")
        talk.place("discord").does_not_show("…There will be room again…")
        await rina.says("discord", "/hold on We keep still.")
        await rina.presses("discord", "Post it")
        talk.place("telegram").shows("We keep still.")  # a statement isn't counted


# ---------------------------------------------------------------- a group that goes on under another id


def test_what_was_said_and_planned_moves_along_with_the_group() -> None:
    new = Where("telegram", "-1001999999999", "")

    async def story() -> None:
        async with town(posts) as here:
            here.chat.standings[MANAGERS.group, "Rina"] = Standing(administrator=True)
            await here.says("Rina", "/announce Hello", MANAGERS)
            await Desk(here).presses("Rina", "Post it", MANAGERS)
            assert "Hello" in here.chat.words(GROUP)
            assert "Hello" in here.chats["discord"].words(SERVER)
            day = here.clock.now().date()
            await here.do(lambda unit: unit.store(Decisions).reserve("s", Kind.SPOTLIGHT, GROUP, day))
            await here.do(lambda unit: unit.store(Places).migrate("telegram", GROUP.group, new.group))
            start = here.clock.now() - timedelta(hours=1)
            made = await here.do(lambda unit: unit.store(Decisions).made(new, start, unit.now))
            planned = await here.do(lambda unit: unit.store(Decisions).reserved(new, day, ""))
            assert (made, planned) == ([Kind.ANNOUNCEMENT], [Kind.SPOTLIGHT])

    play(story())
