"""A crowd votes with real clients: all are answered and counted once, within the platforms' limits, and kept secret."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.faults.crowd import QUESTION, Plan, Seen, play_crowd, play_own_poll
from tests.faults.processes import Forks
from tests.faults.sides import Side
from tests.faults.town import Town, eventually, found_town
from tests.faults.voting import OPTIONS, QUIET, Told, close, post_of, put_up, result_of

SMALL = Plan(people=120, seconds=5, changing=30, leaving=10, pairs=4)  # `make faults` plays it with the whole crowd
SECRET = Plan(people=50, seconds=3, changing=10, leaving=4, pairs=2, secret=True)
NEAR = 48
"""Bytes of a file in which an option beside a voter's id would tell of a vote."""


def is_right(seen: Seen) -> None:
    assert seen.results == {"telegram": seen.truth, "discord": seen.truth}
    assert seen.refused == {"telegram": 0, "discord": 0}
    assert seen.unkind == []
    for platform, waits in seen.waits.items():
        assert None not in waits, platform
        assert seen.wait(platform, 0.99) < 1.0, platform


@pytest.mark.promise("S7")
async def test_hundreds_vote_on_both_platforms_at_the_same_time(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, welcome=QUIET) as town:
        seen = await play_crowd(town, SMALL)
        is_right(seen)
        assert seen.edits["telegram"] <= 2 + seen.seconds / 5 + 3
        assert seen.edits["discord"] <= 2 + seen.seconds / 2 + 3


async def test_of_a_secret_poll_nothing_that_is_stored_tells_who_chose_what(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, welcome=QUIET) as town:

        async def look(voters: Sequence[str]) -> None:
            assert told_by_rows(town, voters) == []
            assert told_by_files(town, voters) == []

        seen = await play_crowd(town, SECRET, look)
        is_right(seen)
        assert town.rows("SELECT * FROM poll_ballots") == []
        assert len(town.rows("SELECT * FROM secret_ballots")) >= 2 * SECRET.people - SECRET.pairs - SECRET.leaving


def told_by_rows(town: Town, voters: Sequence[str]) -> list[str]:
    """Rows that name a voter and an option: by words, number, or the button of it."""
    anybody = re.compile(rf"\b(?:{'|'.join(voters)})\b")
    option = re.compile("|".join(OPTIONS) + r'|"option"')
    tables = [name for (name,) in town.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert {"secret_ballots", "poll_ballots", "outbox", "buttons"} <= set(tables)
    rows = [str(row) for table in tables for row in town.rows(f"SELECT * FROM {table}")]
    return [row for row in rows if anybody.search(row) and option.search(row)]


def told_by_files(town: Town, voters: Sequence[str]) -> list[bytes]:
    """Places in the database, its write-ahead log and the program's log where both are near each other."""
    anybody = re.compile(rf"(?<!\d)(?:{'|'.join(voters)})(?!\d)".encode())
    option = re.compile("|".join(OPTIONS).encode())
    found: list[bytes] = []
    files = [*(town.folder / "data").iterdir(), town.folder / "guyub.log"]
    assert {"guyub.db", "guyub.db-wal"} <= {file.name for file in files}
    for file in files:
        content = file.read_bytes()
        assert b"Pilihanmu: " not in content
        for word in option.finditer(content):
            around = content[max(0, word.start() - NEAR) : word.end() + NEAR]
            found += [around] if anybody.search(around) else []
    return found


@pytest.mark.parametrize("platform", ["telegram", "discord"])
async def test_a_crowd_in_the_platforms_own_poll(tmp_path: Path, forks: Forks, platform: str) -> None:
    polls = "count_leavers = true\n"
    async with found_town(tmp_path, forks, platform, welcome=QUIET, polls=polls) as town:
        truth = await play_own_poll(town, people=500, changing=100, seconds=2)
        assert sum(truth.counts) == 500

        async def all_are_noted() -> bool:
            rows = town.rows("SELECT options FROM poll_ballots")
            noted = Counter(rows)
            return tuple(noted[(f"[{number}]",)] for number in range(len(OPTIONS))) == truth.counts

        await eventually(all_are_noted, within=20)
        await close(town, QUESTION)
        assert await result_of(town.sides[platform], QUESTION) == truth


@pytest.mark.promise("S7")
async def test_a_hundred_presses_at_once_by_one_person_with_two_accounts(tmp_path: Path, forks: Forks) -> None:
    async with found_town(tmp_path, forks, welcome=QUIET) as town:
        ayu, dewi = await town.telegram.person("Ayu"), await town.discord.person("Dewi")
        await dewi.joins(town.discord.guild)
        await town.guyub()
        general = town.discord.guild["general"]
        await put_up(town, QUESTION)
        code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", (await (await dewi.slash(general, "link")).answer()).text)
        assert code
        await ayu.starts()
        await ayu.says(f"/link {code[0]}")
        await ayu.hears("Selesai!…")
        chosen = [OPTIONS[number % 3] for number in range(50)]
        _, acts = await asyncio.gather(
            town.telegram.group.presses([(ayu.id, option) for option in chosen]),
            general.crowd_presses([(dewi, option) for option in chosen]),
        )
        for act in acts:
            assert (await act.answer(within=20)).state == "answered"
        await eventually(lambda: _all_answered(town), within=20)
        assert len(town.rows("SELECT * FROM poll_ballots")) == 1
        for side in town.sides.values():
            await eventually(partial(_counts_one, side), within=20)
        await close(town, QUESTION)
        told = await result_of(town.telegram, QUESTION)
        assert sum(told.counts) == 1
        assert await result_of(town.discord, QUESTION) == told


async def _all_answered(town: Town) -> bool:
    presses = await town.telegram.world.ask("queries")
    return len(presses) == 50 and all(press["answer"] for press in presses)


async def _counts_one(side: Side) -> bool:
    post = await post_of(side, QUESTION)
    return post is not None and sum(Told.of(post.text).counts) == 1
