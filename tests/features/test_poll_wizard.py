"""Polls asked by a form, by a thumb on buttons, and from anywhere: they stand where they should."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.play.community import BUILT_IN
from tests.driver import conversation

KOPI = (Path(__file__).parent.parent / "scenarios" / "kopi.toml").read_text(encoding="utf-8")
CONFIGS = {"en": BUILT_IN, "id": KOPI}
FACES = ("telegram", "discord")
FORM = {"en": "Write the question on the first line…", "id": "Tulis pertanyaan di baris pertama…"}


@pytest.mark.parametrize("language", CONFIGS)
async def test_the_wizard_by_thumb(language: str) -> None:
    """Bare /poll, a reply, some presses."""
    english = language == "en"
    async with conversation(CONFIGS[language]) as talk:
        rina, budi = talk.person("Rina", manager=True), talk.person("Budi")
        await rina.says("telegram", "/poll" if english else "/poling")
        talk.place("telegram").shows(FORM[language])
        await rina.replies("telegram", "Guyub", "Ngopi di mana?\nSenopati\nKemang\nBlok M")
        talk.place("telegram").shows("📊 Ngopi di mana? • Senopati • Kemang • Blok M …")
        talk.place("discord").does_not_show()
        longer, several, secret = (
            ("Open for 1 day ⟳", "☐ Several choices", "☐ Secret votes")
            if english
            else ("Dibuka selama 1 hari ⟳", "☐ Boleh pilih beberapa", "☐ Suara rahasia")
        )
        await budi.presses("telegram", secret)
        talk.place("telegram").shows("…preparing…" if english else "…disiapkan orang lain…")
        for label in (longer, several, secret):
            await rina.presses("telegram", label)
        talk.place("telegram").shows("…[Open for 3 days ⟳]…" if english else "…[Dibuka selama 3 hari ⟳]…")
        await rina.presses("telegram", "Start the poll" if english else "Mulai poling")
        for face in FACES:
            talk.place(face).shows(
                "…[Senopati]…[Blok M]…" if face == "discord" else "📊 Ngopi di mana? Senopati …8 Jan…"
            )
        talk.place("discord").shows("…secret. Choose as many…" if english else "…rahasia. Pilih sebanyak…")


async def test_the_wizard_can_be_left_and_works_once() -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram", "/poll")
        await rina.replies("telegram", "Guyub", "Where? A | B")
        await rina.presses("telegram", "Cancel")
        talk.place("telegram").shows("Never mind, no poll was started.")
        with pytest.raises(AssertionError, match="no button"):
            await rina.presses("telegram", "Start the poll")


@pytest.mark.promise("S5")
async def test_whoever_lost_the_right_meanwhile_cant_start_it() -> None:
    async with conversation() as talk:
        await talk.person("Rina", manager=True).says("telegram", "/poll")
        await talk.person("Rina", manager=True).replies("telegram", "Guyub", "Where? A | B")
        await talk.person("Rina").leaves("telegram")
        await talk.clock.advance(seconds=61)
        await talk.person("Rina").presses("telegram", "Start the poll")
        talk.place("discord").does_not_show()
        talk.place("telegram").does_not_show("…Poll 1…")


@pytest.mark.parametrize("face", FACES)
async def test_a_question_without_options_asks_for_the_options_alone(face: str) -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says(face, '/poll "Where?" --closes 2h --secret')
        talk.place(face).shows("Write each option on a line of its own. …")
        await rina.replies(face, "Guyub", "Senopati")
        talk.place(face).shows("A poll needs at least two options. …Reply once more with it mended.")
        await rina.replies(face, "Guyub", "Where?\nSenopati\nKemang")  # the question once more does no harm
        talk.place("telegram").shows("📊 Where? Senopati …[Senopati] [Kemang]…")
        talk.place("discord").shows("…today 04:…secret.…")


@pytest.mark.parametrize("face", FACES)
async def test_what_is_wrong_is_told_before_the_options_are_asked_for(face: str) -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        for flag, told in [
            ("--closes frday", "I don't understand when frday is. Did you mean friday?"),
            ("--secert", "I don't know the option --secert. Did you mean --secret?"),
            ("--every friday", "At what time? Like this: --every friday 17:00"),
            ("--max-per-person 0", "0 won't do for --max-per-person: …"),
            ("--revote maybe", "maybe won't do for --revote: say yes or no."),
        ]:
            await talk.clock.advance(seconds=11)
            await rina.says(face, f'/poll "Where?" {flag}')
            talk.place(face).shows(told)
            talk.place(face).does_not_show("Write…")


async def test_what_a_reply_says_holds_over_what_was_typed_before() -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram", '/poll "Where?" --closes 2h')
        await rina.replies("telegram", "Guyub", "A\nB\n--closes 3h --secret")
        talk.place("telegram").shows("📊 Where? …today 05:00 UTC…secret.…")


async def test_flags_count_in_a_reply_too() -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram", "/poll")
        await rina.replies("telegram", "Guyub", "Where?\nSenopati\nKemang\n—tutup 2 jam\n--rahsia")
        talk.place("telegram").shows("I don't know the option --rahsia. Did you mean --rahasia? Reply once more …")
        await rina.replies("telegram", "Guyub", "Where?\nSenopati\nKemang\n—tutup 2 jam\n--rahasia")
        talk.place("discord").shows("📊 Where? Senopati …today 04:…secret. [Senopati] [Kemang]…")


async def test_options_that_were_typed_in_quotes_are_no_flags() -> None:
    async with conversation() as talk:
        await talk.person("Rina", manager=True).says("telegram", '/poll "Which?" "--secret" | B')
        talk.place("telegram").shows("…visible. [--secret] [B]…")


async def test_a_wizard_in_the_private_chat_puts_the_poll_where_it_was_asked_for() -> None:
    """Where a private chat is open, discreet answers go there."""
    async with conversation(KOPI) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.starts("telegram")
        await rina.says("telegram#7", "/poling")
        await rina.replies("telegram#7", "Guyub", "Ngopi di mana?\nSenopati\nKemang")
        talk.place("telegram@Rina").shows("📊 Ngopi di mana? • Senopati • Kemang …")
        await rina.presses("telegram@Rina", "Mulai poling")
        talk.place("telegram@Rina").shows("Poling 1 sudah dibuka, sampai …")
        talk.place("telegram#7").shows("📊 Ngopi di mana? …")
        talk.place("telegram").does_not_show("📊…")


# ---------------------------------------------------------------- who asks, and where


async def test_wherever_it_is_asked_it_stands_once_in_each_group() -> None:
    async with conversation(KOPI) as talk:
        rina = talk.person("Rina", manager=True)
        for place, own, answered in [
            ("telegram#7", "telegram#7", False),
            ("telegram#managers", "telegram", True),
            ("discord#managers", "discord", True),
            ("discord#555", "discord#555", True),
        ]:
            await talk.clock.advance(seconds=11)
            await rina.says(place, '/poling "Ngopi di mana?" Senopati | Kemang')
            other = "discord" if place.startswith("telegram") else "telegram"
            talk.place(own).shows("📊 Ngopi di mana? …")
            talk.place(other).shows("📊 Ngopi di mana? …")
            if own != place:
                talk.place(place).does_not_show("📊…")
            if answered:
                talk.place(place).shows("Poling … sudah dibuka, sampai …/poling tutup …")


async def test_from_a_private_chat() -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram", "halo")
        await rina.starts("telegram")
        await rina.says("telegram", "/ping")
        await rina.writes("telegram", '/poll "Where?" A | B')
        talk.place("telegram@Rina").shows("Poll 1 is up, open until …")
        for face in FACES:
            talk.place(face).shows("📊 Where? …")
        await rina.writes("telegram", "/poll close")
        talk.place("telegram@Rina").shows("Poll 1 is closed.")


@pytest.mark.parametrize("face", FACES)
async def test_in_a_group_that_is_not_served(face: str) -> None:
    async with conversation() as talk:
        await talk.person("Rina", manager=True).says(f"{face}/elsewhere", '/poll "Where?" A | B')
        talk.place(f"{face}/elsewhere").shows("This group isn't set up yet. …")
        talk.place(face).does_not_show()
