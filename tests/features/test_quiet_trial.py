"""The trial in the managers' chats, choice by choice, and what is learned from managers and from answers (Q3, Q8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from bot.features.quiet.model import Asked, Channels, Evidence, Prompted, State
from tests.driver import Conversation, conversation
from tests.features.quiet_talk import MONDAY, at, config, days, place, was_said
from tests.features.test_quiet import FACES, LANGUAGES, TODAY, WEEKS, busy, posts
from tests.features.test_quiet_offers import WORDS, offered

OTHER = {"telegram": "discord", "discord": "telegram"}
SKIPPED = {
    "en": "Rina skipped this one, so I ask nothing in Kopi (…).",
    "id": "Rina melewatinya, jadi saya tidak bertanya di Kopi (…).",
}
TALKING = {
    "en": "People are talking again in Kopi (…), so nothing needs to be asked.",
    "id": "Orang-orang sudah mengobrol lagi di Kopi (…), jadi tidak perlu ditanya apa-apa.",
}
LAPSED = {
    "en": "Nobody chose in time, so I asked nothing in Kopi (…).",
    "id": "Tidak ada yang memilih sampai waktunya habis, jadi saya tidak bertanya apa-apa di Kopi (…).",
}
OVER = {
    "en": "The trial is over: from now on I ask without showing you first. /prompt next tells when and why.",
    "id": "Masa percobaan selesai: mulai sekarang saya bertanya tanpa memperlihatkannya dulu. /topik berikutnya …",
}
TWO = 'packs = false\nprompts = ["One?", "Two?"]'


async def evidence(talk: Conversation, kind: str = "category") -> Mapping[str, tuple[float, float]]:
    return await talk.stage.program.database.run(lambda unit: unit.store(Evidence).of("kopi", kind), talk.clock.now())


async def asked(talk: Conversation) -> list[Asked]:
    """Newest first."""
    return await talk.stage.program.database.run(lambda unit: unit.store(Prompted).newest("kopi", 9), talk.clock.now())


async def silence_at_noon(talk: Conversation, face: str, day: date) -> None:
    await was_said(talk, face, busy([day], "12:00"))
    await talk.clock.reaches(at(day, "16:00"))


# ---------------------------------------------------------------- what managers do


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_decided_in_one_chat_is_seen_in_the_other(face: str, language: str) -> None:
    send, another, skip, question = WORDS[language]
    there, elsewhere = f"{face}#managers", f"{OTHER[face]}#managers"
    async with offered(face, language) as talk:
        talk.place(elsewhere).shows(f"{question}[{send}] [{another}] [{skip}]")
        rina = talk.person("Rina", manager=True)
        await rina.presses(there, skip)
        talk.place(there).shows(SKIPPED[language])
        talk.place(elsewhere).shows(SKIPPED[language])
        await talk.clock.reaches(at(TODAY, "23:00"))
        assert not posts(talk, face)
        with pytest.raises(AssertionError, match="there is no button"):
            await rina.presses(elsewhere, send)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_talk_that_comes_before_the_choice_settles_it_in_both_chats(face: str, language: str) -> None:
    send = WORDS[language][0]
    async with offered(face, language) as talk:
        await talk.person("Ayu").says(face, "jadi?")
        await talk.person("Rina", manager=True).presses(f"{face}#managers", send)
        for chat in FACES:
            talk.place(f"{chat}#managers").shows(TALKING[language])
        assert not posts(talk, face)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_talk_settles_it_without_anybody_choosing(language: str) -> None:
    async with offered("telegram", language) as talk:
        await talk.person("Ayu").says("telegram", "jadi?")
        await talk.clock.advance(minutes=21)
        for chat in FACES:
            talk.place(f"{chat}#managers").shows(TALKING[language])
        await talk.clock.advance(hours=7)
        talk.place("discord#managers").does_not_show(LAPSED[language])
        assert [one.state for one in await asked(talk)] == [State.LAPSED]


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_after_six_hours_without_a_choice_it_is_no_question_any_more(face: str, language: str) -> None:
    async with offered(face, language) as talk:
        (one,) = await asked(talk)
        await talk.clock.reaches(one.at + timedelta(hours=5, minutes=59))
        talk.place(f"{face}#managers").does_not_show(LAPSED[language])
        await talk.clock.advance(minutes=2)
        for chat in FACES:
            talk.place(f"{chat}#managers").shows(LAPSED[language])
        assert not posts(talk, face)
        assert not await evidence(talk), "who says nothing teaches nothing"


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_is_not_for_members_to_choose(face: str, language: str) -> None:
    """On Discord, where the managers' chat is a channel that members may be able to see."""
    refused = {"en": "Only managers may press this.", "id": "…pengelola…"}
    async with offered(face, language) as talk:
        for label in WORDS[language][:3]:
            await talk.person("Ayu").presses("discord#managers", label)
            talk.place("discord#managers").shows(refused[language])
        assert not posts(talk, face)
        assert [one.state for one in await asked(talk)] == [State.OFFERED]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_when_there_is_no_other_one_this_one_can_still_be_sent(language: str) -> None:
    send, another, skip, _ = WORDS[language]
    words = {"en": "…There is no other prompt just now.…", "id": "…Sekarang tidak ada topik lain.…"}
    async with offered("telegram", language, TWO) as talk:
        rina, chat = talk.person("Rina", manager=True), talk.place("telegram#managers")
        await rina.presses("telegram#managers", another)
        await rina.presses("telegram#managers", another)
        chat.shows(f"{words[language]}[{send}] [{skip}]")
        assert await evidence(talk) == {"own": (0, 0.5)}, "only what there was a choice about teaches"
        left = chat.finds(r"(One|Two)\?")
        await rina.presses("telegram#managers", send)
        assert [said for _, said in posts(talk, "telegram")] == [f"{left}?"]


