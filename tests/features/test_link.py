"""C3: `/link` joins one person's accounts on both platforms with a one-time code, and `/unlink` undoes it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.playground.acts import Blocks
from adapters.playground.outgoing import plain_text
from bot.core.events import Actor, CommandInvoked
from bot.core.stores import Accounts, Identity, People
from bot.features.link.model import ALPHABET, LENGTH, WRONG_CODES, new_code, read_code, shown
from tests.driver import Conversation, conversation
from tests.features.stories import account, act, adds_bot, kopi, place

FACES = ["telegram", "discord"]
OTHER = {"telegram": "discord", "discord": "telegram"}
CODE = re.compile(rf"\b[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}\b")


@dataclass(frozen=True)
class Said:
    """What the bot needs to say for a person to know it, by language."""

    done: str
    told: str
    linked: str
    unlinked: str
    parted: str
    own: str
    used: str


SAID = {
    "en": Said(
        "Done! This account and {name} on {platform} are one person to me from now on. /unlink undoes it.",
        "{name} on {platform} has used your code: that account and this one are one person to me…/unlink.",
        "This account is linked with yours on {platform}: to me they're one person. /unlink undoes it.",
        "Done. This account and yours on {platform} are no longer one person to me.",
        "{name} on {platform} has sent /unlink: that account and this one are no longer one person to me.…",
        "This is this account's own code. Send it to me from your other account, on {platform}.…",
        "This code was used before, and each works once.…",
    ),
    "id": Said(
        "Selesai! Mulai sekarang akun ini dan {name} di {platform} saya anggap satu orang. /lepas membatalkannya.",
        "{name} di {platform} memakai kodemu: mulai sekarang akun itu dan akun ini saya anggap satu orang.…/lepas.",
        "Akun ini sudah tertaut dengan akunmu di {platform}: saya anggap satu orang. /lepas membatalkannya.",
        "Selesai. Akun ini dan akunmu di {platform} tidak lagi saya anggap satu orang.",
        "{name} di {platform} mengirim /lepas: akun itu dan akun ini tidak lagi saya anggap satu orang.…",
        "Ini kode akun ini sendiri. Kirim ke saya dari akunmu yang lain, di {platform}.…",
        "Kode ini sudah pernah dipakai, dan setiap kode hanya berlaku sekali.…",
    ),
}


def newest_code(talk: Conversation, private: str) -> str:
    """The one that was told last in somebody's private chat, such as telegram@Ayu."""
    where = place(talk, private)
    for posted in reversed(talk.stage.world.board.all()):
        if posted.where == where and posted.author.bot and (found := CODE.search(plain_text(posted.message))):
            return found[0]
    raise AssertionError(f"no code was told in {private}")


async def gets_code(talk: Conversation, face: str, name: str) -> str:
    await talk.person(name).writes(face, "/link")
    return newest_code(talk, f"{face}@{name}")


async def links(talk: Conversation, face: str, name: str, other: str) -> str:
    """`name` has a code on one platform, and sends it as `other` on the other one."""
    code = await gets_code(talk, face, name)
    await talk.person(other).writes(OTHER[face], f"/link {code}")
    return code


async def accounts_of(talk: Conversation, face: str, name: str) -> list[Identity]:
    """All accounts of one person, as every feature is told; the named one first."""
    one = Identity(face, account(talk, face, name))
    program = talk.stage.program
    return await program.database.run(lambda unit: unit.store(People).accounts_of(one), talk.clock.now())


async def are_linked(talk: Conversation, face: str, name: str, other: str) -> bool:
    there = Identity(OTHER[face], account(talk, OTHER[face], other))
    return there in await accounts_of(talk, face, name)


def rows(talk: Conversation, table: str) -> list[tuple[object, ...]]:
    """What stands in the database, as somebody reads it who has the file."""
    folder = talk.stage._folder
    assert folder
    with closing(sqlite3.connect(Path(folder.name) / "play.db")) as database:
        return database.execute(f"SELECT * FROM {table}").fetchall()


