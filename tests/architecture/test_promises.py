"""Marks and list of promises agree, so that `make promises` tells the truth."""

from __future__ import annotations

from scripts.promises import known_promises, marks_in
from tests.architecture.tree import ROOT


def test_no_test_claims_a_promise_that_was_not_made() -> None:
    promises = known_promises()
    unknown = {
        f"{path.relative_to(ROOT)}: {promise}"
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for promise in marks_in(path.read_text())
        if promise not in promises
    }
    assert not unknown, unknown


def test_every_promise_has_its_text_and_figure() -> None:
    promises = known_promises()
    assert len(promises) == 38
    assert all(promise.text and promise.figure for promise in promises.values())
