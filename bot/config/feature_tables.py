"""Features' tables, wherever they stand: their keys, values and locks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.config.advice import about_key
from bot.config.mistakes import Mistake
from bot.config.positions import Path
from bot.config.problems import Report, dotted
from bot.core.setting_errors import SettingError, quoted, unknown_key
from bot.core.settings import FeatureSettings, check
from bot.core.validation import faults

Features = Mapping[str, type[FeatureSettings]]


@dataclass(frozen=True, slots=True)
class FeatureTables:
    """Right values and locked keys by feature."""

    values: dict[str, dict[str, Any]]
    locked: dict[str, frozenset[str]]


def feature_tables(
    report: Report, path: Path, tables: Mapping[str, Any], features: Features, lower: Mapping[str, Mapping[str, Any]]
) -> FeatureTables:
    """Check the feature tables below a path over the values of the layer beneath; what is wrong is left out."""
    values: dict[str, dict[str, Any]] = {}
    locked: dict[str, frozenset[str]] = {}
    for name, raw in tables.items():
        at = (*path, name)
        if not isinstance(raw, dict):
            report.add(at, Mistake(f"{quoted(raw)} is not a table", f"write its settings below [{dotted(at)}]"))
            continue
        own = {key: value for key, value in raw.items() if key != "locked"}
        values[name] = _right_values(report, at, features[name], own, lower.get(name, {}))
        if "locked" in raw:
            locked[name] = _locked(report, (*at, "locked"), features[name], raw["locked"])
    return FeatureTables(values, locked)


def _right_values(
    report: Report, path: Path, model: type[FeatureSettings], own: dict[str, Any], lower: Mapping[str, Any]
) -> dict[str, Any]:
    try:
        check(model, {**lower, **own})
    except ValidationError as error:
        wrong = {location: fault for location, fault in faults(error, model) if not location or location[0] in own}
        for location, fault in wrong.items():
            report.add((*path, *location), about_key((*path, *location), fault))
        return {} if () in wrong else {key: value for key, value in own.items() if (key,) not in _heads(wrong)}
    return own


def _heads(locations: Mapping[Path, object]) -> set[Path]:
    return {location[:1] for location in locations}


def _locked(report: Report, path: Path, model: type[FeatureSettings], raw: Any) -> frozenset[str]:
    if not isinstance(raw, list):
        report.add(path, SettingError("list", value=raw))
        return frozenset()
    for index, key in enumerate(raw):
        if not isinstance(key, str):
            report.add((*path, index), SettingError("text", value=key))
        elif key not in model.model_fields:
            fault = unknown_key(key, model.model_fields)
            report.add((*path, index), Mistake(f"{quoted(key)} is no setting of {path[-2]}", fault.hint))
    return frozenset(key for key in raw if isinstance(key, str) and key in model.model_fields)
