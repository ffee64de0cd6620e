"""M5: the bot comes into a group it doesn't know, and is set up by buttons with a one-time code."""

from __future__ import annotations

import re

import pytest

from bot.core.stores import Places
from tests.driver import Conversation, conversation
from tests.features.stories import (
    adds_bot,
    demote,
    invite,
    kopi,
    newest,
    place,
    presses_again,
    removes_bot,
    standing,
)

NEW = {"telegram": "telegram/new", "discord": "discord/new"}
FACES = ["telegram", "discord"]


async def arrives(talk: Conversation, face: str, title: str = "Teh Tarik") -> str:
    """Rina adds the bot to her group and has a code."""
    await adds_bot(talk, "Rina", NEW[face], title)
    await invite(talk, "ABCDE23456")
    return NEW[face]


async def sets_up(talk: Conversation, group: str, language: str = "English", zone: str = "WIB (Jakarta)") -> None:
    rina = talk.person("Rina")
    await rina.says(group, "/setup ABCDE23456")
    await rina.presses(group, "A new community")
    await rina.presses(group, language)
    await rina.presses(group, zone)


@pytest.mark.parametrize("face", FACES)
async def test_a_group_that_nobody_named_is_set_up_with_four_presses(face: str) -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, face)
        talk.place(group).shows("…not set up for this group yet…/setup CODE…")
        await sets_up(talk, group)
        talk.place(group).shows("Done! I'm here for Teh Tarik now.…What you say is never stored.…")

        await talk.person("Ayu").joins(group)
        await talk.clock.advance(seconds=40)
        talk.place(group).shows("…Teh Tarik, Ayu…")


async def test_the_language_that_was_chosen_is_spoken() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await sets_up(talk, group, "Bahasa Indonesia", "WITA (Makassar)")
        talk.place(group).shows("Siap!…Teh Tarik…")
        await talk.person("Ayu").joins(group)
        await talk.clock.advance(seconds=40)
        talk.place(group).shows("Selamat datang di Teh Tarik, Kak Ayu!…")


async def test_it_may_join_a_community_of_the_file() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        rina = talk.person("Rina")
        await rina.says(group, "/setup ABCDE23456")
        talk.place(group).shows("…Which community does Teh Tarik belong to? [Kopi] [A new community]")
        await rina.presses(group, "Kopi")
        talk.place(group).shows("Done! I'm here for Kopi now.…")
        await talk.person("Ayu").joins(group)
        await talk.clock.advance(seconds=40)
        talk.place(group).shows("…Kopi, Ayu…")


@pytest.mark.parametrize("face", FACES)
async def test_the_admin_gets_the_lines_for_the_file_and_they_are_right(face: str) -> None:
    from bot.config.load import loads
    from bot.play.community import SETTINGS

    async with conversation(kopi()) as talk:
        people = talk.stage.world.people
        people.named("telegram", "424242")
        await talk.person("424242").starts("telegram")
        group = await arrives(talk, face)
        await sets_up(talk, group)
        (told,) = [words for words in standing(talk, "telegram@424242") if "To keep it in community.toml" in words]
        # Patterns join lines by spaces; the message itself keeps them.
        posted = [p for p in talk.stage.world.board.all() if p.where == place(talk, "telegram@424242")][-1]
        written = "".join(span.text for span in posted.message.text).partition("\n\n")[2]
        config = loads(written, SETTINGS)
        (community,) = config.communities.values()
        assert (community.name, community.language, community.timezone) == ("Teh Tarik", "en", "Asia/Jakarta")
        assert [found.id for found in community.groups] == [place(talk, group).group]
        assert "[communities.teh-tarik]" in told


# ---------------------------------------------------------------- codes


@pytest.mark.promise("S4")
async def test_a_code_counts_once() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await sets_up(talk, group)
        await adds_bot(talk, "Rina", "telegram/other", "Other")
        await talk.person("Rina").says("telegram/other", "/setup ABCDE23456")
        talk.place("telegram/other").shows("This code isn't valid, or was used already.…guyub invite")


@pytest.mark.promise("S4")
async def test_a_code_ends() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await talk.clock.advance(days=8)
        await talk.person("Rina").says(group, "/setup ABCDE23456")
        talk.place(group).shows("This code isn't valid…")


