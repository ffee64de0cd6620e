"""How a poll stands: read from the stores, counted by the rules."""

from __future__ import annotations

from datetime import datetime

from bot.core.feature import Context
from bot.core.membership import Membership
from bot.core.stores import Identity, Members, People
from bot.features.polls import ballots
from bot.features.polls.ballots import Close, Rolls, Tally, Void
from bot.features.polls.model import Ballot, Ballots, Outcome, Poll, PollSettings

NAME = "polls"


def settings_of(ctx: Context) -> PollSettings:
    return ctx.served.settings(NAME, PollSettings)


def now_standing(poll: Poll, ctx: Context) -> Tally:
    """While it is open: every ballot, one a person."""
    cast = ctx.unit.store(Ballots).of(poll.id, poll.rules.secret)
    return ballots.tally(poll, cast, _persons(cast, ctx), platforms=_platforms(ctx))


def _platforms(ctx: Context) -> list[str]:
    return sorted({group.platform for group in ctx.served.groups})


def at_the_close(poll: Poll, closed_at: datetime, ctx: Context) -> Tally:
    """Without those who left, were banned, or came too recently."""
    cast = ctx.unit.store(Ballots).of(poll.id, poll.rules.secret)
    persons, settings = _persons(cast, ctx), settings_of(ctx)
    judge = ballots.judge_at(
        Close(closed_at, poll.told_at or ctx.now),
        rolls(ballots.effective(cast, persons), ctx),
        count_leavers=settings.count_leavers,
        min_membership=settings.min_membership,
    )
    return ballots.tally(poll, cast, persons, judge, _platforms(ctx))


def as_told(poll: Poll, ctx: Context) -> Tally:
    """How it stands, or how it ended: that doesn't change any more, whoever leaves later."""
    if poll.outcome is None:
        return now_standing(poll, ctx)
    outcome, cast = poll.outcome, ctx.unit.store(Ballots).of(poll.id, poll.rules.secret)
    names = ballots.tally(poll, cast, _persons(cast, ctx)).names
    void = {Void(why): n for why, n in outcome.void.items()}
    return Tally(outcome.counts, outcome.by_platform, void, names, tuple(_platforms(ctx)))


def outcome_of(told: Tally, members: int = 0, *, looked_up: bool = True) -> Outcome:
    void = {str(why): n for why, n in told.void.items()}
    return Outcome(told.counts, told.by_platform, void, members, looked_up)


def rolls(cast: list[Ballot], ctx: Context) -> Rolls:
    people, members = ctx.unit.store(People), ctx.unit.store(Members)
    accounts = {ballot.identity: people.accounts_of(ballot.identity) for ballot in cast}
    asked = {account for several in accounts.values() for account in several}
    memberships: dict[Identity, list[Membership]] = {}
    for group in ctx.served.groups:
        there = [account.account for account in asked if account.platform == group.platform]
        for account, membership in members.among(group.platform, group.id, there).items():
            memberships.setdefault(Identity(group.platform, account), []).append(membership)
    return Rolls(accounts, memberships)


def _persons(cast: list[Ballot], ctx: Context) -> dict[Identity, str]:
    return ctx.unit.store(People).persons([ballot.identity for ballot in cast])
