"""Whether somebody asks something: by a question mark, or by the words of `question_words`. Pure.

A bounded part of a text is looked at, each word of it once, and a word begins a few short phrases at most.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

from bot.core.question_words import FIRST_SAID, LAST_SAID, PHRASES

LOOKED_AT: Final = 400
"""Characters at either end of a text: what is asked stands early, or comes last."""
FAR: Final = 12  # words that "…" passes over at most
_MARKS = ("?", "？")  # the second as Chinese and Japanese keyboards write it
_ENDS: Final = frozenset(".!?;:\n")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[.!?,;:\n]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")  # yaaa
_OPENS, _SENTENCE, _CLOSES, _GAP, _NOT = "^", ".", "$", "…", "!"
Step = tuple[str, frozenset[str]]
"""One of the marks above, or "" for one of the words."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """`opens`: "^" if it has to begin a clause, "." a sentence; `first` begins it, `rest` follows."""

    opens: str
    not_after: frozenset[str]
    first: frozenset[str]
    rest: tuple[Step, ...]


def asks(text: str) -> bool:
    """In linear time, whatever the text."""
    if len(text) > 2 * LOOKED_AT:
        text = f"{text[:LOOKED_AT]}\n{text[-LOOKED_AT:]}"
    if ("?" in text or "？" in text) and _is_marked(text):
        return True
    text = text.lower().replace("’", "'")  # the apostrophe that phones write
    return _may_ask(_WORD.findall(text)) and _is_worded(_WORD.findall(_DRAWN_OUT.sub(r"\1", text)))


def _is_marked(text: str) -> bool:
    """A question mark that stands in the middle of a link is none."""
    if "/" not in text:
        return True
    marked = (word for word in text.split() if any(mark in word for mark in _MARKS))
    return any("/" not in word or word.rstrip("!.,)\"'*_~").endswith(_MARKS) for word in marked)


def _may_ask(words: Sequence[str]) -> bool:
    """False for nearly everything that people say."""
    if not (_KEY_PAIRS.isdisjoint(pairwise(words)) and _KEYS.isdisjoint(words)):
        return True
    return any(not (early.isdisjoint(words) or late.isdisjoint(words)) for early, late in _FAR_APART)


def _is_worded(words: Sequence[str]) -> bool:
    clause = sentence = True
    for here, word in enumerate(words):
        for phrase in _PHRASES.get(word, ()):
            begins = sentence or not phrase.opens or (clause and phrase.opens == _OPENS)
            if begins and _follows(phrase.rest, words, here + 1) and not (here and words[here - 1] in phrase.not_after):
                return True
        ends, begun = word in _ENDS, word in _FIRST_SAID
        clause = ends or word == "," or (clause and begun)
        sentence = ends or (sentence and (begun or word == ","))
    return False


def _follows(rest: Sequence[Step], words: Sequence[str], here: int) -> bool:
    for number, (mark, some) in enumerate(rest):
        word = words[here] if here < len(words) else "\n"
        if mark == _GAP:
            return any(_follows(rest[number + 1 :], words, there) for there in _near(words, here))
        if mark == _CLOSES:
            if word not in _ENDS and word not in _LAST_SAID:
                return False
        elif (word in some) == (mark == _NOT):
            return False
        here += not mark
    return True


def _near(words: Sequence[str], here: int) -> range:
    """The next places of the same sentence."""
    until = min(here + FAR, len(words))
    return range(here, next((there for there in range(here, until) if words[there] in _ENDS), until))


# ---------------------------------------------------------------- the phrases, read once


def _read(line: str) -> Phrase:
    parts = line.split()
    opens = parts.pop(0) if parts[0] in (_OPENS, _SENTENCE) else ""
    not_after = _step(parts.pop(0))[1] if parts[0].startswith(_NOT) else frozenset()
    (_, first), *rest = map(_step, parts)
    return Phrase(opens, not_after, first, tuple(rest))


def _step(part: str) -> Step:
    if part in (_CLOSES, _GAP):
        return part, frozenset()
    mark = _NOT if part.startswith(_NOT) else ""
    return mark, frozenset(part.removeprefix(_NOT).split("|"))


def _by_first_word(phrases: Iterable[Phrase]) -> Mapping[str, Sequence[Phrase]]:
    found: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in phrases:
        for word in phrase.first:
            found[word].append(phrase)
    return dict(found)


_ALL: Final = [_read(line) for line in PHRASES.splitlines() if line]
_PHRASES: Final = _by_first_word(_ALL)
_FIRST_SAID: Final = frozenset(re.findall(r"\w+", FIRST_SAID))
_LAST_SAID: Final = frozenset(LAST_SAID.split("|"))

# Without one of these no phrase is there: two words that follow each other, or stand far apart, or a single one.
_NEXT: Final = [(phrase.first, *(phrase.rest[0] if phrase.rest else (_CLOSES, frozenset()))) for phrase in _ALL]
_KEY_PAIRS: Final = frozenset(pair for first, mark, some in _NEXT if not mark for pair in product(first, some))
_FAR_APART: Final = [(phrase.first, phrase.rest[1][1]) for phrase in _ALL if phrase.rest[:1] == ((_GAP, frozenset()),)]
_KEYS: Final = frozenset(word for first, mark, _ in _NEXT if mark and mark != _GAP for word in first)
