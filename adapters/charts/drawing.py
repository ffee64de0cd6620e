"""Draws a chart with matplotlib: for phones, on white, the same for whoever can't tell colours apart.

Imported by the drawing process only. Lengths are pixels of a picture that is 1000 wide, counted from the top left.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.patches import FancyBboxPatch

from adapters.charts.words import cut, readable, wrapped
from bot.core.messages import Bar, Chart

mpl.use("agg")

WIDTH, DPI = 1000, 100
MARGIN = 56
INSIDE = WIDTH - 2 * MARGIN
MOST_BARS = 30
BAR, ROUNDING, STUB = 38, 6, 6
UNDER_TITLE, UNDER_LABEL, UNDER_BAR, ABOVE_NOTE = 40, 12, 34, 10
LONGEST_NOTE = 0.4  # of the width, behind a bar
BEHIND_BAR = 18

INK, FAINT, FIRST, OTHER = "#16202a", "#4d5965", "#0062a3", "#7f9db5"
_RENDERER: Any = RendererAgg  # has no types
OWN_FONT = "DejaVu Sans"  # comes with matplotlib
_NO_FONT = "Last Resort"  # has a sign for everything, and a letter for nothing


@dataclass(frozen=True, slots=True)
class Type:
    size: int
    leading: int
    most: int  # lines
    colour: str = INK
    bold: bool = False


TITLE = Type(46, 58, 3, bold=True)
LONG_TITLE = Type(36, 48, 9, bold=True)
LABEL = Type(34, 44, 3)
VALUE = Type(32, 44, 1, bold=True)
NOTE = Type(28, 38, 4, FAINT)


def draw(chart: Chart, format: str = "png") -> bytes:
    """A picture as PNG or SVG."""
    sheet = _laid_out(chart)
    figure = Figure(figsize=(WIDTH / DPI, sheet.height / DPI), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(sheet.height, 0))
    axes.axis("off")
    for mark in sheet.marks:
        mark(axes)
    picture = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "guyub"}):
        figure.savefig(picture, format=format, metadata={"Date": None} if format == "svg" else {"Software": None})
    return picture.getvalue()


class _Sheet:
    """What is drawn where, from top to bottom."""

    def __init__(self, families: list[str]) -> None:
        self.height = float(MARGIN)
        self.marks: list[Callable[[Any], object]] = []
        self._families = families
        self._measuring: Any = _RENDERER(10, 10, DPI)

    def width(self, type: Type, words: str) -> float:
        width, _, _ = self._measuring.get_text_width_height_descent(words, self._font(type), False)
        return float(width)

    def lines(self, words: str, type: Type) -> None:
        for line in wrapped(words, INSIDE, type.most, partial(self.width, type)):
            self.words(MARGIN, self.height + type.leading / 2, line, type)
            self.height += type.leading

    def words(self, x: float, middle: float, words: str, type: Type) -> None:
        said = {"color": type.colour, "va": "center_baseline", "fontproperties": self._font(type), "parse_math": False}
        self.marks.append(lambda axes: axes.text(x, middle, words, **said))

    def bar(self, length: float, colour: str) -> None:
        box = FancyBboxPatch(
            (MARGIN, self.height),
            length,
            BAR,
            boxstyle=f"round,pad=0,rounding_size={min(ROUNDING, length / 2)}",
            facecolor=colour,
            edgecolor="none",
        )
        self.marks.append(lambda axes: axes.add_patch(box))

    def space(self, height: float) -> None:
        self.height += height

    def _font(self, type: Type) -> FontProperties:
        return FontProperties(
            family=self._families, size=type.size * 72 / DPI, weight="bold" if type.bold else "normal"
        )


def _laid_out(chart: Chart) -> _Sheet:
    bars = chart.bars[:MOST_BARS]
    families, is_known = _fonts([chart.title, chart.note, *(bar.label + bar.note for bar in bars)])
    sheet = _Sheet(families)
    title, note = readable(chart.title, is_known), readable(chart.note, is_known)
    if title:
        room = TITLE.most * INSIDE * 0.8  # lines break at words
        sheet.lines(title, TITLE if sheet.width(TITLE, title) < room else LONG_TITLE)
        sheet.space(UNDER_TITLE)
    _bars(sheet, bars, is_known)
    if len(chart.bars) > MOST_BARS:
        sheet.lines(f"… +{len(chart.bars) - MOST_BARS}", LABEL)
    if note:
        sheet.space(ABOVE_NOTE)
        sheet.lines(note, NOTE)
    sheet.space(MARGIN - (UNDER_BAR if bars and not note else 0))
    return sheet


def _bars(sheet: _Sheet, bars: Sequence[Bar], is_known: Callable[[str], bool]) -> None:
    measure = partial(sheet.width, VALUE)
    notes = [cut(readable(bar.note, is_known), INSIDE * LONGEST_NOTE, measure) for bar in bars]
    longest = INSIDE - max((measure(note) for note in notes if note), default=-BEHIND_BAR) - BEHIND_BAR
    values = [bar.value if math.isfinite(bar.value) and bar.value > 0 else 0.0 for bar in bars]
    most = max(values, default=0.0)
    for number, (bar, value, note) in enumerate(zip(bars, values, notes, strict=True), 1):
        sheet.lines(readable(bar.label, is_known) or f"{number}.", LABEL)
        sheet.space(UNDER_LABEL)
        length = max(STUB, longest * (value / most)) if most else STUB
        sheet.bar(length, FIRST if value and value == most else OTHER)
        sheet.words(MARGIN + length + BEHIND_BAR, sheet.height + BAR / 2, note, VALUE)
        sheet.space(BAR + UNDER_BAR)


def _fonts(texts: Sequence[str]) -> tuple[list[str], Callable[[str], bool]]:
    """Families that show these texts, our own first, and whether a character is in any of them."""
    own = get_font(fontManager.findfont(OWN_FONT))
    chosen, faces = [OWN_FONT], [own]
    missing = {char for words in texts for char in words if not own.get_char_index(ord(char)) and char.isalnum()}
    for entry in fontManager.ttflist if missing else ():
        if entry.style != "normal" or entry.weight not in (400, "normal") or entry.name in chosen:
            continue
        if entry.name.startswith(_NO_FONT):
            continue
        face = get_font(entry.fname)
        found = {char for char in missing if face.get_char_index(ord(char))}
        if found:
            missing -= found
            chosen.append(entry.name)
            faces.append(face)
    return chosen, lambda char: any(face.get_char_index(ord(char)) for face in faces)
