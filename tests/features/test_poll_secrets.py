"""What a secret poll keeps to itself: in the database, the logs, and all that is said."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.playground.outgoing import plain_text
from bot.core.chat import Outgoing
from bot.features.polls.model import Ballots
from bot.play import main
from tests.driver import Conversation, conversation
from tests.features.polling import FACES, asks, in_each_language, poll
from tests.features.stories import kopi


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
