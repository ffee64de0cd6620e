from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.play.grammar import read
from bot.play.script import (
    Act,
    Action,
    Clock,
    DeleteLast,
    Heard,
    Join,
    Leave,
    NotUnderstood,
    Offline,
    Place,
    Press,
    React,
    Reply,
    Restart,
    Say,
    Start,
    Step,
    TakeBackVote,
    Unheard,
    Vote,
)

BEGIN = "2026-01-05 09:00 Asia/Jakarta"
TELEGRAM = Place("telegram")


def steps(*lines: str) -> list[Step]:
    """What these lines mean after a first one that says when it is."""
    return [line.step for line in read("\n".join([BEGIN, *lines]))][1:]


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, second, tzinfo=UTC)


SAMPLE = """\
# kopi.chat: what a newcomer sees
2026-01-05 09:00 Asia/Jakarta
telegram> Ayu joins
+40s  # the join window is 30 s
telegram< Guyub: …Ayu…
telegram> Rina (manager): /poll new "Ngopi di mana?" Senopati | Kemang --closes 2h
discord> Budi votes Kemang
telegram> Ayu votes Senopati
telegram> Dewi votes Kemang
+2h
telegram< Guyub: …Kemang…2…
discord< Guyub: …Kemang…2…
"""


def test_the_published_sample() -> None:
    lines = read(SAMPLE)

    assert [line.number for line in lines] == list(range(2, 13))
    assert [type(line.step).__name__ for line in lines] == (
        ["Clock", "Action", "Clock", "Heard", "Action", "Action", "Action", "Action", "Clock", "Heard", "Heard"]
    )
    assert lines[4].step == Action(
        TELEGRAM, "Rina", True, Say('/poll new "Ngopi di mana?" Senopati | Kemang --closes 2h')
    )
    assert lines[2].text == "+40s"


# ---------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("+40s", at(5, 2, 0, 40)),
        ("+10m", at(5, 2, 10)),
        ("+2h", at(5, 4)),
        ("+3d", at(8, 2)),
        ("until 18:00", at(5, 11)),
        ("until 09:00", at(6, 2)),
        ("until 08:59", at(6, 1, 59)),
        ("2026-01-05 23:30:15 Asia/Makassar", at(5, 15, 30, 15)),
    ],
)
def test_time_runs_until(line: str, until: datetime) -> None:
    (step,) = steps(line)
    assert isinstance(step, Clock)
    assert step.until == until


def test_spans_add_up_and_a_new_zone_holds_from_then_on() -> None:
    *_, last = steps("+1h", "offline 30m", "2026-01-05 04:00 UTC", "until 05:00")
    assert isinstance(last, Clock)
    assert (last.until, last.zone.key) == (at(5, 5), "UTC")


def test_the_bot_is_down_or_killed() -> None:
    assert steps("offline 2h", "restart") == [Offline(at(5, 4)), Restart()]


def test_until_a_time_that_the_clock_skips_or_shows_twice() -> None:
    """In Berlin the clock goes from 2 to 3 on 29 March, and from 3 back to 2 on 25 October 2026."""
    spring = read("2026-03-29 00:00 Europe/Berlin\nuntil 03:30")[1].step
    autumn = read("2026-10-25 00:00 Europe/Berlin\nuntil 02:30")[1].step
    assert isinstance(spring, Clock)
    assert isinstance(autumn, Clock)
    assert spring.until == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert autumn.until == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("telegram", TELEGRAM),
        ("discord/second", Place("discord", "second")),
        ("telegram#managers", Place("telegram", channel="managers")),
        ("discord/second#helpers", Place("discord", "second", "helpers")),
        ("telegram#topic:42", Place("telegram", channel="topic:42")),
        ("telegram@Ayu", Place("telegram", private="Ayu")),
        ("discord@Ayu Lestari", Place("discord", private="Ayu Lestari")),
        ('telegram@"a > b"', Place("telegram", private="a > b")),
    ],
)
def test_places(written: str, place: Place) -> None:
    assert steps(f"{written}< Guyub: …") == [Heard(place, "Guyub", "…")]
    assert steps(f"{written} ! …") == [Unheard(place, "…")]


