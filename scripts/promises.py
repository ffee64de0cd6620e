"""Which of docs/promises.md are proved by tests, as of their last run here.

make promises
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "promises.md"
ROW = re.compile(r"^\| ([RS]\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
OUTCOMES = ROOT / ".pytest_cache" / "v" / "guyub" / "promises"


@dataclass(frozen=True, slots=True)
class Promise:
    id: str
    text: str
    figure: str


def known_promises() -> dict[str, Promise]:
    """Those of the list, by id."""
    return {id: Promise(id, text, figure) for id, text, figure in ROW.findall(LIST.read_text())}


def marks_in(source: str) -> Iterator[str]:
    """The ids that a test file marks its tests with."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.promise"):
            yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


class Collected:
    """Hears from pytest which test proves what."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            for name, promise in item.user_properties:
                if name == "promise":
                    self.tests[str(promise)].append(item.nodeid)


def collect() -> dict[str, list[str]]:
    """The tests of each promise; ends the program where they can't even be collected."""
    collected, said = Collected(), io.StringIO()
    with contextlib.redirect_stdout(said):
        status = pytest.main(["--collect-only", "-qq", str(ROOT / "tests")], plugins=[collected])
    if status != pytest.ExitCode.OK:
        sys.exit(said.getvalue())
    return collected.tests


def state(tests: list[str], outcomes: dict[str, str]) -> str:
    if not tests:
        return "no test"
    ended = [outcomes.get(test) for test in tests]
    if "failed" in ended:
        return "FAILS"
    return "proved" if all(outcome == "passed" for outcome in ended) else "not run"


def main() -> None:
    tests = collect()
    outcomes = json.loads(OUTCOMES.read_text()) if OUTCOMES.exists() else {}
    states = {}
    for promise in known_promises().values():
        states[promise.id] = state(tests.get(promise.id, []), outcomes)
        print(f"{promise.id:4} {states[promise.id]:8} {len(tests.get(promise.id, [])):3} tests  {promise.text}")
    proved = sum(each == "proved" for each in states.values())
    print(f"\n{proved} of {len(states)} promises have tests that all passed when they last ran here.")


if __name__ == "__main__":
    main()
