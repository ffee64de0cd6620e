"""The close: on time, or as soon as the bot is back; what is counted, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.chat import Voted
from bot.core.events import JobDue, MemberLeft, PollTallied, Where
from bot.core.feature import Context, There
from bot.core.messages import Message, Text, lines
from bot.core.moments import moment_span
from bot.core.names import safe_name
from bot.core.notices import to_managers
from bot.core.reasons import because
from bot.core.stores import Identity, Outage, Outages, People
from bot.core.unit import Unit
from bot.features.polls import posting, views
from bot.features.polls.ballots import Tally
from bot.features.polls.counting import NAME, as_told, at_the_close, now_standing, outcome_of, settings_of
from bot.features.polls.model import AMENDS_FOR, Ballot, Ballots, Poll, PollPost, Polls, State
from bot.locale import _

LATE = timedelta(minutes=5)
STALE = timedelta(days=7)
"""A result that comes later than this is news to managers only."""
LOOKS_UP_FOR = timedelta(minutes=5)
LOOKS_UP_EVERY = timedelta(seconds=30)
ASKS_AGAIN = timedelta(minutes=10)
KEPT_BY_PLATFORM = timedelta(hours=24)
"""So long a platform keeps votes in its own polls for us to hear."""
COMPARES_AFTER = timedelta(minutes=1)
LATELY = 20  # polls among which one may be that has just been closed
RESULT = f"{NAME}-result"


def due(event: JobDue, ctx: Context) -> None:
    """`polls.close`."""
    poll = ctx.unit.store(Polls).get(int(event.job_key))
    if poll is None or poll.state is not State.OPEN:
        return
    closes_at = _ends_at(poll, event)
    if ctx.community is None:  # it is missing from the file, perhaps for a moment
        ctx.unit.schedule(event.job, ctx.now + ASKS_AGAIN, key=event.job_key, community=poll.community, data=event.data)
    elif closes_at > ctx.now:
        ctx.unit.schedule(event.job, closes_at, key=event.job_key, community=poll.community, data=event.data)
    elif _record_is_missing(poll, ctx) and ctx.now - closes_at < LOOKS_UP_FOR:
        again = ctx.now + LOOKS_UP_EVERY
        ctx.unit.schedule(event.job, again, key=event.job_key, community=poll.community, data=event.data)
    else:
        close(poll, closes_at, ctx)


def _ends_at(poll: Poll, event: JobDue) -> datetime:
    """When it closes, or was closed by command while something had to be looked up yet."""
    early = event.data.get("at")
    return datetime.fromisoformat(early) if early else poll.closes_at


def close_now(poll: Poll, ctx: Context) -> None:
    """Before its time. Votes that the platform kept, and who has left unheard, are looked up first: a job can do so."""
    if (poll.native and _keeps_votes(poll, ctx)) or _may_have_left(poll, ctx):
        data = {"at": ctx.now.isoformat()}
        ctx.unit.schedule(f"{NAME}.close", ctx.now, key=str(poll.id), community=poll.community, data=data)
    else:
        close(poll, ctx.now, ctx)


def _may_have_left(poll: Poll, ctx: Context) -> bool:
    """Whether somebody voted before a time in which their platform could not be heard."""
    heard_since = {name: connection.unbroken_since for name, connection in ctx.connections.items()}
    cast = ctx.unit.store(Ballots).of(poll.id, poll.rules.secret)
    return any((since := heard_since.get(ballot.platform)) is not None and ballot.at < since for ballot in cast)


def close(poll: Poll, at: datetime, ctx: Context) -> Poll:
    """Take no more votes; say what came of it."""
    if ctx.votes is not None:
        poll = _reconcile(poll, ctx.votes, ctx)
    told = at_the_close(poll, at, ctx)
    outcome = outcome_of(told, _members(ctx), looked_up=not _record_is_missing(poll, ctx))
    poll = replace(poll, state=State.CLOSED, ended_at=at, told_at=ctx.now, outcome=outcome)
    ctx.unit.store(Polls).put(poll)
    ctx.unit.unschedule(f"{NAME}.close", str(poll.id))
    _end_posts(poll, told, ctx)
    if ctx.now - at > STALE:
        _tell_managers(poll, told, ctx)
    else:
        _announce(poll, told, ctx)
    _forget_later(poll, ctx)
    return poll


def _members(ctx: Context) -> int:
    """How many there are in all groups; 0 if that isn't known of each of them."""
    if len(ctx.all_facts) < len(ctx.served.groups):
        return 0
    return sum(facts.member_count for facts in ctx.all_facts.values())


