"""The welcome where scripts are too coarse: whom it names, what a preview promises, what managers may change."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.core.events import Actor, MemberJoined
from bot.core.stores import Jobs
from bot.features.welcome import feature as welcome
from tests.core.fakes import GROUP, play, town
from tests.driver import Conversation, conversation
from tests.features.stories import group, kopi, newest, place, presses_again, standing

CHAT = "telegram#managers"
FACES = ["telegram", "discord"]
TEXTS = 'texts = ["Halo {mention}, kamu nomor {count} di {community}!", "Hai {name}. {rules}"]\nrules = "Sopan ya."\n'
WELCOME = "[communities.kopi.welcome]\n"


async def joins(talk: Conversation, face: str, *names: str) -> None:
    for name in names:
        await talk.person(name).joins(face)
    await talk.clock.advance(seconds=40)


def greetings(talk: Conversation, face: str) -> list[str]:
    return [words for words in standing(talk, face) if not words.startswith("/")]


# ---------------------------------------------------------------- whom it names


async def test_two_people_of_one_name_are_both_greeted() -> None:
    async with conversation(kopi()) as talk:
        where = place(talk, "telegram")
        people = talk.stage.world.people
        from adapters.playground.acts import Joins
        from tests.features.stories import act

        for name in ("Ayu", "Ayu\u200b", "Budi"):
            await act(talk, Joins(where, people.named("telegram", name).id))
        await talk.clock.advance(seconds=40)
        talk.place("telegram").shows("…Ayu, Ayu and Budi…")


@pytest.mark.parametrize(("language", "friend"), [("en", "new friends"), ("id", "teman-teman baru")])
async def test_names_with_a_blocked_word_are_greeted_as_friends_once_behind_the_others(
    language: str, friend: str
) -> None:
    tables = WELCOME + 'blocked_words = ["gacor"]\n'
    async with conversation(kopi(language, tables=tables)) as talk:
        await joins(talk, "telegram", "Slot GACOR 88", "Ayu", "@promo_murah", "Budi")
        talk.place("telegram").shows(f"…Ayu, …Budi … {friend}…")
        for word in ("GACOR", "promo", "Kak teman", f"{friend} dan {friend}"):
            talk.place("telegram").does_not_show(f"…{word}…")


@pytest.mark.parametrize(("language", "greeted"), [("en", "Ayu and a new friend"), ("id", "Kak Ayu dan teman baru")])
async def test_one_blocked_name_among_others_is_a_new_friend(language: str, greeted: str) -> None:
    tables = WELCOME + 'blocked_words = ["gacor"]\n'
    async with conversation(kopi(language, tables=tables)) as talk:
        await joins(talk, "telegram", "Slot GACOR 88", "Ayu")
        talk.place("telegram").shows(f"…{greeted}…")


async def test_who_comes_back_is_named_apart_from_who_is_new() -> None:
    async with conversation(kopi()) as talk:
        await joins(talk, "discord", "Ayu")
        await talk.person("Ayu").leaves("discord")
        await talk.clock.advance(minutes=1)
        await joins(talk, "discord", "Budi", "Ayu")
        talk.place("discord").shows("…Budi…Welcome back, Ayu!…")


# ---------------------------------------------------------------- what can be set


async def test_it_can_be_switched_off() -> None:
    async with conversation(kopi(tables=WELCOME + "enabled = false\n")) as talk:
        await joins(talk, "telegram", "Ayu")
        assert greetings(talk, "telegram") == []


async def test_a_greeting_goes_after_a_while_if_wanted() -> None:
    async with conversation(kopi(tables=WELCOME + 'remove_after = "2h"\n')) as talk:
        await joins(talk, "telegram", "Ayu")
        assert len(greetings(talk, "telegram")) == 1
        await talk.clock.advance(hours=2)
        assert greetings(talk, "telegram") == []


async def test_the_one_before_goes_if_wanted() -> None:
    async with conversation(kopi(tables=WELCOME + 'remove_previous = "always"\n')) as talk:
        await joins(talk, "telegram", "Ayu")
        await joins(talk, "telegram", "Budi")
        (left,) = greetings(talk, "telegram")
        assert "Budi" in left


async def test_first_steps_and_rules_stand_under_the_greeting_in_the_communitys_language() -> None:
    tables = WELCOME + 'rules = { id = "Sopan ya.", en = "Be kind." }\nfirst_steps = "Ketuk #kenalan."\n'
    async with conversation(kopi("id", tables=tables)) as talk:
        await joins(talk, "telegram", "Ayu")
        talk.place("telegram").shows("…Ayu…Aturan kita: Sopan ya. Ketuk #kenalan.…")


async def test_rules_are_not_said_twice_where_the_text_holds_them() -> None:
    async with conversation(kopi(tables=WELCOME + TEXTS)) as talk:
        await joins(talk, "telegram", "Ayu")
        talk.place("telegram").shows("Halo Ayu, kamu nomor 1 di Kopi! Our rules: Sopan ya.…")
        await joins(talk, "telegram", "Budi")
        talk.place("telegram").shows("Hai Budi. Sopan ya.…")
        talk.place("telegram").does_not_show("…Sopan ya.…Sopan ya.…")


# ---------------------------------------------------------------- W9: the preview


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("tables", ["", WELCOME + TEXTS, WELCOME + 'first_steps = "Say hi!"\n'])
@pytest.mark.parametrize("asked", ["managers", "group"])
async def test_a_preview_is_what_the_next_newcomer_sees(face: str, tables: str, asked: str) -> None:
    async with conversation(kopi(tables=tables)) as talk:
        chat = f"{face}#managers" if asked == "managers" else face
        large = group(talk, place(talk, face))
        large.silent_members = 41
        rina = talk.person("Rina", manager=True)
        await rina.says(face, "halo")
        await rina.starts(face)
        for name in ("Ayu", "Budi"):
            await rina.says(chat, "/welcome preview")
            here = f"{face}@Rina" if (asked, face) == ("group", "telegram") else chat
            promised = standing(talk, here)[-1].replace("Rina", name).replace("nomor 42", "nomor N")
            large.silent_members -= 1  # so that the newcomer is counted as the one who asked
            await joins(talk, face, name)
            assert greetings(talk, face)[-1].replace("nomor 42", "nomor N") == promised
            assert "nomor N" in promised or "{count}" not in tables or name == "Budi"


async def test_a_preview_of_a_change_counts_as_the_greeting_will() -> None:
    async with conversation(kopi()) as talk:
        group(talk, place(talk, "telegram")).silent_members = 41
        rina = talk.person("Rina")
        await rina.says(CHAT, "/welcome text")
        await rina.replies(CHAT, "Guyub", "We are {count}, {name}!")
        talk.place(CHAT).shows("…We are 41, Rina!…[Save] [Cancel]")


# ---------------------------------------------------------------- managers change it


@pytest.mark.promise("S4")
async def test_only_a_manager_saves() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Rina", manager=True).says("discord", "/welcome rules Be nice.")
        kept = newest(talk, "Save")
        await presses_again(talk, "Dewi", *kept)
        await joins(talk, "discord", "Ayu")
        talk.place("discord").does_not_show("…Be nice.…")
        await presses_again(talk, "Rina", *kept)
        await joins(talk, "discord", "Budi")
        talk.place("discord").shows("…Be nice.…")
        await presses_again(talk, "Rina", *kept)
        assert len([words for words in standing(talk, "discord") if words.startswith("Saved.")]) <= 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/welcome text Halo {nme}", "I don't know {nme}. Did you mean {name}?…"),
        ("/welcome text Halo {name.token}", "I don't know {name.token}.…{name}…"),
        ("/welcome text {name:999999999}", "I don't know {name:999999999}.…"),
        ("/welcome text " + "a" * 1600, "A greeting has between 1 and 1500 characters."),
        ("/welcome rules " + "a" * 1600, "Rules have at most 1500 characters."),
        ("/welcome interests " + "a" * 60, "Give 1 to 25 interests…"),
        ("/welcome txt Halo", "txt is nothing I can do with /welcome. Did you mean /welcome text?"),
    ],
)
async def test_what_cannot_be_said_is_refused_with_what_could(typed: str, said: str) -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Rina").says(CHAT, typed)
        talk.place(CHAT).shows(said)


async def test_what_the_admin_locked_is_not_even_proposed() -> None:
    async with conversation(kopi(tables=WELCOME + 'locked = ["rules"]\n')) as talk:
        await talk.person("Rina").says(CHAT, "/welcome rules Be nice.")
        talk.place(CHAT).shows("welcome.rules is locked by the admin.")


async def test_nothing_is_saved_that_is_cancelled() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Rina").says(CHAT, "/welcome rules Be nice.")
        await talk.person("Rina").presses(CHAT, "Cancel")
        talk.place(CHAT).shows("Nothing was changed.")
        await joins(talk, "telegram", "Ayu")
        talk.place("telegram").does_not_show("…Be nice.…")


# ---------------------------------------------------------------- time


@pytest.mark.promise("R29")
def test_a_platform_whose_clock_is_ahead_makes_nobody_wait() -> None:
    async def story() -> None:
        async with town(welcome) as here:
            at = here.clock.now() + timedelta(days=1)
            await here.happens(MemberJoined("1", at, GROUP, Actor("7", "Ayu")))
            due = await here.do(lambda unit: unit.store(Jobs).next_due())
            assert due is not None
            assert due - here.clock.now() <= timedelta(seconds=30)
            await asyncio.sleep(0)

    play(story())