async def test_what_a_manager_took_out_meanwhile_is_not_sent() -> None:
    async with offered("telegram", settings="packs = false") as talk:
        talk.place("telegram#managers").does_not_show("…Shall I ask…")
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram#managers", "/prompt add Which cup?")
        await silence_at_noon(talk, "telegram", TODAY + timedelta(days=1))
        talk.place("telegram#managers").shows("…Which cup?…[Send]…")
        await rina.says("telegram#managers", "/prompt reject 1")
        await rina.presses("telegram#managers", "Send")
        for chat in FACES:
            words = "There is no other prompt just now. /prompt add makes one. So I ask nothing in Kopi (Telegram)."
            talk.place(f"{chat}#managers").shows(words)
        assert not posts(talk, "telegram")


@pytest.mark.parametrize("face", FACES)
async def test_it_survives_a_restart(face: str) -> None:
    async with offered(face) as talk:
        await talk.restarts()
        await talk.person("Rina", manager=True).presses("telegram#managers", "Send")
        assert len(posts(talk, face)) == 1


# ---------------------------------------------------------------- on hold, and afterwards


@pytest.mark.parametrize("language", LANGUAGES)
async def test_on_hold_nothing_is_sent_that_was_offered_before(language: str) -> None:
    words = {
        "en": "I couldn't ask that in Kopi (Telegram) after all. /why tells managers why.",
        "id": "Ternyata itu tidak bisa saya tanyakan di Kopi (Telegram). /kenapa menjelaskannya kepada pengelola.",
    }
    why = {
        "en": "…– Prompt · Kopi (Telegram), today …: cheerful posts are on hold.…",
        "id": "…– Topik obrolan · Kopi (Telegram), hari ini …: kiriman ceria sedang dijeda.…",
    }
    async with offered("telegram", language) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("discord#managers", "/hold on")
        await rina.presses("telegram#managers", WORDS[language][0])
        for chat in FACES:
            talk.place(f"{chat}#managers").shows(words[language])
        assert not posts(talk, "telegram")
        await rina.says("telegram#managers", "/why")
        talk.place("telegram#managers").shows(why[language])


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", LANGUAGES)
async def test_managers_are_told_once_that_the_trial_is_over(face: str, language: str) -> None:
    first, second = TODAY + timedelta(days=15), TODAY + timedelta(days=19)
    async with offered(face, language) as talk:
        await was_said(talk, face, busy(days(14, TODAY + timedelta(days=1))))
        await silence_at_noon(talk, face, first)
        assert len(posts(talk, face)) == 1
        for chat in FACES:
            talk.place(f"{chat}#managers").shows(OVER[language])
        await talk.person("Ayu").says(face, "wah")
        await talk.person("Budi").says(face, "wah")
        await silence_at_noon(talk, face, second)
        assert len(posts(talk, face)) == 2
        talk.place("discord#managers").does_not_show(OVER[language])


