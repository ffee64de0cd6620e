"""The ids that platforms give to groups, channels, people and roles, as the file writes them."""

import re
from dataclasses import dataclass
from typing import Literal, get_args

from bot.config.mistakes import Mistake
from bot.core.setting_errors import quoted

Platform = Literal["telegram", "discord"]
PLATFORMS: tuple[Platform, ...] = get_args(Platform)
Kind = Literal["group", "place", "managers", "contact", "role"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What an id looks like: the whole text matches `pattern`."""

    pattern: str
    what: str
    hint: str


_COPY = 'it has 17 to 20 digits: in Discord, turn on developer mode and right-click to "Copy ID"'
_GROUP = 'write it like "-1001234567890"; Guyub tells it when the group is set up with /setup (guyub invite)'
# The platforms' own are longer; servers that stand in for them count from 1.
_SNOWFLAKE = "[1-9][0-9]{0,19}"
_CHAT = "-[1-9][0-9]{0,15}"

SHAPES: dict[tuple[Platform, Kind], Shape] = {
    ("telegram", "group"): Shape(_CHAT, "the id of a Telegram group", _GROUP),
    ("telegram", "place"): Shape(
        "topic:[1-9][0-9]{0,9}",
        "a topic of the group",
        'write it like "topic:42", or leave it out for the group itself',
    ),
    ("telegram", "managers"): Shape(_CHAT, "the id of a Telegram group", _GROUP),
    ("telegram", "contact"): Shape(
        "-?[1-9][0-9]{0,15}", "the id of somebody on Telegram", 'write it like "123456789", digits rather than a name'
    ),
    ("discord", "group"): Shape(_SNOWFLAKE, "the id of a Discord server", _COPY),
    ("discord", "place"): Shape(_SNOWFLAKE, "the id of a Discord channel", _COPY),
    ("discord", "managers"): Shape(_SNOWFLAKE, "the id of a Discord channel", _COPY),
    ("discord", "contact"): Shape(_SNOWFLAKE, "the id of somebody on Discord", _COPY),
    ("discord", "role"): Shape(_SNOWFLAKE, "the id of a Discord role", _COPY),
}


def check_id(value: object, platform: str | None, kind: Kind) -> object:
    """The id unchanged; raises Mistake when it can't be one. Without a known platform only the quotes are checked."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise Mistake(f"{value} is a number", f'put ids in quotes: "{value}"')
    if not isinstance(value, str) or platform not in PLATFORMS:
        return value
    shape = SHAPES.get((platform, kind))
    if shape is None:
        raise Mistake("only Discord has roles", "on Telegram the group's admins are managers; leave this line out")
    if not re.fullmatch(shape.pattern, value):
        lacks_minus = kind in ("group", "managers") and re.fullmatch(shape.pattern, f"-{value}")
        hint = f'did you mean "-{value if value.startswith("100") else f"100{value}"}"?' if lacks_minus else shape.hint
        raise Mistake(f"{quoted(value)} is not {shape.what}", hint)
    return value
