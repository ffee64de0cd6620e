"""What is wrong with a configuration, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.config.document import Document
from bot.config.mistakes import Mistake
from bot.config.positions import Path
from bot.core.setting_errors import SettingError, quoted


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. Line and column count from 1, and are 0 where no place in the file is meant.

    `key` is the path in the file; of several groups, `groups[2]` is the second.
    """

    file: str
    line: int
    column: int
    key: str
    message: str
    value: Any = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        said = f"{self.message}; {self.hint}" if self.hint else self.message
        return ": ".join(part for part in (where, self.key, said) if part)


class ConfigError(Exception):
    """The configuration can't be used; `problems` are all that were found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
        super().__init__("\n".join(map(str, self.problems)))


class Report:
    """Collects the problems of one file."""

    def __init__(self, file: str, document: Document) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._document = document

    def add(self, path: Path, fault: ValueError) -> None:
        """Note a fault at a path; where the key is wrong it is pointed at, else the value."""
        of_key = _is_of_key(fault)
        at = self._document.positions.key(path) if of_key else self._document.positions.value(path)
        message, hint = getattr(fault, "message", str(fault)), getattr(fault, "hint", "")
        value = None if of_key else self._value(path)
        self.problems.append(Problem(self.file, *at, dotted(path), message, value, hint))

    def line_of(self, path: Path) -> int:
        return self._document.positions.value(path).line

    def _value(self, path: Path) -> Any:
        found: Any = self._document.data
        for part in path:
            try:
                found = found[part]
            except (KeyError, IndexError, TypeError):
                return None
        return None if isinstance(found, dict) else found


def _is_of_key(fault: ValueError) -> bool:
    if isinstance(fault, SettingError):
        return fault.code.startswith("unknown_key")
    return isinstance(fault, Mistake) and fault.of_key


def dotted(path: Path) -> str:
    """The path as it could be written in the file: `communities."my café".groups[2].id`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            bare = part and part.isascii() and part.replace("-", "").replace("_", "").isalnum()
            text += ("." if text else "") + (part if bare else quoted(part))
    return text
