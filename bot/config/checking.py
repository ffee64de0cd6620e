"""Checks one table of the file against its model."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.config.advice import about_key
from bot.config.mistakes import Mistake
from bot.config.positions import Path
from bot.config.problems import Report, dotted
from bot.config.tables import Table
from bot.core.setting_errors import SettingError, quoted, unknown_key
from bot.core.validation import Location, faults, field_at, keys_at

TableT = TypeVar("TableT", bound=Table)


def check_table(
    report: Report, path: Path, model: type[TableT], raw: Mapping[str, Any], also_known: Iterable[str] = ()
) -> TableT | None:
    """The table, or None when something in it is wrong, which is reported. `also_known` are keys checked elsewhere."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for location, fault in faults(error, model):
            at = (*path, *location)
            report.add(at, _advised(at, location, fault, model, also_known))
        return None


def _advised(
    at: Path, location: Location, fault: ValueError, model: type[Table], also_known: Iterable[str]
) -> ValueError:
    code = fault.code if isinstance(fault, SettingError) else ""
    if code.startswith("unknown_key"):
        known = keys_at(model, location[:-1]) | set(also_known if len(location) == 1 else ())
        return about_key(at, unknown_key(str(at[-1]), known))
    if code == "missing":
        field = field_at(model, location)
        example = quoted(field.examples[0]) if field and field.examples else "…"
        return Mistake("is missing", f"write {location[-1]} = {example}")
    if code == "list" and location[-1] == "groups":
        return Mistake("one group is not a list", f"write [[{dotted(at)}]] with two brackets")
    return fault


def is_table(report: Report, path: Path, raw: object) -> bool:
    """Whether it is a table; reports it when it isn't."""
    if not isinstance(raw, dict):
        report.add(path, Mistake(f"{quoted(raw)} is not a table", f"write its keys below [{dotted(path)}]"))
    return isinstance(raw, dict)