# ---------------------------------------------------------------- joining and parting


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("face", FACES)
async def test_a_code_joins_two_accounts_and_both_are_told(face: str, language: str) -> None:
    said, other = SAID[language], OTHER[face]
    async with conversation(kopi(language=language)) as talk:
        ayu, ayunda = talk.person("Ayu"), talk.person("Ayunda")
        await ayu.joins(face)
        await ayunda.joins(other)
        await talk.clock.advance(minutes=1)
        code = await links(talk, face, "Ayu", "Ayunda")
        talk.place(f"{other}@Ayunda").shows(said.done.format(name="Ayu", platform=face.capitalize()))
        talk.place(f"{face}@Ayu").shows(said.told.format(name="Ayunda", platform=other.capitalize()))
        talk.place(face).does_not_show()
        talk.place(other).does_not_show()
        assert await are_linked(talk, face, "Ayu", "Ayunda")

        for where, name in ((face, "Ayu"), (other, "Ayunda")):
            await talk.person(name).writes(where, "/link")
            talk.place(f"{where}@{name}").shows(said.linked.format(platform=OTHER[where].capitalize()))
        await ayunda.writes(other, f"/link {code}")
        talk.place(f"{other}@Ayunda").shows(said.used)

        await ayu.writes(face, "/unlink")
        talk.place(f"{face}@Ayu").shows(said.unlinked.format(platform=other.capitalize()))
        talk.place(f"{other}@Ayunda").shows(said.parted.format(name="Ayu", platform=face.capitalize()))
        assert await accounts_of(talk, face, "Ayu") == [Identity(face, account(talk, face, "Ayu"))]
        assert not await are_linked(talk, face, "Ayu", "Ayunda")


@pytest.mark.parametrize("face", FACES)
async def test_accounts_that_were_parted_can_be_joined_anew(face: str) -> None:
    async with conversation(kopi()) as talk:
        await links(talk, face, "Ayu", "Ayunda")
        await talk.person("Ayunda").writes(OTHER[face], "/unlink")
        await links(talk, OTHER[face], "Ayunda", "Ayu")
        assert await are_linked(talk, face, "Ayu", "Ayunda")


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    "change", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code[:2]}–{code[2:]}"]
)
async def test_case_spaces_and_dashes_do_not_matter(face: str, change: object) -> None:
    assert callable(change)
    async with conversation(kopi()) as talk:
        code = await gets_code(talk, face, "Ayu")
        await talk.person("Ayunda").writes(OTHER[face], f"/link {change(code)}")
        assert await are_linked(talk, face, "Ayu", "Ayunda")


async def test_each_is_told_in_their_own_language() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Ayu").writes("telegram", "/language id")
        code = await gets_code(talk, "telegram", "Ayu")
        await talk.person("Ayunda").says("discord", f"/link {code}")
        talk.place("discord").shows("Done!…")
        talk.place("telegram@Ayu").shows(SAID["id"].told.format(name="Ayunda", platform="Discord"))


async def test_a_restart_between_code_and_use_changes_nothing() -> None:
    async with conversation(kopi()) as talk:
        code = await gets_code(talk, "telegram", "Ayu")
        await talk.restarts()
        await talk.person("Ayunda").writes("discord", f"/link {code}")
        talk.place("discord@Ayunda").shows("Done!…")
        await talk.restarts()
        assert await are_linked(talk, "telegram", "Ayu", "Ayunda")


async def test_leaving_a_group_does_not_part_accounts() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Ayu").joins("telegram")
        await links(talk, "telegram", "Ayu", "Ayunda")
        await talk.person("Ayu").leaves("telegram")
        await talk.person("Ayu").is_banned("telegram")
        assert await are_linked(talk, "telegram", "Ayu", "Ayunda")


@pytest.mark.parametrize("face", FACES)
async def test_outside_any_community_it_works_too(face: str) -> None:
    async with conversation(kopi()) as talk:
        await adds_bot(talk, "Rina", f"{face}/new", "New")
        await talk.person("Dewi").starts(face)
        await talk.person("Dewi").says(f"{face}/new", "/unlink")
        talk.place(f"{face}/new" if face == "discord" else "telegram@Dewi").shows("This account isn't linked…")
        await links(talk, face, "Dewi", "Dewi S")
        assert await are_linked(talk, face, "Dewi", "Dewi S")


async def test_where_there_is_one_platform_there_is_nothing_to_link() -> None:
    async with conversation(kopi()) as talk:
        talk.stage.program.chats.pop("discord")  # type: ignore[attr-defined]
        await talk.person("Ayu").writes("telegram", "/link")
        talk.place("telegram@Ayu").shows("I'm on this platform only, so there is nothing to link yet.")


async def test_a_name_can_not_pretend_anything() -> None:
    async with conversation(kopi()) as talk:
        code = await gets_code(talk, "telegram", "*{platform}* `/unlink`")
        await talk.person("Ayunda").writes("discord", f"/link {code}")
        talk.place("discord@Ayunda").shows("Done! This account and *{platform}* `/unlink` on Telegram are one person…")


