"""The file that `guyub init` writes, and the schema that editors check it with."""

import re
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config.example import Answers, example
from bot.config.load import loads
from bot.config.schema import json_schema
from tests.config.features import FEATURES, Quiet

TELEGRAM, DISCORD = "-1005556667778", "555666777888999000"


def with_everything(text: str) -> str:
    """The file with every "#" before a key or header taken away."""
    return re.sub(r"(?m)^#(?=[\w\[])", "", text)


def test_the_example_says_what_was_answered() -> None:
    answers = Answers("Kopi Nusantara", "id", "Asia/Jakarta", "sponsored", {"telegram": TELEGRAM, "discord": DISCORD})
    config = loads(example(answers, FEATURES), FEATURES)
    kopi = config.communities["kopi-nusantara"]
    assert (kopi.name, kopi.kind, kopi.language, kopi.timezone) == (
        "Kopi Nusantara",
        "sponsored",
        "id",
        "Asia/Jakarta",
    )
    assert [(group.platform, group.id) for group in kopi.groups] == [("telegram", TELEGRAM), ("discord", DISCORD)]


@pytest.mark.parametrize(
    "groups", [{}, {"telegram": None}, {"telegram": TELEGRAM, "discord": None}, {"discord": DISCORD}]
)
def test_every_part_that_is_commented_out_is_right_too(groups: Any) -> None:
    text = example(Answers("Kopi", groups=groups), FEATURES)
    assert len(loads(text, FEATURES).communities["kopi"].groups) == len([known for known in groups.values() if known])
    kopi = loads(with_everything(text), FEATURES).communities["kopi"]
    assert [group.platform for group in kopi.groups] == ["telegram", "discord"]
    assert kopi.groups[1].manager_roles
    assert set(kopi.managers) == {"telegram", "discord"}
    assert set(kopi.features["quiet"]) == set(Quiet.model_fields)
    assert kopi.locked["quiet"]


@given(st.text())
@settings(deadline=None)
def test_a_community_may_be_called_anything(name: str) -> None:
    config = loads(example(Answers(name), FEATURES), FEATURES)
    (community,) = config.communities.values()
    assert community.name == (" ".join(name.split())[:100] or "Our community")


def test_the_example_fits_on_a_screen_s_width() -> None:
    text = example(Answers("Kopi"), FEATURES)
    assert max(map(len, text.splitlines())) <= 120


def described(schema: dict[str, Any], path: str) -> dict[str, Any]:
    """What the schema says of a path such as "communities.*.quiet.tone"."""
    node = schema
    for part in path.split("."):
        node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node
        node = node["additionalProperties"] if part == "*" else node["properties"][part]
    return node


def test_the_schema_knows_features_wherever_they_may_stand() -> None:
    schema = json_schema(FEATURES)
    for layer in ("defaults", "communities.*"):
        assert described(schema, f"{layer}.quiet.tone") == {
            "default": "warm",
            "description": "How prompts sound.",
            "enum": ["warm", "brief"],
            "type": "string",
        }
        assert described(schema, f"{layer}.welcome.window")["default"] == "30s"
        assert described(schema, f"{layer}.quiet.quiet_hours")["default"] == "21:30-08:00"
        assert described(schema, f"{layer}.quiet.locked")["items"]["enum"] == sorted(Quiet.model_fields)


def test_every_key_is_described_and_unknown_ones_are_refused() -> None:
    schema = json_schema(FEATURES)
    for definition in schema["$defs"].values():
        assert definition["additionalProperties"] is False
        assert all(prop.get("description") for prop in definition["properties"].values())
    assert "null" not in str(schema).lower().split("'")


def test_the_schema_has_every_key_of_the_example() -> None:
    schema = json_schema(FEATURES)
    data = tomllib.loads(with_everything(example(Answers("Kopi"), FEATURES)))
    for key, value in data["communities"]["kopi"].items():
        described(schema, f"communities.*.{key}")
        for inner in value if isinstance(value, dict) else ():
            described(schema, f"communities.*.{key}.{inner}")
