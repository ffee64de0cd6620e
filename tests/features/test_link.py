"""C3: `/link` joins one person's accounts on both platforms with a one-time code, and `/unlink` undoes it."""

from __future__ import annotations

import pytest

from adapters.playground.acts import Blocks
from adapters.playground.outgoing import plain_text
from bot.core.stores import Accounts, Identity
from bot.features.link.model import read_code
from tests.driver import conversation
from tests.features.linking import (
    CODE,
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
from tests.features.stories import account, act, adds_bot, kopi, place

# ---------------------------------------------------------------- joining and parting


@in_each_language
@on_each_face
async def test_a_code_joins_two_accounts_and_both_are_told(face: str, language: str) -> None:
    said, other = SAID[language], OTHER[face]
    async with conversation(kopi(language=language)) as talk:
        ayu, ayunda = talk.person("Ayu"), talk.person("Ayunda")
        await ayu.joins(face)
        await ayunda.joins(other)
        await talk.clock.advance(minutes=1)
        code = await links(talk, face, "Ayu", "Ayunda")
        hears(talk, other, "Ayunda", said.done, "Ayu")
        hears(talk, face, "Ayu", said.told, "Ayunda")
        talk.place(face).does_not_show()
        talk.place(other).does_not_show()
        assert await are_linked(talk, face, "Ayu", "Ayunda")

        for where, name in ((face, "Ayu"), (other, "Ayunda")):
            await talk.person(name).writes(where, "/link")
            hears(talk, where, name, said.linked)
        await ayunda.writes(other, f"/link {code}")
        hears(talk, other, "Ayunda", said.used)

        await ayu.writes(face, "/unlink")
        hears(talk, face, "Ayu", said.unlinked)
        hears(talk, other, "Ayunda", said.parted, "Ayu")
        assert await accounts_of(talk, face, "Ayu") == [Identity(face, account(talk, face, "Ayu"))]
        assert not await are_linked(talk, face, "Ayu", "Ayunda")


@on_each_face
async def test_accounts_that_were_parted_can_be_joined_anew(face: str) -> None:
    async with conversation(kopi()) as talk:
        await links(talk, face, "Ayu", "Ayunda")
        await talk.person("Ayunda").writes(OTHER[face], "/unlink")
        await links(talk, OTHER[face], "Ayunda", "Ayu")
        assert await are_linked(talk, face, "Ayu", "Ayunda")


@on_each_face
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
        hears(talk, "telegram", "Ayu", SAID["id"].told, "Ayunda")


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


@on_each_face
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


@on_each_face
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
