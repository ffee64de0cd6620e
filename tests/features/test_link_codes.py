"""C3: which codes are refused, each with its reason; and how guessing ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from adapters.playground.outgoing import plain_text
from bot.core.events import Actor, CommandInvoked
from bot.core.stores import Identity
from bot.features.link.model import ALPHABET, LENGTH, WRONG_CODES, new_code, shown
from tests.driver import Conversation, conversation
from tests.features.linking import (
    OTHER,
    SAID,
    accounts_of,
    are_linked,
    gets_code,
    hears,
    in_each_language,
    links,
    newest_code,
    on_each_face,
    rows,
)
from tests.features.stories import account, kopi, place

# ---------------------------------------------------------------- what is refused


@in_each_language
@on_each_face
async def test_ones_own_code_is_for_the_other_account(face: str, language: str) -> None:
    async with conversation(kopi(language=language)) as talk:
        code = await gets_code(talk, face, "Ayu")
        await talk.person("Ayu").writes(face, f"/link {code}")
        hears(talk, face, "Ayu", SAID[language].own)
        await talk.person("Ayunda").writes(OTHER[face], f"/link {code}")  # it still works
        assert await are_linked(talk, face, "Ayu", "Ayunda")


@in_each_language
@on_each_face
async def test_two_accounts_of_one_platform_are_not_linked(face: str, language: str) -> None:
    async with conversation(kopi(language=language)) as talk:
        code = await gets_code(talk, face, "Ayu")
        await talk.person("Ayu2").writes(face, f"/link {code}")
        hears(talk, face, "Ayu2", SAID[language].same_platform)
        assert len(await accounts_of(talk, face, "Ayu")) == 1


@in_each_language
@on_each_face
async def test_accounts_that_are_linked_need_no_second_code(face: str, language: str) -> None:
    async with conversation(kopi(language=language)) as talk:
        second = await gets_code(talk, OTHER[face], "Ayunda")
        await links(talk, face, "Ayu", "Ayunda")
        await talk.person("Ayu").writes(face, f"/link {second}")
        hears(talk, face, "Ayu", SAID[language].already)
        assert len(await accounts_of(talk, face, "Ayu")) == 2


@in_each_language
@on_each_face
async def test_who_is_linked_with_another_account_parts_from_it_first(face: str, language: str) -> None:
    async with conversation(kopi(language=language)) as talk:
        third = await gets_code(talk, OTHER[face], "Third")
        await links(talk, face, "Ayu", "Ayunda")
        await talk.person("Ayu").writes(face, f"/link {third}")
        hears(talk, face, "Ayu", SAID[language].taken_here)
        assert not await are_linked(talk, face, "Ayu", "Third")
        await talk.person("Ayu").writes(face, "/unlink")
        await talk.person("Ayu").writes(face, f"/link {third}")
        assert await are_linked(talk, face, "Ayu", "Third")
        assert not await are_linked(talk, face, "Ayu", "Ayunda")


@in_each_language
@on_each_face
async def test_a_code_of_an_account_that_was_linked_meanwhile_is_refused(face: str, language: str) -> None:
    async with conversation(kopi(language=language)) as talk:
        code = await gets_code(talk, OTHER[face], "Ayunda")
        await links(talk, face, "Ayu", "Ayunda")
        await talk.person("Mallory").writes(face, f"/link {code}")
        hears(talk, face, "Mallory", SAID[language].taken_there)
        assert len(await accounts_of(talk, OTHER[face], "Ayunda")) == 2


@in_each_language
@on_each_face
async def test_a_code_expires(face: str, language: str) -> None:
    async with conversation(kopi(language=language)) as talk:
        code = await gets_code(talk, face, "Ayu")
        late = await gets_code(talk, face, "Budi")
        await talk.clock.advance(minutes=9, seconds=55)
        await talk.person("Ayunda").writes(OTHER[face], f"/link {code}")
        assert await are_linked(talk, face, "Ayu", "Ayunda")
        await talk.clock.advance(seconds=5)
        await talk.person("Budiman").writes(OTHER[face], f"/link {late}")
        hears(talk, OTHER[face], "Budiman", SAID[language].expired)
        assert not await are_linked(talk, face, "Budi", "Budiman")


async def test_a_code_that_expired_while_the_bot_was_down_is_of_no_use() -> None:
    async with conversation(kopi()) as talk:
        code = await gets_code(talk, "telegram", "Ayu")
        await talk.goes_offline(hours=2)
        await talk.person("Ayunda").writes("discord", f"/link {code}")
        hears(talk, "discord", "Ayunda", SAID["en"].expired)


@in_each_language
@on_each_face
async def test_a_newer_code_takes_the_place_of_the_older(face: str, language: str) -> None:
    async with conversation(kopi(language=language)) as talk:
        old, new = await gets_code(talk, face, "Ayu"), await gets_code(talk, face, "Ayu")
        assert old != new
        await talk.person("Ayunda").writes(OTHER[face], f"/link {old}")
        hears(talk, OTHER[face], "Ayunda", SAID[language].newer)
        await talk.person("Ayunda").writes(OTHER[face], f"/link {new}")
        assert await are_linked(talk, face, "Ayu", "Ayunda")


@in_each_language
async def test_a_code_that_was_typed_where_others_read_along_is_void_even_if_refused(language: str) -> None:
    async with conversation(kopi(language=language)) as talk:
        await talk.person("Ayu").starts("telegram")
        code = await gets_code(talk, "telegram", "Ayu")
        await talk.person("Ayu").says("telegram", f"/link {code}")
        hears(talk, "telegram", "Ayu", f"{SAID[language].own}{SAID[language].read_along}")
        talk.place("telegram").does_not_show()
        await talk.person("Mallory").writes("discord", f"/link {code}")
        hears(talk, "discord", "Mallory", SAID[language].shown)
        assert not await are_linked(talk, "telegram", "Ayu", "Mallory")


# ---------------------------------------------------------------- once only


def command(talk: Conversation, id: str, face: str, name: str, text: str = "") -> CommandInvoked:
    where = place(talk, f"{face}@{name}")
    return CommandInvoked(id, talk.clock.now(), where, Actor(where.channel, name), "link", text)


@pytest.mark.promise("R2")
async def test_a_command_that_is_delivered_again_has_one_effect() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Ayu").starts("telegram")
        before, submit = len(talk.stage.world.board.all()), talk.stage.program.engine.submit
        for _ in range(3):
            await submit(command(talk, "1", "telegram", "Ayu"))
            await talk.stage.settle()
        assert len(rows(talk, "link_codes")) == 1
        code = newest_code(talk, "telegram@Ayu")
        for _ in range(3):
            await submit(command(talk, "2", "discord", "Ayunda", code))
            await submit(command(talk, "3", "discord", "Mallory", "AAAA-AAAA"))
            await talk.stage.settle()
        assert await are_linked(talk, "telegram", "Ayu", "Ayunda")
        assert len(rows(talk, "link_wrong_codes")) == 1
        said = [plain_text(posted.message) for posted in talk.stage.world.board.all()[before:]]
        assert len(said) == 4  # a code, "done", "has used your code", "I don't know this code"


@pytest.mark.promise("S4")
async def test_a_code_works_for_one_of_many_at_once() -> None:
    async with conversation(kopi()) as talk:
        code = await gets_code(talk, "telegram", "Ayu")
        many = [command(talk, f"{number}", "discord", f"P{number}", code) for number in range(100)]
        await asyncio.gather(*(talk.stage.program.engine.submit(one) for one in many))
        await talk.stage.settle()
        linked = [number for number in range(100) if await are_linked(talk, "telegram", "Ayu", f"P{number}")]
        assert len(linked) == 1
        assert len(await accounts_of(talk, "telegram", "Ayu")) == 2


# ---------------------------------------------------------------- guessing


@pytest.mark.promise("S4")
async def test_guessing_is_cut_off_and_finds_nothing() -> None:
    """10,000 guesses by one account, at the pace at which commands are listened to at all."""
    async with conversation(kopi()) as talk:
        for number in range(20):
            await gets_code(talk, "telegram", f"P{number}")
        where, mallory = place(talk, "discord@Mallory"), account(talk, "discord", "Mallory")
        before = len(talk.stage.world.board.all())
        for guess in range(10_000):
            talk.stage.clock.advance(talk.clock.now() + timedelta(milliseconds=350))  # all within an hour
            event = CommandInvoked(f"g{guess}", talk.clock.now(), where, Actor(mallory, "Mallory"), "link", new_code())
            await talk.stage.program.engine.submit(event)
            if guess < 10:
                await talk.stage.settle()
        said = [plain_text(p.message) for p in talk.stage.world.board.all()[before:] if p.where == where]
        assert sum(words.startswith("I don't know this code.") for words in said) == WRONG_CODES
        assert sum(words.startswith("Those were too many wrong codes") for words in said) == 10 - WRONG_CODES
        assert len(rows(talk, "link_wrong_codes")) == WRONG_CODES
        assert await accounts_of(talk, "discord", "Mallory") == [Identity("discord", mallory)]


async def test_a_right_code_is_not_looked_at_either_after_too_many_wrong_ones() -> None:
    async with conversation(kopi()) as talk:
        for _ in range(WRONG_CODES):
            await talk.person("Ayunda").writes("discord", f"/link {shown(new_code())}")
            await talk.clock.advance(seconds=20)
        code = await gets_code(talk, "telegram", "Ayu")
        await talk.person("Ayunda").writes("discord", f"/link {code}")
        talk.place("discord@Ayunda").shows("Those were too many wrong codes…")
        await talk.clock.advance(minutes=59)
        code = await gets_code(talk, "telegram", "Ayu")
        await talk.person("Ayunda").writes("discord", f"/link {code}")  # the first wrong one is an hour old
        assert await are_linked(talk, "telegram", "Ayu", "Ayunda")


def test_a_code_has_forty_bits_and_no_look_alikes() -> None:
    assert len(set(ALPHABET)) ** LENGTH == 2**40
    assert not set(ALPHABET) & set("0O1Il")
    assert len({new_code() for _ in range(10_000)}) == 10_000
