"""What can be wrong with a setting: a code and data for the chat to translate, and an English line for the console."""

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_LONGEST_SHOWN = 60

# code → what is wrong, what would be right. The chat has its own texts for the same codes.
ENGLISH: dict[str, tuple[str, str]] = {
    "unknown_key": ("unknown key", "known here: {known}"),
    "unknown_key_near": ("unknown key", 'did you mean "{nearest}"?'),
    "missing": ("is missing", ""),
    "duration_unit": ("{shown} has no unit", 'write "{value}s", "{value}m", "{value}h" or "{value}d"'),
    "duration": ("{shown} is not a duration", 'write it like "30s", "45m", "2h" or "3 hari"'),
    "span": ("{shown} is not a span of hours", 'write it like "21:30-08:00"'),
    "span_empty": ("{shown} begins and ends at the same time", 'write it like "21:30-08:00"'),
    "zone": ("unknown time zone {shown}", 'write it like "Asia/Jakarta"'),
    "zone_near": ("unknown time zone {shown}", 'did you mean "{nearest}"?'),
    "language": ("unknown language {shown}", 'choose "id" or "en"'),
    "localised": ("{shown} is not a text", 'write "…" or {{ id = "…", en = "…" }}'),
    "text": ("{shown} is not a text", "put texts in quotes"),
    "number": ("{shown} is not a number", "write it like 3 or 1.5, without quotes"),
    "whole_number": ("{shown} is not a whole number", "write it like 3, without quotes"),
    "yes_no": ("{shown} is neither true nor false", "write true or false, without quotes"),
    "list": ("{shown} is not a list", 'write it like ["one", "two"]'),
    "table": ("{shown} is not a table", "write it like {{ key = value }}"),
    "choice": ("{shown} is not one of the choices", "choose {choices}"),
    "choice_near": ("{shown} is not one of the choices", 'did you mean "{nearest}"?'),
    "at_least": ("{shown} is too small", "the least is {limit}"),
    "more_than": ("{shown} is too small", "it must be more than {limit}"),
    "at_most": ("{shown} is too large", "the most is {limit}"),
    "less_than": ("{shown} is too large", "it must be less than {limit}"),
    "too_short": ("{shown} is too short", "the least is {limit}"),
    "too_long": ("{shown} is too long", "the most is {limit}"),
    "pattern": ("{shown} does not look right", "it must match {pattern}"),
    "template": ("{reason}", ""),
    "invalid": ("{reason}", ""),
}


class SettingError(ValueError):
    """A setting's value or key is wrong.

    `code` is one of ENGLISH, `data` what its text needs: `value` (what was given), `shown` (the same, quoted and
    shortened) and by code `nearest`, `known`, `choices`, `limit`, `reason`; in the chat also `key` and `example`.
    """

    def __init__(self, code: str, **data: Any) -> None:
        self.code = code
        self.data = data
        if "value" in data:
            data.setdefault("shown", quoted(data["value"]))
        super().__init__(code)

    @property
    def message(self) -> str:
        return ENGLISH[self.code][0].format_map(self.data)

    @property
    def hint(self) -> str:
        return ENGLISH[self.code][1].format_map(self.data)

    def __str__(self) -> str:
        return "; ".join(part for part in (self.message, self.hint) if part)


def quoted(value: object) -> str:
    """The value as it could stand in the file, on one line, shortened, without invisible characters."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        return "this value"
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that was most likely meant, if any is close; case does not count."""
    folded = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(word.casefold()[:100], folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else None


def unknown_key(key: str, known: Iterable[str]) -> SettingError:
    names = sorted(known)
    near = nearest(key, names)
    data = {"key": key, "known": ", ".join(names) or "nothing"}
    return SettingError("unknown_key_near", nearest=near, **data) if near else SettingError("unknown_key", **data)


def unknown_choice(value: object, choices: Iterable[str]) -> SettingError:
    names = list(choices)
    near = nearest(value, names) if isinstance(value, str) else None
    data = {"value": value, "choices": _either([f'"{name}"' for name in names])}
    return SettingError("choice_near", nearest=near, **data) if near else SettingError("choice", **data)


def _either(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
