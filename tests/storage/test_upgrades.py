"""A database of an earlier version keeps what is in it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from bot.core.activity import Activity, Spoken
from bot.core.events import Where
from bot.core.interruptions import Lulls
from bot.core.stores import Forms, Members, OpenForm, Outages, Outbox, People, State
from bot.core.unit import Unit
from bot.features.polls.model import Polls
from bot.features.quiet.model import Course, Courses
from bot.features.welcome.model import Newcomers
from storage.database import SqlDatabase
from storage.schema import MIGRATIONS
from storage.sqlite import sqlite_engine
from tests.storage.sayings import MINUTE, NOW

CHAT = Where("aether", "kopi", "c1", "t1")
NOW_US = int(NOW.timestamp()) * 1_000_000
OPEN_UNTIL = NOW_US + 60_000_000
FORM = "INSERT INTO forms VALUES ('aether', 'kopi', :channel, :message, 't1', :command, 'rina', :expires)"


def migrate(connection: Connection, version: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    (command.downgrade if down else command.upgrade)(config, version)


def make_second_version(file: Path) -> None:
    file.touch()
    with sqlite_engine(file, durable=False, patience=1).begin() as connection:
        migrate(connection, "0002")
        for values in (
            {"channel": "c1", "message": "m1", "command": "rules set", "expires": OPEN_UNTIL},
            {"channel": "c2", "message": "m1", "command": "help", "expires": OPEN_UNTIL},
            {"channel": "c1", "message": "m2", "command": "expired", "expires": NOW_US},
        ):
            connection.execute(text(FORM), values)
        connection.execute(text("INSERT INTO program_state VALUES ('offset', '42')"))
        connection.execute(
            text("INSERT INTO memberships VALUES ('aether', 'kopi', 'ayu', 'present', :at, :at, NULL, 0)"),
            {"at": NOW_US},
        )
        connection.execute(
            text("INSERT INTO welcome_newcomers VALUES (7, 'aether', 'kopi', 'ayu', 'Ayu', :at, 0, 0, 'w')"),
            {"at": NOW_US},
        )


def is_kept(unit: Unit) -> None:
    forms = unit.store(Forms)
    found = forms.find("aether", CHAT, "m1")
    assert found == OpenForm(found.post_key if found else "", "rules set", "rina", CHAT, NOW + MINUTE, {})
    other = forms.find("aether", Where("aether", "kopi", "c2"), "m1")
    assert other is not None
    assert (other.command, other.post_key == found.post_key) == ("help", False)
    assert forms.find("aether", CHAT, "m2") is None
    assert unit.store(State).get("offset") == "42"
    assert unit.store(Members).groups_of("aether", "ayu") == ["kopi"]
    assert [newcomer.name for newcomer in unit.store(Newcomers).of("aether", "kopi")] == ["Ayu"]


async def test_what_was_in_the_second_version_is_kept(file: Path) -> None:
    make_second_version(file)
    async with SqlDatabase(f"sqlite:///{file}", durable=False) as database:
        await database.run(is_kept, NOW)

        def work(unit: Unit) -> None:
            form = unit.store(Forms).find("aether", CHAT, "m1")
            assert form is not None
            unit.store(Forms).close(form)
            assert unit.store(Forms).find("aether", CHAT, "m1") is None
            assert unit.store(Polls).newest("kopi", 9) == []
            assert unit.store(People).persons([]) == {}
            assert unit.store(Outages).between(NOW - timedelta(days=9), NOW) == []

        await database.run(work, NOW)


async def test_and_there_is_a_way_back_and_forth(file: Path) -> None:
    make_second_version(file)
    async with SqlDatabase(f"sqlite:///{file}", durable=False):
        pass
    with sqlite_engine(file, durable=False, patience=1).begin() as connection:
        migrate(connection, "0002", down=True)
        columns = [row.name for row in connection.execute(text("PRAGMA table_info(forms)"))]
        assert "post_key" not in columns
        left = connection.execute(
            text("SELECT name FROM sqlite_master WHERE name LIKE '%poll%' OR name = 'links'")
        ).all()
        assert left == []
    async with SqlDatabase(f"sqlite:///{file}", durable=False) as database:
        await database.run(is_kept, NOW)


# ---------------------------------------------------------------- before people's activity was recorded

SPOKEN = Spoken(CHAT, "m9", "ayu", NOW, "m8", "budi", asks=True)


def make_sixth_version(file: Path) -> None:
    make_second_version(file)
    with sqlite_engine(file, durable=False, patience=1).begin() as connection:
        migrate(connection, "0006")
        lull = "INSERT INTO posts_lulls VALUES ('aether', 'kopi', 'c1', :since)"
        connection.execute(text(lull), {"since": NOW_US})


def speaks(unit: Unit) -> None:
    unit.store(Activity).add(SPOKEN)


def has_spoken(unit: Unit) -> list[Spoken]:
    return list(unit.store(Activity).replay("aether", "kopi"))


async def test_what_was_in_the_sixth_version_is_kept_and_talk_is_recorded(file: Path) -> None:
    make_sixth_version(file)
    async with SqlDatabase(f"sqlite:///{file}", durable=False) as database:
        await database.run(is_kept, NOW)
        assert await database.run(lambda unit: unit.store(Lulls).since(Where("aether", "kopi", "c1")), NOW) == NOW
        assert await database.run(has_spoken, NOW) == []
        await database.run(speaks, NOW)
        await database.run(speaks, NOW)
        assert await database.run(has_spoken, NOW) == [SPOKEN]


async def test_the_sixth_version_knows_nothing_of_it(file: Path) -> None:
    make_sixth_version(file)
    async with SqlDatabase(f"sqlite:///{file}", durable=False) as database:
        await database.run(speaks, NOW)
    with sqlite_engine(file, durable=False, patience=1).begin() as connection:
        migrate(connection, "0006", down=True)
        left = "SELECT name FROM sqlite_master WHERE name LIKE '%activity%' OR name LIKE '%quiet%'"
        assert connection.execute(text(left)).all() == []
    async with SqlDatabase(f"sqlite:///{file}", durable=False) as database:
        await database.run(is_kept, NOW)
        assert await database.run(has_spoken, NOW) == []


INDEX = "SELECT name FROM sqlite_master WHERE name = 'ix_outbox_platform_group_id_channel_id'"
POST = (
    "INSERT INTO outbox VALUES ('aether', 'kopi', 'c1', '', 1, 'sent', 'send', 'greeting', 1, 'w', 0, '', '', 'kopi',"
    " 'm7', '', '', '', '', 1, :at, NULL, NULL, :at)"
)
BEGAN = Course("kopi", NOW)


async def test_what_was_said_before_is_known_of_each_channel_and_stays_with_the_sixth_version(file: Path) -> None:
    make_sixth_version(file)
    with sqlite_engine(file, durable=False, patience=1).begin() as connection:
        connection.execute(text(POST), {"at": NOW_US})
    for _ in range(2):
        async with SqlDatabase(f"sqlite:///{file}", durable=False) as database:
            assert await database.run(lambda unit: unit.store(Outbox).last_said(CHAT), NOW) == NOW
            assert await database.run(lambda unit: unit.store(Courses).get("kopi"), NOW) is None
            await database.run(lambda unit: unit.store(Courses).put(BEGAN), NOW)
            assert await database.run(lambda unit: unit.store(Courses).get("kopi"), NOW) == BEGAN
        with sqlite_engine(file, durable=False, patience=1).begin() as connection:
            assert len(connection.execute(text(INDEX)).all()) == 1
            migrate(connection, "0006", down=True)
            assert connection.execute(text(INDEX)).all() == []
            assert connection.execute(text("SELECT message_id FROM outbox")).all() == [("m7",)]
