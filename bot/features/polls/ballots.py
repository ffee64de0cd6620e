"""Counting: one ballot a person, those of people who are gone or too new left out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.membership import Membership, Presence
from bot.core.stores import Identity
from bot.features.polls.model import Ballot, Poll


class Void(StrEnum):
    """Why a ballot doesn't count."""

    LEFT = "left"
    BANNED = "banned"
    TOO_NEW = "too_new"


@dataclass(frozen=True, slots=True)
class Tally:
    """`counts`: votes by option; `by_platform`: people whose ballot counts; `void`: those that don't, by reason."""

    counts: tuple[int, ...]
    by_platform: Mapping[str, int]
    void: Mapping[Void, int]
    names: tuple[tuple[str, ...], ...] = ()  # who chose each option, in the order in which they voted
    platforms: tuple[str, ...] = ()  # where the community is, also where nobody voted

    @property
    def voters(self) -> int:
        return sum(self.by_platform.values())

    @property
    def leaders(self) -> tuple[int, ...]:
        """The options with the most votes; none if nobody voted."""
        most = max(self.counts, default=0)
        return tuple(n for n, count in enumerate(self.counts) if count == most) if most else ()


Judge = Callable[[Ballot], Void | None]


def everyone(ballot: Ballot) -> Void | None:
    """Every ballot counts: how it stands while the poll is open."""
    return None


def tally(
    poll: Poll,
    ballots: Sequence[Ballot],
    persons: Mapping[Identity, str],
    judge: Judge = everyone,
    platforms: Collection[str] = (),
) -> Tally:
    counts, void = [0] * len(poll.options), Counter[Void]()
    voters = Counter[str]()
    names: list[list[str]] = [[] for _ in poll.options]
    for ballot in effective(ballots, persons):
        reason = judge(ballot)
        if reason is not None:
            void[reason] += 1
            continue
        voters[ballot.platform] += 1
        for option in ballot.options:
            if option < len(counts):
                counts[option] += 1
                names[option].append(ballot.name)
    shown = tuple(tuple(option) for option in names)
    return Tally(tuple(counts), dict(voters), dict(void), shown, tuple(platforms))


def effective(ballots: Sequence[Ballot], persons: Mapping[Identity, str]) -> list[Ballot]:
    """Of each person the ballot that was cast last, in the order of casting."""
    latest: dict[str, Ballot] = {}
    for ballot in sorted(ballots, key=lambda ballot: ballot.order):
        person = persons[ballot.identity]
        latest.pop(person, None)
        latest[person] = ballot
    return [ballot for ballot in latest.values() if ballot.options]


@dataclass(frozen=True, slots=True)
class Rolls:
    """What is known of the voters' membership: of every account of a voter, what it is in the community's groups."""

    accounts: Mapping[Identity, Sequence[Identity]]  # of whoever cast a ballot: all their accounts
    memberships: Mapping[Identity, Sequence[Membership]]


@dataclass(frozen=True, slots=True)
class Close:
    """`told_at`: when the result was, or is, told; who was found gone only then is gone since that very moment."""

    at: datetime
    told_at: datetime

    def still_had(self, membership: Membership) -> bool:
        """Whether they were in the group at the close, whatever they did since."""
        left_at = membership.left_at
        left_since = left_at is not None and left_at > self.at and left_at != self.told_at
        if membership.presence is Presence.ABSENT:
            return left_since
        back_since = left_at is not None and membership.since is not None and membership.since > self.at
        return left_since or not back_since

    def had_banned(self, membership: Membership) -> bool:
        return membership.banned and not self.still_had(membership)


def judge_at(close: Close, rolls: Rolls, *, count_leavers: bool, min_membership: timedelta) -> Judge:
    """Who counts at the close: a member by one account at least, banned by none, and one for long enough."""

    def judge(ballot: Ballot) -> Void | None:
        accounts = rolls.accounts.get(ballot.identity, (ballot.identity,))
        known = {account: rolls.memberships.get(account, ()) for account in accounts}
        if not count_leavers:
            if any(close.had_banned(membership) for memberships in known.values() for membership in memberships):
                return Void.BANNED
            if not any(_was_there(account, memberships, ballot, close) for account, memberships in known.items()):
                return Void.LEFT
        if min_membership and not any(
            _long_enough(account, memberships, ballot, close, min_membership) for account, memberships in known.items()
        ):
            return Void.TOO_NEW
        return None

    return judge


def _was_there(account: Identity, memberships: Collection[Membership], ballot: Ballot, close: Close) -> bool:
    """An account that nothing is known of was there before the bot, if it voted; otherwise it is just another one."""
    if not memberships:
        return account == ballot.identity
    return any(close.still_had(membership) for membership in memberships)


def _long_enough(
    account: Identity, memberships: Collection[Membership], ballot: Ballot, close: Close, long: timedelta
) -> bool:
    if not memberships:
        return account == ballot.identity
    there = [each for each in memberships if each.presence is not Presence.PENDING and close.still_had(each)]
    return any(membership.joined_at is None or membership.joined_at <= close.at - long for membership in there)


def changed(poll: Poll, current: Sequence[int], option: int) -> tuple[int, ...]:
    """The choice after a press: another one instead, or where several may be chosen one more or one less."""
    if not poll.rules.multiple:
        return (option,)
    chosen = [n for n in current if n != option] if option in current else [*current, option]
    return tuple(sorted(chosen))
