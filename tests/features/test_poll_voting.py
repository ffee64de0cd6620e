"""Voting as people live it: one ballot over linked accounts, presses that aren't right, bars, what a secret keeps."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from adapters.playground.acts import Presses
from adapters.playground.history import Kind, Posted
from adapters.playground.limits import CAPABILITIES
from adapters.playground.outgoing import plain_text
from bot.core.chat import Outgoing
from bot.core.unit import Unit
from bot.features.polls.model import Ballots, Poll, Polls
from bot.play import main
from tests.driver import Conversation, conversation
from tests.features.stories import account, act, kopi, newest, place, presses_again

FACES = ("telegram", "discord")
OTHER = {"telegram": "discord", "discord": "telegram"}
in_each_language = pytest.mark.parametrize("language", ["en", "id"])
on_each_face = pytest.mark.parametrize("face", FACES)
kept_or_not = pytest.mark.parametrize("flags", ["", "--secret"], ids=["visible", "secret"])


async def asks(talk: Conversation, flags: str = "", question: str = "Where?", face: str = "telegram") -> None:
    command = f'/poll new "{question}" Senopati | Kemang --closes 1h {flags}'
    await talk.person("Rina", manager=True).says(face, command)


async def poll(talk: Conversation, number: int = 1) -> Poll:
    def find(unit: Unit) -> Poll | None:
        return unit.store(Polls).numbered(talk.stage.scene.community.slug, number)

    found = await talk.stage.program.database.run(find, talk.clock.now())
    assert found
    return found


async def counts(talk: Conversation, number: int = 1) -> tuple[tuple[int, ...], dict[str, int]]:
    """As it is told at the close."""
    await talk.person("Rina", manager=True).says("discord", f"/poll close {number}")
    await talk.clock.advance(seconds=1)
    outcome = (await poll(talk, number)).outcome
    assert outcome
    return outcome.counts, dict(outcome.by_platform)


# ---------------------------------------------------------------- one ballot over linked accounts


@pytest.mark.promise("S7")
@kept_or_not
@on_each_face
async def test_linked_accounts_have_one_ballot(face: str, flags: str) -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await ayu.links()
        await asks(talk, flags)
        await ayu.votes(face, "Senopati")
        await ayu.votes(OTHER[face], "Kemang")
        await talk.clock.advance(minutes=1)
        talk.place(face).shows("…Kemang ▰▰▰▰▰▰▰▰▰▰ 1 · 100%…1 vote…")
        await ayu.votes(face, "Senopati")
        assert await counts(talk) == ((1, 0), {face: 1})


@pytest.mark.promise("S7")
@in_each_language
@kept_or_not
async def test_what_one_account_chose_the_other_may_take_back(flags: str, language: str) -> None:
    async with conversation(kopi(language)) as talk:
        ayu = talk.person("Ayu")
        await ayu.links()
        await asks(talk, flags)
        await ayu.votes("discord", "Kemang")
        await ayu.takes_back_the_vote("telegram")
        talk.place("telegram").shows({"en": "Your vote is taken back.…", "id": "Suaramu ditarik.…"}[language])
        await ayu.takes_back_the_vote("discord")
        talk.place("discord").shows({"en": "You haven't voted…", "id": "Kamu belum memilih…"}[language])
        assert await counts(talk) == ((0, 0), {})


@pytest.mark.promise("S7")
@kept_or_not
async def test_of_two_that_were_cast_before_linking_the_later_counts(flags: str) -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await asks(talk, flags)
        await ayu.votes("telegram", "Senopati")
        await ayu.votes("discord", "Kemang")
        await ayu.links()
        await talk.person("Budi").votes("telegram", "Kemang")
        await talk.clock.advance(minutes=1)
        talk.place("telegram").shows(
            "…Senopati ▱▱▱▱▱▱▱▱▱▱ 0 · 0% Kemang ▰▰▰▰▰▰▰▰▰▰ 2 · 100% 2 votes · Discord 1, Telegram 1…"
        )
        assert await counts(talk) == ((0, 2), {"discord": 1, "telegram": 1})


@pytest.mark.promise("S7")
@kept_or_not
async def test_accounts_that_part_are_two_people_again(flags: str) -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await ayu.links()
        await asks(talk, flags)
        await ayu.votes("telegram", "Senopati")
        await ayu.votes("discord", "Kemang")
        await ayu.writes("telegram", "/unlink")
        await ayu.votes("telegram", "Senopati")
        assert await counts(talk) == ((1, 1), {"telegram": 1, "discord": 1})


@pytest.mark.promise("S7")
async def test_a_final_vote_is_final_for_the_other_account_too() -> None:
    async with conversation() as talk:
        ayu = talk.person("Ayu")
        await ayu.links()
        await asks(talk, "--revote no")
        await ayu.votes("telegram", "Senopati")
        await ayu.votes("discord", "Kemang")
        talk.place("discord").shows("You have voted already, and a vote is final in this poll.")
        assert await counts(talk) == ((1, 0), {"telegram": 1})


@pytest.mark.promise("S7")
async def test_who_leaves_with_one_account_is_there_with_the_other() -> None:
    async with conversation() as talk:
        ayu, budi = talk.person("Ayu"), talk.person("Budi")
        for person in (ayu, budi):
            await person.links()
            await person.says("discord", "halo")
            await person.joins("discord")
        await asks(talk)
        await ayu.votes("telegram", "Senopati")
        await budi.votes("telegram", "Kemang")
        await ayu.leaves("telegram")
        await budi.leaves("telegram")
        await budi.leaves("discord")
        assert await counts(talk) == ((1, 0), {"telegram": 1})
        talk.place("telegram").shows("…1 vote doesn't count: they left.")


# ---------------------------------------------------------------- presses that aren't right


@pytest.mark.promise("S4")
@in_each_language
async def test_forged_and_foreign_presses_have_no_effect_and_a_kind_answer(language: str) -> None:
    gone = {"en": "This button no longer works.", "id": "Tombol ini sudah tidak berlaku."}[language]
    async with conversation(kopi(language)) as talk:
        await asks(talk)
        posted, token = newest(talk, "Kemang")
        where, budi = posted.where, account(talk, posted.where.platform, "Budi")
        await act(talk, Presses(where, budi, posted.id, token[:-1] + ("x" if token[-1] != "x" else "y")))
        assert said_to(talk, budi) == [gone]
        elsewhere = place(talk, OTHER[where.platform])
        await act(talk, Presses(elsewhere, account(talk, elsewhere.platform, "Budi"), posted.id, token))
        assert said_to(talk, account(talk, elsewhere.platform, "Budi")) == [gone]
        assert await counts(talk) == ((0, 0), {})


@pytest.mark.promise("S4")
@in_each_language
@on_each_face
async def test_a_late_press_is_told_when_it_closed(face: str, language: str) -> None:
    shown = {
        "en": "This poll closed today 03:00 UTC. /poll results 1 shows how it ended.",
        "id": "Poling ini sudah ditutup hari ini 03.00 UTC. Lihat hasilnya dengan /poling hasil 1.",
    }
    config = kopi(language).replace(f'language = "{language}"\n[[', f'language = "{language}"\ntimezone = "UTC"\n[[')
    async with conversation(config) as talk:
        await asks(talk, face=OTHER[face])
        posted, token = button(talk, face, "Kemang")
        await talk.clock.advance(hours=1)
        await presses_again(talk, "Budi", posted, token)
        assert said_to(talk, account(talk, face, "Budi")) == [shown[language]]
        assert (await poll(talk)).votes_cast == 0


@pytest.mark.promise("S4")
async def test_what_was_called_off_takes_no_votes_until_it_goes_on() -> None:
    async with conversation() as talk:
        rina = talk.person("Rina", manager=True)
        await asks(talk)
        posted, token = button(talk, "discord", "Kemang")
        await rina.says("discord", "/poll cancel")
        await presses_again(talk, "Budi", posted, token)
        assert said_to(talk, account(talk, "discord", "Budi")) == ["This poll was called off."]
        await rina.presses("discord", "Undo")
        await talk.person("Budi").votes("discord", "Kemang")
        assert await counts(talk) == ((0, 1), {"discord": 1})


@pytest.mark.promise("S4")
async def test_buttons_of_a_text_that_was_mended_ask_to_choose_again() -> None:
    async with conversation() as talk:
        await asks(talk)
        posted, token = button(talk, "telegram", "Kemang")
        await talk.person("Rina", manager=True).says("telegram", '/poll fix 1 "Where?" Kemang | Blok M')
        await presses_again(talk, "Budi", posted, token)
        said = said_to(talk, account(talk, "telegram", "Budi"))
        assert said == ["This poll has just been changed. Please choose once more."]
        assert (await poll(talk)).votes_cast == 0


@pytest.mark.promise("S4")
@kept_or_not
async def test_whoever_left_or_never_came_can_not_vote_by_writing(flags: str) -> None:
    async with conversation() as talk:
        ayu, budi = talk.person("Ayu"), talk.person("Budi")
        await asks(talk, flags)
        await ayu.joins("telegram")
        await ayu.leaves("telegram")
        for person in (ayu, budi):
            await person.starts("telegram")
            await person.writes("telegram", "/vote 1")
        assert (await poll(talk)).votes_cast == 0


def button(talk: Conversation, face: str, label: str) -> tuple[Posted, str]:
    """The newest of that face."""
    for posted in reversed(talk.stage.world.board.all()):
        for each in (each for row in posted.message.buttons for each in row):
            if posted.where.platform == face and each.label == label:
                return posted, each.token
    raise AssertionError(f"nothing on {face} offers {label}")


def said_to(talk: Conversation, account: str) -> list[str]:
    return [plain_text(posted.message) for posted in talk.stage.world.board.all() if posted.only == account]


# ---------------------------------------------------------------- live bars


def edits(talk: Conversation, face: str) -> list[tuple[datetime, str]]:
    """When a poll was edited in the group, and into what."""
    group = place(talk, face).group
    return [
        (change.at, plain_text(change.message.message))
        for change in talk.stage.world.since(0)
        if change.kind is Kind.EDITED and change.message and change.where.group == group
    ]


def assert_paced(talk: Conversation, face: str) -> None:
    times = [at for at, words in edits(talk, face) if "open until" in words]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= CAPABILITIES[face].edit_gap


async def test_bars_of_all_polls_in_a_group_share_its_pace_and_end_true() -> None:
    async with conversation() as talk:
        for question in ("One?", "Two?", "Three?"):
            await asks(talk, question=question)
        for n in range(40):
            await talk.person(f"Voter {n}").says(FACES[n % 2], f"/vote {n % 2 + 1} --poll {n % 3 + 1}")
            await talk.clock.advance(milliseconds=700)
        await talk.clock.advance(seconds=20)
        for face in FACES:
            assert_paced(talk, face)
            last = {words.split("?")[0]: re.findall(r"(\d+) · \d+%", words) for _, words in edits(talk, face)}
            assert last == {"📊 One": ["7", "7"], "📊 Two": ["6", "7"], "📊 Three": ["7", "6"]}
        before = {face: len(edits(talk, face)) for face in FACES}
        await talk.clock.advance(minutes=30)
        assert {face: len(edits(talk, face)) for face in FACES} == before


async def test_bars_of_a_secret_poll_wait_also_while_another_is_voted_in() -> None:
    async with conversation() as talk:
        await asks(talk, "--secret", "Secret?")
        await asks(talk, question="Visible?")
        await talk.clock.advance(minutes=1)
        voted_at = talk.clock.now()
        await talk.person("Ayu").says("discord", "/vote 1 --poll 1")
        for n in range(10):
            await talk.clock.advance(seconds=1)
            await talk.person(f"Voter {n}").says("discord", "/vote 1 --poll 2")
        await talk.clock.advance(seconds=30)
        for face in FACES:
            assert_paced(talk, face)
            first = {words.split("?")[0]: at for at, words in reversed(edits(talk, face))}
            assert timedelta(seconds=15) <= first["📊 Secret"] - voted_at <= timedelta(seconds=21)
            assert first["📊 Visible"] - voted_at <= timedelta(seconds=2)


async def test_bars_come_up_to_date_after_a_restart_in_between() -> None:
    async with conversation() as talk:
        await asks(talk)
        for name in ("Ayu", "Budi"):
            await talk.person(name).votes("telegram", "Kemang")
        await talk.restarts()
        await talk.clock.advance(seconds=10)
        for face in FACES:
            assert "Kemang ▰▰▰▰▰▰▰▰▰▰ 2 · 100%" in edits(talk, face)[-1][1]


# ---------------------------------------------------------------- what a secret keeps


class Snoop:
    """Whoever may look into everything that is written or said, whenever something is about to be sent."""

    def __init__(self, talk: Conversation, voters: Iterable[str]) -> None:
        self._talk = talk
        people = [talk.stage.world.people.named(face, name) for face in FACES for name in voters]
        self._whose = re.compile("|".join(rf"\b{re.escape(word)}\b" for p in people for word in (p.id, p.name)))
        self.caught: set[str] = set()
        for chat in talk.stage.chats.values():
            chat.perform = self._looking(chat.perform)  # type: ignore[method-assign]

    def _looking(self, perform: Any) -> Any:
        async def looks_first(outgoing: Outgoing) -> str:
            self.look()
            return str(await perform(outgoing))

        return looks_first

    def look(self) -> None:
        for table, row in self._rows():
            if self.tells(row):
                self.caught.add(table)

    def tells(self, words: str) -> bool:
        """Whether somebody's name or id stands next to what may be their choice."""
        return bool(self._whose.search(words) and self._choice().search(words))

    def _choice(self) -> re.Pattern[str]:
        """An option's words, its button's token, or its number as ballots and buttons have it."""
        buttons = [b for p in self._talk.stage.world.board.all() for row in p.message.buttons for b in row]
        tokens = [button.token for button in buttons if button.label in ("Senopati", "Kemang")]
        return re.compile("|".join(["Senopati", "Kemang", r"\[[01]\]", r'"option": ?[01]', *map(re.escape, tokens)]))

    def _rows(self) -> list[tuple[str, str]]:
        folder = self._talk.stage._folder
        assert folder
        with closing(sqlite3.connect(Path(folder.name) / "play.db")) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return [(name, repr(row)) for name in tables for row in database.execute(f"SELECT * FROM {name}")]


