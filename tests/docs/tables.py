"""The tables of the docs that tell what the program declares: commands, keys of community.toml, variables of .env.

python -m tests.docs.tables     writes them into the pages, between <!-- NAME --> and <!-- end of NAME -->
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from pydantic import BaseModel

from bot.config.tables import AdminTable, CommunityTable, ContactTable, DefaultsTable, GroupConfig, ManagersTable
from bot.config.written import written
from bot.core.commands import Answers, Command, Who, usage
from bot.features import ALL, SETTINGS
from tests.architecture.tree import ROOT

WHO = {Who.ANYONE: "everybody", Who.MANAGERS: "managers"}
WHOM_SETTINGS_ALLOW = "managers; others if the settings let them"
WHERE = {
    Answers.PUBLIC: "for all to read",
    Answers.DISCREET: "to you alone where the platform can, else for all to read",
    Answers.PRIVATE: "to you alone",
}
UNSET: tuple[object, ...] = (None, "", {}, {"telegram": None, "discord": None})


def commands() -> str:
    """A line for each command of every feature."""
    heads = ("command", "in Indonesian", "what it does", "for", "answered")
    return _table(heads, (_command(command) for feature in ALL for command in feature.commands))


def _command(command: Command) -> tuple[str, ...]:
    alias = command.aliases.get("id", "")
    localised = f"`/{alias}`" if alias else "the same"
    who = WHOM_SETTINGS_ALLOW if command.offered else WHO[command.who]
    return f"`{usage(command)}`", localised, command.help, who, WHERE[command.answers]


def settings(model: type[BaseModel]) -> str:
    """A line for each key of a table of community.toml."""
    schema = model.model_json_schema()
    defaults = _defaults(model)
    heads = ("key", "is", "without it", "what it means")
    rows = (
        (f"`{key}`", _kind(about), defaults[key], about["description"]) for key, about in schema["properties"].items()
    )
    return _table(heads, rows)


def _defaults(model: type[BaseModel]) -> dict[str, str]:
    required = {key for key, field in model.model_fields.items() if field.is_required()}
    values = model.model_construct().model_dump(mode="json")
    given = {key: "nothing" if value in UNSET else f"`{written(value)}`" for key, value in values.items()}
    return given | dict.fromkeys(required, "must be there")


def _kind(about: Mapping[str, Any]) -> str:
    if "$ref" in about:
        return "a table"
    forms = [form for form in about.get("anyOf", [about]) if form.get("type") != "null"]
    if len(forms) > 1:
        return 'a text, or `{ id = "…", en = "…" }`'
    form = forms[0]
    if "enum" in form:
        return " or ".join(f'`"{choice}"`' for choice in form["enum"])
    if form["type"] == "array":
        return "a list of tables" if "$ref" in form["items"] else "a list of texts"
    if form["type"] in ("integer", "number"):
        return f"a {'whole ' if form['type'] == 'integer' else ''}number{_between(form)}"
    if form["type"] == "boolean":
        return "`true` or `false`"
    if "21:30-08:00" in form.get("examples", ()):
        return "hours of the day"
    return "a length of time" if "3 hari" in form.get("examples", ()) else "a text"


def _between(form: Mapping[str, Any]) -> str:
    least, most = form.get("minimum"), form.get("maximum")
    return f", {least} to {most}" if most is not None else f", at least {least}" if least is not None else ""


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = tuple(heads)
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


PAGES: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"commands": commands},
    "docs/configuration.md": {
        "admin.contact": partial(settings, ContactTable),
        "admin": partial(settings, AdminTable),
        "defaults": partial(settings, DefaultsTable),
        "community": partial(settings, CommunityTable),
        "groups": partial(settings, GroupConfig),
        "managers": partial(settings, ManagersTable),
        **{name: partial(settings, model) for name, model in SETTINGS.items()},
    },
}
"""page → the name of each table in it → what makes the table"""


def between(name: str) -> re.Pattern[str]:
    """Where a table stands in its page, as the group "table"."""
    begin, end = re.escape(f"<!-- {name} -->"), re.escape(f"<!-- end of {name} -->")
    return re.compile(rf"(?P<begin>{begin}\n+)(?P<table>.*?)\n*(?P<end>{end})", re.DOTALL)


def with_tables(page: str, text: str) -> str:
    """The page's text with its tables made anew."""
    for name, table in PAGES[page].items():
        found = between(name).search(text)
        if found is None:
            raise ValueError(f"{page} has no place for the table {name}: <!-- {name} --> … <!-- end of {name} -->")
        text = f"{text[: found.start()]}<!-- {name} -->\n\n{table()}\n\n<!-- end of {name} -->{text[found.end() :]}"
    return text


def write() -> None:
    for page in PAGES:
        path = ROOT / page
        path.write_text(with_tables(page, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write()
