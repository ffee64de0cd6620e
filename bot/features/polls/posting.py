"""A poll is put up in every group of the community, and its bars are kept true without wearing out the limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.chat import Reason
from bot.core.community import Community
from bot.core.events import Delivered, GroupChange, GroupChanged, JobDue, Refused, Where
from bot.core.feature import Context
from bot.core.fit import takes_poll
from bot.core.messages import Message
from bot.core.notices import to_managers
from bot.core.reasons import because
from bot.core.stores import Outbox
from bot.features.polls import views
from bot.features.polls.asking import Proposal
from bot.features.polls.counting import NAME, now_standing, settings_of
from bot.features.polls.model import Author, Poll, PollPost, Polls, State
from bot.locale import _

SECRET_WAITS = timedelta(seconds=15)
"""Bars of a secret poll change that long after a vote: so that a change seldom tells of a single one."""

SURELY_SOON = timedelta(minutes=1)
"""A post that waits for less long will be edited anyway: nothing is looked at again for each vote."""


def start(proposal: Proposal, author: Author, here: Where, ctx: Context, series: int = 0) -> Poll:
    """Make the poll and put it up; `here`: where it was asked for."""
    poll = Poll(
        id=0,
        community=ctx.served.slug,
        number=0,
        author=author,
        question=proposal.question,
        options=proposal.options,
        rules=proposal.rules,
        created_at=ctx.now,
        closes_at=proposal.closes_at,
        series=series,
    )
    poll = ctx.unit.store(Polls).add(replace(poll, native=may_be_native(poll, ctx)))
    put_up(poll, here, ctx)
    ctx.unit.schedule(f"{NAME}.close", poll.closes_at, key=str(poll.id), community=poll.community)
    return poll


def may_be_native(poll: Poll, ctx: Context) -> bool:
    """Whether the platform's own poll would do all that is promised: then it is the nicest."""
    settings, rules = settings_of(ctx), poll.rules
    if len(ctx.served.groups) != 1 or rules.secret or rules.add_options or 1 < rules.most < len(poll.options):
        return False
    if settings.min_membership or not settings.count_leavers:
        return False
    limits = ctx.service.capabilities(ctx.served.groups[0].main_place).polls
    return takes_poll(views.own_poll(poll, ctx.now, ctx.served.zone, ctx.tell), limits)


def put_up(poll: Poll, here: Where, ctx: Context) -> None:
    message = message_of(poll, ctx)
    for number, where in enumerate(places(ctx.served, here)):
        key = f"{NAME}:{poll.id}:{poll.revision}:{where.platform}:{number}"
        ctx.unit.store(Polls).put_post(PollPost(poll.id, where, key, edited_at=ctx.now))
        why = because(_("somebody started poll {number}"), number=poll.number)
        ctx.unit.post(message, where, kind="poll", key=key, community=poll.community, expires=poll.closes_at, why=why)


def places(community: Community, here: Where) -> list[Where]:
    """One in each group: where it was asked for, or else where the bot speaks."""
    shown: list[Where] = []
    for group in community.groups:
        same = (group.platform, group.id) == (here.platform, here.group)
        shown.append(here if same and not community.is_managers_place(here) else group.main_place)
    return shown


def message_of(poll: Poll, ctx: Context) -> Message:
    return views.open_poll(poll, now_standing(poll, ctx), ctx.now, ctx.served.zone, ctx.tell)


# ---------------------------------------------------------------- kept true


def changed(poll: Poll, ctx: Context, pressed: str = "") -> None:
    """Somebody voted: have every place show it as soon as its limits allow. `pressed`: the message with the button."""
    if poll.native:
        return
    store = ctx.unit.store(Polls)
    for each in store.posts(poll.id):
        post = _found(each, pressed, ctx) if pressed and each.key == ctx.post_key and not each.message_id else each
        if post.changed_at is None:
            store.put_post(replace(post, changed_at=ctx.now))
        elif ctx.now - post.changed_at < SURELY_SOON:
            continue
        _bring_up_to_date(post.where, ctx)


def _found(post: PollPost, message_id: str, ctx: Context) -> PollPost:
    """Nobody knew whether it had arrived; now somebody has pressed its button."""
    ctx.unit.store(Outbox).found(post.key, message_id)
    found = replace(post, message_id=message_id)
    ctx.unit.store(Polls).put_post(found)
    return found


def refresh(event: JobDue, ctx: Context) -> None:
    """`polls.refresh`: something waits in this group."""
    if ctx.community is not None:
        _bring_up_to_date(event.where, ctx)


def _bring_up_to_date(where: Where, ctx: Context) -> None:
    """Edit what is due for the longest, unless something was edited in this group just now; the rest has its turn."""
    standing = ctx.unit.store(Polls).posts_in(where.platform, where.group)
    free_at = _free_at(standing, where, ctx)
    waiting = _waiting(standing, ctx)
    if waiting and max(waiting[0][0], free_at) <= ctx.now:
        _at, post, poll = waiting.pop(0)
        ctx.unit.store(Polls).put_post(replace(post, changed_at=None, edited_at=ctx.now))
        ctx.unit.edit(post.key, message_of(poll, ctx))
        free_at = ctx.now + ctx.service.capabilities(where).edit_gap
    if waiting:
        group, key = Where(where.platform, where.group, ""), f"{where.platform}:{where.group}"
        at = max(waiting[0][0], free_at)
        ctx.unit.schedule(f"{NAME}.refresh", at, key=key, community=ctx.served.slug, where=group)


