"""The project's own files, for the tests that read them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "adapters", "scheduler", "storage")


def tracked() -> list[Path]:
    """What is, or by .gitignore could be, committed; in an unpacked archive, everything that isn't hidden."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listing.returncode:
        return [path for path in ROOT.rglob("*") if path.is_file() and not _hidden(path)]
    return [path for name in listing.stdout.splitlines() if (path := ROOT / name).is_file()]


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)


def modules(*folders: str) -> Iterator[Path]:
    """The Python files in those folders."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
