"""What would have happened, for reading: a calendar of posts and of what was withheld, and a summary."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.events import Where
from bot.core.interruptions import Decision
from bot.core.messages import Text, plain
from bot.core.speech import Speaker
from bot.features.posts import views as posts
from bot.features.quiet.model import Asked, State
from bot.features.quiet.views import CATEGORIES

Write = Callable[[str], None]
SAY = Speaker("en")


@dataclass(frozen=True, slots=True)
class Entry:
    """`what`: "lull", "posted", "offered" (to managers) or "withheld"."""

    at: datetime
    where: Where
    what: str
    kind: str
    words: str = ""
    why: str = ""
    rule: str = ""


def of_lull(where: Where, at: datetime) -> Entry:
    return Entry(at, where, "lull", "")


def of_prompt(asked: Asked, why: str) -> Entry:
    what = "posted" if asked.posted_at else "offered"
    category = SAY.words(CATEGORIES.get(asked.arm, asked.arm))
    return Entry(asked.posted_at or asked.at, asked.where, what, f"prompt, {category}", asked.text, why)


def of_decision(decision: Decision) -> Entry:
    return Entry(
        decision.at,
        decision.where,
        "withheld",
        decision.kind,
        why=_words(posts.reason(decision.kind, decision.why, SAY)),
        rule=_words(posts.rule(decision.verdict, SAY)),
    )


def was_shown(asked: Asked) -> bool:
    return asked.posted_at is not None or asked.state in (State.OFFERED, State.LAPSED)


def reason(kind: str, why: str) -> str:
    return _words(posts.reason(kind, why, SAY))


def _words(text: Text) -> str:
    return plain(text)


# ---------------------------------------------------------------- shown


class Printed:
    """By local day."""

    def __init__(self, write: Write, zone: ZoneInfo, place: Callable[[Where], str]) -> None:
        self._write, self._zone, self._place = write, zone, place
        self._day = ""

    def show(self, entries: Iterable[Entry]) -> None:
        for entry in sorted((one for one in entries if one.what != "lull"), key=lambda one: one.at):
            for line in self._lines(entry):
                self._write(line)

    def _lines(self, entry: Entry) -> Iterator[str]:
        local = entry.at.astimezone(self._zone)
        day = f"{local:%A} {local.day} {local:%B %Y}"
        if day != self._day:
            self._day = day
            yield f"— {day} —"
        head = f"{local:%H:%M}  {self._place(entry.where)}  "
        what = {"posted": "", "offered": "shown to managers: ", "withheld": "withheld: "}[entry.what]
        quoted = f": “{entry.words}”" if entry.words else ""
        yield f"{head}{what}{entry.kind}{quoted}"
        margin = " " * len(head)
        if entry.rule:
            yield f"{margin}not posted: {entry.rule}"
        yield f"{margin}because {entry.why}"


def as_json(entry: Entry, place: str) -> str:
    fields = {name: getattr(entry, name) for name in ("what", "kind", "words", "why", "rule")}
    told = {name: value for name, value in fields.items() if value not in ("", None)}
    return json.dumps({"at": entry.at.isoformat(), "place": place, **told}, ensure_ascii=False)


def summary(entries: Iterable[Entry], messages: int, begin: datetime, end: datetime) -> str:
    counted = [entry.what for entry in entries]
    weeks = max((end - begin).total_seconds() / (7 * 86400), 1e-9)
    posted, withheld, offered = (counted.count(what) for what in ("posted", "withheld", "offered"))
    lulls = counted.count("lull")
    return (
        f"{messages:,} messages in {weeks:.1f} weeks: {lulls} lulls ({lulls / weeks:.2f} a week), {posted} posted, "
        f"{offered} shown to managers, {withheld} withheld."
    )
