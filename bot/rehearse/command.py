"""What `guyub rehearse` does, from the files to the exit code."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.config.environment import read_environment
from bot.config.load import ConfigError
from bot.core.activity import Spoken
from bot.core.community import Community
from bot.core.events import Where
from bot.core.interruptions import Decisions, Lulls
from bot.core.unit import StorageUnavailable, Unit
from bot.features import ALL
from bot.features.quiet.model import Prompted
from bot.features.quiet.settings import NAME as QUIET
from bot.play.community import NoCommunity, Scene, scene
from bot.play.stage import Stage
from bot.rehearse import calendar
from bot.rehearse.calendar import Entry, Printed
from bot.rehearse.recorded import NotRecorded, from_csv, from_database
from bot.rehearse.replay import replay
from storage.errors import CannotOpen

DONE, NOT_UNDERSTOOD = 0, 2
EVERY_ONE = 1_000_000
WITHOUT_OUTCOMES = tuple(
    replace(feature, jobs={name: job for name, job in feature.jobs.items() if name != "outcome"})
    if feature.name == QUIET
    else feature
    for feature in ALL
)
"""Who would have answered a prompt can't be known: without it, that silence went on."""
PROGRESS = 5.0
"""Percent between two words about how far it has come."""


@dataclass
class Rehearsal:
    """A replay and what came of it."""

    stage: Stage
    community: Community
    entries: list[Entry] = field(default_factory=list)
    _lulls: dict[Where, datetime | None] = field(default_factory=dict)

    async def run(self, spoken: list[Spoken]) -> list[Entry]:
        begin, end, said = spoken[0].at, spoken[-1].at, 0.0

        def told(now: datetime) -> None:
            nonlocal said
            percent = 100 * (now - begin) / (end - begin) if end > begin else 100.0
            if percent >= said + PROGRESS:
                said = percent
                _complain(f"\r{percent:3.0f} %  {now:%Y-%m-%d}", end="")

        await replay(self.stage, spoken, self._look, told)
        _complain("\r                    \r", end="")
        self.entries += await self.stage.program.database.run(self._decided, end)
        return self.entries

    async def _look(self) -> None:
        """Note the lulls that were found since the last look."""

        def work(unit: Unit) -> dict[Where, datetime | None]:
            return {group.main_place: unit.store(Lulls).since(group.main_place) for group in self.community.groups}

        found = await self.stage.program.database.run(work, self.stage.clock.now())
        for where, at in found.items():
            if at is not None and at != self._lulls.get(where):
                self.entries.append(calendar.of_lull(where, at))
        self._lulls = found

    def _decided(self, unit: Unit) -> list[Entry]:
        slug, decisions = self.community.slug, unit.store(Decisions)
        prompts = [asked for asked in unit.store(Prompted).newest(slug, EVERY_ONE) if calendar.was_shown(asked)]
        found = []
        for asked in prompts:
            decision = decisions.get(asked.post_key)
            found.append(calendar.of_prompt(asked, calendar.reason("prompt", decision.why if decision else "")))
        return found + [calendar.of_decision(one) for one in decisions.withheld(slug, None, EVERY_ONE)]


def main(
    config: Path,
    source: Path | None = None,
    community: str | None = None,
    face: str | None = None,
    *,
    as_json: bool = False,
) -> int:
    """Replay and print; 0, or 2 when something is not understood."""
    try:
        return asyncio.run(_rehearse(config, source, scene(config, community), face, as_json))
    except (ConfigError, NoCommunity, NotRecorded, CannotOpen, StorageUnavailable) as error:
        _complain(f"{error}\n", end="")
    return NOT_UNDERSTOOD


async def _rehearse(config: Path, source: Path | None, where: Scene, face: str | None, as_json: bool) -> int:
    spoken, notes = await _recorded(config, source, where.community, face)
    for note in notes:
        _complain(f"{note}\n", end="")
    async with Stage(where, spoken[0].at, features=WITHOUT_OUTCOMES) as stage:
        entries = await Rehearsal(stage, where.community).run(spoken)
    if as_json:
        for entry in sorted(entries, key=lambda one: one.at):
            _say(calendar.as_json(entry, str(entry.where)))
    else:
        Printed(_say, where.community.zone, _name).show(entries)
        _say(calendar.summary(entries, len(spoken), spoken[0].at, spoken[-1].at))
        _say(
            "Nobody could answer: people spoke as they did then. Chance chooses prompts anew each time they are asked."
        )
    return DONE


async def _recorded(
    config: Path, source: Path | None, community: Community, face: str | None
) -> tuple[list[Spoken], list[str]]:
    if not community.groups:
        raise NotRecorded(f"{community.slug} has no group; name one in {config}")
    if source is not None:
        groups = [group for group in community.groups if face in (None, group.platform)]
        if not groups:
            raise NotRecorded(f"{community.slug} has no group on {face}")
        spoken, notes = from_csv(source, groups[0].main_place), list[str]()
    else:
        url = read_environment(config.parent).database_url
        spoken, notes = await from_database(url, community, datetime.now(UTC))
    if not spoken:
        hint = "let the bot listen for some weeks, or give a CSV with --from"
        raise NotRecorded(f"nothing was recorded of {community.slug} yet; {hint}")
    return spoken, notes


def _name(where: Where) -> str:
    return where.platform.capitalize()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _complain(text: str, end: str) -> None:
    sys.stderr.write(text + end)
    sys.stderr.flush()
