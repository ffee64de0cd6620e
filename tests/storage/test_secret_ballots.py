"""A secret ballot can be read by the running program and by nobody who finds its files."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.stores import State
from bot.core.unit import StorageUnavailable, Unit
from bot.features.polls.model import Ballot, Ballots
from storage.database import SqlDatabase
from storage.sqlite import sqlite_engine
from tests.storage.sayings import NOW

AT = NOW + timedelta(microseconds=123_456)
NAMES = ["Zulaikha Ω", "Budi " * 200, ""]
CHOICES = [(), (0,), (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)]


def ballot(n: int, options: tuple[int, ...] = (0, 3, 5, 7), name: str = "Zulaikha", order: int | None = None) -> Ballot:
    account = str(1_234_567_890_000 + n)
    return Ballot("aether", "-1009876543210", account, name, options, AT, n if order is None else order)


def cast(*ballots: Ballot, poll: int = 1) -> Callable[[Unit], None]:
    def work(unit: Unit) -> None:
        for each in ballots:
            unit.store(Ballots).cast(poll, True, each)

    return work


def database(file: Path) -> SqlDatabase:
    return SqlDatabase(f"sqlite:///{file}", durable=False)


def key_of(file: Path) -> Path:
    return file.with_name(f"ballots-{file.name}.key")


async def run(file: Path, *works: Callable[[Unit], None]) -> list[Ballot]:
    """What is in poll 1 after the works, each in a transaction of its own, of one program's run."""
    async with database(file) as opened:
        for work in works:
            await opened.run(work, NOW)
        return await opened.run(lambda unit: unit.store(Ballots).of(1, True), NOW)


def rows(file: Path) -> list[tuple[int, bytes, bytes]]:
    with sqlite_engine(file, durable=False, patience=1).connect() as connection:
        found = connection.execute(text("SELECT poll, pseudonym, sealed FROM secret_ballots")).all()
    return [(poll, bytes(pseudonym), bytes(sealed)) for poll, pseudonym, sealed in found]


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def traces(of: Iterable[Ballot]) -> set[bytes]:
    found: set[bytes] = set()
    for each in of:
        at = int(each.at.timestamp() * 1_000_000)
        found |= {each.account.encode(), each.group.encode(), each.name.encode(), str(at).encode(), at.to_bytes(8)}
        found |= {int(each.account).to_bytes(8), str(list(each.options)).encode(), b"[0,3,5,7]", b"0,3,5"}
    return found - {b""}


