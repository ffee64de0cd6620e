"""Words on a picture: what can be shown of them, and on which lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.charts.words import cut, readable, wrapped


def is_latin(char: str) -> bool:
    return char < "\u0370"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Kopi susu", "Kopi susu"),
        ("Kopi 🎉 susu 👍🏽!", "Kopi susu !"),
        ("two\nlines\tand  more ", "two lines and more"),
        ("a\u200bb\u202ec\x00d\ud800", "abcd"),
        ("cafe\u0301", "café"),
        ("a" + "\u0316" * 40 + "b", "a\u0316\u0316b"),
        ("kopi 日本", "kopi □□"),
        ("日本", ""),
        ("🎉", ""),
        ("", ""),
    ],
)
def test_what_no_font_has_is_left_out(words: str, shown: str) -> None:
    assert readable(words, is_latin) == shown


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("pertanggungjawaban", ["pertanggun", "gjawaban"]),
        ("a pertanggungjawaban", ["a", "pertanggun", "gjawaban"]),
        ("one two three four five six seven", ["one two", "three four", "five six…"]),
        ("one two three four seventeen a", ["one two", "three four", "seventeen…"]),
        ("one two three four fourteenth b", ["one two", "three four", "fourteent…"]),
        ("", []),
    ],
)
def test_lines_break_at_words_and_end_in_dots_when_there_is_more(words: str, lines: list[str]) -> None:
    assert wrapped(words, 10, 3, len) == lines


@given(st.text(), st.integers(2, 30), st.integers(1, 5))
def test_no_line_is_too_wide_and_nothing_gets_lost_but_what_dots_stand_for(words: str, width: int, most: int) -> None:
    shown = readable(words, lambda char: True)
    lines = wrapped(shown, width, most, len)
    assert len(lines) <= most
    assert all(len(line) <= width for line in lines)
    whole = "".join(lines).replace(" ", "")
    assert whole == shown.replace(" ", "") or lines[-1].endswith("…")
    assert len(cut(shown, width, len)) <= width
