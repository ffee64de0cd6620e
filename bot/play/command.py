"""What `guyub play` does, from the file to the exit code."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config.load import ConfigError
from bot.play.community import NoCommunity, Scene, scene
from bot.play.conductor import Conductor, Failure
from bot.play.grammar import read
from bot.play.report import JsonLines, Readable, Report, explain
from bot.play.script import Clock, Line, NotUnderstood
from bot.play.stage import Stage

PLAYED, FAILED, NOT_UNDERSTOOD = 0, 1, 2


def main(path: Path, config_path: Path | None = None, community: str | None = None, as_json: bool = False) -> int:
    """Play a file, print what everybody said; 0, 1 when an expectation failed, 2 when something is not understood."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # names hold what a terminal may not be able to show
    try:
        lines = read(_text(path))
        return asyncio.run(_play(path, lines, scene(config_path, community), as_json))
    except NotUnderstood as error:
        _complain(not_understood(path, error))
    except (ConfigError, NoCommunity) as error:
        _complain(str(error))
    return NOT_UNDERSTOOD


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise NotUnderstood(0, "", "this is not a text in UTF-8") from None
    except OSError as error:
        raise NotUnderstood(0, "", f"the file can't be read: {error.strerror or error}") from None


def not_understood(path: Path, error: NotUnderstood) -> str:
    """`FILE:LINE: reason`, the line itself and what would be right."""
    where = f"{path}:{error.line}" if error.line else str(path)
    shown = [f"{where}: {error.reason}"]
    shown += [f"  {error.text}"] if error.text else []
    shown += [f"  {error.hint}"] if error.hint else []
    return "\n".join(shown)


async def _play(path: Path, lines: list[Line], where: Scene, as_json: bool) -> int:
    if not lines:
        return PLAYED
    first = lines[0].step
    assert isinstance(first, Clock), "the grammar sees to that"
    stage = Stage(where, first.until)
    for line in lines:
        stage.places.check(line)
    report: Report = (JsonLines if as_json else Readable)(stage.places, str(path), _say)
    stage.world.subscribe(report.change)
    stage.watch = report.event
    async with stage:
        failures, zone = await _all(Conductor(stage), lines, report)
    for failure, local in zip(failures, zone, strict=True):
        _complain(explain(failure, str(path), local))
    return FAILED if failures else PLAYED


async def _all(conductor: Conductor, lines: list[Line], report: Report) -> tuple[list[Failure], list[ZoneInfo]]:
    failures, zones, zone = list[Failure](), list[ZoneInfo](), ZoneInfo("UTC")
    for line in lines:
        if isinstance(line.step, Clock):
            zone = line.step.zone
        report.line(line)
        if failure := await conductor.step(line):
            report.failure(failure)
            failures.append(failure)
            zones.append(zone)
    return failures, zones


def _say(line: str) -> None:
    """Whoever reads may stop reading (`| head`): the exit code still tells how it went."""
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
