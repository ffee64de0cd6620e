"""What the file says, as the engine wants to know it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.config.model import CommunityConfig, Config
from bot.core.chat import Capabilities
from bot.core.commands import CommandTable
from bot.core.community import Community, Group
from bot.core.events import Where
from bot.core.feature import Feature, Service


def service(config: Config, features: Sequence[Feature], capabilities: Callable[[Where], Capabilities]) -> Service:
    """The running program's view of a config."""
    return Service(
        features=tuple(features),
        commands=CommandTable(command for feature in features for command in feature.commands),
        communities={slug: _community(config, community) for slug, community in config.communities.items()},
        unlisted=config.defaults.unlisted,
        contacts=dict(config.admin.contact),
        language=config.defaults.language,
        timezone=config.defaults.timezone,
        defaults=config.defaults.features,
        locked=config.defaults.locked,
        sapaan=config.defaults.sapaan,
        capabilities=capabilities,
    )


def _community(config: Config, community: CommunityConfig) -> Community:
    groups = tuple(
        Group(group.platform, group.id, group.main or "", group.welcome or "", frozenset(group.manager_roles))
        for group in community.groups
    )
    return Community(
        slug=community.slug,
        name=community.name,
        kind=community.kind,
        sapaan=community.sapaan,
        interests=community.interests,
        rules=community.rules or "",
        language=community.language,
        timezone=community.timezone,
        groups=groups,
        managers={platform: _managers_place(platform, chat, groups) for platform, chat in community.managers.items()},
        own=community.features,
        defaults=config.defaults.features,
        locked=community.locked,
    )


def _managers_place(platform: str, chat: str, groups: Sequence[Group]) -> Where:
    """A channel of the community's server on Discord, a group of its own on Telegram."""
    if platform != "discord":
        return Where(platform, chat, "")
    server = next((group.id for group in groups if group.platform == platform), "")
    return Where(platform, server, chat) if server else Where(platform, chat, "")
