"""A JSON Schema of `community.toml`, with which editors complete, explain and check it."""

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.config.communities import SLUG
from bot.config.feature_tables import Features
from bot.config.tables import AdminTable, CommunityTable, DefaultsTable
from bot.core.settings import FeatureSettings

Schema = dict[str, Any]

_TABLES: tuple[type[BaseModel], ...] = (AdminTable, DefaultsTable, CommunityTable)


def json_schema(features: Features) -> Schema:
    """The schema (draft 2020-12) of a file with these features' tables."""
    models = [*_TABLES, *dict.fromkeys(features.values())]
    references, collected = models_json_schema([(model, "validation") for model in models])
    definitions: dict[str, Schema] = collected["$defs"]
    named = {model: definitions[references[model, "validation"]["$ref"].rpartition("/")[2]] for model in models}
    for feature in set(features.values()):
        _complete(named[feature], feature)
    for table in (DefaultsTable, CommunityTable):
        named[table]["properties"] |= {
            name: references[model, "validation"] | {"description": f"Settings of {name}."}
            for name, model in features.items()
        }
    admin, defaults, community = (references[table, "validation"] for table in _TABLES)
    pattern = f"^{SLUG.pattern}$"
    communities = {"type": "object", "propertyNames": {"pattern": pattern}, "additionalProperties": community}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Guyub: community.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "admin": admin | {"description": "About whoever runs the bot."},
            "defaults": defaults | {"description": "What applies to every community."},
            "communities": communities | {"description": "One table for each community: [communities.kopi]."},
        },
        "$defs": {name: _plain(definition) for name, definition in sorted(definitions.items())},
    }


def _complete(definition: Schema, feature: type[FeatureSettings]) -> None:
    """Defaults as they are written in the file, and the list of what managers can't change."""
    for key, value in feature().model_dump(mode="json").items():
        definition["properties"][key]["default"] = value
    definition["properties"]["locked"] = {
        "type": "array",
        "items": {"enum": sorted(feature.model_fields)},
        "description": "What managers can't change with /settings.",
    }


def _plain(node: Any) -> Any:
    """TOML has no null, and the made-up titles only repeat the keys."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _plain(value) for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    if kept.get("default", 0) is None or "$ref" in kept:
        kept.pop("default", None)
    if isinstance(choices := kept.get("anyOf"), list) and {"type": "null"} in choices:
        choices.remove({"type": "null"})
        if len(choices) == 1:
            kept |= kept.pop("anyOf")[0]
    return kept
