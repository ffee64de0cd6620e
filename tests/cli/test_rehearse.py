"""guyub rehearse: recorded activity, or a log, played with a configuration; nothing is sent and nothing changed."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from benchmarks.rhythm import Detector
from bot.core.activity import Activity, Spoken
from bot.core.events import Where
from bot.core.unit import Unit
from bot.features.quiet.listening import GAP
from bot.features.quiet.settings import threshold
from bot.rehearse import main
from storage.database import SqlDatabase

CONFIG = """
[communities.kopi]
name = "Kopi"
[[communities.kopi.groups]]
platform = "telegram"
id = "-1001"
[[communities.kopi.groups]]
platform = "discord"
id = "112233445566778899"
[communities.kopi.quiet]
quiet_hours = "none"
holidays = "none"
"""
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def evenings(weeks: int, seed: int = 3) -> list[datetime]:
    """Some conversations a day, mostly in the evening; now and then a day without any."""
    chance, said = Random(seed), []
    for day in range(7 * weeks):
        for _ in range(0 if chance.random() < 0.15 else chance.randint(1, 4)):
            start = BEGIN + timedelta(days=day, hours=chance.triangular(8, 23, 20))
            said += [start + timedelta(minutes=chance.expovariate(0.15)) for _ in range(chance.randint(1, 8))]
    return sorted(moment.replace(microsecond=0) for moment in said)


def write_csv(path: Path, moments: list[datetime]) -> Path:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["ts", "author", "q", "to", "nw", "url"])
    rows.writerows([int(moment.timestamp()), f"a{number % 7}", 0, "", 5, 0] for number, moment in enumerate(moments))
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "community.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


def lulls_of_detector(moments: list[datetime]) -> list[datetime]:
    """What the detector alone finds: one in a silence at the most, and none within 20 hours of the last."""
    detector, found, last = Detector(), [], BEGIN - timedelta(days=9)
    for moment, following in zip(moments, [*moments[1:], moments[-1]], strict=True):
        detector.observe(int(moment.timestamp()), "a")
        due = detector.rhythm.due_at(threshold(1.5), after=max(moment, last + GAP))
        if due is not None and due < following:
            found.append(due)
            last = due
    return found


def test_the_whole_program_finds_the_lulls_that_the_detector_finds(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = evenings(14)
    assert main(config, write_csv(tmp_path / "log.csv.gz", said), as_json=True) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    lulls = [datetime.fromisoformat(one["at"]) for one in told if one["what"] == "lull"]
    assert lulls == lulls_of_detector(said)
    assert len(lulls) > 5
    assert {one["place"] for one in told} == {"telegram/-1001"}
    posted = [one for one in told if one["what"] == "posted"]
    assert posted
    assert all(one["words"] and "nobody had spoken" in one["why"] for one in posted)


def test_a_calendar_for_people(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(config, write_csv(tmp_path / "log.csv", evenings(6)), face="discord", as_json=False) == 0
    told = capsys.readouterr().out
    assert "2026 —" in told
    assert "Discord  prompt, " in told
    assert "because nobody had spoken for" in told
    assert "lulls (" in told


async def record(file: Path, spoken: list[Spoken]) -> None:
    def work(unit: Unit) -> None:
        for one in spoken:
            unit.store(Activity).add(one)

    async with SqlDatabase(f"sqlite:///{file}", durable=False) as database:
        await database.run(work, BEGIN)


def test_what_was_recorded_is_replayed_in_the_liveliest_channel_and_stays_as_it_was(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:

    file = tmp_path / "data" / "guyub.db"
    file.parent.mkdir(mode=0o700)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    channels = ["5", "5", "7"]
    server = "112233445566778899"
    spoken = [
        Spoken(Where("discord", server, channels[n % 3]), str(n), f"a{n % 5}", at) for n, at in enumerate(evenings(8))
    ]
    asyncio.run(record(file, spoken))
    before = file.stat().st_size
    assert main(config, as_json=True) == 0
    out, err = capsys.readouterr()
    assert "discord 112233445566778899 names no main channel; its liveliest one, 5, is taken for it." in err
    assert {json.loads(line)["place"] for line in out.splitlines()} == {f"discord/{server}"}
    assert file.stat().st_size == before


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("ts,author\nnever,a\n", "log.csv:2: 'never' is no time; ts is seconds since 1970"),
        ("when,who\n1,a\n", "log.csv:1: there is no column ts and no column author; it begins with ts,author"),
        (
            "ts,author\n",
            "nothing was recorded of kopi yet; let the bot listen for some weeks, or give a CSV with --from",
        ),
    ],
)
def test_a_log_that_cannot_be_read_is_told_with_its_line(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], written: str, told: str
) -> None:
    log = tmp_path / "log.csv"
    log.write_text(written, encoding="utf-8")
    assert main(config, log, as_json=False) == 2
    assert told in capsys.readouterr().err


def test_what_is_not_there_is_told(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(config, tmp_path / "no.csv", as_json=False) == 2
    assert "no.csv: can't be read" in capsys.readouterr().err
    assert main(tmp_path / "no.toml", None, as_json=False) == 2
    assert main(config, write_csv(tmp_path / "log.csv", evenings(1)), face="irc", as_json=False) == 2
    assert "kopi has no group on irc" in capsys.readouterr().err