def cancel(poll: Poll, ctx: Context) -> Poll:
    """Call it off: nothing is counted, nothing is told."""
    poll = replace(poll, state=State.CANCELLED, ended_at=ctx.now)
    ctx.unit.store(Polls).put(poll)
    ctx.unit.unschedule(f"{NAME}.close", str(poll.id))
    _end_posts(poll, now_standing(poll, ctx), ctx)
    _forget_later(poll, ctx)
    return poll


def resume(poll: Poll, ctx: Context) -> Poll | None:
    """Take the calling off back; None when it is too late."""
    if poll.state is not State.CANCELLED or poll.native or poll.closes_at <= ctx.now or poll.ended_at is None:
        return None
    if ctx.now - poll.ended_at >= AMENDS_FOR:
        return None
    poll = replace(poll, state=State.OPEN, ended_at=None)
    ctx.unit.store(Polls).put(poll)
    ctx.unit.unschedule(f"{NAME}.forget", str(poll.id))
    ctx.unit.schedule(f"{NAME}.close", poll.closes_at, key=str(poll.id), community=poll.community)
    posting.edit_all(poll, posting.message_of(poll, ctx), ctx)
    return poll


def _forget_later(poll: Poll, ctx: Context) -> None:
    if poll.rules.secret:
        at = ctx.now + AMENDS_FOR
        ctx.unit.schedule(f"{NAME}.forget", at, key=str(poll.id), community=poll.community)


def may_amend(poll: Poll, now: datetime) -> bool:
    """Whether a vote that was given in time, and is heard only now, still counts."""
    return poll.state is State.CLOSED and poll.told_at is not None and now - poll.told_at < AMENDS_FOR


def amend(poll: Poll, ctx: Context) -> None:
    """Such a vote came, or who had left was told late: the result that was told becomes the true one."""
    assert poll.ended_at is not None
    assert poll.outcome is not None
    told = at_the_close(poll, poll.ended_at, ctx)
    counted = outcome_of(told)
    outcome = replace(poll.outcome, counts=counted.counts, by_platform=counted.by_platform, void=counted.void)
    if outcome == poll.outcome:
        return
    poll = replace(poll, outcome=outcome)
    ctx.unit.store(Polls).put(poll)
    if not poll.native:
        posting.edit_all(poll, views.ended(poll, told, ctx.tell), ctx)
    _tell_anew(poll, told, ctx)


def on_left(event: MemberLeft, ctx: Context) -> None:
    """Somebody had left before a close whose result is told already."""
    if settings_of(ctx).count_leavers:
        return
    account = Identity(event.where.platform, event.actor.id)
    for poll in ctx.unit.store(Polls).newest(ctx.served.slug, LATELY):
        if poll.ended_at is None or event.at >= poll.ended_at or not may_amend(poll, ctx.now):
            continue
        own = ctx.unit.store(People).accounts_of(account)
        if ctx.unit.store(Ballots).of_accounts(poll.id, poll.rules.secret, own):
            amend(poll, ctx)


def forget(event: JobDue, ctx: Context) -> None:
    """`polls.forget`: nothing can change any more, and who chose what in a secret poll is known to nobody."""
    poll = ctx.unit.store(Polls).get(int(event.job_key))
    if poll is not None and poll.state is not State.OPEN:
        ctx.unit.store(Ballots).forget(poll.id)


# ---------------------------------------------------------------- telling


