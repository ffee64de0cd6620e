"""A community as the engine knows it: who and where it is, and what holds in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.core.events import Where
from bot.core.settings import FeatureSettings, Resolved, resolve

S = TypeVar("S", bound=FeatureSettings)
Table = Mapping[str, object]
Tables = Mapping[str, Table]  # by feature


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a community; `main` and `welcome` are channels, empty for the group itself."""

    platform: str
    id: str
    main: str = ""
    welcome: str = ""
    manager_roles: frozenset[str] = frozenset()

    @property
    def main_place(self) -> Where:
        return Where(self.platform, self.id, self.main)

    @property
    def welcome_place(self) -> Where:
        return Where(self.platform, self.id, self.welcome or self.main)


@dataclass(frozen=True)
class Community:
    """`own`, `defaults` and `overrides` are the layers of feature settings, lowest wins last: see `settings`."""

    slug: str
    name: str
    kind: str = "organic"
    sapaan: str = ""
    interests: tuple[str, ...] = ()
    rules: str | Mapping[str, str] = ""
    language: str = "en"
    timezone: str = "UTC"
    groups: tuple[Group, ...] = ()
    managers: Mapping[str, Where] = field(default_factory=dict)  # platform → the managers' chat
    own: Tables = field(default_factory=dict)
    defaults: Tables = field(default_factory=dict)
    overrides: Tables = field(default_factory=dict)
    locked: Mapping[str, frozenset[str]] = field(default_factory=dict)
    from_file: bool = True
    _resolved: dict[str, Resolved[Any]] = field(default_factory=dict, compare=False, repr=False)

    def settings(self, feature: str, model: type[S]) -> S:
        """What holds for a feature."""
        value = self.resolved(feature, model).value
        assert isinstance(value, model)
        return value

    def resolved(self, feature: str, model: type[FeatureSettings]) -> Resolved[Any]:
        """What holds for a feature, with where each value comes from."""
        if feature not in self._resolved:
            self._resolved[feature] = resolve(
                model,
                community=self.own.get(feature, {}),
                defaults=self.defaults.get(feature, {}),
                overrides=self.overrides.get(feature, {}),
                locked=self.locked.get(feature, frozenset()),
            )
        return self._resolved[feature]

    def with_overrides(self, overrides: Tables) -> Community:
        """The same with other settings of managers."""
        return replace(self, overrides=overrides, _resolved={})

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def group(self, platform: str, group: str) -> Group | None:
        return self._by_id.get((platform, group))

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str], Group]:
        """The first of each id."""
        return {(group.platform, group.id): group for group in reversed(self.groups)}

    def group_meant(self, where: Where) -> Where:
        """The group itself, or from elsewhere the community's first on this platform."""
        if self.group(where.platform, where.group):
            return where
        groups = sorted(self.groups, key=lambda group: group.platform != where.platform)
        return groups[0].welcome_place if groups else where

    def is_managers_place(self, where: Where) -> bool:
        place = self.managers.get(where.platform)
        return place is not None and (place.group, place.channel) == (where.group, place.channel and where.channel)

    def rules_in(self, language: str) -> str:
        if isinstance(self.rules, str):
            return self.rules
        return self.rules.get(language) or next(iter(self.rules.values()), "")
