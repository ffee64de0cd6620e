"""The feature that docs/adding-a-feature.md builds, taken out of the page and put into a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po, write_po

from tests.architecture.tree import ROOT, short, tracked

PAGE = ROOT / "docs" / "adding-a-feature.md"
FILE = re.compile(r"^\*\*`(?P<path>[^`]+)`\*\*\n\n```\w*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
IMPORT = re.compile(r"^```python\n(from bot\.features\.away import feature as away)\n```$", re.MULTILINE)
TEXTS = "bot/locale/id/LC_MESSAGES/messages.po"
FEATURES = "bot/features/__init__.py"


@dataclass(frozen=True)
class Copy:
    """A copy of the project's own files, under git, in which the page is followed."""

    folder: Path

    @classmethod
    def of_the_project(cls, folder: Path) -> Copy:
        for path in tracked():
            target = folder / short(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        copy = cls(folder)
        copy.git("init", "--quiet")
        copy.git("add", "--all")
        copy.git("commit", "--quiet", "--message", "before")
        return copy

    def git(self, *words: str) -> str:
        nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        for role in ("AUTHOR", "COMMITTER"):
            nobody |= {f"GIT_{role}_NAME": "nobody", f"GIT_{role}_EMAIL": "nobody@example.org"}
        done = subprocess.run(["git", *words], cwd=self.folder, capture_output=True, text=True, env=os.environ | nobody)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """`python -m …` in the copy, which comes before the project that is installed."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "GUYUB"))}
        environment |= {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # loading them takes longer than the tests
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, env=environment)

    # ------------------------------------------------------------------ following the page

    @cached_property
    def versions(self) -> tuple[str, str]:
        """The newest migration's number, and the next."""
        names = [path.name for path in (self.folder / "storage/migrations/versions").glob("[0-9]*_*.py")]
        last = max(name.partition("_")[0] for name in names)
        return last, f"{int(last) + 1:0{len(last)}}"

    def follow(self) -> None:
        page = PAGE.read_text(encoding="utf-8")
        translations = ""
        for path, text in _files(page, *self.versions):
            if path == TEXTS:
                translations = text
                continue
            target = self.folder / path
            assert not target.exists(), f"{path} is there already"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        self._tell_the_program(page)
        gathered = self.run("scripts.texts")
        assert gathered.returncode == 0, gathered.stderr
        self._translate(translations)

    def _tell_the_program(self, page: str) -> None:
        """The one import, and the name in ALL."""
        (line,) = IMPORT.findall(page)
        path = self.folder / FEATURES
        lines = path.read_text(encoding="utf-8").splitlines()
        imports = [n for n, known in enumerate(lines) if known.startswith("from bot.features.")]
        lines[imports[0] : imports[-1] + 1] = sorted([*(lines[n] for n in imports), line])
        (declared,) = [n for n, known in enumerate(lines) if known.startswith("ALL:")]
        lines[declared] = lines[declared].replace(")", ", away)")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _translate(self, written: str) -> None:
        path = self.folder / TEXTS
        with path.open("rb") as file:
            catalogue = read_po(file, locale="id")
        for message in read_po(BytesIO(written.encode()), locale="id"):
            if message.id:
                catalogue[message.id].string = message.string
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)


def _files(page: str, last: str, following: str) -> Iterator[tuple[str, str]]:
    for match in FILE.finditer(page):
        path, text = match["path"], match["text"]
        if path.startswith("storage/migrations/"):
            path, text = (part.replace("NEXT", following).replace("LAST", last) for part in (path, text))
        yield path, text
