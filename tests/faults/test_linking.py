"""Accounts on both platforms become one person's, spoken to as real clients speak; the program is killed meanwhile."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.faults.processes import Forks
from tests.faults.town import Town, eventually, found_town

CODE = re.compile(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b")


def code_in(words: str) -> str:
    found = CODE.search(words)
    assert found, words
    return found[0]


async def test_one_round_over_both_platforms(tmp_path: Path, forks: Forks) -> None:
    """Code on Telegram, kill -9, used in a Discord server, undone in Discord's private chat."""
    async with found_town(tmp_path, forks) as town:
        run = await town.guyub()
        ayu, dewi = await town.telegram.person("Ayu"), await town.discord.person("Dewi")
        general = town.discord.guild["general"]
        await town.discord.joins("Dewi")
        await ayu.starts()
        await ayu.says("/tautan")
        code = code_in((await ayu.hears("Kirim ini ke saya di Discord…"))["text"])
        assert not any(read in town.log() for read in (code, code.replace("-", "")))

        await run.killed()
        await town.guyub()
        answer = await (await dewi.slash(general, "link", code=f" {code.lower()} ")).answer()
        assert "Mulai sekarang akun ini dan **Ayu** di Telegram saya anggap satu orang" in answer.text
        assert answer.ephemeral
        await ayu.hears("Dewi di Discord memakai kodemu…")

        again = await (await dewi.slash(general, "link", code=code)).answer()
        assert "sudah pernah dipakai" in again.text
        await ayu.says("/link")
        await ayu.hears("Akun ini sudah tertaut dengan akunmu di Discord…")

        private = await dewi.dm()
        parted = await (await dewi.slash(private, "unlink")).answer()
        assert "akunmu di **Telegram** tidak lagi saya anggap satu orang" in parted.text
        await ayu.hears("Dewi di Discord mengirim /lepas…")
        await ayu.says("/lepas")
        await ayu.hears("Akun ini tidak tertaut…")
        assert town.rows("SELECT * FROM links") == []


async def test_the_other_way_round_a_code_typed_in_a_telegram_group_is_answered_in_private(
    tmp_path: Path, forks: Forks
) -> None:
    async with found_town(tmp_path, forks) as town:
        await town.guyub()
        await town.discord.world.eventually(town.discord.world.commands, within=20)
        ayu, dewi = await town.telegram.person("Ayu"), await town.discord.person("Dewi")
        await town.discord.joins("Dewi")
        answer = await (await dewi.slash(town.discord.guild["general"], "link")).answer()
        assert answer.ephemeral
        await ayu.says(f"/link {code_in(answer.text)}", town.telegram.group)
        await town.telegram.group.hears("Jawabannya hanya untukmu.…")
        assert len(town.rows("SELECT * FROM links")) == 2
        await ayu.starts()
        await ayu.hears("Selesai!…Dewi di Discord…")
        private = await dewi.dm()
        told = await eventually(lambda: private.messages(by_bot=True))
        assert "**Ayu** di Telegram memakai kodemu" in told[0].text
        assert not [said for said in await town.telegram.said() if "Dewi" in said.text or CODE.search(said.text)]


@pytest.mark.promise("S6")
async def test_nobody_without_an_account_of_their_own_is_linked(tmp_path: Path, forks: Forks) -> None:
    """A channel, a bot, an administrator who hides behind the group: none gets a code, none can use one."""
    async with found_town(tmp_path, forks) as town:
        await town.guyub()
        await town.discord.world.eventually(town.discord.world.commands, within=20)
        dewi, group = await town.discord.person("Dewi"), town.telegram.group
        await town.discord.joins("Dewi")
        code = code_in((await (await dewi.slash(town.discord.guild["general"], "link")).answer()).text)
        news = await town.telegram.world.add_group("News", kind="channel")
        robot = await town.telegram.world.person("Robot", is_bot=True)
        await robot.joins(group)
        for words in ("/link", f"/link {code}", "/unlink"):
            await group.says(words, "channel", news)
            await group.says(words, "linked", news)
            await group.says(words, "anonymous")
            await robot.says(words, group)
        await group.hears("Kamu menulis atas nama grup…", count=3)
        await _settled(town)
        assert town.rows("SELECT * FROM links") == []
        assert len(town.rows("SELECT * FROM link_codes")) == 1
        assert not [said for said in await town.telegram.said() if "grup" not in said.text]


async def _settled(town: Town) -> None:
    """All that was said has been heard: the answer to somebody who speaks after it is there."""
    budi = await town.telegram.person("Budi")
    await budi.starts()
    await budi.says("/unlink")
    await budi.hears("Akun ini tidak tertaut…")
