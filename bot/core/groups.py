"""What becomes of a group's rows when the group changes."""

from __future__ import annotations

from dataclasses import replace

from bot.core.chat import Reason
from bot.core.events import GroupChange, GroupChanged
from bot.core.stores import KnownGroup, Notices, Pause, Pauses, Places
from bot.core.unit import Unit


def changed(unit: Unit, event: GroupChanged) -> None:
    """Remember the group, let its state follow a migration, stop or resume speaking to it."""
    platform, group = event.where.platform, event.where.group
    places = unit.store(Places)
    if event.change is GroupChange.MIGRATED:
        places.migrate(platform, group, event.new_group)
        return
    known = places.group(platform, group) or KnownGroup(platform, group)
    if event.change is GroupChange.REMOVED:
        places.put_group(replace(known, state="left", announced=False))
        unit.store(Pauses).add(Pause(event.where, Reason.GONE, "", unit.now))
        unit.store(Notices).clear(f"group:{platform}:{group}")
        return
    state = "unlisted" if known.state == "left" and not known.community else known.state
    if known.state == "left" and known.community:
        state = "served"
    places.put_group(replace(known, title=event.title or known.title, state=state))
    if event.change in (GroupChange.ADDED, GroupChange.FOUND, GroupChange.RIGHTS):
        unit.store(Pauses).lift(platform, group)