async def test_a_code_may_be_written_as_it_was_read_aloud() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await talk.person("Rina").says(group, "/siapkan abcde-23456")
        talk.place(group).shows("Welcome! Which community…")


@pytest.mark.promise("S4")
async def test_a_code_is_of_no_use_to_who_is_no_administrator() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await talk.person("Budi").says(group, "/setup ABCDE23456")
        talk.place(group).shows("Only managers may use /setup.")
        await talk.person("Rina").says(group, "/setup ABCDE23456")
        await talk.person("Budi").presses(group, "A new community")
        talk.place(group).does_not_show("…language…")
        await talk.person("Rina").presses(group, "A new community")
        talk.place(group).shows("In which language…")


@pytest.mark.promise("S5")
async def test_who_is_demoted_meanwhile_goes_no_further() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await talk.person("Rina").says(group, "/setup ABCDE23456")
        demote(talk, "Rina", group)
        await talk.person("Rina").presses(group, "A new community")
        talk.place(group).does_not_show("In which language…")


@pytest.mark.promise("S4")
async def test_two_people_at_once_set_up_one_group() -> None:
    """The second finds the code used, and changes nothing."""
    async with conversation(kopi()) as talk:
        first = await arrives(talk, "telegram")
        await adds_bot(talk, "Sari", "telegram/other", "Other")
        for who, group in (("Rina", first), ("Sari", "telegram/other")):
            await talk.person(who).says(group, "/setup ABCDE23456")
            await talk.person(who).presses(group, "A new community")
            await talk.person(who).presses(group, "English")
        await talk.person("Rina").presses(first, "WIB (Jakarta)")
        await talk.person("Sari").presses("telegram/other", "WIB (Jakarta)")
        talk.place("telegram/other").shows("This code was used meanwhile.…")
        await talk.person("Ayu").joins("telegram/other")
        await talk.clock.advance(minutes=1)
        talk.place("telegram/other").does_not_show()


@pytest.mark.promise("S4")
async def test_a_group_is_set_up_once_though_two_have_codes() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await invite(talk, "ZZZZZ23456")
        await talk.person("Sari", manager=True).says(group, "/setup ZZZZZ23456")
        kept = newest(talk, "Kopi")
        await sets_up(talk, group)
        await presses_again(talk, "Sari", *kept)
        await talk.person("Ayu").joins(group)
        await talk.clock.advance(seconds=40)
        talk.place(group).shows("…Teh Tarik, Ayu…")

        await talk.person("Sari").says(group, "/setup ZZZZZ23456")
        talk.place(group).shows("This group is set up already, for Teh Tarik.")


async def test_a_set_up_that_was_broken_off_is_begun_again() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await talk.person("Rina").says(group, "/setup ABCDE23456")
        await talk.person("Rina").presses(group, "A new community")
        await talk.restarts()
        await sets_up(talk, group)
        talk.place(group).shows("Done!…")


async def test_in_private_nothing_is_set_up() -> None:
    async with conversation(kopi()) as talk:
        await arrives(talk, "telegram")
        await talk.person("Rina").writes("telegram", "/setup ABCDE23456")
        talk.place("telegram@Rina").shows("…Please use /setup in its group.")


# ---------------------------------------------------------------- the managers' chat


async def managers_code(talk: Conversation, group: str) -> str:
    found = re.search(r"/setup ([A-Z0-9]{10})", standing(talk, group)[-1])
    assert found, standing(talk, group)
    return found[1]


async def test_a_managers_chat_is_added_with_the_code_that_is_given() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("424242").starts("telegram")
        group = await arrives(talk, "telegram")
        await sets_up(talk, group)
        code = await managers_code(talk, group)
        await adds_bot(talk, "Rina", "telegram/office", "Office")
        await talk.person("Rina").says("telegram/office", f"/setup {code}")
        talk.place("telegram/office").shows("Done! This is the managers' chat of Teh Tarik now.")
        assert any("[communities.teh-tarik.managers]" in words for words in standing(talk, "telegram@424242"))

        await talk.person("Dewi").says("telegram/office", "/welcome preview")
        talk.place("telegram/office").shows("…Teh Tarik, Dewi…")
        await talk.person("Dewi").says("telegram/office", f"/setup {code}")
        talk.place("telegram/office").shows("This code isn't valid…")


