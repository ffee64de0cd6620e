"""`python -m benchmarks [NAME…]`: measures, prints the table; without names all of them, and keeps the table."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from importlib import import_module

from benchmarks import table
from benchmarks.measuring import Figure

ALL = {
    "telegram-message": "one message, bytes → committed effects",
    "discord-message": "one message, a frame of the gateway → committed effects",
    "sending": "one message sent to the loopback server",
    "answers": "a command in, its answer out, 500 a second offered",
    "broadcast": "one post to each of many groups, within the platforms' limits",
    "joins": "ten thousand people join within a minute",
    "memory": "memory and the start",
    "storing": "events by hundreds, one change among many members",
    "due": "work that falls due",
    "charts": "a chart, drawn by a process of its own",
    "rhythm": "a channel's rhythm: a message, and when a silence would be a lull",
    "channels": "a hundred thousand channels: a tick, a thousand looks, the start",
    "prompts": "which prompt revives a community: learned, by chance, in turn (simulated)",
    "year": "a simulated year of a dying, a stable and a growing community, beside fixed timers",
    "polls": "a vote by a button, and what many ballots cost",
}


def options() -> argparse.Namespace:
    about = "\n".join(f"  {name:18} {what}" for name, what in ALL.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", epilog=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    parser.add_argument("--full", action="store_true", help="the whole sizes, where the default is a smaller one")
    parser.add_argument("--keep", action="store_true", help="write the figures into docs/speed.md, also for some names")
    parser.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if unknown := set(given.names) - ALL.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    return given


def measured(name: str, full: bool) -> list[Figure]:
    """In a process of its own: what one benchmark leaves in memory must not weigh on the next."""
    command = [sys.executable, "-m", "benchmarks", name, "--json", *(["--full"] if full else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return [Figure(**line) for line in json.loads(done.stdout.splitlines()[-1])]


def here(name: str, full: bool) -> list[Figure]:
    module = import_module(f"benchmarks.{name.replace('-', '_')}")
    figures: list[Figure] = asyncio.run(module.run(full))
    return figures


def main() -> int:
    given = options()
    if given.json:
        print(json.dumps([figure.as_json() for figure in here(given.names[0], given.full)]))
        return 0
    found: dict[str, list[Figure]] = {}
    failed = []
    for name in given.names or ALL:
        print(f"\n{name}: {ALL[name]}", flush=True)
        began = time.monotonic()
        try:
            found[name] = measured(name, given.full)
        except subprocess.CalledProcessError:
            failed.append(name)
            continue
        print(table.printed(found[name]))
        print(f"({time.monotonic() - began:.0f} s)", flush=True)
    if given.keep or not given.names:
        for name in table.keep(found):
            print(f"docs/speed.md has no place for the figures of {name}")
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
