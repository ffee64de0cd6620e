"""Which community a place belongs to: one of the file, else one that was set up in the chat."""

from __future__ import annotations

from dataclasses import replace

from bot.core.community import Community, Group
from bot.core.events import Where
from bot.core.feature import Service
from bot.core.stores import KnownGroup, Members, Overrides, Places, StoredCommunity
from bot.core.unit import Unit

MOST_KNOWN = 10_000


class Known:
    """What directories found, kept over transactions until the file, groups, communities or settings change."""

    def __init__(self) -> None:
        self._of: tuple[Service, int] | None = None
        self.places: dict[tuple[str, str], Community | None] = {}  # by platform and group
        self.communities: dict[str, Community | None] = {}  # by slug

    def keep_if(self, service: Service, version: int) -> None:
        """Forget all unless it was found in that state."""
        of = self._of
        if of and of[0] is service and of[1] == version and len(self.places) < MOST_KNOWN:
            return
        self._of = service, version
        self.places.clear()
        self.communities.clear()


class Directory:
    """Looks up within one transaction, and first among what is known."""

    def __init__(self, service: Service, unit: Unit, known: Known | None = None) -> None:
        self._service = service
        self._unit = unit
        self._places = unit.store(Places)
        self._known = known or Known()

    def find(self, where: Where) -> Community | None:
        if not where.group:
            return None
        key = (where.platform, where.group)
        self._check()
        if key not in self._known.places:
            found = self._look_up(*key)
            self._check()  # looking up may have adopted the group
            self._known.places[key] = found
        return self._known.places[key]

    def _check(self) -> None:
        self._known.keep_if(self._service, self._places.version())

    def of_account(self, platform: str, account: str) -> list[Community]:
        """The communities in whose groups an account is present."""
        groups = self._unit.store(Members).groups_of(platform, account)
        found = {c.slug: c for group in groups if (c := self.find(Where(platform, group, "")))}
        return list(found.values())

    def by_slug(self, slug: str) -> Community | None:
        self._check()
        if slug not in self._known.communities:
            self._known.communities[slug] = self._by_slug(slug)
        return self._known.communities[slug]

    def _by_slug(self, slug: str) -> Community | None:
        if community := self._service.communities.get(slug):
            return self._current(community)
        stored = self._places.community(slug)
        if stored is None:
            return None
        groups = tuple(_group(known) for known in self._places.groups(slug) if known.state == "served")
        community = Community(
            slug=slug,
            name=stored.name,
            language=stored.language,
            timezone=stored.timezone,
            managers=stored.managers,
            groups=groups,
            sapaan=self._service.sapaan,
            defaults=self._service.defaults,
            locked=self._service.locked,
            from_file=False,
        )
        return community.with_overrides(self._overrides(slug))

    def _look_up(self, platform: str, group: str) -> Community | None:
        for id in (group, *self._places.former_ids(platform, group)):
            if slug := self._service.homes.get((platform, id)):
                return self.by_slug(slug)
        known = self._places.group(platform, group)
        if known and known.community and known.state == "served":
            return self.by_slug(known.community)
        managed = self._by_managers_chat(platform, group)
        if managed is None and self._service.unlisted == "serve" and not (known and known.state == "left"):
            return self._adopt(known or KnownGroup(platform, group))
        return managed

    def _adopt(self, known: KnownGroup) -> Community | None:
        """Serve a group that the file doesn't name, by the defaults."""
        slug = f"{known.platform}-{known.id.lstrip('-')}"
        name = known.title or "Guyub"
        language, zone = self._service.language, self._service.timezone
        self._places.put_community(StoredCommunity(slug, name, language, zone, {}))
        self._places.put_group(replace(known, community=slug, state="served"))
        return self.by_slug(slug)

    def _by_managers_chat(self, platform: str, group: str) -> Community | None:
        for stored in self._places.communities():
            place = stored.managers.get(platform)
            if place and place.group == group:
                return self.by_slug(stored.slug)
        return None

    def _current(self, community: Community) -> Community:
        """A community of the file as it is now: migrated groups, groups added in the chat, managers' settings."""
        moved = self._places.moved()
        groups = [
            replace(g, id=moved[g.platform, g.id]) if (g.platform, g.id) in moved else g for g in community.groups
        ]
        named = {(g.platform, g.id) for g in groups}
        added = (k for k in self._places.groups(community.slug) if k.state == "served")
        groups += [_group(known) for known in added if (known.platform, known.id) not in named]
        managers = {
            platform: replace(place, group=moved.get((platform, place.group), place.group))
            for platform, place in community.managers.items()
        }
        current = replace(community, groups=tuple(groups), managers=managers)
        return current.with_overrides(self._overrides(community.slug))

    def _overrides(self, slug: str) -> dict[str, dict[str, object]]:
        tables: dict[str, dict[str, object]] = {}
        for override in self._unit.store(Overrides).of(slug):
            tables.setdefault(override.feature, {})[override.key] = override.value
        return tables


def _group(known: KnownGroup) -> Group:
    return Group(known.platform, known.id, known.main)
