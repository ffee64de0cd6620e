"""When a group goes quiet, and when it is left alone: Q1–Q4 as people would meet them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.playground.history import Kind
from adapters.playground.outgoing import plain_text
from bot.features.quiet.prompts import pack
from tests.driver import Conversation, conversation
from tests.features.quiet_talk import (
    JAKARTA,
    MONDAY,
    at,
    config,
    days,
    happens,
    place,
    spoken_in,
    talk_of,
    was_said,
)

FACES = ["telegram", "discord"]
LANGUAGES = ["en", "id"]
WEEKS = days(56)
TODAY = MONDAY + timedelta(days=56)
BERLIN = ZoneInfo("Europe/Berlin")


def posts(talk: Conversation, face: str, since: int = 0) -> list[tuple[datetime, str]]:
    """What the bot said in the group."""
    where = place(talk, face)
    return [
        (change.at, plain_text(change.message.message))
        for change in talk.stage.world.since(since)
        if change.kind is Kind.POSTED and change.message and change.message.author.bot and change.where == where
    ]


def shipped(language: str) -> set[str]:
    return {prompt.text for prompt in pack(language)}


def busy(dates: list[date], until: str = "22:00", zone: ZoneInfo = JAKARTA) -> list[datetime]:
    return talk_of(dates, "08:00", until, zone=zone)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_lively_group_that_falls_silent_at_noon_is_asked_something_in_its_language(
    face: str, language: str
) -> None:
    async with conversation(config(language=language), at(MONDAY, "07:00")) as talk:
        await was_said(talk, face, [*busy(WEEKS), *busy([TODAY], "12:00")])
        assert not posts(talk, face)
        await talk.clock.reaches(at(TODAY, "18:00"))
        ((when, words),) = posts(talk, face)
        assert at(TODAY, "12:15") < when < at(TODAY, "16:00")
        assert words in shipped(language) or "espresso" in words or "roasting" in words
        other = FACES[face == "telegram"]
        assert not posts(talk, other)


@pytest.mark.parametrize("face", FACES)
async def test_a_busy_group_may_sleep(face: str) -> None:
    async with conversation(config(), at(MONDAY, "07:00")) as talk:
        await was_said(talk, face, busy(WEEKS))
        await talk.clock.reaches(at(TODAY, "08:00"))
        assert not posts(talk, face)


async def test_owls_that_fall_silent_in_quiet_hours_are_left_alone_until_they_end() -> None:
    async with conversation(config(), at(MONDAY, "07:00")) as talk:
        owls = talk_of(WEEKS, "21:40", "23:50", 10)
        await was_said(talk, "telegram", owls)
        await talk.clock.reaches(at(TODAY, "23:59"))
        for when, _words in posts(talk, "telegram"):
            assert 8 <= when.astimezone(JAKARTA).hour < 22


@pytest.mark.parametrize("face", FACES)
async def test_a_slow_group_is_given_days(face: str) -> None:
    """Two short talks a week."""
    evenings = [day for day in days(84) if day.weekday() in (1, 4)]
    async with conversation(config(), at(MONDAY, "07:00")) as talk:
        await was_said(talk, face, talk_of(evenings, "19:00", "19:40", 10))
        last = evenings[-1]
        await talk.clock.reaches(at(last + timedelta(days=3), "23:00"))
        assert not posts(talk, face), "a Friday evening to Monday is as it always was"
        await talk.clock.reaches(at(last + timedelta(days=7), "21:29"))
        assert len(posts(talk, face)) == 1, "but Tuesday's talk didn't come"


async def test_a_group_of_three_days_is_judged_with_little_confidence() -> None:
    async with conversation(config(), at(MONDAY, "07:00")) as talk:
        await was_said(talk, "telegram", busy(days(3)))
        rina = talk.person("Rina", manager=True)
        await rina.says("discord", "/prompt next")
        talk.place("discord").shows("…Kopi (Telegram) Somebody spoke last …How well I know this channel: …")
        known = int(talk.place("discord").finds(r"How well I know this channel: (\d+) %"))
        assert 0 < known < 40
        await talk.clock.reaches(at(MONDAY + timedelta(days=4), "21:00"))
        assert len(posts(talk, "telegram")) <= 1


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_public_holiday_is_no_lull(language: str) -> None:
    """The seventeenth of August, a Monday, which nobody spends in this office's chat."""
    settings = 'holidays = "ID"'
    feast = date(2026, 8, 17)
    before = [day for day in days(70, feast - timedelta(days=70)) if day.weekday() < 5]
    async with conversation(config(settings, language=language), at(before[0], "07:00")) as talk:
        await was_said(talk, "telegram", talk_of(before, "08:00", "18:00"))
        await talk.clock.reaches(at(feast, "23:59"))
        assert not [when for when, _ in posts(talk, "telegram") if when.astimezone(JAKARTA).date() == feast]
        await talk.clock.reaches(at(feast + timedelta(days=1), "18:00"))
        assert [when for when, _ in posts(talk, "telegram")], "the day after it is missed"


