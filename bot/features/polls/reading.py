"""`"Question" A | B | C --closes 2h --secret`, typed on one line or on several. Pure, and takes everything.

The question is what stands in quotes, on the first line, before the first `?`, or before the first `|`. Options are
divided by `|` or stand on lines of their own. Flags may stand anywhere; phones make “ ” of quotes and — of `--`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.moments import MomentError, parse_moment, parse_weekly

YES_NO = ("multiple", "secret", "hide_results", "add_options", "chart", "revote")
ONE_WORD = ("max_per_person", "poll")
SEVERAL_WORDS = ("closes", "every")
_ALIASES = {
    "banyak": "multiple",
    "multi": "multiple",
    "rahasia": "secret",
    "anonymous": "secret",
    "sembunyikan": "hide_results",
    "sembunyikan_hasil": "hide_results",
    "hide": "hide_results",
    "tambah_opsi": "add_options",
    "tambah": "add_options",
    "add": "add_options",
    "ganti": "revote",
    "ubah": "revote",
    "maks": "max_per_person",
    "max": "max_per_person",
    "tutup": "closes",
    "close": "closes",
    "sampai": "closes",
    "until": "closes",
    "tiap": "every",
    "setiap": "every",
    "grafik": "chart",
    "poling": "poll",
}
_FLAGS = {name: name for name in (*YES_NO, *ONE_WORD, *SEVERAL_WORDS)} | _ALIASES
_FLAG = re.compile(r"(?<!\S)(?P<dashes>--|—|–)(?P<name>[^\W\d_][\w-]*)[=:]?")
_QUOTES = {"“": "”", "”": "”", "„": "”“", "«": "»", '"': '"”', "‘": "’", "'": "'"}
APOSTROPHES = "'‘"
_CLOSINGS = {closings: re.compile(rf"[{closings}](?=[\s|:]|\Z)") for closings in _QUOTES.values()}
_OPENING = re.compile(r"(?<!\S)[“”„«\"'‘]")
_WORD = re.compile(r"[ \t]*(\S+)")
_QUOTED_VALUE = re.compile(r"[ \t]*([“”„«\"'‘])")
_END_OF_VALUE = re.compile(r"\n|(?<!\S)(?:--|—|–)[^\W\d_]|(?<!\S)[“„«\"]|\Z")
_YES = frozenset({"yes", "y", "on", "true", "ya", "iya", "boleh", "1"})
_NO = frozenset({"no", "n", "off", "false", "tidak", "tdk", "ga", "gak", "nggak", "jangan", "0"})


def read(text: str) -> dict[str, Any]:
    """Options by name, as far as they are there; "unknown" is the first flag that there is not, "before" a word that
    stands before a question in quotes.

    Where there are options, so is the question, though it may be empty.
    """
    values, body = _take_flags(text)
    question, options = _divide(body)
    if before := _word_before(body):
        values["before"] = before
    if question or options:
        values["question"] = question
    if options:
        values["options"] = "\n".join(options)
    return values


def read_filled(asked: Mapping[str, Any], *, spoken: bool) -> dict[str, Any]:
    """What was filled into a form: flags among it count, and the question may be its first line.

    `spoken`: in somebody's own words, a reply say; else a question on the same line as options has to be one.
    """
    said = {name: value for name, value in asked.items() if value is not None}
    raw = str(said.get("options", "")).strip()
    question = " ".join(str(said.get("question", "")).split())
    if question:
        values, body = _take_flags(raw)
        options = split_options(body)
        if options and options[0].casefold() == question.casefold():
            options = options[1:]
        values |= {"question": question, "options": "\n".join(options)}
    elif spoken or "\n" in raw or "?" in raw or raw[:1] in _QUOTES:
        values = read(raw)
    else:
        values, body = _take_flags(raw)
        values |= {"question": "", "options": "\n".join(split_options(body))}
    return {name: value for name, value in said.items() if name not in ("question", "options")} | values


def read_choice(text: str) -> dict[str, Any]:
    """`2 --poll 5`, or an option's words."""
    values, body = _take_flags(text)
    if body.strip():
        values["choice"] = " ".join(body.split())
    return values


