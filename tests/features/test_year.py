"""The simulated year of benchmarks/year.py, on toy channels: it does what its description says, always the same."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from benchmarks import lives, real_year, year
from benchmarks.lives import KINDS, Community, Life, Said, Told, after, founded, night_moved, thinned, usual_talk
from bot.features.quiet.prompts import Category

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
ALWAYS, NEVER = dict.fromkeys(map(str, Category), 9.0), dict.fromkeys(map(str, Category), 0.0)


def evenings(weeks: int, every: int = 9) -> list[Said]:
    """Three people each evening at seven, but for every ninth."""
    days = (BEGIN + timedelta(days=day, hours=19) for day in range(7 * weeks) if day % every)
    return [(evening + timedelta(minutes=5 * number), who) for evening in days for number, who in enumerate("abc")]


def community(taste: dict[str, float] | None = None, weeks: int = 30) -> Community:
    here = founded(evenings(weeks), "stable", 1)
    here.usual = [0.0] * 8 + [1.5] * 16
    here.taste = dict(taste) if taste else here.taste
    return here


# ---------------------------------------------------------------- who speaks


def test_conversations_stay_or_go_as_a_whole() -> None:
    said = evenings(52)
    kept = thinned(said, KINDS["dying"], Random(1))
    assert len(kept) % 3 == 0
    assert {at.date() for at, _ in kept} < {at.date() for at, _ in said}
    assert thinned(said, KINDS["stable"], Random(1)) == said


@pytest.mark.parametrize(("kind", "grows"), [("dying", False), ("growing", True)])
def test_a_community_dies_or_grows_over_the_year(kind: str, grows: bool) -> None:
    kept = thinned(evenings(52), KINDS[kind], Random(1))
    early = sum(at - BEGIN < lives.YEAR / 2 for at, _ in kept)
    assert (early < len(kept) / 2) is grows
    assert max(early, len(kept) - early) > 1.4 * min(early, len(kept) - early)


def test_the_quietest_hours_are_moved_to_the_night() -> None:
    nightly = [
        (BEGIN + timedelta(days=day, hours=hour), "a") for day in range(9) for hour in [*range(10), *range(16, 24)]
    ]
    usual = usual_talk(nightly)
    assert sum(usual) == pytest.approx(24)
    assert min(usual) == usual[12] < 0.5 < usual[3]
    assert night_moved(usual) == -9  # from 10–16 to 1–7


def test_logs_are_read_from_a_folder_and_those_with_gaps_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, week = int(BEGIN.timestamp()), 7 * 86400
    whole = {"channel": "whole", "start": start, "end": start + 60 * week, "outages": [], "msgs_per_day": 3.0}
    gap = {**whole, "channel": "gap", "outages": [[start + week, start + 2 * week]]}
    short = {**whole, "channel": "short", "end": start + 30 * week}
    (tmp_path / "channels.json").write_text(json.dumps([gap, whole, short]), encoding="utf-8")
    with gzip.open(tmp_path / "whole.csv.gz", "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("ts", "author"), *((int(at.timestamp()), who) for at, who in evenings(60))])
    monkeypatch.setenv("GUYUB_RHYTHM_DATA", str(tmp_path))
    assert lives.usable() == [whole]
    said = lives.read(whole)
    assert len(said) == len([at for at, _ in evenings(60) if at - BEGIN < lives.YEAR])
    assert said == lives.read(whole)


async def test_without_the_folder_nothing_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUYUB_RHYTHM_DATA", str(tmp_path / "nowhere"))
    assert await year.run(full=False) == []
    assert "nowhere" in capsys.readouterr().err


def test_one_channel_of_each_size_is_chosen_always_the_same() -> None:
    listed = [{"channel": str(size)} for size in range(12)]
    found = [int(one["channel"]) for one in lives.chosen(listed, 4)]
    assert [size // 3 for size in found] == [0, 1, 2, 3]
    assert lives.chosen(listed, 4) == lives.chosen(listed, 4)


# ---------------------------------------------------------------- who answers


def test_the_longer_the_silence_the_rarer_the_answer() -> None:
    shares = [after(timedelta(hours=hours)) for hours in (0.3, 1.5, 12, 48, 5000)]
    assert shares == sorted(shares, reverse=True)
    assert shares[:3] == pytest.approx([0.73, 0.73, 0.50])
    assert shares[4] == 0.15


def test_a_prompt_is_answered_by_two_to_six_people_within_two_hours_or_by_nobody() -> None:
    here, noon = community(ALWAYS), BEGIN + timedelta(hours=12)
    for day in range(50):
        at = noon + timedelta(days=day)
        answers = here.answers(at, timedelta(hours=1), "tips")
        assert answers == here.answers(at, timedelta(hours=1), "tips")
        assert 2 <= len({who for _, who in answers}) == len(answers) <= 6
        assert all(at < when <= at + timedelta(hours=2) for when, _ in answers)
        assert not community(NEVER).answers(at, timedelta(hours=1), "tips")
        assert not here.answers(at.replace(hour=4), timedelta(hours=1), "tips")  # nobody is ever about


def test_a_prompt_is_judged_by_what_would_have_been_without_it() -> None:
    life = Life(community(ALWAYS))
    life.next_silence(), life.next_silence(), life.next_silence()
    last = life.heard[2][0]
    people = life.post(last + timedelta(hours=17), "tips")  # noon; the next evening begins at seven
    assert people >= 2
    assert (life.told.posted, life.told.nuisance, life.told.revived, life.told.at_night) == (1, 0, 1, 0)
    assert life.next_silence() is not None
    silence = life.heard[3][0]
    assert silence < last + timedelta(hours=19, minutes=1)  # the answer was heard

    life = Life(community(NEVER))
    life.next_silence(), life.next_silence(), life.next_silence()
    assert life.post(life.heard[3][0] - timedelta(minutes=30), "tips") == 3  # who would have spoken anyhow
    assert (life.told.nuisance, life.told.revived, life.told.ignored_in_a_row) == (1, 0, 0)


def test_what_is_ignored_in_a_row_is_counted() -> None:
    told = Told()
    for people in (0, 0, 1, 0, 3):
        told.note(people, revived=people > 1, nuisance=False, at_night=False)
    told.note(2, revived=True, nuisance=True, at_night=False)
    assert (told.posted, told.revived, told.useful, told.ignored_in_a_row) == (6, 2, 1, 2)


# ---------------------------------------------------------------- who asks


def test_a_timer_asks_once_a_silence_and_waits_out_quiet_hours() -> None:
    posts = year.timer(12)(community(NEVER)).posts
    assert {at.strftime("%H:%M") for at in posts} == {"08:00"}  # 07:10 is too early
    assert {at.strftime("%H:%M") for at in year.timer(12, nights=True)(community(NEVER)).posts} == {"07:10"}
    days = {at.date() for at, _ in evenings(30)}
    assert len(posts) == len(days) - 1


@pytest.mark.parametrize("taste", [NEVER, ALWAYS, None])
def test_guyub_keeps_its_manners(taste: dict[str, float] | None) -> None:
    life = year.guyub(community(taste))
    posts = life.posts
    assert posts
    assert not any(year.is_quiet(at) for at in posts)
    assert len({at.date() for at in posts}) == len(posts)
    for number, at in enumerate(posts):
        assert sum(at - other < timedelta(days=7) for other in posts[: number + 1]) <= year.SETTINGS.most_a_week
        if number:
            assert any(posts[number - 1] < when < at for when, _ in life.heard)


def test_guyub_rests_when_it_is_ignored() -> None:
    quiet = year.guyub(community(NEVER, weeks=52))
    gaps = [later - at for at, later in zip(quiet.posts, quiet.posts[1:], strict=False)]
    assert quiet.told.ignored_in_a_row >= 4
    assert all(gap > timedelta(days=7 * 2 ** min(2, number)) for number, gap in enumerate(gaps[1:4]))


def test_a_year_is_the_same_each_time() -> None:
    for contender in year.CONTENDERS.values():
        assert contender(community()).posts == contender(community()).posts


def test_guyub_asks_about_missed_evenings_and_a_timer_about_every_day() -> None:
    ours, theirs = year.guyub(community()).told, year.timer(12)(community()).told
    assert 0 < ours.posted < theirs.posted / 3


async def test_the_whole_program_asks_when_the_rules_alone_do() -> None:
    alone, program = await real_year.both(evenings(6, every=6), "stable")
    assert alone == program
    assert len(alone) >= 2
