"""What is installed is what was pinned, byte for byte."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT

PINS = {path.stem: path for path in sorted((ROOT / "requirements").glob("*.txt"))}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pinned(path: Path) -> dict[str, tuple[Requirement, int]]:
    """Each requirement of the file with the number of its hashes."""
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", path.read_text(), flags=re.MULTILINE))
    found = [(Requirement(entry.split(" \\")[0]), entry.count("--hash=sha256:")) for entry in entries if entry.strip()]
    return {canonicalize_name(requirement.name): (requirement, hashes) for requirement, hashes in found}


def test_there_is_a_file_to_run_to_build_and_to_develop_from() -> None:
    assert {"runtime", "build", "dev"} <= PINS.keys()


@pytest.mark.promise("S16")
@pytest.mark.parametrize("name", PINS)
def test_every_requirement_has_one_version_and_its_hashes(name: str) -> None:
    entries = pinned(PINS[name])
    assert entries
    for requirement, hashes in entries.values():
        assert re.fullmatch(r"==[\w.!+]+", str(requirement.specifier)), requirement
        assert hashes, requirement


@pytest.mark.promise("S16")
@pytest.mark.parametrize("name", PINS)
def test_no_requirement_names_an_address(name: str) -> None:
    addresses = re.findall(r"^.*(?:://|@ |--index|--find-links|--trusted).*$", PINS[name].read_text(), re.MULTILINE)
    assert not addresses


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("runtime", PROJECT["dependencies"]),
        ("dev", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"], "setuptools"]),
    ],
)
def test_what_the_project_asks_for_is_pinned(file: str, wanted: list[str]) -> None:
    """A dependency that was added without `make pins` would be missing in every fresh installation."""
    entries = pinned(PINS[file])
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        assert name in entries, f"{requirement} isn't pinned: make pins"
        (version,) = entries[name][0].specifier
        assert requirement.specifier.contains(version.version), f"{requirement} is pinned at {version}: make pins"


def test_developers_run_what_users_run() -> None:
    runtime, dev = pinned(PINS["runtime"]), pinned(PINS["dev"])
    assert {name: dev[name][0].specifier for name in runtime} == {
        name: requirement.specifier for name, (requirement, _) in runtime.items()
    }


@pytest.mark.promise("S16")
@pytest.mark.parametrize("name", ["scripts/setup.sh", "Dockerfile"])
def test_nothing_is_installed_unpinned(name: str) -> None:
    installs = re.findall(r"pip (?:install|wheel)[^\n&;]*", (ROOT / name).read_text().replace("\\\n", " "))
    assert installs
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs), installs
