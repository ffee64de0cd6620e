"""When the platforms were not heard."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.core.stores import SILENT, Outage
from storage.tables.program import heard, outages
from storage.unit import SqlUnit
from storage.upsert import upsert

_UNTIL = bindparam("until", type_=outages.c.end.type)
_ENDED = select(outages).where(outages.c.start < _UNTIL, outages.c.end > bindparam("begin", type_=outages.c.start.type))
_GOING_ON = select(heard).where(heard.c.at < _UNTIL, heard.c.at < bindparam("silent", type_=heard.c.at.type))


class SqlOutages:
    """Implements bot.core.stores.Outages."""

    def __init__(self, unit: SqlUnit) -> None:
        self._unit = unit

    def heard(self, platform: str, at: datetime, *, unbroken: bool = False) -> Outage | None:
        """A clock that was put back makes no outage: the platform is heard at that time from then on."""
        last = self._unit.connection.execute(select(heard.c.at).where(heard.c.platform == platform)).scalar()
        self._unit.connection.execute(upsert(self._unit.dialect, heard), {"platform": platform, "at": at})
        if last is None or unbroken or at - last <= SILENT:
            return None
        self._unit.connection.execute(
            upsert(self._unit.dialect, outages), {"platform": platform, "start": last, "end": at}
        )
        return Outage(platform, last, at)

    def between(self, start: datetime, end: datetime) -> list[Outage]:
        """Of each the part that lies in that time."""
        run, asked = self._unit.connection.execute, {"begin": start, "until": end}
        found = [Outage(row.platform, row.start, row.end) for row in run(_ENDED, asked)]
        unheard = {"until": end, "silent": self._unit.now - SILENT}
        found += [Outage(row.platform, row.at, self._unit.now) for row in run(_GOING_ON, unheard)]
        parts = (Outage(outage.platform, max(outage.start, start), min(outage.end, end)) for outage in found)
        return sorted((part for part in parts if part.start < part.end), key=lambda part: (part.start, part.platform))

    def forget(self, before: datetime) -> int:
        return self._unit.connection.execute(delete(outages).where(outages.c.end < before)).rowcount
