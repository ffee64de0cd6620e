"""How a typed poll is read: quotes, bars, lines, flags, and what phones make of them."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.polls.reading import nearest_flag, read, read_about, read_added, read_choice, split_options

LUNCH: dict[str, Any] = {"question": "Ngopi di mana?", "options": "Senopati\nKemang"}
FRIDAY = {"closes": "friday 18:00"}
EVERY = {"every": "friday 17:00"}
HIDDEN = {"hide_results": True}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('"Ngopi di mana?" Senopati | Kemang', LUNCH),
        ("“Ngopi di mana?” Senopati|Kemang", LUNCH),
        ("„Ngopi di mana?“ Senopati | Kemang", LUNCH),
        ("Ngopi di mana? Senopati | Kemang", LUNCH),
        ("Ngopi di mana? | Senopati | Kemang", LUNCH),
        ('"Ngopi di mana?" Senopati, Kemang', LUNCH),
        ("Ngopi di mana?\nSenopati\nKemang", LUNCH),
        ("Ngopi di mana?\n\n- Senopati\n• Kemang\n", LUNCH),
        ("Ngopi di mana?\n1. Senopati\n2) Kemang", LUNCH),
        ("Ngopi di mana?\nSenopati | Kemang", LUNCH),
        ('"Ngopi di mana?" Senopati | Kemang --closes 2h', LUNCH | {"closes": "2h"}),
        ('--closes 2h "Ngopi di mana?" Senopati | Kemang', LUNCH | {"closes": "2h"}),
        ('"Ngopi di mana?" Senopati | Kemang —closes friday 18:00 —secret', LUNCH | FRIDAY | {"secret": True}),
        ('"Ngopi di mana?" Senopati | Kemang –tutup "jumat 17.00"', LUNCH | {"closes": "jumat 17.00"}),
        ("Ngopi di mana?\nSenopati\nKemang\n--tutup besok\n--rahasia", LUNCH | {"closes": "besok", "secret": True}),
        ('"Ngopi di mana?" --multiple Senopati | Kemang', LUNCH | {"multiple": True}),
        ('"Ngopi di mana?" Senopati | Kemang --revote no', LUNCH | {"revote": False}),
        ('"Ngopi di mana?" Senopati | Kemang --ganti tidak', LUNCH | {"revote": False}),
        ('"Ngopi di mana?" Senopati | Kemang --revote', LUNCH | {"revote": True}),
        ('"Ngopi di mana?" Senopati | Kemang --hide-results --add-options', LUNCH | HIDDEN | {"add_options": True}),
        ('"Ngopi di mana?" Senopati | Kemang --HIDE_RESULTS', LUNCH | HIDDEN),
        ('"Ngopi di mana?" Senopati | Kemang --max-per-person 2', LUNCH | {"max_per_person": "2"}),
        ('"Ngopi di mana?" Senopati | Kemang --closes friday 18:00 --every friday 17:00', LUNCH | FRIDAY | EVERY),
        ('"Ngopi di mana?" Senopati | Kemang --colour', LUNCH | {"unknown": "--colour"}),
        ('"A --secret plan?" yes | no', {"question": "A --secret plan?", "options": "yes\nno"}),
        ("Kopi — enak? | ya | tidak", {"question": "Kopi — enak?", "options": "ya\ntidak"}),
        ("\"It's ok?\" yes | no", {"question": "It's ok?", "options": "yes\nno"}),
        ("“Where’s lunch?” Here|There", {"question": "Where’s lunch?", "options": "Here\nThere"}),
        ('"Snack?" "Salt, pepper" | Sugar', {"question": "Snack?", "options": "Salt, pepper\nSugar"}),
        ("Only a question?", {"question": "Only a question?"}),
        ("", {}),
    ],
)  # fmt: skip
def test_what_is_typed_is_what_is_meant(typed: str, meant: dict[str, Any]) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2", {"choice": "2"}),
        ("Blok M", {"choice": "Blok M"}),
        ("2 --poll 5", {"choice": "2", "poll": "5"}),
        ("--poling 5 Blok M", {"choice": "Blok M", "poll": "5"}),
        ("", {}),
    ],
)
def test_a_typed_vote(typed: str, meant: dict[str, Any]) -> None:
    assert read_choice(typed) == meant


def test_which_poll_and_then_what() -> None:
    assert read_about('3 "Where?" A | B') == {"number": 3, "question": "Where?", "options": "A\nB"}
    assert read_about('#3 "Where?" A | B')["number"] == 3
    assert "number" not in read_about('"3 sugars?" yes | no')
    assert read_added("3 Blok M") == {"number": 3, "option": "Blok M"}
    assert read_added("“Blok M”") == {"option": "Blok M"}
    assert read_added("24 jam") == {"number": 24, "option": "jam"}
    assert read_added("7") == {"option": "7"}


def test_options_may_be_a_list_of_any_kind() -> None:
    assert split_options("A|B| |C") == ["A", "B", "C"]
    assert split_options("- A, and more\n- B") == ["A, and more", "B"]


def test_a_slip_in_a_flag_has_a_nearest() -> None:
    assert nearest_flag("--clsoes") == "--closes"
    assert nearest_flag("—secert") == "--secret"
    assert nearest_flag("--zzzzz") == ""


@given(st.text(alphabet="ab \"“”'|-—?\n1.#", max_size=200))
def test_anything_can_be_read(text: str) -> None:
    for reading in (read, read_choice, read_about, read_added):
        assert isinstance(reading(text), dict)


@pytest.mark.promise("S9")
@pytest.mark.parametrize("pattern", ['"a ', "— ", "--closes ", "?|", "'", '"', "--a ", "\n"])
def test_huge_texts_are_read_in_no_time(pattern: str) -> None:
    begun = perf_counter()
    read(pattern * (4096 // len(pattern)))
    assert perf_counter() - begun < 0.5
