"""What people type becomes a command with its options, or a mistake that says what would be right."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.commands import (
    Command,
    CommandMistake,
    CommandTable,
    Form,
    Kind,
    Option,
    Who,
    complete,
    parse,
    split,
    usage,
)
from bot.core.messages import plain
from bot.core.mistakes import explain
from bot.core.speech import Speaker
from bot.features import ALL


def _nothing(event: object, ctx: object, **options: object) -> None:
    return None


POLL = Command(
    "poll new",
    "Ask the community",
    _nothing,
    options=(
        Option("question", "what to ask", Kind.WORD, required=True),
        Option("closes", "when"),
        Option("max_votes", "how many", Kind.INTEGER),
        Option("secret", "hide who chose what", Kind.FLAG),
        Option("kind", "which", choices=("quick", "slow")),
        Option("note", "anything", Kind.TEXT),
    ),
    aliases={"id": "poling baru"},
    usual=True,
)
CLOSE = Command("poll close", "Close it", _nothing, aliases={"id": "poling tutup"})
RULES = Command(
    "rules text",
    "Change the rules",
    _nothing,
    options=(Option("text", "the rules", Kind.TEXT, required=True),),
    form=Form("text", "Rules", "Which rules?"),
    aliases={"id": "aturan teks"},
)
HELP = Command("help", "What you can do", _nothing, aliases={"id": "bantuan"})
TABLE = CommandTable((POLL, CLOSE, RULES, HELP))
REAL = CommandTable(command for feature in ALL for command in feature.commands)


def understood(name: str, text: str, table: CommandTable = TABLE) -> tuple[str, dict[str, Any]]:
    match = table.find(name, text)
    return match.command.name, parse(match.command, match.rest)


def mistake_in(name: str, text: str, table: CommandTable) -> CommandMistake | None:
    try:
        understood(name, text, table)
    except CommandMistake as mistake:
        return mistake
    return None


def mistaken(name: str, text: str, table: CommandTable = TABLE) -> CommandMistake:
    mistake = mistake_in(name, text, table)
    assert mistake, "it was understood"
    return mistake


def explained(mistake: CommandMistake, language: str = "en") -> str:
    return plain(explain(mistake, Speaker(language)).text)


# ---------------------------------------------------------------- which command


@pytest.mark.parametrize(
    ("name", "text", "command"),
    [
        ("poll", "close", "poll close"),
        ("POLL", "Close", "poll close"),
        ("poling", "tutup", "poll close"),
        ("poll", "tutup", "poll close"),
        ("poling", "close", "poll close"),
        ("poll close", "", "poll close"),
        ("poling tutup", "", "poll close"),
        ("bantuan", "", "help"),
        ("poll", "baru Where?", "poll new"),
        ("poll", '"Where to?"', "poll new"),
    ],
)
def test_a_command_is_found_in_either_language(name: str, text: str, command: str) -> None:
    assert TABLE.find(name, text).command.name == command


def test_two_commands_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two commands are called 'help'"):
        CommandTable((HELP, Command("help", "", _nothing)))


@pytest.mark.parametrize(("typed", "near"), [("hlep", "help"), ("pol", "poll"), ("bantuann", "bantuan"), ("xyz", "")])
def test_a_near_miss_is_told(typed: str, near: str) -> None:
    mistake = mistaken(typed, "")
    assert (mistake.code, mistake.data["nearest"]) == ("unknown", near)


def test_a_wrong_verb_is_told_with_the_nearest() -> None:
    mistake = mistaken("rules", "txt Be kind")
    assert (mistake.code, mistake.data) == ("verb", {"name": "rules", "found": "txt", "nearest": "text"})


def test_a_wrong_verb_that_is_like_none_is_told_with_all_there_are() -> None:
    mistake = mistaken("rules", "delete")
    assert (mistake.code, mistake.data) == ("no_such_verb", {"name": "rules", "found": "delete", "verbs": "text"})


def test_a_verb_that_is_missing_is_asked_for_in_the_language_of_the_noun() -> None:
    assert mistaken("rules", "").data["verbs"] == "text"
    assert mistaken("aturan", "").data["verbs"] == "teks"


def test_a_command_without_a_name_is_unknown() -> None:
    assert mistaken("", "x").code == "unknown"
    assert mistaken("  ", "").code == "unknown"


# ---------------------------------------------------------------- which options


def test_words_fill_options_in_their_order_and_flags_out_of_it() -> None:
    name, options = understood("poll", 'new "Where to?" 2h --secret --max-votes 3 --kind quick and so on')
    assert name == "poll new"
    assert options == {
        "question": "Where to?",
        "closes": "2h",
        "secret": True,
        "max_votes": 3,
        "kind": "quick",
        "note": "and so on",
    }


@pytest.mark.parametrize("dash", ["--", "—", "–"])
@pytest.mark.parametrize("quotes", ['""', "“”", "„”", "«»", "''", "‘’", "””"])
def test_phones_write_other_quotes_and_dashes(dash: str, quotes: str) -> None:
    typed = f"new {quotes[0]}Di mana kita ngopi?{quotes[1]} {dash}closes 2h"
    assert understood("poll", typed)[1] == {"question": "Di mana kita ngopi?", "closes": "2h"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("it's fine", ["it's", "fine"]),
        ('"never closed', ['"never', "closed"]),
        ('say "a"b" now', ["say", 'a"b', "now"]),
        ('""', [""]),
        ("a  \n b", ["a", "b"]),
        ("", []),
    ],
)
def test_words_are_split_as_they_were_meant(text: str, words: list[str]) -> None:
    assert split(text) == words


def test_quoted_words_are_no_flags() -> None:
    assert understood("poll", 'new "--secret?"')[1] == {"question": "--secret?"}


def test_one_long_text_keeps_its_lines_quotes_and_dashes() -> None:
    text = '"Be kind" —\n--no ads--\n  • help others'
    assert understood("rules", f"text {text}")[1] == {"text": text}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ('{ id = "Sopan", en = "Be kind" }', '{ id = "Sopan", en = "Be kind" }'),
        ('["a  b", "c"]', '["a  b", "c"]'),
        ('"one run"', "one run"),
        ("two\nlines — so", "two\nlines — so"),
        ("45 detik", "45 detik"),
    ],
)
def test_the_text_behind_other_options_is_kept_as_it_was_typed(typed: str, value: str) -> None:
    assert understood("settings", f"set welcome.rules  {typed}", REAL)[1]["value"] == value


def test_a_form_may_be_asked_for_without_its_text() -> None:
    assert understood("rules", "text")[1] == {}


@pytest.mark.parametrize(
    ("text", "code", "found"),
    [
        ("new", "missing", None),
        ("new Q 2h 3 --kind fast", "choice", "fast"),
        ("new Q --max-votes many", "integer", "many"),
        ("new Q --max-votes", "integer", ""),
        ("new Q --secrt", "option", "--secrt"),
        ("new Q --wat", "option", "--wat"),
        ("close now", "extra", "now"),
    ],
)
def test_what_is_wrong_is_named(text: str, code: str, found: str | None) -> None:
    mistake = mistaken("poll", text)
    assert (mistake.code, mistake.data.get("found")) == (code, found)
    said = explained(mistake)
    assert "{" not in said
    assert found is None or found in said


def test_choices_are_taken_in_any_case_and_the_nearest_is_told() -> None:
    assert understood("poll", "new Q --kind QUICK")[1]["kind"] == "quick"
    assert mistaken("poll", "new Q --kind quik").data["nearest"] == "quick"


def test_a_language_may_be_called_by_its_name() -> None:
    assert mistaken("bahasa", "indonesia", REAL).data["nearest"] == "id"
    assert mistaken("language", "English", REAL).data["nearest"] == "en"
    assert understood("language", "ID", REAL) == ("language", {"language": "id"})


def test_what_was_filled_in_is_checked_too() -> None:
    assert complete(POLL, {"question": "Q", "max_votes": 3, "unheard_of": "x"}) == {"question": "Q", "max_votes": 3}
    with pytest.raises(CommandMistake, match="choice"):
        complete(POLL, {"question": "Q", "kind": "fast"})
    with pytest.raises(CommandMistake, match="missing"):
        complete(POLL, {"question": ""})


def test_usage_is_as_one_would_type_it() -> None:
    assert usage(POLL) == "/poll new QUESTION [CLOSES] [MAX_VOTES] [--secret] [KIND] [NOTE]"


def test_a_misspelt_verb_before_an_option_is_told() -> None:
    mistake = mistaken("settings", "st welcome.window 2m", REAL)
    assert (mistake.code, mistake.data["nearest"]) == ("verb", "set")


# ---------------------------------------------------------------- whatever is typed

TYPED = st.text(alphabet=st.sampled_from("\"“”„«»'‘’-—–= \n\tab1|@/{}*`😀") | st.characters(), max_size=80)
NAMES = st.sampled_from(["poll", "poling", "rules", "help", "settings", "welcome", "sambutan", "language"]) | TYPED


@pytest.mark.promise("S9")
@given(NAMES, st.sampled_from(["", "new ", "text ", "set ", "close "]), TYPED)
def test_whatever_is_typed_is_a_command_or_a_mistake(name: str, verb: str, text: str) -> None:
    for table in (TABLE, REAL):
        mistake = mistake_in(name, verb + text, table)
        assert mistake is None or (explained(mistake, "en") and explained(mistake, "id"))


@pytest.mark.promise("S9")
@pytest.mark.parametrize(
    "text",
    ['"' + 'a"' * 20_000, '"' * 40_000, '" ' * 20_000, "“a " * 13_000, "--" * 20_000, "-- " * 13_000, "x" * 40_000],
)
def test_huge_texts_are_read_at_once(text: str) -> None:
    begun = process_time()
    for name in ("poll", "rules", "settings"):
        mistake = mistake_in(name, text, REAL if name == "settings" else TABLE)
        assert mistake is None or len(explained(mistake)) < 500
    assert process_time() - begun < 3  # of this process: quadratic reading would take minutes


# ---------------------------------------------------------------- what features declare


def test_every_real_command_is_also_indonesian_or_the_same_in_both() -> None:
    same = {"ping", "start"}
    assert {command.name for command in REAL.commands if not command.aliases} == same


def test_what_is_offered_names_only_options_that_it_takes() -> None:
    for command in REAL.commands:
        assert command.form is None or command.form.option in {option.name for option in command.options}
        assert command.who in (Who.ANYONE, Who.MANAGERS)
