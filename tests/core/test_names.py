"""S2: whatever somebody is called, it can be shown; and an advertisement is none of our greetings' business."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.names import LONGEST, is_advertisement, safe_name

NASTY = (
    "\u202e\u202d\u2066\u2069\u200f\u200e\u061c"  # direction
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u3164\uffa0\u2800\u115f"  # nothing to see
    "\u0301\u0336\u0489\u20dd\u0300"  # zalgo
    "\n\r\t\u2028\u2029\x00\x1b\x7f\u0085"
    "<>&*_`~|[](){}@#:/\\"
    "AyuبودیשלוםÅé😀👩👧🏽❤\ufe0f가あ"
)
NAMES = st.text(alphabet=st.sampled_from(NASTY) | st.characters(), max_size=120)


@pytest.mark.promise("S2")
@given(NAMES)
def test_any_name_is_one_short_visible_line(name: str) -> None:
    shown = safe_name(name)

    assert len(shown) <= LONGEST
    assert shown == shown.strip()
    for char in shown:
        category = unicodedata.category(char)
        assert category not in ("Cc", "Cs", "Co", "Zl", "Zp")
        assert category != "Cn" or "\U0001f000" <= char <= "\U0001fbff"  # an emoji younger than Python's tables
        assert category != "Cf" or char == "\u200d"
    assert not any(char in shown for char in "\u202e\u202d\u2066\u200b\u2060\ufeff\n\t\u3164\u2800")


@pytest.mark.promise("S2")
@given(NAMES)
def test_marks_are_not_stacked(name: str) -> None:
    stacked = 0
    for char in safe_name(name):
        stacked = stacked + 1 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 0
        assert stacked <= 4  # two marks, a variation selector and a joiner


@pytest.mark.promise("S2")
@given(NAMES)
def test_what_is_safe_is_left_alone(name: str) -> None:
    once = safe_name(name)
    assert safe_name(once) == once


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ayu", "Ayu"),
        ("  Ayu \n  Lestari\t", "Ayu Lestari"),
        ("\u202eAyu", "Ayu"),
        ("A\u200by\u2060u", "Ayu"),
        ("Z\u0336\u0301\u0489\u0300\u0301\u0336algo", "\u0179\u0336\u0489algo"),
        ("محمد", "محمد"),
        ("Zoë", "Zoë"),
        ("Zoe\u0308", "Zoë"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("❤️ Sari", "❤️ Sari"),
        ("<b>Budi</b>", "<b>Budi</b>"),
        ("@everyone", "@everyone"),
        ("#1", "#1"),
        ("\u200d\u200d\u200d", ""),
        ("\u3164", ""),
        ("\u2800\u2800", ""),
        (" . ", ""),
        ("", ""),
        ("a" * 60, "a" * 39 + "…"),
    ],
)
def test_names_people_have(name: str, shown: str) -> None:
    assert safe_name(name) == shown


@pytest.mark.parametrize(
    "name",
    [
        "https://spam.example",
        "Buy now www.spam.example",
        "promo t.me/joinchat",
        "wa.me/628123",
        "@cheap_followers",
        "Jual akun 0812-3456-7890",
        "+62 812 3456 7890",
        "slot88.com",
        "SLOT88.COM",
        "slot.vip gacor",
        "\uff48\uff54\uff54\uff50\uff53\uff1a//x",  # fullwidth
        "t\u200b.me/x",
        "bit.ly/abc",
    ],
)
def test_an_advertisement_is_known(name: str) -> None:
    assert is_advertisement(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ayu",
        "Budi 2009",
        "Dr. Siti M.Kom",
        "A.B. Susanto",
        "Sari 😀",
        "R&D",
        "me@",
        "M. Net",
        "Rp 100",
        "Mr. T",
        "1234567",
    ],
)
def test_people_are_not_taken_for_advertisements(name: str) -> None:
    assert not is_advertisement(name)


def test_blocked_words_count_however_they_are_written() -> None:
    assert is_advertisement("Promo GACOR hari ini", ["gacor"])
    assert is_advertisement("ｇａｃｏｒ", ["Gacor"])
    assert not is_advertisement("Ayu", ["", "  ", "gacor"])


@given(NAMES)
def test_any_name_can_be_judged(name: str) -> None:
    is_advertisement(name, ["x"])