def read_number(text: str) -> dict[str, Any]:
    """`3`, `#3`, and flags: which poll. What is no number is given as it stands."""
    values, body = _take_flags(text)
    words = body.split()
    for word in [word for word in words if _FLAGS.get(word.casefold()) == "chart"]:
        words.remove(word)
        values["chart"] = True
    if words:
        values["number"] = " ".join(words)
    return values


def read_about(text: str) -> dict[str, Any]:
    """`3 "Question" A | B`: which poll, and then what."""
    number = re.match(r"\s*#?(\d{1,9})(?=\s|\Z)\s*", text)
    values = read(text[number.end() :] if number else text)
    if number:
        values["number"] = int(number[1])
    return values


def read_added(text: str) -> dict[str, Any]:
    """`3 Blok M`: which poll, and the option to be added."""
    number = re.match(r"\s*#?(\d{1,9})\s+(?=\S)", text)
    values: dict[str, Any] = {"number": int(number[1])} if number else {}
    words = " ".join((text[number.end() :] if number else text).split())
    opening = words[:1]
    if len(words) > 1 and words[-1] in _QUOTES.get(opening, ""):
        words = words[1:-1].strip()
    return values | ({"option": words} if words else {})


def split_options(text: str) -> list[str]:
    """What stands between bars, on lines of its own, or after a bullet or a number."""
    parts = [part for line in text.splitlines() for part in line.split("|")]
    if len(parts) == 1 and parts[0].count(",") >= 1:
        parts = parts[0].split(",")
    shown = (_BULLET.sub("", " ".join(_unquoted(part.strip()).split())) for part in parts)
    options = [part for part in shown if part]
    numbers = [_NUMBER.match(option) for option in options]
    if [int(number[1]) for number in numbers if number] == list(range(1, len(options) + 1)):
        return [_NUMBER.sub("", option) for option in options]
    return options


_BULLET = re.compile(r"^[-•*]\s+")
_NUMBER = re.compile(r"^(\d{1,2})[.)]\s+(?=\S)")


def yes_or_no(word: str) -> bool | None:
    """None for what is neither."""
    word = word.casefold()
    return True if word in _YES else False if word in _NO else None


# ---------------------------------------------------------------- flags


def _take_flags(text: str) -> tuple[dict[str, Any], str]:
    values: dict[str, Any] = {}
    body: list[str] = []
    quoted = _quoted_runs(text)
    end = 0
    for match in _FLAG.finditer(text):
        if match.start() < end or any(start <= match.start() < stop for start, stop in quoted):
            continue
        name = _named(match["name"], sure=match["dashes"] == "--")
        if name is None:
            continue
        body.append(text[end : match.start()])
        end = _take_value(text, match.end(), name, match["dashes"] + match["name"], values)
    body.append(text[end:])
    return values, " ".join(part.strip(" \t") if "\n" not in part else part for part in body)


def _named(word: str, sure: bool) -> str | None:
    """The flag that is meant; "" for one that there is not, None for what is no flag: a dash before a word."""
    name = word.casefold().replace("-", "_")
    if name in _FLAGS:
        return _FLAGS[name]
    return "" if sure or difflib.get_close_matches(name[:30], _FLAGS, n=1, cutoff=0.8) else None


def nearest_flag(word: str) -> str:
    """The one that may be meant, as it is written; empty if none is near."""
    name = word.lstrip("-—–").casefold().replace("-", "_")
    near = difflib.get_close_matches(name[:30], _FLAGS, n=1, cutoff=0.5)
    return f"--{near[0].replace('_', '-')}" if near else ""


def _take_value(text: str, start: int, name: str, written: str, values: dict[str, Any]) -> int:
    """Put the flag's value among the values; return where the text goes on."""
    if not name:
        values.setdefault("unknown", written)
        return start
    if name in YES_NO:
        word, end = _next_word(text, start)
        said = yes_or_no(word) if word else None
        values[name] = True if said is None else said
        if said is None and name == "revote" and word and text[start:].lstrip()[0] not in (*_QUOTES, "|"):
            values.setdefault("unclear", word)
        return start if said is None else end
    if name in ONE_WORD:
        word, end = _next_word(text, start)
        values[name] = word
        return end
    value, end = _until_next(text, start)
    if "|" in value:  # options follow, so the time has ended somewhere before
        begin = end - len(text[start:end].lstrip())
        value = _time_in(name, value.partition("|")[0])
        end = begin + len(value)
    values[name] = value
    return end


