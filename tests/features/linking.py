"""What tests of `/link` share: the words to be heard, getting a code and sending it, what the database holds."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.playground.outgoing import plain_text
from bot.core.stores import Identity, People
from bot.features.link.model import ALPHABET
from tests.driver import Conversation
from tests.features.stories import account, place

OTHER = {"telegram": "discord", "discord": "telegram"}
CODE = re.compile(rf"\b[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}\b")

on_each_face = pytest.mark.parametrize("face", ["telegram", "discord"])
in_each_language = pytest.mark.parametrize("language", ["en", "id"])


@dataclass(frozen=True)
class Said:
    """What is said, as patterns in which {name} and {platform} are those of the other side."""

    done: str
    told: str
    linked: str
    unlinked: str
    parted: str
    own: str
    used: str
    same_platform: str
    already: str
    taken_here: str
    taken_there: str
    expired: str
    newer: str
    shown: str
    read_along: str
    too_many: str


SAID = {
    "en": Said(
        "Done! This account and {name} on {platform} are one person to me from now on. /unlink undoes it.",
        "{name} on {platform} has used your code: that account and this one are one person to me…/unlink.",
        "This account is linked with yours on {platform}: to me they're one person. /unlink undoes it.",
        "Done. This account and yours on {platform} are no longer one person to me.",
        "{name} on {platform} has sent /unlink: that account and this one are no longer one person to me.…",
        "This is this account's own code. Send it to me from your other account, on {platform}.…",
        "This code was used before, and each works once.…",
        "This code is from {here} too, and I link one account on each platform. Send it to me…on {platform}.",
        "These two accounts are linked already. /unlink undoes it.",
        "This account is linked with another one on {platform}…Send /unlink here first, then try again.",
        "The account with this code is linked with another one on {here}…Send /unlink there first, then try again.",
        "This code has expired: each works for 10 minutes. /link on your other account gives a new one.",
        "There is a newer code in place of this one. Please send the newest.",
        "This code no longer works, because others could read it. /link gives you a new one.",
        "Others could read the code here, so it no longer works. /link gives you a new one.",
        "Those were too many wrong codes…Please try again in an hour.",
    ),
    "id": Said(
        "Selesai! Mulai sekarang akun ini dan {name} di {platform} saya anggap satu orang. /lepas membatalkannya.",
        "{name} di {platform} memakai kodemu: mulai sekarang akun itu dan akun ini saya anggap satu orang.…/lepas.",
        "Akun ini sudah tertaut dengan akunmu di {platform}: saya anggap satu orang. /lepas membatalkannya.",
        "Selesai. Akun ini dan akunmu di {platform} tidak lagi saya anggap satu orang.",
        "{name} di {platform} mengirim /lepas: akun itu dan akun ini tidak lagi saya anggap satu orang.…",
        "Ini kode akun ini sendiri. Kirim ke saya dari akunmu yang lain, di {platform}.…",
        "Kode ini sudah pernah dipakai, dan setiap kode hanya berlaku sekali.…",
        "Kode ini juga dari {here}, padahal saya menautkan satu akun di setiap platform. Kirim…di {platform}.",
        "Kedua akun ini sudah tertaut. /lepas membatalkannya.",
        "Akun ini tertaut dengan akun lain di {platform}…Kirim /lepas di sini dulu, lalu coba lagi.",
        "Akun pemilik kode ini tertaut dengan akun lain di {here}…Kirim /lepas di sana dulu, lalu coba lagi.",
        "Kode ini sudah kedaluwarsa: setiap kode berlaku 10 menit. /tautan di akunmu yang lain memberi yang baru.",
        "Kode ini sudah diganti dengan yang lebih baru. Kirim yang terbaru, ya.",
        "Kode ini tidak berlaku lagi karena sempat bisa dibaca orang lain. /tautan memberimu yang baru.",
        "Di sini kodenya bisa dibaca orang lain, jadi tidak berlaku lagi. /tautan memberimu yang baru.",
        "Sudah terlalu banyak kode yang salah…Coba lagi satu jam lagi, ya.",
    ),
}


def hears(talk: Conversation, face: str, who: str, pattern: str, name: str = "") -> None:
    """In the private chat on that face."""
    other = OTHER[face].capitalize()
    talk.place(f"{face}@{who}").shows(pattern.format(name=name, platform=other, here=face.capitalize()))


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
