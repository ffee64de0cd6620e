"""`community.toml` → Config, or everything that is wrong with it."""

from pathlib import Path
from typing import Any

from bot.config.checking import check_table, is_table
from bot.config.communities import communities
from bot.config.document import Document, NotToml
from bot.config.feature_tables import Features, feature_tables
from bot.config.ids import PLATFORMS
from bot.config.model import Admin, Config, Defaults
from bot.config.problems import ConfigError, Problem, Report, dotted
from bot.config.reading import read_text
from bot.config.tables import AdminTable, DefaultsTable
from bot.core.setting_errors import unknown_key

__all__ = ["ConfigError", "Problem", "load", "loads"]

_TOP = ("admin", "defaults", "communities")


def load(path: Path, features: Features) -> Config:
    """Read and check the file against these features' settings. Raises ConfigError with all problems, nothing else."""
    return loads(read_text(path), features, file=str(path))


def loads(text: str, features: Features, *, file: str = "community.toml") -> Config:
    """The same for a text; `file` is the name that problems are shown with."""
    try:
        document = Document.parse(text)
    except NotToml as error:
        raise ConfigError(
            Problem(file, *fault.at, dotted(fault.path), fault.message, None, fault.hint) for fault in error.faults
        ) from None
    report = Report(file, document)
    config = _config(report, document.data, features)
    if report.problems:
        raise ConfigError(report.problems)
    return config


def _config(report: Report, data: dict[str, Any], features: Features) -> Config:
    for key in data:
        if key not in _TOP:
            report.add((key,), unknown_key(key, _TOP))
    tables = {key: data.get(key, {}) for key in _TOP}
    right = {key: raw if is_table(report, (key,), raw) else {} for key, raw in tables.items()}
    admin = _admin(report, right["admin"])
    defaults = _defaults(report, right["defaults"], features)
    return Config(
        admin=admin,
        defaults=defaults,
        communities=communities(report, right["communities"], features, defaults),
    )


def _admin(report: Report, raw: dict[str, Any]) -> Admin:
    table = check_table(report, ("admin",), AdminTable, raw)
    if table is None:
        return Admin()
    return Admin(contact={platform: who for platform in PLATFORMS if (who := getattr(table.contact, platform))})


def _defaults(report: Report, raw: dict[str, Any], features: Features) -> Defaults:
    own = {key: value for key, value in raw.items() if key in DefaultsTable.model_fields or key not in features}
    rest = {key: value for key, value in raw.items() if key not in own}
    table = check_table(report, ("defaults",), DefaultsTable, own, features) or DefaultsTable()
    tables = feature_tables(report, ("defaults",), rest, features, {})
    return Defaults(**dict(table), features=tables.values, locked=tables.locked)
