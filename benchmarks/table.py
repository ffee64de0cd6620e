"""The table that `make bench` prints and keeps in docs/speed.md."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measuring import Figure

PAGE = Path(__file__).parents[1] / "docs" / "speed.md"
HEAD = ("what", "Guyub", "beside it", "target", "", "ratio")
_BEGIN, _END = "<!-- figures: {} -->", "<!-- end -->"


def number(value: float) -> str:
    """Three figures that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def row(figure: Figure) -> tuple[str, ...]:
    beside = "–" if figure.anchor is None else f"{number(figure.anchor)} {figure.unit} ({figure.anchored_on})"
    verdict = {True: "met", False: "**missed**", None: ""}[figure.met]
    note = f" ({figure.note})" if figure.note else ""
    ratio = "–" if figure.ratio is None else f"{figure.ratio:.2f}×"
    return (figure.what, f"{number(figure.guyub)} {figure.unit}{note}", beside, figure.target or "–", verdict, ratio)


def printed(figures: Sequence[Figure]) -> str:
    """For a terminal."""
    rows = [HEAD, *(tuple(cell.replace("*", "") for cell in row(figure)) for figure in figures)]
    widths = [max(len(line[column]) for line in rows) for column in range(len(HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in rows)


def markdown(figures: Sequence[Figure]) -> str:
    lines = [HEAD, tuple("---" for _ in HEAD), *(row(figure) for figure in figures)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def keep(figures: Mapping[str, Sequence[Figure]], page: Path = PAGE) -> list[str]:
    """Put each benchmark's figures between its marks in the page. Returns the names for which there are no marks."""
    text, missing = page.read_text(encoding="utf-8"), []
    for name, lines in figures.items():
        marked = re.compile(f"({re.escape(_BEGIN.format(name))}\n).*?(\n{re.escape(_END)})", re.DOTALL)
        fresh = markdown(lines)
        text, found = marked.subn(lambda match, fresh=fresh: f"{match[1]}\n{fresh}\n{match[2]}", text)  # type: ignore[misc]
        if not found:
            missing.append(name)
    page.write_text(text, encoding="utf-8")
    return missing
