"""Tables of the design's configuration whose features come with a later version.

A file written for that version serves this one too: such a table is passed over, and said to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.config.feature_tables import Features

LATER = frozenset({"quiet"})


def without_later(raw: Mapping[str, Any], features: Features) -> dict[str, Any]:
    """The table without what this version has no feature for yet."""
    return {key: value for key, value in raw.items() if not _is_later(key, value, features)}


def passed_over(data: Mapping[str, Any], features: Features) -> tuple[str, ...]:
    """The tables that have no effect in this version, such as "communities.kopi.quiet"."""
    places: dict[str, Any] = {"defaults": data.get("defaults")}
    communities = data.get("communities")
    if isinstance(communities, dict):
        places |= {f"communities.{slug}": table for slug, table in communities.items()}
    return tuple(
        f"{place}.{key}"
        for place, table in places.items()
        if isinstance(table, dict)
        for key, value in table.items()
        if _is_later(key, value, features)
    )


def _is_later(key: str, value: object, features: Features) -> bool:
    return key in LATER and key not in features and isinstance(value, dict)
