"""Which poll somebody means: the one they reply to, the one with that number, or the only one there is."""

from __future__ import annotations

from typing import Any

from bot.core.events import ButtonPressed, CommandInvoked, MessagePosted, Where
from bot.core.feature import Context, Mistake
from bot.core.stores import Identity, Outbox, People
from bot.features.polls.closing import RESULT
from bot.features.polls.model import Author, Poll, Polls, Series, State
from bot.locale import _

RESULTS_LOOKED_AT = 20
LONGEST_NUMBER = 9  # digits
Asker = CommandInvoked | MessagePosted | ButtonPressed


def poll_meant(event: CommandInvoked | MessagePosted, ctx: Context, number: Any, *, only_open: bool) -> Poll:
    """Raise Mistake where it can't be told, naming those that there are."""
    store, community = ctx.unit.store(Polls), ctx.served.slug
    poll: Poll | None
    if number is not None and number != "":
        return _numbered(_as_number(number, ctx), ctx)
    if event.reply_to and (poll := _replied_to(event.where, event.reply_to, ctx)):
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


def _numbered(number: int, ctx: Context) -> Poll:
    store, community = ctx.unit.store(Polls), ctx.served.slug
    poll = store.numbered(community, number)
    if poll is not None:
        return poll
    if series := store.series_numbered(community, number):
        words = _("{number} is “{question}”, which comes each week. Those that were put up have numbers of their own.")
        raise Mistake(ctx.say(words, number=number, question=_short(series.question)))
    raise Mistake(ctx.say(_("There is no poll {number}. /poll list shows which there are."), number=number))


def _replied_to(where: Where, message_id: str, ctx: Context) -> Poll | None:
    """The poll in that message, or the one whose result it tells."""
    store, outbox = ctx.unit.store(Polls), ctx.unit.store(Outbox)
    poll = store.at_message(where.platform, where, message_id)
    if poll is not None:
        return poll
    for recent in store.newest(ctx.served.slug, RESULTS_LOOKED_AT):
        for post in store.posts(recent.id):
            same = (post.where.platform, post.where.group) == (where.platform, where.group)
            if same and recent.state is State.CLOSED and outbox.message_id(f"{RESULT}:{post.key}") == message_id:
                return recent
    return None


def series_meant(ctx: Context, number: Any) -> Series | None:
    if number is None or number == "":
        return None
    return ctx.unit.store(Polls).series_numbered(ctx.served.slug, _as_number(number, ctx))


def _as_number(number: Any, ctx: Context) -> int:
    found = str(number).strip("#. ")
    if found.isdecimal() and len(found) <= LONGEST_NUMBER:
        return int(found)
    if any(sign in found for sign in "?|"):
        raise rather_a_question(ctx)
    raise Mistake(ctx.say(_("`{found}` is no number of a poll. /poll list shows them."), found=str(number)[:20]))


def rather_a_question(ctx: Context) -> Mistake:
    """ "/poll close the cafe? yes | no" """
    return Mistake(ctx.say(_('If that is a question, put it in quotes: `/poll "Where shall we meet?" A | B`')))


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
