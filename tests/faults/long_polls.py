"""Polls in the long form: a hundred kills, and whole crowds. Each function returns how much went wrong."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from tests.faults.crowd import QUESTION, Plan, Seen, play_crowd, play_own_poll
from tests.faults.poll_rounds import Figures, PollRounds, Round, some_rounds
from tests.faults.processes import Forks
from tests.faults.town import Town, eventually, found_town
from tests.faults.voting import QUIET, close, result_of

LINE = "{:<24}{:>8}{:>15}{:>9}{:>12}{:>7}{:>11}{:>7}"


async def poll_kills(rounds: int, towns: int, seed: int, folder: Path) -> int:
    """In several towns at the same time."""
    planned = some_rounds(Random(f"{seed}/polls"), rounds)
    with Forks.ready() as forks:
        played = await asyncio.gather(
            *(_town(planned[town::towns], f"{seed}/{town}", folder / f"polls{town}", forks) for town in range(towns))
        )
    print("\npolls, over both platforms; results: one a place")
    print(LINE.format("killed", "rounds", "reached there", "presses", "unanswered", "told", "uncertain", "wrong"))
    figures = [one.figures for one in played]
    for way in dict.fromkeys(way for some in figures for way in some):
        print(_line(way, _sum(some[way] for some in figures if way in some)))
    total = _sum(seen for some in figures for seen in some.values())
    print(_line("all", total))
    for problem in total.wrong:
        print(f"  wrong: {problem}", file=sys.stderr)
    return len(total.wrong)


async def _town(planned: list[Round], seed: str, folder: Path, forks: Forks) -> PollRounds:
    async with found_town(folder, forks, welcome=QUIET) as town:
        rounds = PollRounds(town, Random(seed), hasty=True)
        await rounds.play(planned)
        return rounds


async def poll_crowds(people: int, folder: Path) -> int:
    visible = Plan(people, 60.0, people // 5, people // 20, min(30, people // 10))
    wrong = 0
    with Forks.ready() as forks:
        for name, plan in (("visible", visible), ("secret", replace(visible, secret=True))):
            async with found_town(folder / name, forks, welcome=QUIET) as town:
                wrong += _report(plan, await play_crowd(town, plan))
        for platform in ("telegram", "discord"):
            polls = "count_leavers = true\n"
            async with found_town(folder / f"own_{platform}", forks, platform, welcome=QUIET, polls=polls) as town:
                truth = await play_own_poll(town, people, people // 5, 60.0)
                await eventually(partial(_have_voted, town, people), within=60)
                await close(town, QUESTION)
                told = await result_of(town.sides[platform], QUESTION)
                print(f"{platform}'s own poll: {people:,} voted, told {told.counts}, true {truth.counts}")
                wrong += told != truth
    return wrong


async def _have_voted(town: Town, people: int) -> bool:
    return town.rows("SELECT count(*) FROM poll_ballots") == [(people,)]


def _report(plan: Plan, seen: Seen) -> int:
    kind = "secret" if plan.secret else "visible"
    print(f"\n{plan.people:,} people on each platform, {kind}, in {seen.seconds:.0f} s: told {seen.results}")
    print(f"true {seen.truth}; edits {seen.edits}; refused by limits {seen.refused}; memory {seen.grown:+.0f} MB")
    for platform in seen.waits:
        waits = " ".join(f"p{share * 100:g} {seen.wait(platform, share):.3f} s" for share in (0.5, 0.99, 1))
        print(f"{platform}: {len(seen.waits[platform])} presses, answered {waits}")
    wrong = [told != seen.truth for told in seen.results.values()]
    wrong += [bool(count) for count in seen.refused.values()] + [bool(seen.unkind)]
    return sum(wrong)


def _line(way: str, seen: Figures) -> str:
    counts = (seen.rounds, seen.killed_there, seen.pressed, seen.unanswered, seen.told, seen.uncertain)
    return LINE.format(way, *counts, len(seen.wrong))


def _sum(several: Iterable[Figures]) -> Figures:
    total = Figures()
    for seen in several:
        total.rounds += seen.rounds
        total.killed_there += seen.killed_there
        total.pressed += seen.pressed
        total.unanswered += seen.unanswered
        total.told += seen.told
        total.uncertain += seen.uncertain
        total.wrong += seen.wrong
    return total