VOTERS = [f"Warga{n:02}" for n in range(20)]


async def twenty_vote(talk: Conversation, flags: str, until_closed: bool = True) -> Snoop:
    """By buttons and by writing, in the groups and in private; some change their mind, some too often."""
    snoop = Snoop(talk, VOTERS)
    await asks(talk, flags)
    for n, name in enumerate(VOTERS):
        voter, face = talk.person(name), FACES[n % 2]
        await voter.joins(face)
        await voter.votes(face, ("Senopati", "Kemang")[n % 3 % 2])
        if n % 4 == 1:
            await voter.starts(face)
            await voter.writes(face, f"/vote {n % 2 + 1}")
        if n % 5 == 2:
            await voter.takes_back_the_vote(face)
            await voter.votes(face, "Kemang")
        if n % 7 == 3:
            await voter.says(face, "/vote")
        snoop.look()
        await talk.clock.advance(seconds=3)
    await talk.clock.advance(minutes=10)
    snoop.look()
    if until_closed:
        await talk.clock.advance(hours=2)
        snoop.look()
    return snoop


@pytest.mark.promise("S7")
async def test_nobodys_secret_choice_is_written_or_said_next_to_their_name(caplog: pytest.LogCaptureFixture) -> None:
    async with conversation() as talk:
        with caplog.at_level(logging.DEBUG):
            snoop = await twenty_vote(talk, "--secret")
        assert snoop.caught == set()
        assert [line for line in caplog.messages if snoop.tells(line)] == []
        told = [posted for posted in talk.stage.world.board.all() if posted.author.bot]
        assert [plain_text(posted.message) for posted in told if snoop.tells(plain_text(posted.message))] == []
        alone = [plain_text(posted.message) for posted in told if posted.only or posted.where.private]
        assert [words for words in alone if re.search("Senopati|Kemang", words)] == []
        assert sum((await poll(talk)).outcome.by_platform.values()) == 20  # type: ignore[union-attr]
        found = await talk.stage.program.database.run(lambda u: u.store(Ballots).of(1, True), talk.clock.now())
        assert found == []  # nothing is left of them