async def test_no_file_shows_who_voted_when_or_for_what(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    file = folder / "guyub.db"
    many = [ballot(n) for n in range(300)]
    async with database(file) as opened:
        for each in many:
            await opened.run(cast(each), NOW)
        assert {path.name for path in folder.iterdir()} >= {"guyub.db-wal", "ballots-guyub.db.key"}
        while_open = everything_in(folder)
        assert len(await opened.run(lambda unit: unit.store(Ballots).of(1, True), NOW)) == 300
    for seen in (while_open, everything_in(folder)):
        assert len(seen) > 300 * 256
        assert [trace for trace in traces(many) if trace in seen] == []


async def test_the_search_would_find_a_visible_ballot(tmp_path: Path) -> None:
    file = tmp_path / "data" / "guyub.db"
    async with database(file) as opened:
        await opened.run(lambda unit: unit.store(Ballots).cast(1, False, ballot(0)), NOW)
        seen = everything_in(file.parent)
    assert {b"1234567890000", b"Zulaikha", b"-1009876543210", b"[0,3,5,7]"} <= {
        trace for trace in traces([ballot(0)]) if trace in seen
    }


async def test_all_ballots_are_equally_long_whatever_is_in_them(file: Path) -> None:
    votes = [ballot(n * 10 + m, options, name) for n, options in enumerate(CHOICES) for m, name in enumerate(NAMES)]
    read = await run(file, cast(*votes))
    assert {len(sealed) for _, _, sealed in rows(file)} == {12 + 256 + 16}
    assert [(each.account, each.options) for each in read] == [(each.account, each.options) for each in votes]
    assert {each.name for each in read} >= {"Zulaikha Ω", ""}
    assert all(vote.name.startswith(each.name) for each, vote in zip(read, votes, strict=True))


async def test_ids_as_no_platform_has_them_are_kept_too(file: Path) -> None:
    odd = Ballot("aether", "g" * 300, "a" * 300, "Ayu", (1,), AT, 1)
    (read,) = await run(file, cast(odd))
    assert (read.group, read.account, read.options) == (odd.group, odd.account, odd.options)


async def test_the_same_vote_twice_looks_like_another_and_is_one_row(file: Path) -> None:
    await run(file, cast(ballot(1)))
    (before,) = rows(file)
    assert await run(file, cast(ballot(1))) == [ballot(1)]
    (after,) = rows(file)
    assert after[:2] == before[:2]
    assert after[2] != before[2]


async def test_somebody_is_not_known_again_in_another_poll(file: Path) -> None:
    await run(file, cast(ballot(1)), cast(ballot(1), poll=2))
    (_, here, _), (_, there, _) = rows(file)
    assert here != there


async def test_the_order_of_rows_is_not_that_of_casting(file: Path) -> None:
    async def pseudonyms(numbers: Iterable[int]) -> list[bytes]:
        await run(file, lambda unit: unit.store(Ballots).forget(1), cast(ballot(99), poll=2))
        await run(file, *(cast(ballot(n)) for n in numbers))
        return [pseudonym for poll, pseudonym, _ in rows(file) if poll == 1]

    assert await pseudonyms(range(20)) == await pseudonyms(reversed(range(20)))


async def test_a_ballot_moved_to_another_row_or_poll_does_not_count(file: Path) -> None:
    await run(file, cast(ballot(1), ballot(2)))
    with sqlite_engine(file, durable=False, patience=1).begin() as connection:
        (first, second) = connection.execute(text("SELECT pseudonym, sealed FROM secret_ballots")).all()
        stolen = text("UPDATE secret_ballots SET sealed = :sealed WHERE pseudonym = :pseudonym")
        connection.execute(stolen, {"sealed": first.sealed, "pseudonym": second.pseudonym})
        connection.execute(text("INSERT INTO secret_ballots SELECT 2, pseudonym, sealed FROM secret_ballots"))
    async with database(file) as opened:
        assert len(await opened.run(lambda unit: unit.store(Ballots).of(1, True), NOW)) == 1
        assert await opened.run(lambda unit: unit.store(Ballots).of(2, True), NOW) == []


@pytest.mark.promise("S14")
async def test_the_key_is_made_when_it_is_needed_for_its_owner_only(file: Path) -> None:
    await run(file, lambda unit: unit.store(Ballots).cast(1, False, ballot(1)))
    assert not key_of(file).exists()
    before = os.umask(0)
    try:
        await run(file, cast(ballot(1)))
    finally:
        os.umask(before)
    assert key_of(file).stat().st_mode & 0o777 == 0o600
    assert len(key_of(file).read_bytes()) == 32
    assert [path.name for path in file.parent.iterdir() if path.name.endswith(".new")] == []
    key_of(file).chmod(0o644)  # a copy that was put back carelessly
    assert await run(file) == [ballot(1)]
    assert key_of(file).stat().st_mode & 0o777 == 0o600


async def test_a_vote_outlives_a_restart_and_can_be_changed_and_taken_back_then(file: Path) -> None:
    assert await run(file, cast(ballot(1), ballot(2))) == [ballot(1), ballot(2)]
    assert await run(file, cast(ballot(1, (4,), order=3))) == [ballot(2), ballot(1, (4,), order=3)]
    assert await run(file, lambda unit: unit.store(Ballots).withdraw(1, True, ballot(2).identity)) == [
        ballot(1, (4,), order=3)
    ]


@pytest.mark.parametrize("written", [None, b"", b"short", b"x" * 32], ids=["missing", "empty", "short", "another"])
async def test_without_its_key_a_ballot_does_not_count_and_the_log_says_so_once(
    file: Path, caplog: pytest.LogCaptureFixture, written: bytes | None
) -> None:
    await run(file, cast(ballot(1), ballot(2)))
    if written is None:
        key_of(file).unlink()
    else:
        key_of(file).write_bytes(written)

    def look(unit: Unit) -> None:
        ballots = unit.store(Ballots)
        assert ballots.of(1, True) == []
        assert ballots.of_accounts(1, True, [ballot(1).identity]) == []
        ballots.withdraw(1, True, ballot(1).identity)

    with caplog.at_level(logging.INFO):
        assert await run(file, look, cast(ballot(1, (4,)))) == [ballot(1, (4,))]
    (told,) = caplog.messages
    assert told.startswith("2 secret ballots of poll 1 can't be opened, and don't count: the key ")
    assert await run(file, lambda unit: unit.store(Ballots).forget(1)) == []
    assert rows(file) == []


async def test_a_key_that_may_not_be_read_stops_the_work_as_an_unreadable_database_does(file: Path) -> None:
    await run(file, cast(ballot(1)))
    key_of(file).unlink()
    key_of(file).mkdir()  # root may read any file, but not this
    async with database(file) as opened:
        with pytest.raises(StorageUnavailable, match=r"ballots-guyub\.db\.key can't be used"):
            await opened.run(lambda unit: unit.store(Ballots).of(1, True), NOW)
        await opened.run(lambda unit: unit.store(State).put("a", "b"), NOW)  # nothing else is in the way


async def test_a_new_key_is_taken_when_the_old_one_protects_nothing(file: Path) -> None:
    await run(file, cast(ballot(1)))
    old = key_of(file).read_bytes()
    await run(file, cast(ballot(2)), cast(ballot(2), poll=2), lambda unit: unit.store(Ballots).forget(1))
    assert key_of(file).read_bytes() == old  # poll 2 is still open
    await run(file, lambda unit: unit.store(Ballots).forget(2))
    assert await run(file, cast(ballot(3))) == [ballot(3)]
    assert key_of(file).read_bytes() != old


async def test_what_was_forgotten_in_vain_keeps_its_key(file: Path) -> None:
    """A poll is closed, another is voted in, and the transaction of both is undone."""
    await run(file, cast(ballot(1)))

    def fail(unit: Unit) -> None:
        unit.store(Ballots).forget(1)
        unit.store(Ballots).cast(2, True, ballot(2))
        raise KeyError("power")

    async with database(file) as opened:
        with pytest.raises(KeyError):
            await opened.run(fail, NOW)
    assert await run(file) == [ballot(1)]


async def test_a_vote_that_was_undone_can_be_given_again(file: Path) -> None:
    def fail(unit: Unit) -> None:
        unit.store(Ballots).cast(1, True, ballot(1))
        raise KeyError("power")

    async with database(file) as opened:
        for _ in range(2):
            with pytest.raises(KeyError):
                await opened.run(fail, NOW)
        await opened.run(cast(ballot(1)), NOW)
    assert await run(file) == [ballot(1)]


async def test_what_was_forgotten_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    file = folder / "guyub.db"
    await run(file, cast(*(ballot(n) for n in range(300))))
    sealed = [row[2] for row in rows(file)]
    assert all(each in file.read_bytes() for each in sealed)
    await run(file, lambda unit: unit.store(Ballots).forget(1))
    assert not any(each in everything_in(folder) for each in sealed)


async def test_in_memory_the_key_is_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with SqlDatabase("sqlite://") as opened:
        await opened.run(cast(ballot(1)), NOW)
        assert await opened.run(lambda unit: unit.store(Ballots).of(1, True), NOW) == [ballot(1)]
    assert list(tmp_path.iterdir()) == []
