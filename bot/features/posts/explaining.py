"""`/why`: of a post, why it was made; and what was held back, for managers."""

from __future__ import annotations

import re

from bot.core.events import CommandInvoked, Where
from bot.core.feature import Context, Mistake
from bot.core.interruptions import Decisions, Hold, on_hold, per_day, used_today
from bot.core.messages import Message, Text, lines
from bot.core.stores import Accounts
from bot.features.posts import views
from bot.features.posts.model import Said, Sayings
from bot.features.posts.standing import clock_of, name_of
from bot.locale import _

SHOWN = 5
MOST_DIGITS = 3  # of a number in the list; more are a message's own
_LINKED = re.compile(r"(?:.*/)?(?P<id>[\w-]+)/?(?:[?#].*)?", re.DOTALL)


def why(event: CommandInvoked, ctx: Context, post: str = "") -> Message:
    """Of the post it replies to, of the one that is named, or of the last few."""
    if event.reply_to:
        return _explain(_replied_to(event, ctx), event, ctx)
    if post:
        return _explain(_named(post, event, ctx), event, ctx)
    return _overview(event, ctx)


def _explain(said: Said, event: CommandInvoked, ctx: Context) -> Message:
    decision = ctx.unit.store(Decisions).get(said.key)
    used, most = used_today(ctx, said.where), per_day(ctx)
    promo = decision is not None and decision.promo
    return views.explained(said, used, most, clock_of(ctx), ctx.say, promo=promo, counted=decision is not None)


def _replied_to(event: CommandInvoked, ctx: Context) -> Said:
    said = ctx.unit.store(Sayings).find(event.where, event.reply_to)
    if said is None:
        raise Mistake(ctx.say(NOT_MINE))
    return said


NOT_MINE = _("I can tell that of my own posts of the last 30 days only. Reply to one of them with `/why`.")


def _named(post: str, event: CommandInvoked, ctx: Context) -> Said:
    """By its number in the list, or by a link to it; in this channel, except for managers."""
    store, here = ctx.unit.store(Sayings), _here(event, ctx)
    found = _LINKED.fullmatch(post.strip())
    if found is None:
        raise Mistake(ctx.say(_("Give its number in the list, or a link to it. Like this: `/why 1`")))
    listed = store.newest(here, SHOWN)
    if post.isdecimal() and len(post) <= MOST_DIGITS:
        number = int(post)
        if not 1 <= number <= len(listed):
            raise Mistake(ctx.say(_("There is no number {number} in the list. `/why` shows it."), number=number))
        return listed[number - 1]
    said = store.find(here, found["id"])
    if said is None or not (ctx.manager or said.where.channel == here.channel):
        raise Mistake(ctx.say(NOT_MINE))
    return said


def _overview(event: CommandInvoked, ctx: Context) -> Message:
    here, clock, hold = _here(event, ctx), clock_of(ctx), on_hold(ctx)
    said = ctx.unit.store(Sayings).newest(here, SHOWN)
    parts = [
        ctx.say(_("Cheerful posts are on hold.")) if hold else (),
        views.listed(said, clock, ctx.say),
        views.allowance(used_today(ctx, here), per_day(ctx), ctx.say),
        _withheld(event, here, hold, ctx) if ctx.manager else (),
    ]
    return Message(lines(*parts, gap="\n\n"))


def _withheld(event: CommandInvoked, here: Where, hold: Hold | None, ctx: Context) -> Text:
    """For managers' eyes only; from their own chat, that of all channels."""
    everywhere = event.where.private or ctx.served.is_managers_place(event.where)
    found = ctx.unit.store(Decisions).withheld(ctx.served.slug, None if everywhere else here, SHOWN)
    if not found:
        return ctx.say(_("Nothing was held back."))
    if not _alone(event, ctx):
        return ctx.say(_("What I held back I tell managers in private: ask me there, or in the managers' chat."))
    places = [name_of(one.where, ctx) if everywhere else "" for one in found]
    return views.withheld(found, places, clock_of(ctx), ctx.say)


def _alone(event: CommandInvoked, ctx: Context) -> bool:
    """Whether a discreet answer is surely read by nobody but managers."""
    where = event.where
    if where.private or ctx.served.is_managers_place(where) or ctx.service.capabilities(where).private_reply:
        return True
    return bool(ctx.unit.store(Accounts).get(where.platform, event.actor.id).reachable)


def _here(event: CommandInvoked, ctx: Context) -> Where:
    """This channel; from a private chat or the managers', the main one of the group that is meant."""
    if ctx.group is not None and not ctx.served.is_managers_place(event.where):
        return event.where
    group = next((g for g in ctx.served.groups if g.platform == event.where.platform), None)
    group = group or next(iter(ctx.served.groups), None)
    return group.main_place if group else event.where
