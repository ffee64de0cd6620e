"""Which community a script plays in: one of the admin's file, or the built-in one."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from bot.config.feature_tables import Features
from bot.config.load import load, loads
from bot.config.model import Config
from bot.config.serving import service
from bot.core.chat import Capabilities
from bot.core.community import Community
from bot.features import ALL

BUILT_IN = """\
[communities.playground]
name = "Playground"
language = "en"
timezone = "UTC"

[[communities.playground.groups]]
platform = "telegram"
id = "-1001000000001"

[[communities.playground.groups]]
platform = "discord"
id = "100000000000000001"
main = "100000000000000002"

[communities.playground.managers]
telegram = "-1001000000009"
discord = "100000000000000009"
"""

SETTINGS: Features = {feature.name: feature.settings for feature in ALL if feature.settings}


class NoCommunity(Exception):
    """The config has no such community, or none at all."""


@dataclass(frozen=True)
class Scene:
    """A config with the one of its communities that the script's `telegram` and `discord` mean."""

    config: Config
    community: Community


def scene(path: Path | None = None, name: str | None = None) -> Scene:
    """Raise bot.config.load.ConfigError or NoCommunity. Without a path: the built-in community."""
    return scene_of(load(path, SETTINGS) if path else loads(BUILT_IN, SETTINGS, file="built-in"), name)


def scene_of(config: Config, name: str | None = None) -> Scene:
    """The named community of a config, else its first. Raise NoCommunity."""
    communities = service(config, ALL, lambda where: Capabilities(max_text=2000)).communities
    if not communities:
        raise NoCommunity("the config has no community; write one, or leave --config out to play in the built-in one")
    if name is not None and name not in communities:
        near = difflib.get_close_matches(name, communities, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(communities)}"
        raise NoCommunity(f"the config has no community {name!r}; {hint}")
    return Scene(config, communities[name or next(iter(communities))])
