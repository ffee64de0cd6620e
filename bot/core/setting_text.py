"""Values of settings as managers type and read them in the chat."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum
from typing import Any

from bot.core.durations import format_duration

_YES = {"on", "ya", "yes", "true", "iya", "aktif"}
_NO = {"off", "tidak", "no", "false", "nggak", "mati"}
_CURLY = str.maketrans("“”„‘’", '"""\'\'')
_LONGEST = 4000


def candidates(text: str) -> Iterator[Any]:
    """Everything JSON-able that a typed text may mean, the most special reading first, the bare text last."""
    text = text.strip()[:_LONGEST]
    seen: list[Any] = []
    for value in _readings(text):
        if not any(value == other and type(value) is type(other) for other in seen):
            seen.append(value)
            yield value


def _readings(text: str) -> Iterator[Any]:
    literal = list(_literal(text))
    yield from literal
    if literal and isinstance(literal[0], (dict, list)):
        return
    if text.casefold() in _YES | _NO:
        yield text.casefold() in _YES
    parts = [part.strip() for part in text.split("|") if part.strip()]
    if "|" in text:
        yield from ([next(_literal(part), part) for part in parts], parts, text)
    else:
        yield from (text, [*literal, text][:1], [text])


def _literal(text: str) -> Iterator[Any]:
    """The text as a TOML value; phones write curly quotes, and Indonesians 1,5."""
    straight = text.translate(_CURLY) if text[:1] in "“”„‘’[{" else text
    for written in (text, straight, text.replace(",", ".", 1)):
        try:
            value = tomllib.loads(f"value = {written}")["value"] if "\n" not in written else None
            json.dumps(value, allow_nan=False)
        except (ValueError, TypeError, RecursionError):
            continue
        if value is not None:
            yield value
            return


def show_value(value: Any) -> str:
    """A short text that parse_value reads back: "on", "1h30m", "a | b"."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, timedelta):
        return format_duration(value)
    if isinstance(value, Enum):
        return show_value(value.value)
    if isinstance(value, Mapping):
        return (
            "{ "
            + ", ".join(f"{key} = {json.dumps(show_value(inner), ensure_ascii=False)}" for key, inner in value.items())
            + " }"
        )
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return " | ".join(show_value(item) for item in items)
    source = getattr(value, "source", value)
    return source if isinstance(source, str) else str(value)
