"""Where things stand in a file, however it is written."""

from typing import Any

import pytest

from bot.config.document import Document

TEXT = """\
# é ☕
a.b.c = 1
"q k".'x.y' = [10, { z = 11, w.v = 12 }, [13,
  # between
  14]]
é = 0
[t."u v"]
inner = 20
[[g.h]]
i = { j.k = 30, l = [ ] }
[[g.h]]
i = 31
[g.h.sub]
z = 32
[[g.h.deep]]
y = 33
[[g.h.deep]]
y = 34
[ g . other ] # spaces
	x	=	40
[late]
[t]
s = \"\"\"
two
lines\"\"\"
""".replace("é = 0", '"é ☕" = 50')


def leaves(path: tuple[str | int, ...], value: Any) -> list[tuple[tuple[str | int, ...], int]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves((*path, key), inner)]
    if isinstance(value, list):
        return [leaf for index, inner in enumerate(value) for leaf in leaves((*path, index), inner)]
    return [(path, value)] if isinstance(value, int) else []


def test_every_value_is_found_where_it_stands() -> None:
    document = Document.parse(TEXT)
    lines = TEXT.split("\n")
    found = leaves((), document.data)
    assert len(found) == 14
    for path, value in found:
        at = document.positions.value(path)
        assert lines[at.line - 1][at.column - 1 :].startswith(str(value)), path


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("a", "b"), (2, 3), (2, 3)),
        (("q k", "x.y"), (3, 7), (3, 15)),
        (("q k", "x.y", 1, "w", "v"), (3, 32), (3, 36)),
        (("t",), (7, 2), (22, 1)),
        (("t", "s"), (23, 1), (23, 5)),
        (("g", "h"), (9, 5), (9, 1)),
        (("g", "h", 1), (11, 1), (11, 1)),
        (("g", "h", 1, "deep", 1), (17, 1), (17, 1)),
        (("g", "h", 1, "missing"), (11, 1), (11, 1)),
        (("g", "other", "x"), (20, 2), (20, 6)),
        (("late",), (21, 2), (21, 1)),
        (("nowhere",), (1, 1), (1, 1)),
    ],
)
def test_keys_and_tables_are_found_or_what_is_around_them(
    path: tuple[str | int, ...], key: tuple[int, int], value: tuple[int, int]
) -> None:
    positions = Document.parse(TEXT).positions
    assert (positions.key(path), positions.value(path)) == (key, value)
