"""A check that is skipped where nobody looks is a check that is gone; so there it fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

SKIPPED = "import pytest\n\ndef test_it():\n    pytest.skip('no database here')\n"
ALLOWED = "import pytest\n\n@pytest.mark.allowed_skip('needs a screen')\ndef test_it():\n    pytest.skip('no screen')\n"
WHOLE_FILE = "import pytest\n\npytest.importorskip('a_library_that_nobody_has')\n"
EXPECTED_TO_FAIL = "import pytest\n\n@pytest.mark.xfail\ndef test_it():\n    assert False\n"
PASSES = "def test_it():\n    pass\n"


def run(folder: Path, source: str, ci: str) -> str:
    """The closing line of a run of that one file."""
    (folder / "test_one.py").write_text(source)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  allowed_skip(reason)\n  promise(id)\n")
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTEST_XDIST_WORKER", None)
    command = [sys.executable, "-m", "pytest", "-p", "tests.reporting", "test_one.py"]
    said = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True).stdout
    (counts,) = re.findall(r"^=+ (.*) in [\d.]+s =+$", said, re.MULTILINE)
    return str(counts)


@pytest.mark.parametrize(
    ("source", "ci", "closing"),
    [
        pytest.param(SKIPPED, "", "1 skipped", id="a skip at one's desk"),
        pytest.param(SKIPPED, "true", "1 failed", id="a skip in CI"),
        pytest.param(ALLOWED, "true", "1 skipped", id="an allowed skip in CI"),
        pytest.param(WHOLE_FILE, "", "1 skipped", id="a file skipped at one's desk"),
        pytest.param(WHOLE_FILE, "true", "1 error", id="a file skipped in CI"),
        pytest.param(EXPECTED_TO_FAIL, "true", "1 xfailed", id="an expected failure in CI"),
        pytest.param(PASSES, "true", "1 passed", id="a pass in CI"),
    ],
)
def test_skips_fail_in_ci(tmp_path: Path, source: str, ci: str, closing: str) -> None:
    assert run(tmp_path, source, ci) == closing


def test_outcomes_of_promises_are_remembered(tmp_path: Path) -> None:
    marked = "import pytest\n\n@pytest.mark.promise('R1')\ndef test_it():\n    assert {}\n"
    outcomes = tmp_path / ".pytest_cache/v/guyub/promises"
    assert run(tmp_path, marked.format(False), "") == "1 failed"
    assert '"test_one.py::test_it": "failed"' in outcomes.read_text()
    assert run(tmp_path, marked.format("True or 'again'"), "") == "1 passed"
    assert '"test_one.py::test_it": "passed"' in outcomes.read_text()
