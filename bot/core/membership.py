"""absent → pending → present: a small state machine per member, so that two sources of one join are one join."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

CAPTCHA_GRACE = timedelta(minutes=5)
"""A member restricted so soon after joining is being asked by another bot whether they are human."""


class Presence(StrEnum):
    ABSENT = "absent"
    PENDING = "pending"
    PRESENT = "present"


class Change(StrEnum):
    NONE = "none"
    ARRIVED = "arrived"  # now present
    HELD = "held"  # was present, waits again
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Membership:
    """What is known of an account in a group.

    `since`: when they came in, waiting or not; `joined_at`: when they became present, kept after they left;
    `left_at`: the last leaving, also of somebody who only waited.
    """

    presence: Presence = Presence.ABSENT
    since: datetime | None = None
    joined_at: datetime | None = None
    left_at: datetime | None = None
    banned: bool = False


def joined(before: Membership, at: datetime, pending: bool | None) -> tuple[Membership, Change]:
    """`pending` None: the source can't tell, so it never lets in somebody who is known to wait."""
    if before.presence is Presence.ABSENT:
        if before.left_at and at <= before.left_at:
            return before, Change.NONE  # an old join, told late
        if pending:
            return Membership(Presence.PENDING, at, before.joined_at, before.left_at), Change.NONE
        return Membership(Presence.PRESENT, at, at, before.left_at), Change.ARRIVED
    if before.presence is Presence.PENDING:
        if pending is False:
            return Membership(Presence.PRESENT, before.since, at, before.left_at), Change.ARRIVED
        return before, Change.NONE
    if before.joined_at is None:  # seen there, but nobody told of their coming
        presence = Presence.PENDING if pending else Presence.PRESENT
        after = Membership(presence, at, None if pending else at, before.left_at)
        return after, Change.NONE if pending else Change.ARRIVED
    if pending and at - before.joined_at <= CAPTCHA_GRACE:
        return Membership(Presence.PENDING, before.since, None, before.left_at), Change.HELD
    return before, Change.NONE


def seen(before: Membership, at: datetime, sure: bool = False) -> Membership:
    """Whoever does something in a group is in it, though nobody told of their coming: they may have been there before
    the bot, and a join that is told later is still one. `sure`: the platform says so, too.
    """
    if is_only_seen(before):
        return replace(before, since=at) if sure else before
    if before.presence is not Presence.ABSENT or (before.left_at and at <= before.left_at):
        return before
    came = at if before.left_at else None
    return Membership(Presence.PRESENT, at if sure else came, came, before.left_at)


def is_only_seen(membership: Membership) -> bool:
    """Whether nobody ever told of their coming, or confirmed that they are there."""
    return membership.presence is Presence.PRESENT and membership.since is None and membership.joined_at is None


def left(before: Membership, at: datetime, banned: bool) -> tuple[Membership, Change]:
    """A ban is told twice, as a leaving and as a ban, in either order; it holds until they come back."""
    if before.presence is Presence.ABSENT:
        if before.left_at and at <= before.left_at:
            since_they_came = before.joined_at is None or at >= before.joined_at
            return replace(before, banned=before.banned or (banned and since_they_came)), Change.NONE
        return Membership(Presence.ABSENT, None, before.joined_at or at, at, banned or before.banned), Change.NONE
    if before.joined_at and before.since and at < before.since:
        return before, Change.NONE  # an old leaving, told late
    return Membership(Presence.ABSENT, None, before.joined_at, at, banned), Change.LEFT


def away_for(before: Membership, at: datetime) -> timedelta | None:
    """How long somebody who comes back was away; None if they never were a member before."""
    if before.left_at is None or before.joined_at is None or before.joined_at > before.left_at:
        return None
    return at - before.left_at
