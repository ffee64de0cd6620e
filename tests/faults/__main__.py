"""`python -m tests.faults`: the long form. Hundreds of kills on each platform at points that chance chooses.

Prints what became of whom, by point, and ends with 1 when anybody was lost or greeted twice, or managers were not told.
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

from tests.faults.processes import Forks
from tests.faults.rounds import POINTS, Figures, Rounds, some_rounds
from tests.faults.town import BOTH, found_town

LINE = "{:<16}{:>8}{:>14}{:>8}{:>9}{:>6}{:>9}{:>11}"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="kills on each platform")
    parser.add_argument("--towns", type=int, default=2, help="communities at the same time on each platform")
    parser.add_argument("--platform", choices=BOTH, action="append", help="only this one")
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
