"""Every table and every store there is: the engine's, and those of the modules in storage/features."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

from sqlalchemy import MetaData

from storage import features
from storage.stores import CORE_STORES
from storage.tables.row import Row
from storage.unit import StoreFactories


@cache
def all_stores() -> StoreFactories:
    stores = dict(CORE_STORES)
    for module in _feature_modules():
        stores.update(module.STORES)
    return stores


def all_tables() -> MetaData:
    all_stores()  # importing the stores has declared their tables
    return Row.metadata


def _feature_modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(features.__path__, f"{features.__name__}."):
        yield import_module(found.name)
