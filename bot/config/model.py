"""What `community.toml` says, checked and complete. Platforms' ids are texts."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.config.tables import CommunityKind, GroupConfig, Unlisted
from bot.core.durations import Language, Localised

__all__ = ["Admin", "CommunityConfig", "Config", "Defaults", "GroupConfig"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Admin(_Part):
    """About whoever runs the bot; `contact` is a person's id by platform."""

    contact: dict[str, str] = {}


class Defaults(_Part):
    """What applies to every community. `features` are raw values by feature and key, `locked` keys by feature."""

    language: Language = "en"
    timezone: str = "UTC"
    unlisted: Unlisted = "ask"
    sapaan: str = "Kak"
    features: dict[str, dict[str, Any]] = {}
    locked: dict[str, frozenset[str]] = {}


class CommunityConfig(_Part):
    """One community. Language, zone and sapaan are those of the defaults where it has none of its own.

    `features` are the raw values of its own tables (layered by bot.core.settings.resolve); `locked` are the keys that
    its managers can't change, those of the defaults among them. `managers` is a chat's id by platform.
    """

    slug: str
    name: str
    kind: CommunityKind = "organic"
    sapaan: str = "Kak"
    interests: tuple[str, ...] = ()
    rules: Localised | None = None
    language: Language = "en"
    timezone: str = "UTC"
    groups: tuple[GroupConfig, ...] = ()
    managers: dict[str, str] = {}
    features: dict[str, dict[str, Any]] = {}
    locked: dict[str, frozenset[str]] = {}


class Config(_Part):
    """A whole file; an empty one is all defaults."""

    admin: Admin = Admin()
    defaults: Defaults = Defaults()
    communities: dict[str, CommunityConfig] = {}
