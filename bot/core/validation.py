"""Turns what pydantic found into SettingErrors, which can be translated and placed."""

import types
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.core.durations import format_duration, parse_duration
from bot.core.setting_errors import SettingError, unknown_choice, unknown_key
from bot.core.templates import TemplateError

Location = tuple[str | int, ...]

_TYPE_CODES = {
    "string": "text",
    "int": "whole_number",
    "float": "number",
    "decimal": "number",
    "finite_number": "number",
    "bool": "yes_no",
    "list": "list",
    "tuple": "list",
    "set": "list",
    "frozen_set": "list",
    "dict": "table",
    "model": "table",
}
_LIMIT_CODES = {
    "greater_than_equal": ("at_least", "ge"),
    "greater_than": ("more_than", "gt"),
    "less_than_equal": ("at_most", "le"),
    "less_than": ("less_than", "lt"),
    "string_too_short": ("too_short", "min_length"),
    "string_too_long": ("too_long", "max_length"),
    "too_short": ("too_short", "min_length"),
    "too_long": ("too_long", "max_length"),
}


def faults(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Location, ValueError]]:
    """Where in the input something is wrong (keys and indices), and what; each place once."""
    seen: set[Location] = set()
    for details in error.errors(include_url=False):
        location = _in_the_input(details["loc"], model)
        if location not in seen:
            seen.add(location)
            yield location, _fault(details, model)


def _fault(details: ErrorDetails, model: type[BaseModel]) -> ValueError:
    kind, context, value = details["type"], details.get("ctx") or {}, details["input"]
    if isinstance(raised := context.get("error"), ValueError):
        return raised if hasattr(raised, "hint") else _own(raised)
    if kind == "extra_forbidden":
        *parents, last = details["loc"]
        return unknown_key(str(last), keys_at(model, parents))
    if kind == "missing":
        return SettingError("missing")
    if kind in ("literal_error", "enum") and details["loc"][-1:] == ("[key]",):
        return unknown_key(str(value), _choices(str(context.get("expected", ""))))
    if kind in ("literal_error", "enum"):
        return unknown_choice(value, _choices(str(context.get("expected", ""))))
    if kind in _LIMIT_CODES:
        code, name = _LIMIT_CODES[kind]
        return SettingError(code, value=_readable(value), limit=_limit(context[name], value))
    if kind == "string_pattern_mismatch":
        return SettingError("pattern", value=value, pattern=context["pattern"])
    for start, code in _TYPE_CODES.items():
        if kind == start or kind.startswith((f"{start}_type", f"{start}_parsing", f"{start}_from")):
            return SettingError(code, value=value)
    return SettingError("invalid", reason=details["msg"])


def _readable(value: Any) -> Any:
    return format_duration(value) if isinstance(value, timedelta) else value


def _limit(limit: Any, value: Any) -> str:
    """Pydantic tells a duration's limit in words ("1 hour and 5 seconds")."""
    if isinstance(value, timedelta):
        try:
            return format_duration(parse_duration(str(limit).replace(" and", "")))
        except SettingError:
            return str(limit)
    return f"{limit:g}" if isinstance(limit, float) else str(limit)


def _own(raised: ValueError) -> SettingError:
    """What a feature's own check raised; of a template's error the wrong placeholder and a right one are kept."""
    if isinstance(raised, TemplateError):
        return SettingError("template", reason=str(raised), placeholder=raised.placeholder, nearest=raised.nearest)
    return SettingError("invalid", reason=str(raised))


def _choices(expected: str) -> list[str]:
    """Pydantic tells choices as a sentence: "'a', 'b' or 'c'"."""
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(", ") if part.strip()]


def keys_at(model: type[BaseModel], location: Sequence[str | int]) -> set[str]:
    """The keys that a table at this place below the model may have; empty where any key is fine."""
    inner = _model_at(model, location)
    return set(inner.model_fields) if inner else set()


def field_at(model: type[BaseModel], location: Sequence[str | int]) -> FieldInfo | None:
    """The field that a place below the model is filled by, if it is a field."""
    *parents, key = location
    inner = _model_at(model, parents)
    return inner.model_fields.get(str(key)) if inner else None


def _model_at(model: type[BaseModel], location: Sequence[str | int]) -> type[BaseModel] | None:
    current: type[BaseModel] | None = model
    for part in location:
        if isinstance(part, str) and current and part in current.model_fields:
            current = _model_in(current.model_fields[part].annotation)
    return current


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _in_the_input(location: Location, model: type[BaseModel]) -> Location:
    """Pydantic marks dictionary keys with "[key]"; they are not part of the path."""
    return tuple(part for part in location if part != "[key]")
