"""What the bot does when it comes into a group, and when its rights there change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.chat import Operation
from bot.core.events import CommandInvoked, GroupChange, GroupChanged, JobDue, Where
from bot.core.feature import Context
from bot.core.messages import Message, Text, lines
from bot.core.notices import to_admin, to_managers
from bot.core.problems import describe, to_text
from bot.core.reasons import because
from bot.core.stores import KnownGroup, Notices, Places
from bot.features.arrival import setup, views
from bot.locale import _

SETTLING = timedelta(seconds=3)
"""Rights are often given right after the bot was added: look a moment later."""


def on_group_changed(event: GroupChanged, ctx: Context) -> None:
    """Look around in a moment; tell the admin when a group of the file goes on under another id."""
    if event.change in (GroupChange.ADDED, GroupChange.FOUND, GroupChange.RIGHTS):
        _check_soon(event.where, ctx, ctx.now + SETTLING, announce=event.change is GroupChange.ADDED)
    elif event.change is GroupChange.MIGRATED:
        text = ctx.tell(
            _("A group became a supergroup: please put its new id `{new}` in place of `{old}` into community.toml."),
            new=event.new_group,
            old=event.where.group,
        )
        if ctx.service.communities:
            to_admin(ctx.unit, ctx.service, text, key=f"migrated:{event.new_group}")


def _check_soon(where: Where, ctx: Context, at: datetime, *, announce: bool) -> None:
    place = Where(where.platform, where.group, "")
    ctx.unit.schedule(
        "arrival.check",
        at,
        key=f"{where.platform}:{where.group}",
        where=place,
        data={"announce": announce},
        keep=not announce,  # rights that are given right after the arrival don't take the place of its announcement
    )


def check(event: JobDue, ctx: Context) -> None:
    """Say who I am and what I record, once; say what keeps me from working, once for each state of things."""
    known = _known(event.where, ctx)
    if known.state == "left":
        return
    if ctx.facts and ctx.facts.title and ctx.facts.title != known.title:
        known = replace(known, title=ctx.facts.title)
        ctx.unit.store(Places).put_group(known)
    if ctx.community is None:
        _unlisted(event.where, known, ctx)
        return
    if not known.announced and ctx.group:
        known = replace(known, announced=True)  # where it was before it was first started, nothing is announced
        ctx.unit.store(Places).put_group(known)
        if event.data.get("announce"):
            _announce(event.where, ctx)
    _tell_problems(event.where, known, ctx)


def _announce(where: Where, ctx: Context) -> None:
    assert ctx.group is not None
    ctx.unit.post(
        Message(views.records(ctx.tell)),
        ctx.group.main_place,
        kind="statement",
        key=f"arrival:{where}",
        community=ctx.served.slug,
        expires=ctx.now + timedelta(hours=1),
        why=because(_("I was added here, and say what I keep")),
    )


def _tell_problems(where: Where, known: KnownGroup, ctx: Context) -> None:
    """To managers, else to the admin: what to fix, only when it isn't what was told last."""
    problems = ctx.facts.problems if ctx.facts else None
    if problems is None:
        return
    found = to_text(problems)
    if found == known.problems:
        return
    ctx.unit.store(Places).put_group(replace(known, problems=found))
    name = known.title or where.group
    if problems:
        listed = [lines(ctx.tell("• {problem}", problem=describe(problem, ctx.tell))) for problem in problems]
        head = ctx.tell(
            _("In *{group}* ({platform}) something keeps me from working well:"),
            group=name,
            platform=where.platform.capitalize(),
        )
        text = lines(head, *listed)
    else:
        text = ctx.tell(
            _("In *{group}* ({platform}) all is well now. Thank you!"), group=name, platform=where.platform.capitalize()
        )
    _to_whoever_can_mend(text, where, ctx)


def _to_whoever_can_mend(text: Text, where: Where, ctx: Context) -> None:
    key = f"arrival:problems:{where}:{ctx.now.isoformat()}"
    told = to_managers(ctx.unit, ctx.served, text, key=key) if ctx.community else 0
    if not told:
        to_admin(ctx.unit, ctx.service, text, key=key)


def _unlisted(where: Where, known: KnownGroup, ctx: Context) -> None:
    """A group that nobody set up: ask how, or leave (`unlisted = "serve"` never comes here)."""
    if not ctx.unit.store(Notices).first(f"group:{where.platform}:{where.group}:hello", ctx.now):
        return
    leaving = ctx.service.unlisted == "leave"
    text = views.goodbye(ctx.tell) if leaving else views.hello(ctx.tell)
    ctx.unit.post(
        Message(text),
        where,
        kind="statement",
        key=f"arrival:hello:{where}",
        expires=ctx.now + timedelta(hours=1),
        why=because(_("I was added to a group that isn't set up")),
    )
    if leaving:
        ctx.unit.perform(Operation.LEAVE, where)


def _known(where: Where, ctx: Context) -> KnownGroup:
    return ctx.unit.store(Places).group(where.platform, where.group) or KnownGroup(where.platform, where.group)


def start(event: CommandInvoked, ctx: Context, payload: str = "") -> Message | None:
    """In private: hello. In a group it carries the code of a set-up link."""
    if event.where.private:
        return Message(views.private_hello(ctx.say), buttons=())
    if payload and ctx.manager:
        return setup.begin(event, ctx, payload)
    return None
