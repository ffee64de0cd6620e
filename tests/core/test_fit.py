"""What a platform can't show is made to fit, and never for more people than meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.chat import ButtonLimits, Capabilities, PollLimits
from bot.core.fit import fit, length, shorten, takes_poll
from bot.core.messages import (
    EVERYONE,
    MANAGERS,
    Audience,
    Button,
    Message,
    Poll,
    Span,
    Style,
    only,
    plain,
)

POLLS = PollLimits(10, 300, 100, timedelta(seconds=5), timedelta(days=7), timedelta(seconds=1), hides_results=False)
LIMITS = st.builds(
    Capabilities,
    max_text=st.integers(1, 50),
    utf16=st.booleans(),
    buttons=st.none() | st.builds(ButtonLimits, st.integers(1, 4), st.integers(1, 4), st.integers(1, 9)),
    polls=st.none() | st.just(POLLS),
)
SPANS = st.lists(st.builds(Span, st.text(alphabet="aé😀\n", max_size=30), st.sampled_from(Style)), max_size=4)
BUTTONS = st.builds(Button, st.text(min_size=1, max_size=12), url=st.sampled_from(["", "https://example.org"]))
MESSAGES = st.builds(
    Message,
    SPANS.map(tuple),
    st.sampled_from([EVERYONE, MANAGERS, only("7")]),
    st.lists(st.lists(BUTTONS, min_size=1, max_size=6).map(tuple), max_size=6).map(tuple),
    st.none() | st.just(Poll("Where?", ("A", "B"))),
)


@given(MESSAGES, LIMITS)
def test_whatever_is_said_fits(message: Message, limits: Capabilities) -> None:
    fitted = fit(message, limits)

    assert length(plain(fitted.text), limits.utf16) <= limits.max_text
    assert fitted.poll is None or limits.polls is not None
    if limits.buttons is None:
        assert not fitted.buttons
    else:
        assert len(fitted.buttons) <= limits.buttons.rows
        assert all(0 < len(row) <= limits.buttons.per_row for row in fitted.buttons)
        assert all(len(button.label) <= limits.buttons.label for row in fitted.buttons for button in row)


@given(MESSAGES, LIMITS)
def test_it_is_for_the_same_people(message: Message, limits: Capabilities) -> None:
    assert fit(message, limits).audience == message.audience


@given(SPANS.map(tuple), st.integers(1, 60), st.booleans())
def test_what_is_cut_is_the_end_and_is_seen_to_be_cut(spans: tuple[Span, ...], limit: int, utf16: bool) -> None:
    before, after = plain(spans), plain(shorten(spans, limit, utf16))

    assert length(after, utf16) <= limit
    if length(before, utf16) <= limit:
        assert after == before
    else:
        assert after.endswith("…")
        assert before.startswith(after[:-1])


def test_units_are_those_of_the_platform() -> None:
    four = (Span("😀" * 4),)
    assert plain(shorten(four, 4, utf16=False)) == "😀😀😀😀"
    assert plain(shorten(four, 8, utf16=True)) == "😀😀😀😀"
    assert plain(shorten(four, 7, utf16=True)) == "😀😀😀…"
    assert plain(shorten(four, 6, utf16=True)) == "😀😀…"
    assert plain(shorten(four, 3, utf16=False)) == "😀😀…"


def test_styles_stay_when_the_end_is_cut() -> None:
    assert shorten((Span("aa"), Span("bbb", Style.BOLD)), 4, utf16=False) == (
        Span("aa"),
        Span("b", Style.BOLD),
        Span("…"),
    )


@pytest.mark.promise("S9")
def test_a_huge_text_is_cut_at_once() -> None:
    begun = perf_counter()
    shorten((Span("😀" * 200_000),), 4096, utf16=True)
    assert perf_counter() - begun < 0.1


def test_buttons_fill_rows_when_there_are_too_many_rows() -> None:
    rows = tuple((Button(str(number), "a.b"),) for number in range(21))
    fitted = fit(Message(buttons=rows), Capabilities(2000, buttons=ButtonLimits(5, 5, 80)))
    assert [[button.label for button in row] for row in fitted.buttons] == [
        [str(number) for number in range(start, min(start + 5, 21))] for start in range(0, 21, 5)
    ]


def test_a_wide_row_is_broken() -> None:
    row = tuple(Button(str(number), "a.b") for number in range(7))
    fitted = fit(Message(buttons=(row,)), Capabilities(2000, buttons=ButtonLimits(5, 5, 80)))
    assert [len(row) for row in fitted.buttons] == [5, 2]


def test_without_buttons_links_are_said_and_presses_are_not() -> None:
    message = Message(
        (Span("Hi"),), buttons=((Button("Open", url="https://example.org"), Button("Vote", "poll.vote")),)
    )
    fitted = fit(message, Capabilities(2000))
    assert fitted.text == (Span("Hi\n"), Span("Open", link="https://example.org"))


def test_a_poll_becomes_a_numbered_list() -> None:
    fitted = fit(Message(poll=Poll("Where?", ("Senopati", "Kemang"))), Capabilities(2000))
    assert plain(fitted.text) == "Where?\n1. Senopati\n2. Kemang"
    assert fit(Message(poll=Poll("Where?", ("A", "B"))), Capabilities(2000, polls=POLLS)).poll


def test_an_audience_is_a_person_managers_or_everyone() -> None:
    assert only("7") == Audience(only("7").kind, "7")
    assert len({EVERYONE, MANAGERS, only("7"), only("8")}) == 4


# ---------------------------------------------------------------- polls

LUNCH = Poll("Lunch?", ("Soto", "Gado-gado"), open_for=timedelta(hours=2))
SHOWN = Message((Span("Lunch?"),), buttons=((Button("Soto", "polls.vote", typed="/vote 1"),),), poll=LUNCH)


def test_a_poll_is_the_platforms_own_or_text_and_buttons_never_both() -> None:
    limits = ButtonLimits(5, 5, 80)
    own = fit(SHOWN, Capabilities(2000, buttons=limits, polls=POLLS))
    assert (own.poll, own.text, own.buttons) == (LUNCH, (), ())
    ours = fit(SHOWN, Capabilities(2000, buttons=limits))
    assert (ours.poll, ours.text, ours.buttons) == (None, SHOWN.text, SHOWN.buttons)


def test_where_nothing_can_be_pressed_a_vote_is_typed() -> None:
    fitted = fit(SHOWN, Capabilities(2000))
    assert plain(fitted.text) == "Lunch?\nSoto: /vote 1"
    assert not fitted.buttons


@pytest.mark.parametrize(
    "poll",
    [
        replace(LUNCH, options=("Soto",)),
        replace(LUNCH, options=tuple(map(str, range(11)))),
        replace(LUNCH, options=("Soto", "x" * 101)),
        replace(LUNCH, question="x" * 301),
        replace(LUNCH, open_for=timedelta(seconds=4)),
        replace(LUNCH, open_for=timedelta(days=8)),
        replace(LUNCH, open_for=timedelta(seconds=90.5)),
        replace(LUNCH, revote=False),
        replace(LUNCH, hides_results=True),
    ],
)
def test_a_poll_that_the_platform_could_not_have_just_so_is_ours(poll: Poll) -> None:
    assert takes_poll(LUNCH, POLLS)
    assert not takes_poll(poll, POLLS)
    assert fit(replace(SHOWN, poll=poll), Capabilities(2000, polls=POLLS)).poll is None