def _end_posts(poll: Poll, told: Tally, ctx: Context) -> None:
    if not poll.native:
        posting.edit_all(poll, views.ended(poll, told, ctx.tell), ctx)
        return
    for post in ctx.unit.store(Polls).posts(poll.id):
        if poll.state is State.CANCELLED:
            ctx.unit.delete(post.key)
        else:
            ctx.unit.close_poll(post.key)


def _announce(poll: Poll, told: Tally, ctx: Context) -> None:
    for post in ctx.unit.store(Polls).posts(poll.id):
        ctx.unit.post(
            _result(poll, told, post, ctx),
            post.where,
            kind="result",
            key=_result_key(post),
            community=poll.community,
            expires=ctx.now + STALE,
            why=because(_("poll {number} closed"), number=poll.number),
        )


def _tell_anew(poll: Poll, told: Tally, ctx: Context) -> None:
    for post in ctx.unit.store(Polls).posts(poll.id):
        ctx.unit.edit(_result_key(post), _result(poll, told, post, ctx))


def _result(poll: Poll, told: Tally, post: PollPost, ctx: Context) -> Message:
    assert poll.outcome is not None
    notes = [*_unheard(poll, ctx), *_late(poll, ctx), *_counted_there(poll, post, ctx)]
    return views.result(poll, told, ctx.tell, members=poll.outcome.members, notes=notes, reply_to=post.message_id)


def _result_key(post: PollPost) -> str:
    return f"{RESULT}:{post.key}"


def _tell_managers(poll: Poll, told: Tally, ctx: Context) -> None:
    head = ctx.tell(_("A poll closed while I was away, too long ago to tell everybody:"))
    words = views.result(poll, told, ctx.tell).text
    to_managers(ctx.unit, ctx.served, lines(head, words), key=f"{RESULT}-stale:{poll.id}")


def _late(poll: Poll, ctx: Context) -> list[Text]:
    assert poll.ended_at is not None
    assert poll.told_at is not None
    assert poll.outcome is not None
    looked = timedelta(0) if poll.outcome.looked_up else LOOKS_UP_FOR
    if poll.told_at - poll.ended_at < LATE + looked:
        return []
    closed_at = moment_span(poll.ended_at, ctx.now, ctx.served.zone, ctx.tell.language)
    return [ctx.tell(_("It closed {moment}; I was away then, so this comes late."), moment=closed_at)]


def _unheard(poll: Poll, ctx: Context) -> list[Text]:
    """Times in which votes were given that nobody can know of any more."""
    assert poll.outcome is not None
    if not poll.outcome.looked_up:
        return [ctx.tell(_("I could not look up the votes that I may have missed, so some may be missing here."))]
    gaps = _gaps(poll, ctx)
    return views.gaps(gaps, ctx.now, ctx.served.zone, ctx.tell)


def _gaps(poll: Poll, ctx: Context) -> list[Outage]:
    """As far as they lie within its time, on platforms where it stands."""
    until = poll.ended_at or ctx.now
    platforms = {post.where.platform for post in ctx.unit.store(Polls).posts(poll.id)}
    return [
        Outage(outage.platform, max(outage.start, poll.created_at), min(outage.end, until))
        for outage in ctx.unit.store(Outages).between(poll.created_at, until)
        if outage.platform in platforms and (not poll.native or _is_lost(poll, outage.end - outage.start, ctx))
    ]


def _is_lost(poll: Poll, silence: timedelta, ctx: Context) -> bool:
    """Votes in the platform's own poll come later, unless it keeps no record and it took too long."""
    return not _keeps_votes(poll, ctx) and silence > KEPT_BY_PLATFORM


# ---------------------------------------------------------------- the platform's own record


def own_poll(unit: Unit, event: JobDue) -> tuple[Where, str] | None:
    """Where the votes can be looked up."""
    poll = unit.store(Polls).get(int(event.job_key))
    if poll is None or not poll.native or poll.state is not State.OPEN or _ends_at(poll, event) > unit.now:
        return None
    posts = unit.store(Polls).posts(poll.id)
    return (posts[0].where, posts[0].message_id) if posts and posts[0].message_id else None


