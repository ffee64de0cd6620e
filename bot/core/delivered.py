"""What the platform answered to a post, written down."""

from __future__ import annotations

from dataclasses import replace

from bot.core import forms
from bot.core.chat import Operation, Reason
from bot.core.directory import Directory
from bot.core.events import Delivered, Refused
from bot.core.feature import Service
from bot.core.notices import to_admin, to_managers
from bot.core.problems import PAUSES
from bot.core.speech import Speaker
from bot.core.stores import Accounts, Outbox, OutboxRow, Pause, Pauses, Places
from bot.core.unit import Unit
from bot.locale import _

STATES = {"uncertain": "uncertain", "expired": "expired"}


def sent(unit: Unit, event: Delivered) -> OutboxRow | None:
    """None when that was known already."""
    row = unit.store(Outbox).finish(int(event.event_id), "sent", event.message_id, "", unit.now)
    if row:
        forms.opened(unit, event)
    return row


def refused(unit: Unit, event: Refused, service: Service, directory: Directory) -> OutboxRow | None:
    """Give up the post; where nothing else can be said either, pause the place and tell managers once."""
    state = STATES.get(event.reason, "failed")
    row = unit.store(Outbox).finish(int(event.event_id), state, "", f"{event.reason} {event.detail}".strip(), unit.now)
    if row is None:
        return None
    if event.reason == Reason.UNREACHABLE and event.where.private:
        unit.store(Accounts).set_reachable(event.where.platform, event.where.channel, False)
    speaks = row.operation in (Operation.SEND, Operation.EDIT)  # a missing right to pin keeps nobody from speaking
    if event.reason in PAUSES and speaks and not event.where.private:
        _pause(unit, event, service, directory)
    if event.reason == "uncertain" and row.kind != "answer" and row.operation == Operation.SEND:
        _tell_uncertain(unit, event, row, directory)
    return row


def moved(unit: Unit, event: Refused) -> None:
    """The group goes on under another id (`detail`): so does everything of it, this post included."""
    unit.store(Places).migrate(event.where.platform, event.where.group, event.detail)
    unit.store(Outbox).requeue([int(event.event_id)])


def _pause(unit: Unit, event: Refused, service: Service, directory: Directory) -> None:
    if not unit.store(Pauses).add(Pause(event.where, event.reason, event.detail, unit.now)):
        return
    community = directory.find(event.where)
    language = community.language if community else service.language
    known = unit.store(Places).group(event.where.platform, event.where.group)
    name = (known.title if known else "") or event.where.group
    say = Speaker(language)
    text = say(
        _("I can't speak in *{group}* ({platform}) and have stopped trying. {fix}"),
        group=name,
        platform=event.where.platform.capitalize(),
        fix=say(PAUSES[Reason(event.reason)]),
    )
    key = f"paused:{event.where}:{unit.now.isoformat()}"
    silent = replace(event.where, channel="") if event.reason == Reason.GONE else event.where
    told = to_managers(unit, community, text, key=key, except_in=silent) if community else 0
    if not told:
        to_admin(unit, service, text, key=key)


def _tell_uncertain(unit: Unit, event: Refused, row: OutboxRow, directory: Directory) -> None:
    community = directory.find(event.where)
    if community is None or row.kind == "notice":
        return
    text = Speaker(community.language)(
        _(
            "The connection broke while I was posting ({kind}, {platform}). "
            "It may or may not have arrived; I don't repeat it."
        ),
        kind=row.kind,
        platform=event.where.platform.capitalize(),
    )
    to_managers(unit, community, text, key=f"uncertain:{row.id}")
