"""What a test run tells besides pass and fail: that nothing was left out unattended, and which promises were proved."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest

CACHE_KEY = "guyub/promises"


def runs_unattended() -> bool:
    """Where nobody reads the list of skips (CI), a skip would be a check that silently went away."""
    return bool(os.environ.get("CI"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    left_out = report.skipped and not hasattr(report, "wasxfail")
    if left_out and runs_unattended() and not item.get_closest_marker("allowed_skip"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and everything must run here: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and runs_unattended():
        report.outcome = "failed"
        report.longrepr = f"a whole file was skipped, and everything must run here: {_reason(report)}"
    return report


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.user_properties += [("promise", promise) for promise in promises_of(item)]


def promises_of(item: pytest.Item) -> list[str]:
    """The ids of the promises that the test is marked with."""
    return sorted({str(promise) for marker in item.iter_markers("promise") for promise in marker.args})


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(PromiseKeeper(config))


class PromiseKeeper:
    """Remembers how the marked tests last ended, for `make promises`.

    With several workers it lives in the one process that hears of all of them.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.cache: Any = getattr(config, "cache", None)  # absent with -p no:cacheprovider
        self.outcomes: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not any(name == "promise" for name, _ in report.user_properties):
            return
        so_far = self.outcomes.get(report.nodeid, "passed")
        self.outcomes[report.nodeid] = report.outcome if so_far == "passed" else so_far

    def pytest_sessionfinish(self) -> None:
        if self.cache is not None and self.outcomes:
            self.cache.set(CACHE_KEY, {**self.cache.get(CACHE_KEY, {}), **self.outcomes})