# ---------------------------------------------------------------- what people do


@pytest.mark.parametrize(
    ("written", "act"),
    [
        ("joins", Join()),
        ("leaves", Leave()),
        ("is banned", Leave(banned=True)),
        ("starts", Start()),
        ("votes Kemang", Vote("Kemang")),
        ('votes "Kemang: sore"', Vote("Kemang: sore")),
        ("takes back the vote", TakeBackVote()),
        ("presses Open a private chat", Press("Open a private chat")),
        ("reacts ❤️ to Budi", React("❤️", "Budi")),
        ('reacts 👍 to "a: b"', React("👍", "a: b")),
        ("replies to Guyub: ya: boleh", Reply("Guyub", "ya: boleh")),
        ('replies to "a: b": ya', Reply("a: b", "ya")),
        ("deletes the last message", DeleteLast()),
        (": halo semua", Say("halo semua")),
        (": she leaves now: bye", Say("she leaves now: bye")),
    ],
)
@pytest.mark.parametrize(
    ("who", "name", "manager"),
    [
        ("Ayu", "Ayu", False),
        ("Ayu Lestari (manager)", "Ayu Lestari", True),
        ('"Ayu: joins (VIP)"', "Ayu: joins (VIP)", False),
        ('“the "boss"” (manager)', 'the "boss"', True),
    ],
)
def test_acts(who: str, name: str, manager: bool, written: str, act: Act) -> None:
    words = f"{who}{written}" if written.startswith(":") else f"{who} {written}"
    assert steps(f"telegram> {words}") == [Action(TELEGRAM, name, manager, act)]


def test_a_private_chat_is_acted_in_by_whose_it_is() -> None:
    assert steps("telegram@Ayu> Ayu: /help") == [Action(Place("telegram", private="Ayu"), "Ayu", False, Say("/help"))]
    with pytest.raises(NotUnderstood, match="Budi can't act in the private chat with Ayu"):
        steps("telegram@Ayu> Budi: /help")


# ---------------------------------------------------------------- what is expected


def test_expectations() -> None:
    assert steps("telegram< Guyub: Halo: …Ayu… [Ya]", 'discord< "a: b": x', "telegram! …Kemang…") == [
        Heard(TELEGRAM, "Guyub", "Halo: …Ayu… [Ya]"),
        Heard(Place("discord"), "a: b", "x"),
        Unheard(TELEGRAM, "…Kemang…"),
    ]


# ---------------------------------------------------------------- comments


def test_a_comment_stands_alone_or_behind_two_spaces() -> None:
    assert steps("", "  # nothing", "telegram> Ayu: kopi #1", "telegram> Ayu: kopi  # not said", "#") == [
        Action(TELEGRAM, "Ayu", False, Say("kopi #1")),
        Action(TELEGRAM, "Ayu", False, Say("kopi")),
    ]


def test_line_ends_and_the_mark_of_other_editors() -> None:
    assert len(read(f"\ufeff{BEGIN}\r\n\r\ntelegram> Ayu joins\r\n")) == 2