async def test_a_trial_in_which_nothing_was_shown_is_not_said_to_be_over() -> None:
    """A bug: the second prompt told it."""
    async with conversation(config('trial = "1h"', managers=True), at(MONDAY, "07:00")) as talk:
        await was_said(talk, "telegram", busy(WEEKS))
        for number in (0, 4):
            await silence_at_noon(talk, "telegram", TODAY + timedelta(days=number))
            talk.place("telegram#managers").does_not_show(OVER["en"])
        assert len(posts(talk, "telegram")) == 2


# ---------------------------------------------------------------- what answers teach


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("speakers", [0, 1, 2])
async def test_a_category_that_revived_is_remembered_as_one(face: str, speakers: int) -> None:
    async with conversation(config('trial = "0s"'), at(MONDAY, "07:00")) as talk:
        await was_said(talk, face, [*busy(WEEKS), *busy([TODAY], "12:00")])
        await talk.clock.reaches(at(TODAY, "13:00"))
        while not posts(talk, face):
            await talk.clock.advance(minutes=5)
        for name in ("Ayu", "Budi")[:speakers]:
            await talk.person(name).says(face, "wah")
            await talk.person(name).says(face, "wah lagi")
        await talk.clock.advance(hours=2, minutes=1)
        (one,) = await asked(talk)
        assert one.people == speakers
        taught = (1, 0) if speakers == 2 else (0, 1)
        assert await evidence(talk) == {one.arm: taught}
        assert await evidence(talk, "part") == {one.part: taught}
        assert await evidence(talk, "place") == {str(place(talk, face)): taught}


async def test_who_comes_after_two_hours_does_not_count() -> None:
    async with conversation(config('trial = "0s"'), at(MONDAY, "09:00")) as talk:
        await talk.person("Rina", manager=True).says("discord", "/prompt now")
        await talk.person("Ayu").says("discord", "wah")
        await talk.clock.advance(hours=2, seconds=1)
        await talk.person("Budi").says("discord", "wah")
        await talk.clock.advance(hours=1)
        (one,) = await asked(talk)
        assert one.people == 1
        assert await evidence(talk) == {one.arm: (0, 1)}


async def test_two_accounts_of_one_person_are_one() -> None:
    """Ayu writes as herself and, in the same group, as the other account that she has linked."""
    async with conversation(config('trial = "0s"'), at(MONDAY, "09:00")) as talk:
        ayu = talk.person("Ayu")
        await ayu.links()
        await talk.person("Rina", manager=True).says("telegram", "/prompt now")
        await ayu.says("telegram", "wah")
        await ayu.says("discord", "wah")
        await talk.clock.advance(hours=2, minutes=1)
        (one,) = await asked(talk)
        assert one.people == 1
        assert await evidence(talk) == {one.arm: (0, 1)}


async def test_what_was_taken_back_teaches_nothing() -> None:
    async with conversation(config('trial = "0s"'), at(MONDAY, "09:00")) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("discord", "/prompt now")
        await rina.presses("discord", "Take it back")
        await talk.clock.advance(hours=3)
        assert not await evidence(talk)
        assert (await asked(talk))[0].people is None


async def test_when_answers_could_not_be_heard_nothing_is_learned() -> None:
    async with conversation(config('trial = "0s"'), at(MONDAY, "09:00")) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("discord", "/prompt now")
        await talk.goes_offline(hours=1)
        await talk.clock.advance(hours=2)
        assert not await evidence(talk)
        await rina.says("discord", "/prompt history")
        talk.place("discord").shows("…: nobody knows how many, I couldn't hear. “…")


@pytest.mark.parametrize("face", FACES)
async def test_what_a_manager_had_asked_counts_towards_no_rest(face: str) -> None:
    async with conversation(config('trial = "0s"', managers=True), at(MONDAY, "09:00")) as talk:
        rina = talk.person("Rina", manager=True)
        for _ in range(3):
            await rina.says(face, "/prompt now")
            await talk.clock.advance(hours=3)
        talk.place(f"{face}#managers").does_not_show()
        channel = await talk.stage.program.database.run(
            lambda unit: unit.store(Channels).get(place(talk, face)), talk.clock.now()
        )
        assert channel.ignored == 0
