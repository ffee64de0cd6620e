"""/help, /language, /ping and the private chat: what I may do here, in my language; what needs fixing, once."""

from __future__ import annotations

import pytest

from adapters.playground.acts import Joins, SetsWriting
from bot.core.stores import Accounts
from tests.driver import conversation
from tests.features.stories import account, act, adds_bot, demote, kopi, mute, place, removes_bot, standing

FACES = ["telegram", "discord"]
CHAT = "telegram#managers"


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize("face", FACES)
async def test_answers_are_in_my_language_and_posts_in_the_communitys(face: str) -> None:
    async with conversation(kopi(language="id")) as talk:
        dewi = talk.person("Dewi")
        await dewi.says(face, "/bahasa en")
        talk.place(face).shows("I'll answer you in English from now on.")
        await dewi.says(face, "/help")
        talk.place(face).shows("I'm Guyub. I help Kopi stay close.…")
        await talk.person("Budi").says(face, "/help")
        talk.place(face).shows("Saya Guyub.…")
        await dewi.joins(face)
        await talk.clock.advance(seconds=40)
        talk.place(face).shows("…Kak Dewi…")
        talk.place(face).does_not_show("Welcome…")


async def test_a_language_is_chosen_by_buttons_for_oneself_only() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Dewi").says("telegram", "/language")
        talk.place("telegram").shows("In which language shall I answer you? [English] [Bahasa Indonesia]")
        await talk.person("Budi").presses("telegram", "Bahasa Indonesia")
        talk.place("telegram").shows("Mulai sekarang…")  # a note that only Budi sees
        await talk.person("Budi").says("telegram", "/bantuan")
        talk.place("telegram").shows("Saya Guyub.…")
        await talk.person("Dewi").says("telegram", "/bantuan")
        talk.place("telegram").shows("I'm Guyub.…")


@pytest.mark.parametrize(
    ("typed", "said"), [("/language klingon", "klingon won't do…en, id."), ("/language ID", "Mulai…")]
)
async def test_a_language_that_i_do_not_speak_is_told(typed: str, said: str) -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Dewi").says("discord", typed)
        talk.place("discord").shows(said)


# ---------------------------------------------------------------- help


async def test_help_shows_managers_commands_to_managers_only_also_in_private() -> None:
    async with conversation(kopi()) as talk:
        rina, dewi = talk.person("Rina", manager=True), talk.person("Dewi")
        for person in (rina, dewi):
            await person.joins("telegram")
            await person.starts("telegram")
        await rina.says("telegram", "/help")
        talk.place("telegram@Rina").shows("…/settings set …")
        await dewi.writes("telegram", "/help")
        talk.place("telegram@Dewi").shows("…/help …")
        talk.place("telegram@Dewi").does_not_show("…/settings…")


@pytest.mark.parametrize("face", FACES)
async def test_where_nothing_is_set_up_help_offers_what_works(face: str) -> None:
    async with conversation(kopi()) as talk:
        await adds_bot(talk, "Rina", f"{face}/new", "New")
        await talk.person("Rina").says(f"{face}/new", "/help")
        talk.place(f"{face}/new").shows("I'm Guyub. I help communities stay close.…/help …/language …")
        talk.place(f"{face}/new").does_not_show("…/settings…")
        await talk.person("Rina").says(f"{face}/new", "/welcome preview")
        talk.place(f"{face}/new").shows("This group isn't set up yet.…/setup CODE")


async def test_in_private_nobody_knows_which_community_a_stranger_means() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Dewi").writes("telegram", "/welcome preview")
        talk.place("telegram@Dewi").shows(
            "I don't know which community you mean. Please use /welcome preview in its group."
        )


@pytest.mark.promise("S5")
async def test_who_was_demoted_has_no_say_after_a_minute() -> None:
    async with conversation(kopi(managers="")) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.says("telegram", "/welcome preview")
        demote(talk, "Rina", "telegram")
        await talk.clock.advance(seconds=60)
        await talk.person("Rina").says("telegram", "/settings set welcome.window 5s")
        talk.place("telegram").shows("Only managers may use /settings set.")


# ---------------------------------------------------------------- ping


async def test_ping_tells_what_may_not_be_written_and_where_it_is_seen_from() -> None:
    async with conversation(kopi()) as talk:
        where = place(talk, "telegram")
        await act(talk, SetsWriting(where, account(talk, "telegram", "Rina"), allowed=False))
        await talk.clock.advance(seconds=10)
        await talk.person("Rina").says(CHAT, "/ping")
        talk.place(CHAT).shows(
            "Pong! Something needs fixing: • In Kopi (Telegram): I may not write here. Please allow me…"
        )