async def test_the_search_finds_what_is_visible() -> None:
    async with conversation() as talk:
        snoop = await twenty_vote(talk, "", until_closed=False)
        assert snoop.caught >= {"poll_ballots"}
        assert snoop.tells("'2351317993' [0] Warga03")
        assert any(snoop.tells(row) for table, row in snoop._rows() if table == "poll_ballots")


@in_each_language
def test_no_post_of_a_played_script_tells_who_chose_what_in_secret(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chat, config = tmp_path / "secret.chat", tmp_path / "community.toml"
    config.write_text(kopi(language), encoding="utf-8")
    votes = "".join(f"{FACES[n % 2]}> {name} votes {('Senopati', 'Kemang')[n % 2]}\n" for n, name in enumerate(VOTERS))
    begin = (
        '2026-01-05 09:00 UTC\ntelegram> Rina (manager): /poll new "Where?" Senopati | Kemang --secret --closes 1h\n'
    )
    chat.write_text(f"{begin}{votes}+1h\ntelegram> Rina (manager): /poll results 1\n", encoding="utf-8")
    assert main(chat, config, as_json=True) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    posts = [json.dumps(line) for line in lines if "post" in line]
    assert len(posts) > 20
    assert [post for post in posts if "Warga" in post and re.search("Senopati|Kemang", post)] == []
