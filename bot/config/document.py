"""TOML as plain values together with where each of them stands; Python's own parser keeps no positions."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.config.positions import Path, Position, Positions

_DEEPEST = 24
_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class Fault(NamedTuple):
    """One place that is not TOML."""

    at: Position
    message: str
    hint: str = ""
    path: Path = ()


class NotToml(ValueError):
    """The text can't be read at all, or says something twice; `faults` in the order of the text."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].message)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: `data` are plain values, `positions` tells where a path of keys and indices stands."""

    data: dict[str, Any]
    positions: Positions

    @classmethod
    def parse(cls, text: str) -> "Document":
        """Read TOML with any line endings. Raises NotToml, nothing else."""
        text = text.replace("\r\n", "\n")
        positions = Positions(text)
        try:
            data = tomllib.loads(text)
        except RecursionError:
            raise NotToml(Fault(positions.first_error or Position(1, 1), "nested too deeply")) from None
        except ValueError as error:
            raise NotToml(*(_repeated(positions) or [_syntax(text, str(error), positions)])) from None
        if faults := [Fault(positions.value(path), message, "", path) for path, message in _unusable(data)]:
            raise NotToml(*faults)
        return cls(data, positions)


def _repeated(positions: Positions) -> list[Fault]:
    return [
        Fault(again, "is written twice", f"the first is on line {first.line}", path)
        for path, first, again in positions.repeated
    ]


def _syntax(text: str, said: str, positions: Positions) -> Fault:
    found = _WHERE.search(said)
    if found is None or found[1] is None:
        at = positions.first_error or Position(text.count("\n") + 1, 1)
        return Fault(at, "not valid TOML: something that begins here has no end", "a quote or a bracket is missing")
    said = said[: found.start()]
    # tomllib has read the backslash and the letter after it when it complains.
    at = Position(int(found[1]), int(found[2]) - 2 * said.startswith("Unescaped"))
    line = text.split("\n")[at.line - 1] if at.line <= text.count("\n") + 1 else ""
    reason = re.sub(r"^Illegal character '\\n'$", "the line ends inside a text", said)
    return Fault(at, f"not valid TOML: {reason[:1].lower()}{reason[1:]}", _advice(line, said))


def _advice(line: str, said: str) -> str:
    """What people who have never seen TOML usually got wrong."""
    key, equals, value = (part.strip() for part in line.partition("="))
    if re.search("[“”„‘’]", line):
        return 'use straight quotes: "…"'
    if "\\n" in said:
        return "a closing quote is missing"
    if said.startswith("Expected '=' after a key") and ":" in line and not equals:
        return f"write {line.partition(':')[0].strip()} = … with an equals sign"
    if equals and re.fullmatch(r"[A-Za-z0-9_-]+", key) and re.match(r"\w", value) and '"' not in value:
        return f'put texts in quotes: {key} = "{value}"'
    if "Unescaped '\\'" in said:
        return r"write \\ for a backslash"
    return ""


def _unusable(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Values that TOML's own rules exclude, or that nobody means."""
    left: list[tuple[Path, Any]] = [((), data)]
    while left:
        path, value = left.pop()
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            yield path, "this number is too large"
        items: list[tuple[str | int, Any]] = []
        if isinstance(value, dict):
            items = list(value.items())
        elif isinstance(value, list):
            items = list(enumerate(value))
        if items and len(path) >= _DEEPEST:
            yield path, "nested too deeply"
        else:
            left += [((*path, key), inner) for key, inner in items]