async def test_ping_in_private_is_calm_when_all_is_well() -> None:
    async with conversation(kopi()) as talk:
        rina = talk.person("Rina", manager=True)
        await rina.joins("telegram")
        await rina.starts("telegram")
        await rina.writes("telegram", "/ping")
        talk.place("telegram@Rina").shows("Pong! All is well.…")


async def test_ping_names_what_was_stopped_in_words_and_tries_again() -> None:
    async with conversation(kopi()) as talk:
        where, rina = place(talk, "telegram"), account(talk, "telegram", "Rina")
        mute(talk, "telegram", writable=False)
        await talk.person("Ayu").joins("telegram")
        await talk.clock.advance(seconds=40)
        talk.place(CHAT).shows("I can't speak in …Telegram…I may not write there.…")
        await act(talk, SetsWriting(where, rina, allowed=True))

        mute(talk, "telegram", writable=False)
        await talk.person("Budi").joins("telegram")
        await talk.clock.advance(seconds=40)
        mute(talk, "telegram", writable=True)
        await talk.person("Rina").says(CHAT, "/ping")
        talk.place(CHAT).shows("…I had stopped writing to …I may not write there.…I try again now.…")
        talk.place(CHAT).does_not_show("…no_right…")
        await talk.person("Citra").joins("telegram")
        await talk.clock.advance(seconds=40)
        talk.place("telegram").shows("…Citra…")


# ---------------------------------------------------------------- who is told what


@pytest.mark.promise("R23")
async def test_managers_are_told_of_a_problem_once_and_when_it_is_mended() -> None:
    async with conversation(kopi()) as talk:
        where, rina = place(talk, "telegram"), account(talk, "telegram", "Rina")
        for allowed in (False, False, True, True):
            await act(talk, SetsWriting(where, rina, allowed=allowed))
            await talk.clock.advance(minutes=5)
            await talk.restarts()
        for chat in (CHAT, "discord#managers"):
            told = standing(talk, chat)
            assert [("keeps me from working" in words, "all is well now" in words) for words in told] == [
                (True, False),
                (False, True),
            ]
        assert standing(talk, "telegram") == []


async def test_without_a_managers_chat_the_admin_is_told() -> None:
    async with conversation(kopi(managers="")) as talk:
        await talk.person("424242").starts("telegram")
        where, rina = place(talk, "telegram"), account(talk, "telegram", "Rina")
        await act(talk, SetsWriting(where, rina, allowed=False))
        await talk.clock.advance(minutes=5)
        talk.place("telegram@424242").shows("In Kopi (Telegram) something keeps me from working well:…")


async def test_a_group_that_removes_the_bot_is_left_in_peace() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Ayu").joins("telegram")
        await removes_bot(talk, "Rina", "telegram")
        await talk.clock.advance(hours=1)
        assert talk.stage.world.refused == []
        assert standing(talk, "telegram") == []


# ---------------------------------------------------------------- the private chat


async def test_who_opens_a_private_chat_can_be_reached_until_they_block_it() -> None:
    from adapters.playground.acts import Blocks

    async with conversation(kopi()) as talk:
        await talk.person("Ayu").starts("telegram")
        talk.place("telegram@Ayu").shows("Hi, I'm Guyub! Now I can write to you here…")
        ayu = account(talk, "telegram", "Ayu")
        program = talk.stage.program

        async def reachable() -> bool | None:
            known = await program.database.run(lambda unit: unit.store(Accounts).get("telegram", ayu), talk.clock.now())
            return known.reachable

        assert await reachable()
        await act(talk, Blocks(place(talk, "telegram@Ayu"), ayu))
        assert await reachable() is False


async def test_managers_see_how_many_can_be_reached() -> None:
    async with conversation(kopi()) as talk:
        for name in ("Ayu", "Budi", "Citra"):
            await talk.person(name).joins("telegram")
        await talk.person("Ayu").starts("telegram")
        await act(talk, Joins(place(talk, "telegram"), account(talk, "telegram", "Dewi"), pending=True))
        await talk.clock.advance(minutes=1)
        await talk.person("Rina").says(CHAT, "/ping")
        talk.place(CHAT).shows("…of 3 who joined since I came, 1 opened a private chat with me…")
