"""Templates → HTML, in one language. What changes while one watches is rendered in parts that can be told apart."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.web import markup
from adapters.web.stage import Scene, Someone
from adapters.web.view import Choice, Pane, in_cookie, initials, panes, shown_name, tint
from bot.locale import translate, translate_counted

HERE = Path(__file__).parent
STATIC = HERE / "static"
EMOJI = ("👍", "❤️", "😂", "🙏")
_NAME = re.compile(r"\{(\w+)\}")

Parts = Mapping[str, str]
"""HTML by the id of the element that it fills."""
Lists = Mapping[str, Mapping[str, str]]
"""HTML of list items by the id of their list, then by their own."""


@dataclass(frozen=True, slots=True)
class Rendered:
    parts: Parts
    lists: Lists


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static=static_address, tint=tint, initials=initials, EMOJI=EMOJI)
    environment.filters.update(html=markup.html, picture_address=markup.picture_address, shown=shown_name)
    environment.tests["web_address"] = markup.is_web_address
    return environment


@cache
def static_address(name: str) -> str:
    """With a mark of its content, so that browsers keep it until it changes."""
    return f"/static/{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class Words:
    """Says texts, numbers and times of the pages in one language."""

    language: str

    def __call__(self, text: str, **values: object) -> str:
        return _filled(translate(self.language, text), values)

    def counted(self, one: str, many: str, n: int, **values: object) -> str:
        return _filled(translate_counted(self.language, (one, many), n), {"n": n, **values})

    def day(self, at: datetime) -> str:
        return str(format_date(at, "EEEE, d MMMM", locale=self.language))

    def short_day(self, at: datetime) -> str:
        return str(format_date(at, "EEE, d MMM", locale=self.language))

    def time(self, at: datetime) -> str:
        return str(format_time(at, "HH.mm" if self.language == "id" else "HH:mm", locale=self.language))


def _filled(pattern: str, values: Mapping[str, object]) -> str:
    """Values keep their direction to themselves: a name written from right to left turns nothing else around."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            return found[0]
        given = values[found[1]]
        return str(given) if isinstance(given, int) else f"\u2068{given}\u2069"

    return _NAME.sub(value, pattern)


def template(name: str, language: str, **values: Any) -> str:
    words = Words(language)
    return _environment().get_template(name).render(_=words, _n=words.counted, words=words, language=language, **values)


def scene_parts(scene: Scene, choice: Choice) -> Rendered:
    """Everything on the playground's page that changes by itself."""
    common = {"scene": scene, "choice": choice, "viewer": scene.viewer or Someone("", manager=False)}

    def part(name: str, **values: object) -> str:
        return template(name, scene.language, **common, **values)

    parts = {"clock": part("clock.html"), "people": part("people.html")}
    lists: dict[str, Mapping[str, str]] = {}
    for pane in panes(scene, choice):
        for name in ("head", "tabs", "empty", "say"):
            parts[f"{pane.face}-{name}"] = part(f"{name}.html", pane=pane)
        lists[f"{pane.face}-lines"] = _rows(pane, part)
    return Rendered(parts, lists)


def _rows(pane: Pane, part: Callable[..., str]) -> Mapping[str, str]:
    return {f"{pane.face}-{row.line.id}": part("row.html", pane=pane, row=row) for row in pane.rows}


def playground(scene: Scene, choice: Choice, *, hint: bool) -> str:
    """The whole page."""
    rendered = scene_parts(scene, choice)
    events = f"/events?{choice.query()}&as={in_cookie(scene.viewer.name if scene.viewer else '')}"
    return template(
        "playground.html",
        scene.language,
        scene=scene,
        choice=choice,
        panes=panes(scene, choice),
        parts=rendered.parts,
        lists=rendered.lists,
        events=events,
        hint=hint,
    )


def difference(before: Rendered | None, after: Rendered) -> dict[str, Any]:
    """What to change in a page that shows `before`, for JSON; without one, all of it.

    `parts` to fill anew; for each list the items that are new or changed, in order, and the ids of all that remain.
    """
    known_parts = before.parts if before else {}
    known_lists = before.lists if before else {}
    parts = {id: html for id, html in after.parts.items() if known_parts.get(id) != html}
    lists = {}
    for id, items in after.lists.items():
        known = known_lists.get(id, {})
        if known != items or before is None:
            fresh = [[item, html] for item, html in items.items() if known.get(item) != html]
            lists[id] = {"items": fresh, "ids": list(items)}
    return {"parts": parts, "lists": lists}
