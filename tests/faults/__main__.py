"""`python -m tests.faults`: the long form. Hundreds of kills on each platform, then 10,000 joins in a minute, then a
hundred kills while people vote and at the close, then a thousand people on each platform in one poll.

Prints what became of whom, by point of the kill, and what the floods cost. Ends with 1 when anybody was lost or greeted
twice, a result was wrong or told twice, managers were not told, or a flood cost more than promised.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from random import Random

from tests.faults.flood import MEGABYTE, flood
from tests.faults.long_polls import poll_crowds, poll_kills
from tests.faults.processes import Forks
from tests.faults.rounds import POINTS, Figures, Rounds, some_rounds
from tests.faults.town import BOTH, found_town

LINE = "{:<16}{:>8}{:>14}{:>8}{:>9}{:>6}{:>9}{:>11}"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="kills on each platform")
    parser.add_argument("--towns", type=int, default=2, help="communities at the same time on each platform")
    parser.add_argument("--platform", choices=BOTH, action="append", help="only this one")
    parser.add_argument("--joins", type=int, default=10_000, help="within a minute on each platform; 0 for no flood")
    parser.add_argument("--polls", type=int, default=100, help="kills while people vote and at the close")
    parser.add_argument("--crowd", type=int, default=1_000, help="people in one poll on each platform; 0 for none")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    return parser.parse_args()


async def main(given: argparse.Namespace) -> int:
    print(f"seed {given.seed}")
    begun = time.monotonic()
    platforms = given.platform or list(BOTH)
    folder = tempfile.mkdtemp(prefix="guyub-faults-")
    with Forks.ready() as forks:
        played = await asyncio.gather(
            *(
                _town(given, platform, town, Path(folder), forks)
                for platform in platforms
                for town in range(given.towns)
            )
        )
    wrong = 0
    for platform in platforms:
        wrong += _report(platform, [rounds for rounds in played if rounds.side.name == platform])
    if given.joins:
        with Forks.ready() as forks:
            wrong += await _flood(given.joins, Path(folder) / "flood", forks)
    if given.polls:
        wrong += await poll_kills(given.polls, given.towns, given.seed, Path(folder))
    if given.crowd:
        wrong += await poll_crowds(given.crowd, Path(folder))
    if wrong:
        print(f"what they logged is kept in {folder}")
    else:
        shutil.rmtree(folder)
    print(f"\n{time.monotonic() - begun:.0f} s")
    return 1 if wrong else 0


async def _town(given: argparse.Namespace, platform: str, town: int, folder: Path, forks: Forks) -> Rounds:
    random = Random(f"{given.seed}/{platform}/{town}")
    count = given.rounds // given.towns + (town < given.rounds % given.towns)
    async with found_town(folder / f"{platform}{town}", forks, platform) as found:
        rounds = Rounds(found, found.sides[platform])
        await rounds.play(some_rounds(random, count, "nopqrstuv"[town]))
        return rounds


async def _flood(count: int, folder: Path, forks: Forks) -> int:
    """Returns how many of R24's figures were missed."""
    async with found_town(folder, forks, welcome="") as town:  # as it is when nobody changes anything
        run = await town.guyub(plain=True)
        await town.discord.world.eventually(town.discord.world.commands)

        async def all_are_known() -> bool:
            return town.rows("SELECT count(*) >= ? FROM memberships", 2 * count) == [(1,)]

        seen = await flood(town, run, count, 60.0, all_are_known)
        print(f"\n{count:,} joins on each platform, all taken in after {seen.seconds:.0f} s")
        print(f"memory {seen.memory_before / MEGABYTE:.0f} MB before, {seen.grown:+.0f} MB at most")
        for name in town.sides:
            waits = " ".join(f"p{share * 100:g} {seen.wait(name, share):.3f} s" for share in (0.5, 0.99, 1))
            posts = f"{len(seen.posts[name])} posts, at most {seen.most_in_a_minute(name)} a minute"
            print(f"{name}: {posts}; {len(seen.waits[name])} commands meanwhile, answered {waits}")
        missed = [seen.grown > 150]
        for name in town.sides:
            missed += [seen.wait(name, 0.99) > 2, seen.most_in_a_minute(name) > 20, not seen.posts[name]]
        return sum(missed)


def _report(platform: str, played: list[Rounds]) -> int:
    """Returns how much went wrong."""
    print(f"\n{platform}")
    print(LINE.format("killed at", "rounds", "reached there", "joined", "greeted", "lost", "doubled", "uncertain"))
    total = Figures()
    for point in POINTS:
        seen = _sum(rounds.figures[point] for rounds in played if point in rounds.figures)
        total = _sum([total, seen])
        print(_line(point, seen))
    print(_line("all", total))
    untold = sum(rounds.untold for rounds in played)
    print(f"uncertain greetings that managers were not told of: {untold}")
    for name in [*total.lost, *total.doubled]:
        print(f"  wrong: {name}", file=sys.stderr)
    return len(total.lost) + len(total.doubled) + untold


def _line(point: str, seen: Figures) -> str:
    return LINE.format(
        point,
        seen.rounds,
        seen.killed_there,
        seen.joined,
        seen.greeted,
        len(seen.lost),
        len(seen.doubled),
        seen.uncertain,
    )


def _sum(several: Iterable[Figures]) -> Figures:
    total = Figures()
    for seen in several:
        total.rounds += seen.rounds
        total.killed_there += seen.killed_there
        total.joined += seen.joined
        total.greeted += seen.greeted
        total.lost += seen.lost
        total.doubled += seen.doubled
        total.uncertain += seen.uncertain
    return total


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(options())))
