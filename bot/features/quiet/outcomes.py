"""What became of a prompt: whether it was said, who answered, what that teaches, and when to leave off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.core.activity import Activity, heard_in
from bot.core.events import Delivered, JobDue, Refused
from bot.core.feature import Context
from bot.core.notices import to_managers
from bot.core.stores import Identity, Outages, People
from bot.features.quiet import views
from bot.features.quiet.model import REVIVED_WITHIN, Asked, Channels, Evidence, Origin, Prompted, State
from bot.features.quiet.settings import NAME

OUTCOME: Final = f"{NAME}.outcome"
PREFIX: Final = f"{NAME}:prompt:"
IGNORED: Final = 2
"""So many prompts in a row without an answer, and the bot leaves off …"""
REST: Final = timedelta(days=7)
"""… for this long, and twice as long each time that the next one is ignored, too."""
LONGEST_REST: Final = timedelta(days=28)
DEAF: Final = timedelta(minutes=10)
"""When a platform wasn't heard for longer, nobody knows how many answered."""


def on_delivered(event: Delivered, ctx: Context) -> None:
    """Also of what removes it again: what was taken back was never said."""
    asked = _asked(event.post_key, ctx)
    if asked is not None and asked.state is State.SENT:
        _said(replace(asked, posted_at=event.at), ctx)


def on_refused(event: Refused, ctx: Context) -> None:
    """What may have been said counts as said."""
    asked = _asked(event.post_key, ctx)
    if asked is None or asked.state is not State.SENT:
        return
    if event.reason == "uncertain":
        _said(replace(asked, posted_at=event.at), ctx)
    else:
        ctx.unit.store(Prompted).put(replace(asked, state=State.FAILED))


def _asked(post_key: str, ctx: Context) -> Asked | None:
    if not post_key.startswith(PREFIX):
        return None
    return ctx.unit.store(Prompted).get(int(post_key.removeprefix(PREFIX)))


def _said(asked: Asked, ctx: Context) -> None:
    assert asked.posted_at is not None
    ctx.unit.store(Prompted).put(asked)
    ctx.unit.schedule(OUTCOME, asked.posted_at + REVIVED_WITHIN, key=str(asked.id), community=asked.community)


def outcome(event: JobDue, ctx: Context) -> None:
    """`quiet.outcome`: two hours later."""
    asked = ctx.unit.store(Prompted).get(int(event.job_key))
    if asked is None or asked.posted_at is None or asked.state is not State.SENT or ctx.community is None:
        return
    people = _answered(asked, ctx)
    if people is None:
        return
    asked = replace(asked, people=people)
    ctx.unit.store(Prompted).put(asked)
    _learn(asked, ctx)
    if asked.origin is not Origin.MANAGER:
        _leave_off(asked, ctx)


def _answered(asked: Asked, ctx: Context) -> int | None:
    """How many different people spoke; None if that can't be known."""
    assert asked.posted_at is not None
    begin, end = asked.posted_at, asked.posted_at + REVIVED_WITHIN
    platform = asked.where.platform
    outages = [outage for outage in ctx.unit.store(Outages).between(begin, end) if outage.platform == platform]
    if sum((outage.end - outage.start for outage in outages), timedelta()) > DEAF:
        return None
    heard = heard_in(asked.where, ctx.service.capabilities)
    just_before = begin - timedelta(microseconds=1)  # platforms tell whole seconds: an answer may have the prompt's own
    people = ctx.unit.store(Activity).people(heard, just_before, end)
    accounts = [Identity(platform, account) for account in people]
    return len(set(ctx.unit.store(People).persons(accounts).values()))


def _learn(asked: Asked, ctx: Context) -> None:
    store, revived = ctx.unit.store(Evidence), 1.0 if asked.revived else 0.0
    for kind, arm in (("category", asked.arm), ("part", asked.part), ("place", str(asked.where))):
        store.add(asked.community, kind, arm, revived, 1.0 - revived)


def _leave_off(asked: Asked, ctx: Context) -> None:
    """After two prompts to which nobody said anything: managers hear why it is quiet now."""
    store = ctx.unit.store(Channels)
    channel = store.get(heard_in(asked.where, ctx.service.capabilities))
    if asked.people:
        store.put(replace(channel, ignored=0, rests_until=None))
        return
    ignored = channel.ignored + 1
    rests_until = channel.rests_until
    if ignored >= IGNORED:
        rests_until = ctx.now + min(REST * 2 ** (ignored - IGNORED), LONGEST_REST)
        words = views.rests(asked, ignored, rests_until, ctx)
        to_managers(ctx.unit, ctx.served, words, key=f"{NAME}:rests:{asked.id}")
    store.put(replace(channel, ignored=ignored, rests_until=rests_until))