async def test_who_has_blocked_the_bot_is_not_written_to() -> None:
    async with conversation(kopi()) as talk:
        code = await gets_code(talk, "telegram", "Ayu")
        await act(talk, Blocks(place(talk, "telegram@Ayu"), account(talk, "telegram", "Ayu")))
        await talk.person("Ayunda").writes("discord", f"/link {code}")
        talk.place("discord@Ayunda").shows("Done!…")
        talk.place("telegram@Ayu").does_not_show()
        assert not talk.stage.world.refused
        program = talk.stage.program
        ayu = account(talk, "telegram", "Ayu")
        known = await program.database.run(lambda unit: unit.store(Accounts).get("telegram", ayu), talk.clock.now())
        assert known.reachable is False


# ---------------------------------------------------------------- said in a group


async def test_a_code_is_never_shown_to_others() -> None:
    """Also not in the managers' chat, where other answers are said aloud."""
    async with conversation(kopi()) as talk:
        rina = talk.person("Rina", manager=True)
        for group in ("telegram", "telegram#managers", "discord", "discord#managers"):
            await rina.says(group, "/link")
        board = talk.stage.world.board.all()
        others = account(talk, "telegram", "Budi"), account(talk, "discord", "Budi")
        seen = [plain_text(p.message) for p in board if p.where.group and any(map(p.visible_to, others))]
        assert seen
        assert not [words for words in seen if CODE.search(words)]

        await rina.starts("telegram")
        assert newest_code(talk, "telegram@Rina")


@pytest.mark.parametrize("face", FACES)
async def test_a_code_typed_in_a_group_works_and_the_answer_is_private(face: str) -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Ayunda").starts(face)
        code = await gets_code(talk, OTHER[face], "Ayu")
        await talk.person("Ayunda").says(face, f"/link {code}")
        assert await are_linked(talk, face, "Ayunda", "Ayu")
        budi = account(talk, face, "Budi")
        board = talk.stage.world.board.all()
        told = [p for p in board if p.author.bot and "Done!" in plain_text(p.message)]
        assert [p.where.private or not p.visible_to(budi) for p in told] == [True]


async def test_a_code_that_was_typed_where_others_read_along_is_void_even_if_refused() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Ayu").starts("telegram")
        code = await gets_code(talk, "telegram", "Ayu")
        await talk.person("Ayu").says("telegram", f"/link {code}")
        talk.place("telegram@Ayu").shows("This is this account's own code.…Others could read the code here, so it no…")
        talk.place("telegram").does_not_show()
        await talk.person("Mallory").writes("discord", f"/link {code}")
        talk.place("discord@Mallory").shows("This code no longer works, because others could read it.…")
        assert not await are_linked(talk, "telegram", "Ayu", "Mallory")


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("face", FACES)
async def test_ones_own_code_is_for_the_other_account(face: str, language: str) -> None:
    async with conversation(kopi(language=language)) as talk:
        code = await gets_code(talk, face, "Ayu")
        await talk.person("Ayu").writes(face, f"/link {code}")
        talk.place(f"{face}@Ayu").shows(SAID[language].own.format(platform=OTHER[face].capitalize()))
        await talk.person("Ayunda").writes(OTHER[face], f"/link {code}")  # it still works
        assert await are_linked(talk, face, "Ayu", "Ayunda")


@pytest.mark.parametrize("face", FACES)
async def test_two_accounts_of_one_platform_are_not_linked(face: str) -> None:
    async with conversation(kopi()) as talk:
        code = await gets_code(talk, face, "Ayu")
        await talk.person("Ayu2").writes(face, f"/link {code}")
        here, there = face.capitalize(), OTHER[face].capitalize()
        talk.place(f"{face}@Ayu2").shows(f"This code is from {here} too, and I link one…Send it to me…on {there}.")
        assert len(await accounts_of(talk, face, "Ayu")) == 1


@pytest.mark.parametrize("face", FACES)
async def test_accounts_that_are_linked_need_no_second_code(face: str) -> None:
    async with conversation(kopi()) as talk:
        other = OTHER[face]
        second = await gets_code(talk, other, "Ayunda")
        await links(talk, face, "Ayu", "Ayunda")
        await talk.person("Ayu").writes(face, f"/link {second}")
        talk.place(f"{face}@Ayu").shows("These two accounts are linked already. /unlink undoes it.")
        assert len(await accounts_of(talk, face, "Ayu")) == 2


@pytest.mark.parametrize("face", FACES)
async def test_who_is_linked_with_another_account_parts_from_it_first(face: str) -> None:
    async with conversation(kopi()) as talk:
        other = OTHER[face]
        third = await gets_code(talk, other, "Third")
        await links(talk, face, "Ayu", "Ayunda")
        await talk.person("Ayu").writes(face, f"/link {third}")
        talk.place(f"{face}@Ayu").shows(
            f"This account is linked with another one on {other.capitalize()}…Send /unlink here first, then try again."
        )
        await talk.person("Ayu").writes(face, "/unlink")
        await talk.person("Ayu").writes(face, f"/link {third}")
        assert await are_linked(talk, face, "Ayu", "Third")
        assert not await are_linked(talk, face, "Ayu", "Ayunda")