def _waiting(standing: Sequence[PollPost], ctx: Context) -> list[tuple[datetime, PollPost, Poll]]:
    """What shows less than is true, and from when on that may be mended; the earliest first."""
    store = ctx.unit.store(Polls)
    found: list[tuple[datetime, PollPost, Poll]] = []
    for post in standing:
        poll = store.get(post.poll) if post.changed_at else None
        if poll is None or post.changed_at is None:
            continue
        if poll.state is State.OPEN:
            found.append((post.changed_at + (SECRET_WAITS if poll.rules.secret else timedelta(0)), post, poll))
        else:
            store.put_post(replace(post, changed_at=None))
    return sorted(found, key=lambda one: one[0])


def _free_at(standing: Sequence[PollPost], where: Where, ctx: Context) -> datetime:
    edited = [post.edited_at for post in standing if post.edited_at]
    gap = ctx.service.capabilities(where).edit_gap
    return max(edited) + gap if edited else ctx.now


def edit_all(poll: Poll, message: Message, ctx: Context) -> None:
    """At once: what everybody should see now, such as that it is closed."""
    store = ctx.unit.store(Polls)
    for post in store.posts(poll.id):
        store.put_post(replace(post, changed_at=None, edited_at=ctx.now))
        ctx.unit.edit(post.key, message)


# ---------------------------------------------------------------- what became of it


def on_delivered(event: Delivered, ctx: Context) -> None:
    if not event.post_key.startswith(f"{NAME}:"):
        return
    store = ctx.unit.store(Polls)
    post = store.post_with(event.post_key)
    if post and event.message_id and not post.message_id:
        store.put_post(replace(post, message_id=event.message_id))


def on_refused(event: Refused, ctx: Context) -> None:
    """A poll that can't be put up, or was deleted there, is seen in that place no longer; managers are told."""
    if not event.post_key.startswith(f"{NAME}:"):
        return
    store = ctx.unit.store(Polls)
    post = store.post_with(event.post_key)
    poll = store.get(post.poll) if post else None
    if post is None or poll is None or event.reason == "uncertain" or poll.state is not State.OPEN:
        return
    if post.message_id and event.reason != Reason.MESSAGE_GONE:
        return  # an edit that failed for now: the next one shows all the same
    store.remove_post(post.key)
    if post.message_id:  # people may have voted there, so the result is told there
        store.put_post(replace(post, key=f"{post.key}:gone", message_id="", changed_at=None, edited_at=None))
    if ctx.community is None:
        return
    if poll.native and not post.message_id and event.reason == Reason.BAD_MESSAGE:
        _put_up_as_ours(poll, post.where, ctx)
    else:
        words = ctx.tell(
            _("Poll {number} (“{question}”) can't be seen on {platform}: {reason}."),
            number=poll.number,
            question=poll.question,
            platform=post.where.platform.capitalize(),
            reason=ctx.tell(_("its message was deleted") if post.message_id else REFUSED.get(event.reason, OTHERWISE)),
        )
        to_managers(ctx.unit, ctx.community, words, key=f"{NAME}-lost:{post.key}")


def _put_up_as_ours(poll: Poll, where: Where, ctx: Context) -> None:
    """Polls of its own are forbidden there, say: buttons are not."""
    ours = replace(poll, native=False, revision=poll.revision + 1)
    ctx.unit.store(Polls).put(ours)
    put_up(ours, where, ctx)


def on_group_changed(event: GroupChanged, ctx: Context) -> None:
    """A group that goes on under another id leaves its messages behind: polls are put up there anew."""
    if event.change is not GroupChange.MIGRATED:
        return
    store = ctx.unit.store(Polls)
    for post in store.posts_in(event.where.platform, event.new_group):
        poll, key = store.get(post.poll), f"{post.key.partition('@')[0]}@{event.new_group}"
        if poll is None or poll.native or poll.state is not State.OPEN or not post.message_id or key == post.key:
            continue
        store.remove_post(post.key)
        store.put_post(PollPost(poll.id, post.where, key, edited_at=ctx.now))
        why = because(_("poll {number} is open, and the group goes on under another id"), number=poll.number)
        message = message_of(poll, ctx)
        ctx.unit.post(
            message, post.where, kind="poll", key=key, community=poll.community, expires=poll.closes_at, why=why
        )


REFUSED: Mapping[str, str] = {
    Reason.GONE: _("I'm not there any more"),
    Reason.NO_RIGHT: _("I may not write there"),
    Reason.CLOSED: _("the topic is closed"),
    "expired": _("I couldn't post it in time"),
}
OTHERWISE = _("it was refused there")