def voters(unit: Unit, event: JobDue) -> list[There]:
    """Whose leaving would make their ballot void, and when they were surely there."""
    poll = unit.store(Polls).get(int(event.job_key))
    if poll is None or poll.state is not State.OPEN or _ends_at(poll, event) > unit.now:
        return []
    cast = unit.store(Ballots).of(poll.id, poll.rules.secret)
    return [There(Where(b.platform, b.group, ""), b.account, b.at) for b in cast if b.group]


def _record_is_missing(poll: Poll, ctx: Context) -> bool:
    posts = ctx.unit.store(Polls).posts(poll.id)
    posted = any(post.message_id for post in posts)
    return poll.native and poll.state is State.OPEN and posted and _keeps_votes(poll, ctx) and ctx.votes is None


def _keeps_votes(poll: Poll, ctx: Context) -> bool:
    posts = ctx.unit.store(Polls).posts(poll.id)
    limits = ctx.service.capabilities(posts[0].where).polls if posts else None
    return limits is not None and limits.keeps_votes


def _reconcile(poll: Poll, record: Mapping[str, Voted], ctx: Context) -> Poll:
    """The platform's record is what holds: votes that were missed are added, those taken back meanwhile go."""
    store = ctx.unit.store(Ballots)
    post = ctx.unit.store(Polls).posts(poll.id)[0]
    known = {ballot.account: ballot for ballot in store.of(poll.id, poll.rules.secret)}
    for account in known.keys() - record.keys():
        store.withdraw(poll.id, poll.rules.secret, Identity(post.where.platform, account))
    order = poll.votes_cast
    for account, voted in record.items():
        ballot = known.get(account)
        options = tuple(sorted(option for option in voted.options if option < len(poll.options)))
        if not options or (ballot and ballot.options == options and ballot.name):
            continue
        order += 1
        name = safe_name(voted.name) or (ballot.name if ballot else "")
        at = ballot.at if ballot else poll.closes_at
        where = post.where
        store.cast(poll.id, poll.rules.secret, Ballot(where.platform, where.group, account, name, options, at, order))
    return replace(poll, votes_cast=order)


def on_tallied(event: PollTallied, ctx: Context) -> None:
    """The platform has closed its own poll, and counted. Votes that it tells of may still be on their way."""
    poll = ctx.unit.store(Polls).at_message(event.where.platform, event.where, event.poll)
    if poll is None or not event.closed or poll.community != ctx.served.slug or poll.state is State.CANCELLED:
        return
    data = {"counts": list(event.counts)}
    at = ctx.now + COMPARES_AFTER
    ctx.unit.schedule(f"{NAME}.compare", at, key=str(poll.id), community=poll.community, data=data)


def compare(event: JobDue, ctx: Context) -> None:
    """`polls.compare`: where the platform itself counted something else than was told, the result says so."""
    poll = ctx.unit.store(Polls).get(int(event.job_key))
    if poll is None or ctx.community is None:
        return
    if poll.state is State.OPEN:  # its record is being looked up
        at = ctx.now + COMPARES_AFTER
        ctx.unit.schedule(event.job, at, key=event.job_key, community=poll.community, data=event.data)
        return
    counted = tuple(event.data["counts"])
    if poll.outcome is None or counted == poll.outcome.counts:
        return
    poll = replace(poll, outcome=replace(poll.outcome, counted=counted))
    ctx.unit.store(Polls).put(poll)
    _tell_anew(poll, as_told(poll, ctx), ctx)


def _counted_there(poll: Poll, post: PollPost, ctx: Context) -> list[Text]:
    assert poll.outcome is not None
    counted = poll.outcome.counted
    if len(counted) != len(poll.options) or counted == poll.outcome.counts:
        return []
    shown = ", ".join(f"{option} {count}" for option, count in zip(poll.options, counted, strict=True))
    words = _("{platform} itself counted: {counts}.")
    return [ctx.tell(words, platform=post.where.platform.capitalize(), counts=shown)]
