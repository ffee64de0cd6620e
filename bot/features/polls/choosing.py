"""Which poll somebody means: the one they reply to, the one with that number, or the only one there is."""

from __future__ import annotations

from typing import Any

from bot.core.events import ButtonPressed, CommandInvoked, MessagePosted
from bot.core.feature import Context, Mistake
from bot.core.stores import Identity, People
from bot.features.polls.model import Author, Poll, Polls, Series, State
from bot.locale import _

Asker = CommandInvoked | MessagePosted | ButtonPressed


def poll_meant(event: CommandInvoked | MessagePosted, ctx: Context, number: Any, *, only_open: bool) -> Poll:
    """Raise Mistake where it can't be told, naming those that there are."""
    store, community = ctx.unit.store(Polls), ctx.served.slug
    poll: Poll | None
    if number is not None and number != "":
        poll = store.numbered(community, _as_number(number, ctx))
        if poll is None:
            raise Mistake(ctx.say(_("There is no poll {number}. /poll list shows which there are."), number=number))
        return poll
    if event.reply_to and (poll := store.at_message(event.where.platform, event.where, event.reply_to)):
        return poll
    candidates = store.open_in(community)
    if not candidates and not only_open:
        candidates = store.newest(community, 1)
    if not candidates:
        raise Mistake(ctx.say(_("No poll is open just now.")))
    if len(candidates) > 1:
        named = ", ".join(f"{poll.number} ({_short(poll.question)})" for poll in candidates[:10])
        words = _("Which one? {polls}. Reply to the poll, or add its number.")
        raise Mistake(ctx.say(words, polls=named))
    return candidates[0]


def series_meant(ctx: Context, number: Any) -> Series | None:
    if number is None or number == "":
        return None
    return ctx.unit.store(Polls).series_numbered(ctx.served.slug, _as_number(number, ctx))


def _as_number(number: Any, ctx: Context) -> int:
    try:
        return int(str(number).strip("#. ")[:9])
    except ValueError:
        words = _("`{found}` is no number of a poll. /poll list shows them.")
        raise Mistake(ctx.say(words, found=str(number)[:20])) from None


def may_change(event: Asker, ctx: Context, author: Author) -> bool:
    """Managers, and whoever started it, by any of their accounts."""
    return ctx.manager or is_author(event, ctx, author)


def is_author(event: Asker, ctx: Context, author: Author) -> bool:
    own = ctx.unit.store(People).accounts_of(Identity(event.where.platform, event.actor.id))
    return Identity(author.platform, author.account) in own


def check_open(poll: Poll, ctx: Context) -> None:
    if poll.state is State.CANCELLED:
        raise Mistake(ctx.say(_("Poll {number} was called off."), number=poll.number))
    if poll.state is State.CLOSED:
        raise Mistake(ctx.say(_("Poll {number} is closed already."), number=poll.number))


def _short(question: str) -> str:
    return question if len(question) <= 30 else question[:29] + "…"