def _next_word(text: str, start: int) -> tuple[str, int]:
    match = _WORD.match(text, start)
    if match is None or _FLAG.match(match[1]):
        return "", start
    return _unquoted(match[1]), match.end()


def _until_next(text: str, start: int) -> tuple[str, int]:
    """Up to the next flag, quote, bar or line; or what stands in quotes."""
    quote = _QUOTED_VALUE.match(text, start)
    if quote:
        closing = _closing(text, quote.end(), _QUOTES[quote[1]])
        if closing >= 0:
            return text[quote.end() : closing].strip(), closing + 1
    stop = _END_OF_VALUE.search(text, start)
    assert stop is not None
    return text[start : stop.start()].strip(), stop.start()


MOST_WORDS_OF_TIME = 8
_SOME_DAY = datetime(2026, 1, 5, tzinfo=UTC)


def _time_in(name: str, words: str) -> str:
    """The longest beginning that is a time; else one that is almost a time, else the first word."""
    ends = [match.end() for match in re.finditer(r"\S+", words)][:MOST_WORDS_OF_TIME]
    found = {end: _what_is_wrong(name, words[:end]) for end in reversed(ends)}
    right = [end for end, wrong in found.items() if wrong in ("", "past", "too_far")]
    almost = [end for end, wrong in found.items() if wrong not in ("unknown", "twice")]
    return words[: (right or almost or ends[:1] or [0])[0]]


def _what_is_wrong(name: str, words: str) -> str:
    """With these words as a time; what they mean depends on the day, whether they are one does not."""
    try:
        if name == "every":
            parse_weekly(words)
        else:
            parse_moment(words, _SOME_DAY, ZoneInfo("UTC"))
    except MomentError as error:
        return error.code
    return ""


# ---------------------------------------------------------------- question and options


def _divide(body: str) -> tuple[str, list[str]]:
    text = body.strip()
    if not text:
        return "", []
    if text[0] in _QUOTES:
        closing = _closing(text, 1, _QUOTES[text[0]])
        if closing > 0:
            return " ".join(text[1:closing].split()), split_options(text[closing + 1 :].lstrip(" :|"))
        text = text[1:].lstrip() if text[0] not in APOSTROPHES else text  # one that nobody closed
    first, _, rest = text.partition("\n")
    if rest.strip():
        return " ".join(first.split()), split_options(rest)
    head, bar, tail = text.partition("|")
    if not bar:
        return " ".join(text.split()), []
    question, mark, option = head.partition("?")
    if mark and option.strip():
        return " ".join((question + mark).split()), split_options(f"{option}|{tail}")
    return " ".join(head.split()), split_options(tail)


def _word_before(body: str) -> str:
    """Of `create "Where?" A | B`: a verb that there is not, or a slip. Empty if the quotes are part of a question."""
    match = _WORD_AND_QUOTE.match(body)
    if match is None or body.strip().partition("\n")[2].strip():
        return ""
    closing = _closing(body, match.end(), _QUOTES[match["quote"]])
    if closing < 0 or "?" in body[closing:].partition("|")[0]:
        return ""
    return match["word"]


_WORD_AND_QUOTE = re.compile(r"\s*(?P<word>[^\W\d_][\w-]*):?\s+(?P<quote>[“”„«\"])")


def _quoted_runs(text: str) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    position = 0
    while (start := _opening(text, position)) >= 0:
        closing = _closing(text, start + 1, _QUOTES[text[start]])
        position = closing + 1 if closing > 0 else start + 1
        if closing > 0:
            runs.append((start, closing + 1))
    return runs


def _opening(text: str, start: int) -> int:
    match = _OPENING.search(text, start)
    return match.start() if match else -1


def _closing(text: str, start: int, closings: str) -> int:
    """Where the quote ends: before a space, a bar or the end; -1 if nowhere."""
    match = _CLOSINGS[closings].search(text, start)
    return match.start() if match else -1


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] in _QUOTES and text[-1] in _QUOTES[text[0]]:
        return text[1:-1].strip()
    return text
