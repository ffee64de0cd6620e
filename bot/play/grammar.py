"""Reads a scripted conversation. The grammar is published in docs/scripted-conversations.md."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

from bot.play.moments import EXAMPLE, FIRST, Mistaken, Timeline, is_moment
from bot.play.script import (
    Act,
    Action,
    DeleteLast,
    Heard,
    Join,
    Leave,
    Line,
    NotUnderstood,
    Place,
    Press,
    React,
    Reply,
    Say,
    Start,
    Step,
    TakeBackVote,
    Unheard,
    Vote,
)

PLATFORMS = ("telegram", "discord")
LONGEST = 20_000  # characters of a line

_COMMENT = re.compile(r"\s{2,}#.*$", re.DOTALL)
_QUOTED = r'"[^"]*"|“[^”]*”'
_PLACE = re.compile(
    rf"""(?P<platform>[^\s/\#@<>!:"“]+)
    (?: @ \s* (?P<private> {_QUOTED} | [^<>!"“]+? )
      | (?: / (?P<group> [^\s/\#@<>!]+ ) )? (?: \# (?P<channel> [^\s\#@<>!]+ ) )?
    )
    \s* (?P<sign> [<>!] ) (?P<rest> .* )""",
    re.VERBOSE | re.DOTALL,
)
_SEPARATOR = re.compile(r":(?=\s|$)")
_VERBS = (
    "joins", "leaves", "is banned", "starts", "votes", "takes back the vote", "presses", "reacts", "replies to",
    "deletes the last message",
)  # fmt: skip
_VERB = re.compile(rf"(?<=\s)(?:{'|'.join(_VERBS)})(?=[\s:]|$)")
_MANAGER = re.compile(r"\(manager\)")
_ACTS = (
    'joins, leaves, is banned, starts, votes, takes back the vote, presses, reacts, replies to, deletes, or ": " text'
)


def read(text: str) -> list[Line]:
    """All lines that do something. Raise NotUnderstood, nothing else."""
    timeline, lines = Timeline(), list[Line]()
    for number, whole in enumerate(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        line = _COMMENT.sub("", whole).strip()
        if not line or line.startswith("#"):
            continue
        try:
            lines.append(Line(number, line, _step(line, timeline)))
        except Mistaken as mistake:
            raise NotUnderstood(number, line, mistake.reason, mistake.hint) from None
    return lines


def read_place(text: str) -> Place:
    """`telegram`, `discord/second`, `telegram#managers`, `telegram@Ayu`. Raise Mistaken."""
    found = _PLACE.fullmatch(f"{text.strip()}>")
    if found is None or found["rest"]:
        raise Mistaken(f"{text!r} is not a place", "write it like telegram, discord/second, telegram#managers")
    return _place(found)


def _step(line: str, timeline: Timeline) -> Step:
    if len(line) > LONGEST:
        raise Mistaken(f"the line is longer than {LONGEST} characters")
    if is_moment(line):
        return timeline.read(line)
    found = _PLACE.fullmatch(line)
    if found is None:
        raise Mistaken(
            "this is neither a time, nor what somebody does, nor what is expected",
            "write it like: telegram> Ayu joins · telegram< Guyub: …Ayu… · telegram! …Budi… · +40s",
        )
    place, rest = _place(found), found["rest"].strip()
    if timeline.now is None:
        raise Mistaken(FIRST, EXAMPLE)
    if found["sign"] == ">":
        return _action(place, rest)
    return _heard(place, rest) if found["sign"] == "<" else _unheard(place, rest)


def _place(found: re.Match[str]) -> Place:
    platform = found["platform"]
    if platform not in PLATFORMS:
        near = difflib.get_close_matches(platform.casefold(), PLATFORMS, n=1)
        hint = f"did you mean {near[0]}?" if near else "the playground has telegram and discord"
        raise Mistaken(f"there is no platform {platform!r}", hint)
    private = _bare(found["private"] or "")
    if found["private"] is not None and not private:
        raise Mistaken("whose private chat?", "write it like: telegram@Ayu> Ayu: /help")
    return Place(platform, found["group"] or "", found["channel"] or "", private)


# ---------------------------------------------------------------- what people do


def _action(place: Place, rest: str) -> Action:
    who, manager, words = _actor(rest)
    if place.private and place.private != who:
        raise Mistaken(
            f"{who} can't act in the private chat with {place.private}", f"write: {place.platform}@{who}> {who} …"
        )
    return Action(place, who, manager, _act(words))


def _actor(rest: str) -> tuple[str, bool, str]:
    """Who acts, whether as a manager, and the words behind."""
    quoted = re.match(_QUOTED, rest)
    if quoted:
        who, behind = _bare(quoted[0]), rest[quoted.end() :]
    else:
        ends = [found.start() for pattern in (_SEPARATOR, _VERB, _MANAGER) if (found := pattern.search(rest))]
        if not ends:
            raise _no_act(rest)
        who, behind = rest[: min(ends)].strip(), rest[min(ends) :]
    if not who:
        raise Mistaken("who does it?", "write it like: telegram> Ayu joins")
    if not quoted and any(mark in who for mark in '()"“”'):
        raise Mistaken(f"{who!r} holds a bracket or a quote", "put the whole name in quotes")
    behind = behind.strip()
    manager = behind.startswith("(manager)")
    return who, manager, behind.removeprefix("(manager)").strip()


def _no_act(rest: str) -> Mistaken:
    if ":" in rest:
        return Mistaken("there is no space behind the colon", "write it like: telegram> Ayu: halo")
    last = rest.rpartition(" ")[2]
    near = difflib.get_close_matches(last, _VERBS, n=1)
    return Mistaken(f"what does {rest!r} do?", f'did you mean "{near[0]}"?' if near else f"known: {_ACTS}")


def _act(words: str) -> Act:
    if words.startswith(":"):
        return Say(_said(words[1:]))
    for verb, parse in _PARSERS.items():
        if words == verb or words.startswith(f"{verb} "):
            return parse(words[len(verb) :].strip())
    raise Mistaken(
        f"{words!r} is not something that people do here" if words else "what do they do?", f"known: {_ACTS}"
    )


def _alone(act: Act) -> Callable[[str], Act]:
    def parse(rest: str) -> Act:
        if rest:
            raise Mistaken(f"{rest!r} is too much here", "put the name in quotes if it holds a verb or a colon")
        return act

    return parse


def _vote(rest: str) -> Act:
    return Vote(_needed(rest, "for what?", "telegram> Budi votes Kemang"))


def _press(rest: str) -> Act:
    return Press(_needed(rest, "which button?", "telegram> Budi presses Open a private chat"))


def _react(rest: str) -> Act:
    found = re.fullmatch(r"(\S+)\s+to\s+(.+)", rest, re.DOTALL)
    if found is None:
        raise Mistaken("with what, to whose message?", "write it like: telegram> Budi reacts ❤️ to Ayu")
    return React(found[1], _needed(found[2], "to whose message?", "telegram> Budi reacts ❤️ to Ayu"))


def _reply(rest: str) -> Act:
    example = "telegram> Budi replies to Ayu: halo juga"
    who, words = _who_and_words(rest, example)
    return Reply(who, _said(words) if words.strip() else _needed("", "what is said?", example))


_PARSERS: dict[str, Callable[[str], Act]] = {
    "joins": _alone(Join()),
    "leaves": _alone(Leave()),
    "is banned": _alone(Leave(banned=True)),
    "starts": _alone(Start()),
    "votes": _vote,
    "takes back the vote": _alone(TakeBackVote()),
    "presses": _press,
    "reacts": _react,
    "replies to": _reply,
    "deletes the last message": _alone(DeleteLast()),
}


# ---------------------------------------------------------------- what is expected


def _heard(place: Place, rest: str) -> Heard:
    example = f"{place}< Guyub: …Ayu…"
    who, words = _who_and_words(rest, example)
    return Heard(place, who, _needed(words, "what should be heard?", example, quotes=False))


def _unheard(place: Place, rest: str) -> Unheard:
    return Unheard(place, _needed(rest, "what should not be heard?", f"{place}! …Ayu…", quotes=False))


# ---------------------------------------------------------------- parts


def _who_and_words(rest: str, example: str) -> tuple[str, str]:
    """A name, quoted or not, and what stands behind its ": "."""
    quoted = re.match(rf"(?:{_QUOTED})\s*", rest)
    if quoted:
        found, who = _SEPARATOR.match(rest, quoted.end()), _bare(quoted[0].strip())
    else:
        found = _SEPARATOR.search(rest)
        who = rest[: found.start()].strip() if found else ""
    if found is None or not who:
        raise Mistaken("a name, a colon and a space are missing", f"write it like: {example}")
    return who, rest[found.end() :]


def _said(words: str) -> str:
    return _needed(words, "what is said?", "telegram> Ayu: halo", quotes=False)


def _needed(words: str, question: str, example: str, *, quotes: bool = True) -> str:
    value = _bare(words.strip()) if quotes else words.strip()
    if not value:
        raise Mistaken(question, f"write it like: {example}")
    return value


def _bare(words: str) -> str:
    """Without the quotes around the whole of it."""
    return words.strip()[1:-1].strip() if re.fullmatch(_QUOTED, words.strip()) else words.strip()
