"""A feature's settings: declared once, checked wherever they come from, layered by who may decide."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.core.setting_errors import SettingError
from bot.core.setting_text import candidates, show_value
from bot.core.validation import Location, faults, keys_at

__all__ = ["FeatureSettings", "Resolved", "SettingError", "check", "parse_value", "resolve", "show_value"]

Source = Literal["manager", "community", "defaults", "built-in"]
_OF_THE_FILE = "locked"


class FeatureSettings(BaseModel):
    """What of a feature can be set. Every field has a default, which must be a valid value, and a description.

    Values come from TOML or from the chat and are checked strictly: "5" is no number and 1 is not true.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        for key, field in cls.model_fields.items():
            if field.is_required() or not field.description or key == _OF_THE_FILE:
                raise TypeError(f"{cls.__name__}.{key} needs a default, a description, and not to be called 'locked'")


SettingsT = TypeVar("SettingsT", bound=FeatureSettings)


def check(model: type[SettingsT], values: Mapping[str, Any]) -> SettingsT:
    """The settings with these raw values (as TOML or JSON has them). Raises ValidationError with all that is wrong."""
    return model.model_validate_json(json.dumps(dict(values), default=str), strict=True)


@dataclass(frozen=True, slots=True)
class Resolved(Generic[SettingsT]):
    """Settings in force; `sources` says of every key who decided, `ignored` which overrides no longer count and why."""

    value: SettingsT
    sources: dict[str, Source]
    ignored: dict[str, ValueError]


def resolve(
    model: type[SettingsT],
    *,
    community: Mapping[str, Any],
    defaults: Mapping[str, Any],
    overrides: Mapping[str, Any],
    locked: Collection[str] = (),
) -> Resolved[SettingsT]:
    """Layer raw values: what managers set, else the community's table, else [defaults], else the feature's default.

    Overrides of locked keys, and those that a changed config made invalid, are ignored. Raises ValueError only when
    the file's own values are wrong, which loading the file excludes.
    """
    ignored: dict[str, ValueError] = {}
    kept = {key: value for key, value in overrides.items() if key not in locked}
    value = None
    while value is None:
        try:
            value = check(model, {**defaults, **community, **kept})
        except ValidationError as error:
            wrong = _overrides_to_blame(error, model, kept)
            ignored.update(wrong)
            kept = {key: raw for key, raw in kept.items() if key not in wrong}
    return Resolved(value, {key: _source(key, kept, community, defaults) for key in model.model_fields}, ignored)


def _overrides_to_blame(
    error: ValidationError, model: type[FeatureSettings], overrides: Mapping[str, Any]
) -> dict[str, ValueError]:
    found = list(faults(error, model))
    wrong = {str(location[0]): fault for location, fault in found if location and location[0] in overrides}
    if not wrong and overrides:
        wrong = dict.fromkeys(overrides, found[0][1])
    if not wrong:
        raise found[0][1]
    return wrong


def _source(key: str, overrides: Collection[str], community: Collection[str], defaults: Collection[str]) -> Source:
    if key in overrides:
        return "manager"
    if key in community:
        return "community"
    return "defaults" if key in defaults else "built-in"


def parse_value(model: type[FeatureSettings], key: str, text: str, *, within: Mapping[str, Any] | None = None) -> Any:
    """What a manager typed for a key, as a raw value for the overrides (JSON-able).

    Takes numbers, on/off/ya/tidak, durations, "a | b" or TOML arrays for lists, and quoted text. `within` are the
    other raw values in force, for rules that concern several keys. Raises SettingError: what is wrong, with `key` and,
    for wrong values, `example` (a right text).
    """
    if key not in model.model_fields:
        ((_, fault),) = _wrong(model, {key: None}, key) or [((), SettingError("unknown_key", known=""))]
        raise _with_example(fault, model, key)
    others = {name: value for name, value in (within or {}).items() if name != key}
    rejected: list[tuple[Any, ValueError]] = []
    for value in candidates(text):
        wrong = _wrong(model, {**others, key: value}, key)
        if not wrong:
            return value
        rejected.append((value, wrong[0][1]))
    raise _with_example(_most_telling(rejected), model, key)


def _wrong(model: type[FeatureSettings], values: Mapping[str, Any], key: str) -> list[tuple[Location, ValueError]]:
    try:
        check(model, values)
    except ValidationError as error:
        return [found for found in faults(error, model) if not found[0] or found[0][0] == key][:1]
    return []


_OF_ANOTHER_KIND = {"text", "number", "whole_number", "yes_no", "list", "table", "localised"}


def _most_telling(rejected: list[tuple[Any, ValueError]]) -> ValueError:
    """Readings of a text that are of another kind than the setting say little: "too small" beats "not a number"."""
    telling = (fault for _, fault in rejected if getattr(fault, "code", "") not in _OF_ANOTHER_KIND)
    of_the_text = (fault for value, fault in rejected if isinstance(value, str))
    return next(telling, None) or next(of_the_text, rejected[-1][1])


def _with_example(fault: ValueError, model: type[FeatureSettings], key: str) -> SettingError:
    error = fault if isinstance(fault, SettingError) else SettingError("invalid", reason=str(fault))
    data = {**error.data, "key": key}
    if key in keys_at(model, ()):
        field = model.model_fields[key]
        data["example"] = show_value(
            field.examples[0] if field.examples else field.get_default(call_default_factory=True)
        )
    return SettingError(error.code, **data)
