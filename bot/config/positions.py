"""Where every key and value of a TOML text stands, found with tree-sitter."""

import tomllib
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

Path = tuple[str | int, ...]

_DEEPEST = 64


class Position(NamedTuple):
    """Counted from 1, columns in characters."""

    line: int
    column: int


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_toml.language()))


class Positions:
    """An index of a text, also of one that is not valid TOML.

    `repeated` are keys and tables that are written twice (path, first, again); `first_error` is where the grammar
    first failed. A path leads through tables by key and through lists by index, counted from 0.
    """

    def __init__(self, text: str) -> None:
        self._lines = text.encode("utf-8", "surrogatepass").split(b"\n")
        self._keys: dict[Path, Position] = {}
        self._values: dict[Path, Position] = {}
        self._lengths: dict[Path, int] = {}
        self.repeated: list[tuple[Path, Position, Position]] = []
        root = _parser().parse(b"\n".join(self._lines)).root_node
        self.first_error = self._at(error) if (error := _first_error(root)) else None
        here: Path = ()
        for node in root.named_children:
            if node.type == "pair":
                self._pair((), node)
            elif node.type in ("table", "table_array_element"):
                here = self._header(node)
                for pair in node.named_children:
                    if pair.type == "pair":
                        self._pair(here, pair)

    def key(self, path: Path) -> Position:
        """Where the key stands; of an item of a list, or a key that is missing, the nearest thing around it."""
        return self._nearest(self._keys, path)

    def value(self, path: Path) -> Position:
        """Where the value begins; of a table its header."""
        return self._nearest(self._values, path)

    def _nearest(self, index: dict[Path, Position], path: Path) -> Position:
        if path in index:
            return index[path]
        for length in range(len(path), 0, -1):
            around = path[:length]
            found = self._values.get(around) or self._keys.get(around)
            if found:
                return found
        return Position(1, 1)

    def _header(self, node: Node) -> Path:
        names = [name for child in node.named_children[:1] for name in _names(child)]
        path: Path = ()
        for number, (name, leaf) in enumerate(names, 1):
            path = (*path, name)
            self._keys.setdefault(path, self._at(leaf))
            if node.type == "table_array_element" and number == len(names):
                self._lengths[path] = self._lengths.get(path, 0) + 1
            elif number == len(names) and path not in self._lengths:
                self._settle(path, self._at(node))
            if path in self._lengths:
                self._values.setdefault(path, self._at(node))
                path = (*path, self._lengths[path] - 1)
        self._values.setdefault(path, self._at(node))
        return path

    def _pair(self, around: Path, node: Node) -> None:
        if not node.named_children or len(around) > _DEEPEST:
            return
        path = around
        for name, leaf in _names(node.named_children[0]):
            path = (*path, name)
            self._keys.setdefault(path, self._at(leaf))
        if path == around or len(path) > _DEEPEST:
            return
        self._settle(path, self._at(node.named_children[0]))
        values = [child for child in node.named_children[1:] if child.type != "comment"]
        for value in values[:1]:
            self._value(path, value)

    def _settle(self, path: Path, at: Position) -> None:
        """Note a key or table that may be written only once."""
        if path in self._values:
            self.repeated.append((path, self._keys.get(path, at), at))

    def _value(self, path: Path, node: Node) -> None:
        self._values.setdefault(path, self._at(node))
        if len(path) > _DEEPEST:
            return
        if node.type == "array":
            items = [child for child in node.named_children if child.type not in ("comment", "ERROR")]
            for index, item in enumerate(items):
                self._value((*path, index), item)
        elif node.type == "inline_table":
            for pair in node.named_children:
                if pair.type == "pair":
                    self._pair(path, pair)

    def _at(self, node: Node) -> Position:
        row, column = node.start_point
        before = self._lines[row][:column] if row < len(self._lines) else b""
        return Position(row + 1, len(before.decode("utf-8", "replace")) + 1)


def _names(key: Node) -> Iterator[tuple[str, Node]]:
    """The parts of a dotted key, in order; the grammar nests them to the left, a thousand deep if asked to."""
    left = [key]
    while left:
        node = left.pop()
        if node.type == "dotted_key":
            left += reversed(node.named_children)
        elif node.type in ("bare_key", "quoted_key"):
            yield _unquoted(node), node


def _unquoted(node: Node) -> str:
    text = (node.text or b"").decode("utf-8", "replace")
    if node.type == "bare_key":
        return text
    try:
        return next(iter(tomllib.loads(f"{text} = 0")))
    except ValueError:
        return text


def _first_error(root: Node) -> Node | None:
    left = [root]
    while left:
        node = left.pop()
        if node.is_error or node.is_missing:
            return node
        if node.has_error:
            left += reversed(node.children)
    return None
