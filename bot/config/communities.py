"""The communities of a file, and what holds between them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from bot.config.checking import check_table, is_table
from bot.config.feature_tables import Features, feature_tables
from bot.config.ids import PLATFORMS
from bot.config.mistakes import Mistake
from bot.config.model import CommunityConfig, Defaults
from bot.config.positions import Path
from bot.config.problems import Report, dotted
from bot.config.tables import CommunityTable
from bot.core.setting_errors import quoted

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def communities(
    report: Report, tables: Mapping[str, Any], features: Features, defaults: Defaults
) -> dict[str, CommunityConfig]:
    """The communities in which nothing is wrong; everything else is reported."""
    found: dict[str, CommunityConfig] = {}
    for slug, raw in tables.items():
        path = ("communities", slug)
        if not SLUG.fullmatch(slug):
            report.add(path, _bad_slug(slug))
        if is_table(report, path, raw) and (community := _community(report, path, raw, features, defaults)):
            found[slug] = community
    _between(report, {slug: raw for slug, raw in tables.items() if isinstance(raw, dict)})
    return found


def slug_of(name: str) -> str:
    """A key for a community of that name, such as "kopi-nusantara"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "community"


def _bad_slug(slug: str) -> Mistake:
    return Mistake(
        f"{quoted(slug)} can't be a community's key: small letters, digits, - and _, at most 40",
        f"write [communities.{slug_of(slug)}]; its name may be anything",
        of_key=True,
    )


def _community(
    report: Report, path: tuple[str, str], raw: Mapping[str, Any], features: Features, defaults: Defaults
) -> CommunityConfig | None:
    own = {key: value for key, value in raw.items() if key in CommunityTable.model_fields or key not in features}
    rest = {key: value for key, value in raw.items() if key not in own}
    table = check_table(report, path, CommunityTable, own, features)
    tables = feature_tables(report, path, rest, features, defaults.features)
    if table is None:
        return None
    inherited = {key: getattr(table, key) or getattr(defaults, key) for key in ("language", "timezone", "sapaan")}
    managers = {platform: chat for platform in PLATFORMS if (chat := getattr(table.managers, platform))}
    names = {*tables.locked, *defaults.locked}
    locked = {name: tables.locked.get(name, frozenset()) | defaults.locked.get(name, frozenset()) for name in names}
    fields = {**dict(table), **inherited, "managers": managers, "features": tables.values, "locked": locked}
    return CommunityConfig(slug=path[1], **fields)


def _between(report: Report, tables: Mapping[str, dict[str, Any]]) -> None:
    """A group belongs to one community only, and what managers are told appears where members don't read."""
    owners: dict[tuple[str, str], Path] = {}
    public: set[tuple[str, str]] = set()
    for path, group in _groups(tables):
        at = (str(group.get("platform")), str(group.get("id")))
        if at in owners:
            first = owners[at]
            whose = f"{dotted(first[:2])} (line {report.line_of((*first, 'id'))})"
            report.add((*path, "id"), Mistake(f"{quoted(at[1])} is already a group of {whose}", "name it once"))
        owners.setdefault(at, path)
        public |= {at, *((at[0], str(group[key])) for key in ("main", "welcome") if key in group)}
    for slug, table in tables.items():
        chats = table.get("managers")
        for platform, chat in chats.items() if isinstance(chats, dict) else ():
            if isinstance(chat, str) and (platform, chat) in public:
                fault = Mistake(f"{quoted(chat)} is where members are", "managers need a chat of their own")
                report.add(("communities", slug, "managers", platform), fault)


def _groups(tables: Mapping[str, dict[str, Any]]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for slug, table in tables.items():
        groups = table.get("groups")
        for index, group in enumerate(groups if isinstance(groups, list) else ()):
            if isinstance(group, dict) and isinstance(group.get("id"), str):
                yield ("communities", slug, "groups", index), group