@pytest.mark.promise("S5")
@pytest.mark.parametrize("where", ["telegram/new", "telegram"])
async def test_where_members_are_is_no_managers_chat(where: str) -> None:
    """Whoever is in a managers' chat is a manager: with that code, the group itself would make all its members so."""
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await sets_up(talk, group)
        code = await managers_code(talk, group)
        await talk.person("Rina", manager=True).says(where, f"/setup {code}")
        talk.place(where).does_not_show("…managers' chat of…now…")

        await talk.person("Budi").says(where, "/settings show")
        talk.place(where).shows("Only managers may use /settings show.")

        await adds_bot(talk, "Rina", "telegram/office", "Office")
        await talk.person("Rina").says("telegram/office", f"/setup {code}")
        talk.place("telegram/office").shows("Done! This is the managers' chat of Teh Tarik now.")


# ---------------------------------------------------------------- asking, serving, leaving


@pytest.mark.parametrize("face", FACES)
async def test_a_group_that_is_not_named_is_served_if_the_file_says_so(face: str) -> None:
    async with conversation(kopi(unlisted="serve")) as talk:
        await adds_bot(talk, "Rina", NEW[face], "Teh Tarik")
        talk.place(NEW[face]).shows("…I remember who comes and goes here…What you say is never stored.…")
        await talk.person("Ayu").joins(NEW[face])
        await talk.clock.advance(seconds=40)
        talk.place(NEW[face]).shows("…Ayu…")
        await talk.person("Rina").says(NEW[face], "/settings set welcome.window 5s")
        await talk.person("Budi").joins(NEW[face])
        await talk.clock.advance(seconds=6)
        talk.place(NEW[face]).shows("…Budi…")


@pytest.mark.parametrize("face", FACES)
async def test_a_group_that_is_not_named_is_left_with_a_word_if_the_file_says_so(face: str) -> None:
    async with conversation(kopi(unlisted="leave")) as talk:
        where = await adds_bot(talk, "Rina", NEW[face], "Teh Tarik")
        talk.place(NEW[face]).shows("Hi! I only serve the groups that my admin has named…")
        found = talk.stage.world.groups.get(where.platform, where.group)
        assert found
        assert not found.bot_present
        for group in talk.stage.world.groups.all("telegram"):
            assert group.bot_present or group is found


async def test_who_removes_the_bot_and_adds_it_again_is_asked_again() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await removes_bot(talk, "Rina", group)
        await talk.clock.advance(hours=1)
        where = place(talk, group)
        from adapters.playground.acts import AddsBot
        from tests.features.stories import account, act

        await act(talk, AddsBot(where, account(talk, "telegram", "Rina")))
        await talk.clock.advance(seconds=5)
        assert len([words for words in standing(talk, group) if "not set up" in words]) == 2


async def test_a_group_of_the_community_is_told_what_is_recorded_once() -> None:
    async with conversation(kopi()) as talk:
        from adapters.playground.acts import AddsBot, SetsWriting
        from tests.features.stories import account, act

        where, rina = place(talk, "telegram"), account(talk, "telegram", "Rina")
        await act(talk, AddsBot(where, rina))
        await act(talk, SetsWriting(where, rina, allowed=True))  # rights are often given right afterwards
        await talk.clock.advance(seconds=10)
        talk.place("telegram").shows("…I remember who comes and goes here…")
        await act(talk, SetsWriting(where, rina, allowed=True))
        await talk.restarts()
        await talk.clock.advance(minutes=1)
        assert len(standing(talk, "telegram")) == 1


async def test_a_community_that_was_set_up_outlives_a_restart() -> None:
    async with conversation(kopi()) as talk:
        group = await arrives(talk, "telegram")
        await sets_up(talk, group)
        await talk.restarts()
        await talk.person("Ayu").joins(group)
        await talk.clock.advance(seconds=40)
        talk.place(group).shows("…Teh Tarik, Ayu…")
        program, now = talk.stage.program, talk.clock.now()
        known = await program.database.run(lambda unit: unit.store(Places).community("teh-tarik"), now)
        assert known
        assert (known.name, known.timezone) == ("Teh Tarik", "Asia/Jakarta")
