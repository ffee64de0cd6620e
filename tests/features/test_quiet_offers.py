"""The trial: for two weeks managers see a prompt first, and what they choose teaches (Q8)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.features.quiet.model import Evidence
from tests.driver import Conversation, conversation
from tests.features.quiet_talk import MONDAY, at, config, days, was_said
from tests.features.test_quiet import FACES, TODAY, WEEKS, busy, posts

WORDS = {
    "en": ("Send", "Another", "Skip", "…has gone quiet: nobody had spoken for …Shall I ask this there?…"),
    "id": ("Kirim", "Yang lain", "Lewati", "…sedang sepi: sudah …Boleh saya tanyakan ini di sana?…"),
}


@asynccontextmanager
async def offered(face: str, language: str = "en", settings: str = "") -> AsyncIterator[Conversation]:
    """A lively group has fallen silent at noon; managers were asked."""
    async with conversation(config(settings, language=language, managers=True), at(MONDAY, "07:00")) as talk:
        await was_said(talk, face, [*busy(WEEKS), *busy([TODAY], "12:00")])
        await talk.clock.reaches(at(TODAY, "16:00"))
        yield talk


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("language", ["en", "id"])
async def test_managers_see_it_first_and_send_it(face: str, language: str) -> None:
    send, another, skip, question = WORDS[language]
    async with offered(face, language) as talk:
        assert not posts(talk, face)
        for chat in FACES:
            talk.place(f"{chat}#managers").shows(f"{question}[{send}] [{another}] [{skip}]")
        await talk.person("Rina", manager=True).presses("discord#managers", send)
        ((_, words),) = posts(talk, face)
        talk.place("telegram#managers").shows(f"…Rina…{words[:40]}…")
        evidence = await talk.stage.program.database.run(
            lambda unit: unit.store(Evidence).of("kopi", "category"), talk.clock.now()
        )
        assert list(evidence.values()) == [(0.5, 0)]


@pytest.mark.parametrize("face", FACES)
async def test_another_one_and_none_at_all(face: str) -> None:
    async with offered(face) as talk:
        rina = talk.person("Rina", manager=True)
        first = talk.place("telegram#managers").finds(r"Shall I ask this there\? (.+) \[Send\]")
        await rina.presses("telegram#managers", "Another")
        second = talk.place("telegram#managers").finds(r"Shall I ask this there\? (.+) \[Send\]")
        assert second != first
        talk.place("discord#managers").shows(f"…{second[:30]}…")
        await rina.presses("telegram#managers", "Skip")
        talk.place("discord#managers").shows("Rina skipped this one, so I ask nothing in Kopi (…).")
        await talk.clock.reaches(at(TODAY, "21:29"))
        assert not posts(talk, face)
        (count,) = (
            await talk.stage.program.database.run(
                lambda unit: unit.store(Evidence).of("kopi", "category"), talk.clock.now()
            )
        ).values()
        assert count == (0, 0.5)


async def test_when_people_talk_again_nothing_is_asked() -> None:
    async with offered("telegram") as talk:
        await talk.person("Ayu").says("telegram", "so, coffee?")
        await talk.person("Rina", manager=True).presses("discord#managers", "Send")
        talk.place("discord#managers").shows(
            "People are talking again in Kopi (Telegram), so nothing needs to be asked."
        )
        assert not posts(talk, "telegram")


async def test_nobody_decides() -> None:
    async with offered("telegram") as talk:
        await talk.clock.advance(hours=7)
        talk.place("discord#managers").shows("Nobody chose in time, so I asked nothing in Kopi (Telegram).")
        assert not posts(talk, "telegram")


async def test_after_two_weeks_it_asks_by_itself_and_says_so_once() -> None:
    async with offered("telegram") as talk:
        later = TODAY + timedelta(days=15)
        await was_said(talk, "telegram", busy(days(14, TODAY + timedelta(days=1))))
        await was_said(talk, "telegram", busy([later], "12:00"))
        await talk.clock.reaches(at(later, "18:00"))
        assert len(posts(talk, "telegram")) == 1
        talk.place("discord#managers").shows("The trial is over: from now on I ask without showing you first.…")


async def test_without_a_managers_chat_there_is_no_trial() -> None:
    async with conversation(config(), at(MONDAY, "07:00")) as talk:
        await was_said(talk, "telegram", [*busy(WEEKS), *busy([TODAY], "12:00")])
        await talk.clock.reaches(at(TODAY, "16:00"))
        assert len(posts(talk, "telegram")) == 1


async def test_on_hold_managers_are_not_asked_either_and_are_told_why() -> None:
    async with conversation(config(managers=True), at(MONDAY, "07:00")) as talk:
        await was_said(talk, "telegram", [*busy(WEEKS), *busy([TODAY], "11:00")])
        rina = talk.person("Rina", manager=True)
        await rina.says("discord#managers", "/hold on")
        await talk.clock.reaches(at(TODAY, "18:00"))
        talk.place("telegram#managers").does_not_show("…Shall I ask…")
        await rina.says("discord#managers", "/why")
        talk.place("discord#managers").shows("…Prompt · Kopi (Telegram), today …: cheerful posts are on hold.…")
        await rina.says("discord#managers", "/hold off")
        await talk.clock.reaches(at(TODAY, "21:29"))
        talk.place("telegram#managers").does_not_show("…Shall I ask…")


async def test_it_is_told_how_many_different_people_spoke() -> None:
    async with conversation(config('trial = "0s"', managers=True), at(MONDAY, "09:00")) as talk:
        rina, ayu, budi = talk.person("Rina", manager=True), talk.person("Ayu"), talk.person("Budi")
        for speakers, told in (((ayu,), "1 person"), ((ayu, budi), "2 people"), ((), "nobody answered")):
            await rina.says("discord", "/prompt now")
            for speaker in speakers:
                for _ in range(3):
                    await talk.clock.advance(minutes=5)
                    await speaker.says("discord", "well …")
            await talk.clock.advance(hours=2, minutes=1)
            await rina.says("discord", "/prompt history")
            talk.place("discord").shows(f"What I asked, and how many people spoke within two hours – …: {told}. …")