def test_a_file_in_which_nothing_acts() -> None:
    assert read("# only a comment\n\n") == []


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("line", "reason", "hint"),
    [
        ("telegram> Ayu joined", "what does 'Ayu joined' do", '"joins"'),
        ("telegram> Ayu", "what does 'Ayu' do", "joins, leaves"),
        ("telegram> Ayu:halo", "no space behind the colon", "Ayu: halo"),
        ("telegram> Ayu:", "what is said", "Ayu: halo"),
        ("telegram> : halo", "who does it", "Ayu joins"),
        ("telegram> Ayu joins now", "'now' is too much", "in quotes"),
        ("telegram> Ayu (VIP) joins", "holds a bracket", "in quotes"),
        ("telegram> Ayu votes", "for what", "votes Kemang"),
        ("telegram> Ayu presses", "which button", "presses"),
        ("telegram> Ayu reacts ❤️", "to whose message", "to Ayu"),
        ("telegram> Ayu replies to Budi", "a colon", "replies to Ayu: "),
        ('telegram> "Ayu" dances', "'dances' is not something", "known:"),
        ("telegrm> Ayu joins", "no platform 'telegrm'", "telegram"),
        ("slack> Ayu joins", "no platform 'slack'", "telegram and discord"),
        ("telegram< Guyub", "a colon", "telegram< Guyub: "),
        ("telegram< Guyub:", "what should be heard", "…Ayu…"),
        ("telegram!", "what should not be heard", "…Ayu…"),
        ('telegram@""> Ayu joins', "whose private chat", "telegram@Ayu"),
        ("hello", "neither a time", "telegram> Ayu joins"),
        ("+3x", "'3x' is not a span", "+40s"),
        ("offline", "not a span", "offline 2h"),
        ("until noon", "'noon' is not a time of day", "18:00"),
        ("until 25:00", "'25:00' is not a time of day", "18:00"),
        ("restart now", "'now'", ""),
        ("2026-01-05 09:00", "the time zone is missing", "Asia/Jakarta"),
        ("2026-02-30 09:00 UTC", "no such day", "Asia/Jakarta"),
        ("2026-01-06 09:00 Asia/Jakara", 'unknown time zone "Asia/Jakara"', "Asia/Jakarta"),
        ("2026-01-05 08:59 Asia/Jakarta", "time does not run backwards", "2026-01-05 09:00:00"),
        ("+999999999d", "further away than the calendar", ""),
        ("telegram> Ayu: " + "x" * 20_001, "longer than", ""),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_would_be_right(line: str, reason: str, hint: str) -> None:
    with pytest.raises(NotUnderstood) as told:
        steps("# first", line, "+1h")

    assert told.value.line == 3
    assert reason in told.value.reason
    assert hint in told.value.hint
    assert told.value.text == line


@pytest.mark.parametrize("line", ["telegram> Ayu joins", "+1h", "restart", "telegram< Guyub: …"])
def test_the_first_line_that_acts_says_when_it_is(line: str) -> None:
    with pytest.raises(NotUnderstood, match="says when it is"):
        read(f"# a comment\n{line}")


WORDS = st.sampled_from(
    [*BEGIN.split(), "telegram", "discord", "/", "#", "@", ">", "<", "!", ":", " ", "  ", "\n", '"', "“", "”", "…",
     "Ayu", "(manager)", "joins", "votes", "takes back the vote", "reacts", "to", "replies to", "presses", "+",
     "9" * 12, "until", "offline", "restart", "h", "d",
     "9999-12-31 23:59 Pacific/Kiritimati", "0001-01-01 00:00 Asia/Jakarta"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.one_of(WORDS, st.text(max_size=3)), max_size=30).map("".join)))
def test_nothing_but_its_own_error_is_ever_raised(text: str) -> None:
    for begin in ("", f"{BEGIN}\n"):
        with suppress(NotUnderstood):
            assert all(line.text in begin + text for line in read(begin + text))


NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters='"“”'), min_size=1
).filter(lambda name: name == name.strip() and not re.search(r"\s\s+#", name))


@given(NAMES)
def test_any_name_can_be_written_in_quotes(name: str) -> None:
    assert steps(f'telegram> "{name}" joins') == [Action(TELEGRAM, name, False, Join())]
    assert steps(f'discord< "{name}": …') == [Heard(Place("discord"), name, "…")]


def test_every_example_of_the_documentation_is_understood() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scripted-conversations.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    examples = [text for language, text in blocks if not language and "line     =" not in text]
    assert len(examples) >= 7
    for example in examples:
        begin = "" if re.search(r"^\d{4}-", example, re.MULTILINE) else f"{BEGIN}\n"
        assert read(begin + example)