async def test_a_fasting_day_has_its_own_hours_and_no_word_of_food() -> None:
    settings = (
        'ramadan = true\ncity = "Jakarta"\nprompts = ["Kopi apa yang kamu minum?", "Apa kabarmu?"]\npacks = false'
    )
    fasting = date(2026, 2, 25)
    before = days(56, fasting - timedelta(days=56))
    async with conversation(config(settings, language="id"), at(before[0], "07:00")) as talk:
        await was_said(talk, "telegram", [*busy(before), *busy([fasting], "09:40")])
        await talk.clock.reaches(at(fasting, "17:30"))
        assert [words for _, words in posts(talk, "telegram")] == ["Apa kabarmu?"]


async def test_it_pauses_around_maghrib_where_that_is_wanted() -> None:
    async with conversation(config('city = "Jakarta"\nmaghrib_pause = true'), at(MONDAY, "07:00")) as talk:
        await was_said(talk, "telegram", [*busy(WEEKS), *busy([TODAY], "16:30")])
        await talk.clock.reaches(at(TODAY, "21:00"))
        for when, _ in posts(talk, "telegram"):
            assert not at(TODAY, "17:40") < when < at(TODAY, "18:36")


@pytest.mark.parametrize("face", FACES)
async def test_what_was_not_heard_is_no_silence(face: str) -> None:
    async with conversation(config(), at(MONDAY, "07:00")) as talk:
        await was_said(talk, face, [*busy(WEEKS), *busy([TODAY], "10:00")])
        await talk.goes_offline(hours=6)
        since = talk.stage.world.history.last
        await talk.clock.advance(minutes=40)
        assert not posts(talk, face, since)
        await talk.clock.reaches(at(TODAY, "21:29"))
        assert len(posts(talk, face)) == 1


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)], ids=["forward", "back"])
async def test_clocks_that_change_change_nothing(change: date) -> None:
    """Talk begins at eight by the clock on the wall, before and after; the silence of the first morning is missed."""
    before = days(55, change - timedelta(days=55))
    async with conversation(config(zone="Europe/Berlin"), at(before[0], "07:00", BERLIN)) as talk:
        await was_said(talk, "telegram", busy([*before, change], zone=BERLIN))
        tomorrow = change + timedelta(days=1)
        await talk.clock.reaches(at(tomorrow, "08:00", BERLIN))
        assert not posts(talk, "telegram")
        await talk.clock.reaches(at(tomorrow, "12:00", BERLIN))
        ((when, _),) = posts(talk, "telegram")
        assert at(tomorrow, "08:15", BERLIN) < when < at(tomorrow, "11:30", BERLIN)


# ---------------------------------------------------------------- manners


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_after_two_ignored_prompts_it_rests_for_a_week_and_tells_managers(face: str, language: str) -> None:
    settings = 'trial = "0s"\nprompts_per_week = 3'
    text = config(settings, language=language, managers=True)
    async with conversation(text, at(MONDAY, "07:00")) as talk:
        await was_said(talk, face, busy(WEEKS))
        for number in range(2):
            day = TODAY + timedelta(days=number)
            await was_said(talk, face, busy([day], "10:00"))
            await talk.clock.reaches(at(day, "21:29"))
        assert len(posts(talk, face)) == 2
        words = {"en": "…2 prompts in a row…went unanswered.…", "id": "…2 topik terakhir berturut-turut…"}
        talk.place(f"{face}#managers").shows(words[language])
        for number in range(2, 8):
            day = TODAY + timedelta(days=number)
            await was_said(talk, face, busy([day], "10:00"))
            await talk.clock.reaches(at(day, "21:29"))
        assert len(posts(talk, face)) == 2, "it rests"
        for number in range(9, 11):
            day = TODAY + timedelta(days=number)
            await was_said(talk, face, busy([day], "10:00"))
            await talk.clock.reaches(at(day, "21:29"))
        assert len(posts(talk, face)) >= 3, "and comes back"


