"""Starting a poll: who may, and what is answered."""

from __future__ import annotations

from datetime import timedelta

from bot.core.events import ButtonPressed, CommandInvoked, MessagePosted, Where
from bot.core.feature import Context, Mistake
from bot.core.messages import Message
from bot.core.names import safe_name
from bot.core.stores import Identity, People
from bot.features.polls import posting, repeating, telling
from bot.features.polls.asking import Proposal
from bot.features.polls.counting import settings_of
from bot.features.polls.model import Author, Polls
from bot.locale import _, _n

Asker = CommandInvoked | MessagePosted | ButtonPressed
DAY = timedelta(hours=24)
DAILY = _n(
    "You may start {n} poll a day here. Tomorrow is another day!",
    "You may start {n} polls a day here. Tomorrow is another day!",
)


def begin(wanted: Proposal, event: Asker, ctx: Context, here: Where | None = None) -> Message | None:
    """`here`: where it was asked for, if that is somewhere else by now."""
    here, author = here or event.where, author_of(event)
    if wanted.every is not None:
        return telling.series_begun(repeating.begin(wanted, author, here, ctx), ctx)
    poll = posting.start(wanted, author, here, ctx)
    if event.where in posting.places(ctx.served, here) and not ctx.service.capabilities(event.where).private_reply:
        return None  # the poll itself is the answer
    return telling.begun(poll, ctx)


def check_may_start(event: Asker, ctx: Context) -> None:
    """Members only where the config says so, and not too many a day."""
    if ctx.manager:
        return
    settings = settings_of(ctx)
    if not settings.members:
        raise Mistake(ctx.say(_("Only managers start polls here. Tell one of them your idea!")))
    own = ctx.unit.store(People).accounts_of(Identity(event.where.platform, event.actor.id))
    started = ctx.unit.store(Polls).started_by(ctx.served.slug, own, ctx.now - DAY)
    if started >= settings.members_per_day:
        raise Mistake(ctx.say.counted(DAILY, settings.members_per_day))


def check_may_repeat(wanted: Proposal, ctx: Context) -> None:
    """One that comes again asks without anybody: that is for managers."""
    if wanted.every is not None and not ctx.manager:
        words = _("Only managers start polls that come again. Without `--every` it is asked once.")
        raise Mistake(ctx.say(words))


def offers(ctx: Context) -> bool:
    """Whether help shows how to start and manage polls."""
    return ctx.manager or settings_of(ctx).members


def author_of(event: Asker) -> Author:
    return Author(event.where.platform, event.actor.id, safe_name(event.actor.name))
