"""import-linter's contracts notice what they are there for: each is broken on purpose in a house of empty files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

ROOMS = [
    *("bot", "bot/core", "bot/config", "bot/locale", "bot/features", "bot/features/poll", "bot/features/welcome"),
    *("adapters", "adapters/telegram", "adapters/discord", "adapters/playground", "adapters/web", "adapters/charts"),
    *("scheduler", "storage"),
]
ALLOWED = {
    "bot/cli.py": "import bot.bootstrap",
    "bot/bootstrap.py": "import adapters.telegram.adapter, adapters.discord, adapters.web, scheduler, storage.poll",
    "bot/features/poll/model.py": "import bot.core",
    "adapters/telegram/adapter.py": "import telegram, bot.core, bot.config",
    "adapters/telegram/limits.py": "import telegram.constants",
    "adapters/discord/__init__.py": "import discord",
    "adapters/web/__init__.py": "import starlette.applications",
    "adapters/charts/drawing.py": "import matplotlib",
    "scheduler/__init__.py": "import apscheduler.schedulers.asyncio",
    "storage/poll.py": "import sqlmodel, bot.features.poll.model",
}
FORBIDDEN = {
    "layers": [("bot/core/engine.py", "import bot.features.poll"), ("bot/features/poll/views.py", "import storage")],
    "features-apart": [("bot/features/poll/handlers.py", "import bot.features.welcome")],
    "edges-see-core": [("adapters/web/pages.py", "import bot.features.poll"), ("scheduler/tick.py", "import bot.cli")],
    "storage-sees-models": [("storage/welcome.py", "import bot.features.welcome.handlers")],
    "adapters-apart": [("adapters/discord/adapter.py", "import adapters.telegram.adapter")],
    "only-telegram": [
        ("bot/core/engine.py", "import telegram"),
        ("adapters/discord/adapter.py", "import telegram.ext"),
    ],
    "only-discord": [("adapters/telegram/incoming.py", "import discord"), ("bot/cli.py", "import discord")],
    "only-apscheduler": [("bot/bootstrap.py", "import apscheduler")],
    "only-storage": [("bot/features/poll/model.py", "import sqlmodel"), ("scheduler/tick.py", "import sqlalchemy")],
    "only-charts": [("adapters/charts/drawer.py", "import matplotlib"), ("adapters/web/pages.py", "import PIL")],
    "no-network-in-bot": [("bot/core/engine.py", "import aiohttp"), ("bot/cli.py", "import starlette")],
}


def build(house: Path, files: dict[str, str]) -> None:
    shutil.copy(ROOT / "pyproject.toml", house)
    for room in ROOMS:
        (house / room).mkdir(parents=True, exist_ok=True)
        (house / room / "__init__.py").touch()
    for name in ("handlers.py", "views.py"):
        (house / "bot/features/welcome" / name).touch()
    for name, source in files.items():
        (house / name).write_text(source + "\n")


def lint(house: Path, *options: str) -> str:
    program = "import sys; from importlinter.cli import lint_imports_command as run; sys.path.insert(0, '.'); run()"
    command = [sys.executable, "-c", program, "--no-cache", "--no-logo", *options]
    return subprocess.run(command, cwd=house, capture_output=True, text=True).stdout


def test_what_the_design_allows_is_allowed(tmp_path: Path) -> None:
    build(tmp_path, ALLOWED)
    assert f"{len(FORBIDDEN)} kept, 0 broken" in lint(tmp_path)


@pytest.mark.parametrize(
    ("contract", "file", "source"), [(id, *breach) for id, breaches in FORBIDDEN.items() for breach in breaches]
)
def test_a_breach_is_noticed(tmp_path: Path, contract: str, file: str, source: str) -> None:
    build(tmp_path, {**ALLOWED, file: source})
    assert "0 kept, 1 broken" in lint(tmp_path, "--contract", contract)
