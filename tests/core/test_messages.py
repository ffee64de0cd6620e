"""Text as data: what is parsed, what never is, and that a message survives being stored."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.messages import (
    Button,
    Message,
    Picture,
    Poll,
    Span,
    Style,
    compose,
    from_json,
    lines,
    only,
    plain,
    text,
    to_json,
)


def test_bold_code_and_names_are_parsed() -> None:
    found = compose("Hi {name}, see *our rules* or `/help`.", {"name": "Ayu"})

    assert found == (
        Span("Hi Ayu, see "),
        Span("our rules", Style.BOLD),
        Span(" or "),
        Span("/help", Style.CODE),
        Span("."),
    )


def test_a_name_inside_of_bold_or_code_takes_its_style() -> None:
    assert compose("*{name}*", {"name": "Ayu"}) == (Span("Ayu", Style.BOLD),)
    assert compose("`/{name}`", {"name": "help"}) == (Span("/help", Style.CODE),)
    assert compose("*{who}*", {"who": (Span("Ayu", mention="7"),)}) == (Span("Ayu", Style.BOLD, mention="7"),)


def test_a_name_that_has_no_value_stays_as_it_is() -> None:
    assert plain(compose("Hi {name}", {})) == "Hi {name}"


def test_what_is_styled_already_keeps_its_own_style() -> None:
    assert compose("*{a}*", {"a": (Span("x", Style.CODE),)}) == (Span("x", Style.CODE),)


@given(st.text())
def test_values_are_never_parsed(value: str) -> None:
    found = compose("*Welcome* {name}!", {"name": value})

    assert plain(found) == f"Welcome {value}!"
    assert [span for span in found if span.style is not Style.PLAIN] == [Span("Welcome", Style.BOLD)]


@given(st.text(alphabet="*`{}ab\n ", max_size=60))
def test_any_pattern_can_be_said(pattern: str) -> None:
    """No error, no empty runs, and nothing but markup is lost."""
    found = compose(pattern, {"a": "*`{b}"})

    assert all(span.text for span in found)
    kept = plain(found).replace("*`{b}", "{a}")
    assert [char for char in kept if char not in "*`"] == [char for char in pattern if char not in "*`"]


@given(st.lists(st.text(max_size=5), max_size=4))
def test_lines_are_joined_without_empty_ones(parts: list[str]) -> None:
    assert plain(lines(*map(text, parts))) == "\n".join(part for part in parts if part)


def test_a_message_survives_being_stored() -> None:
    message = Message(
        (Span("Halo "), Span("Ayu", Style.BOLD, mention="7"), Span("sini", link="https://example.org/?a=1&b=2")),
        only("7"),
        ((Button("Ya", "poll.vote", {"option": 1, "of": ["a", None]}), Button("Web", url="https://example.org")),),
        Poll("Di mana?", ("A", "B"), multiple=True),
        Picture(b"\x89PNG\x00\xff", "a chart"),
        "12",
        ask_reply=True,
    )

    assert from_json(to_json(message)) == message


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_being_stored(words: str) -> None:
    assert from_json(to_json(Message(text(words)))) == Message(text(words))
