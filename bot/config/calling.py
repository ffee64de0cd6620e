"""What to type to call this program."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which


def typed() -> str:
    """As it was called just now (`.venv/bin/guyub`) where the shell doesn't find a plain `guyub`."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "guyub" and which("guyub") is None else "guyub"