@pytest.mark.parametrize("face", FACES)
async def test_never_two_posts_in_a_row_into_a_silence(face: str) -> None:
    async with conversation(config(), at(MONDAY, "07:00")) as talk:
        await was_said(talk, face, [*busy(WEEKS), *busy([TODAY], "11:00")])
        await talk.clock.reaches(at(TODAY + timedelta(days=10), "12:00"))
        assert len(posts(talk, face)) == 1


@pytest.mark.parametrize("face", FACES)
async def test_it_waits_where_its_own_last_word_is_unanswered(face: str) -> None:
    async with conversation(config(), at(MONDAY, "07:00")) as talk:
        await was_said(talk, face, [*busy(WEEKS), *busy([TODAY], "11:00")])
        await talk.person("Rina", manager=True).says(face, '/poll "Where?" A | B --closes 2d')
        before = len(posts(talk, face))
        await talk.clock.reaches(at(TODAY, "21:00"))
        assert len(posts(talk, face)) == before
        rina = talk.person("Rina", manager=True)
        await rina.starts(face)
        await rina.writes(face, "/why")
        talk.place(f"{face}@Rina").shows("…nobody has spoken there since my last post, and I don't talk to myself…")


async def test_one_a_day_for_the_whole_community_where_it_is_answered() -> None:
    """Both groups fall silent; one is asked, and the other the next day at the earliest."""
    async with conversation(config(), at(MONDAY, "07:00")) as talk:
        await was_said(talk, "telegram", busy(WEEKS))
        await was_said(talk, "discord", talk_of(WEEKS, "08:00", "22:00", 60))
        slower = talk_of([TODAY], "08:00", "12:00", 60)
        await happens(talk, spoken_in(talk, telegram=busy([TODAY], "12:00"), discord=slower))
        await talk.clock.reaches(at(TODAY, "21:29"))
        assert len(posts(talk, "telegram")) + len(posts(talk, "discord")) == 1


@pytest.mark.parametrize("face", FACES)
async def test_no_prompt_comes_back_within_ninety_days_over_restarts(face: str) -> None:
    settings = 'prompts_per_week = 3\npacks = false\nprompts = ["One?", "Two?", "Three?", "Four?"]'
    async with conversation(config(settings), at(MONDAY, "07:00")) as talk:
        await was_said(talk, face, busy(WEEKS))
        ayu, budi = talk.person("Ayu"), talk.person("Budi")
        for number in range(0, 12, 3):
            day = TODAY + timedelta(days=number)
            await was_said(talk, face, busy([day], "10:00"))
            await talk.clock.reaches(at(day, "21:29"))
            await ayu.says(face, "hello")
            await budi.says(face, "hello")
            await talk.restarts()
        said = [words for _, words in posts(talk, face)]
        assert len(said) >= 3
        assert len(set(said)) == len(said)


async def test_it_can_be_switched_off() -> None:
    for settings in ("enabled = false", "prompts_per_week = 0", "prompts_per_day = 0"):
        async with conversation(config(settings), at(MONDAY, "07:00")) as talk:
            await was_said(talk, "telegram", [*busy(WEEKS), *busy([TODAY], "12:00")])
            await talk.clock.reaches(at(TODAY + timedelta(days=3), "12:00"))
            assert not posts(talk, "telegram"), settings


async def test_a_used_up_week_is_waited_out_rather_than_asked_about_every_second() -> None:
    """A bug: at the very end of the week it was still used up, and the end of the week was the next moment to try."""
    asked = []
    async with conversation(config("prompts_per_week = 0.5"), at(MONDAY, "07:00")) as talk:
        await was_said(talk, "telegram", [*busy(WEEKS), *busy([TODAY], "10:00")])
        talk.stage.watch = lambda event: asked.append(event) if getattr(event, "job", "") == "quiet.ask" else None
        for number in (0, 1, 2):
            day = TODAY + timedelta(days=number)
            await was_said(talk, "telegram", busy([day], "10:00"))
            await talk.clock.reaches(at(day, "21:29"))
        assert len(posts(talk, "telegram")) == 1, "half a prompt a week: one in seven days"
        await talk.clock.reaches(at(TODAY + timedelta(days=9), "21:29"))
        assert len(asked) < 20