@pytest.mark.parametrize("face", FACES)
async def test_a_code_of_an_account_that_was_linked_meanwhile_is_refused(face: str) -> None:
    async with conversation(kopi()) as talk:
        other = OTHER[face]
        code = await gets_code(talk, other, "Ayunda")
        await links(talk, face, "Ayu", "Ayunda")
        await talk.person("Mallory").writes(face, f"/link {code}")
        talk.place(f"{face}@Mallory").shows(
            f"The account with this code is linked with another one on {face.capitalize()}…Send /unlink there first…"
        )
        assert len(await accounts_of(talk, other, "Ayunda")) == 2


@pytest.mark.parametrize("face", FACES)
async def test_a_code_expires(face: str) -> None:
    async with conversation(kopi()) as talk:
        code = await gets_code(talk, face, "Ayu")
        await talk.clock.advance(minutes=9, seconds=59)
        assert read_code(code)
        late = await gets_code(talk, face, "Budi")
        await talk.person("Ayunda").writes(OTHER[face], f"/link {code}")
        assert await are_linked(talk, face, "Ayu", "Ayunda")
        await talk.clock.advance(minutes=10)
        await talk.person("Budiman").writes(OTHER[face], f"/link {late}")
        talk.place(f"{OTHER[face]}@Budiman").shows("This code has expired: each works for 10 minutes.…gives a new one.")
        assert not await are_linked(talk, face, "Budi", "Budiman")


async def test_a_code_that_expired_while_the_bot_was_down_is_of_no_use() -> None:
    async with conversation(kopi()) as talk:
        code = await gets_code(talk, "telegram", "Ayu")
        await talk.goes_offline(hours=2)
        await talk.person("Ayunda").writes("discord", f"/link {code}")
        talk.place("discord@Ayunda").shows("This code has expired…")


@pytest.mark.parametrize("face", FACES)
async def test_a_newer_code_takes_the_place_of_the_older(face: str) -> None:
    async with conversation(kopi()) as talk:
        old = await gets_code(talk, face, "Ayu")
        new = await gets_code(talk, face, "Ayu")
        assert old != new
        await talk.person("Ayunda").writes(OTHER[face], f"/link {old}")
        talk.place(f"{OTHER[face]}@Ayunda").shows("There is a newer code in place of this one. Please send the newest.")
        await talk.person("Ayunda").writes(OTHER[face], f"/link {new}")
        assert await are_linked(talk, face, "Ayu", "Ayunda")


@pytest.mark.promise("S4")
async def test_a_code_works_for_one_of_many_at_once() -> None:
    async with conversation(kopi()) as talk:
        code = await gets_code(talk, "telegram", "Ayu")
        for number in range(10):
            await talk.person(f"P{number}").writes("discord", f"/link {code}")
        linked = [number for number in range(10) if await are_linked(talk, "telegram", "Ayu", f"P{number}")]
        assert linked == [0]


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


# ---------------------------------------------------------------- what is kept


async def test_only_the_hash_of_a_code_is_kept_and_whose_it_was_goes_with_it() -> None:
    async with conversation(kopi()) as talk:
        used, late = await gets_code(talk, "telegram", "Ayu"), await gets_code(talk, "telegram", "Budi")
        kept = str([rows(talk, "link_codes"), rows(talk, "outbox"), rows(talk, "jobs")])
        assert "Ayu" in kept
        for code in (used, late):
            assert code not in kept
            assert read_code(code) not in kept

        await talk.person("Ayunda").writes("discord", f"/link {used}")
        assert "'Ayu'" not in str(rows(talk, "link_codes"))
        assert "Budi" in str(rows(talk, "link_codes"))
        await talk.clock.advance(minutes=10)
        left = str(rows(talk, "link_codes"))
        assert len(rows(talk, "link_codes")) == 2
        assert "Budi" not in left
        assert account(talk, "telegram", "Budi") not in left
        await talk.clock.advance(days=2)
        assert rows(talk, "link_codes") == []


async def test_wrong_codes_are_forgotten_after_an_hour() -> None:
    async with conversation(kopi()) as talk:
        await talk.person("Ayu").writes("telegram", "/link AAAA-AAAA")
        assert len(rows(talk, "link_wrong_codes")) == 1
        await talk.clock.advance(hours=1)
        assert rows(talk, "link_wrong_codes") == []
