"""What a poll is, what can be set about polls, and which stores the feature needs. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from bot.core.durations import Duration
from bot.core.events import Where
from bot.core.recurring import Weekly
from bot.core.settings import FeatureSettings
from bot.core.stores import Identity

FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
LONGEST_QUESTION, LONGEST_OPTION = 300, 100  # characters
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=90)
FIX_WITHIN = timedelta(minutes=5)
AMENDS_FOR = timedelta(minutes=15)
"""So long after the close a vote that was given before it still counts: the platform may have told of it late."""


class PollSettings(FeatureSettings):
    closes: Duration = Field(
        timedelta(hours=24), ge=SHORTEST, le=LONGEST, description="How long a poll is open if nobody says."
    )
    members: bool = Field(False, description="Whether members may start polls, too.")
    members_per_day: int = Field(1, ge=1, le=20, description="How many polls a member may start in 24 hours.")
    min_membership: Duration = Field(
        timedelta(0), description="Votes of people who have been members for less than this at the close are void."
    )
    count_leavers: bool = Field(
        False,
        description="Whether votes of people who left still count. In a community with one group only, the platform's "
        "own polls are used then: there no vote can be taken out.",
    )


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Author:
    platform: str
    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Rules:
    """How a poll is voted on. `most`: options that one person may choose, 0 for any number of them."""

    multiple: bool = False
    most: int = 0
    secret: bool = False
    revote: bool = True
    hide_results: bool = False
    add_options: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended, as it was told: people who leave later change nothing any more.

    `counts`: votes by option; `by_platform`: people by platform; `void`: ballots that didn't count, by reason;
    `members`: how many there were to vote, 0 if nobody knows. Of the platform's own poll: `looked_up`, whether its
    record of the votes was found, and `counted`, what the platform itself counted if that is something else.
    """

    counts: tuple[int, ...]
    by_platform: Mapping[str, int]
    void: Mapping[str, int]
    members: int = 0
    looked_up: bool = True
    counted: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Poll:
    """`number` is what people call it by, counted in each community. `native`: it is the platform's own poll.

    `votes_cast` counts every vote and change of a vote: it tells in which order ballots were cast.
    """

    id: int
    community: str
    number: int
    author: Author
    question: str
    options: tuple[str, ...]
    rules: Rules
    created_at: datetime
    closes_at: datetime
    native: bool = False
    state: State = State.OPEN
    ended_at: datetime | None = None
    votes_cast: int = 0
    revision: int = 0  # grows when a poll has to be posted anew because its text was mended
    series: int = 0  # the recurring poll that it is one of
    told_at: datetime | None = None  # when the result was told, which may be later than it ended
    outcome: Outcome | None = None

    def takes_votes_of(self, at: datetime) -> bool:
        """Whether a vote given at that time was given while it was open."""
        if self.state is State.CANCELLED:
            return False
        return at < (self.ended_at or self.closes_at)

    @property
    def most(self) -> int:
        """How many options one person may choose."""
        if not self.rules.multiple:
            return 1
        return self.rules.most or len(self.options)


@dataclass(frozen=True, slots=True)
class Ballot:
    """`order`: the poll's `votes_cast` when it was cast, so the later of two has the higher one."""

    platform: str
    group: str
    account: str
    name: str
    options: tuple[int, ...]
    at: datetime
    order: int

    @property
    def identity(self) -> Identity:
        return Identity(self.platform, self.account)


@dataclass(frozen=True, slots=True)
class PollPost:
    """A poll as it stands in one place. `changed_at`: since when it shows less than is true; None: it is up to date."""

    poll: int
    where: Where
    key: str
    message_id: str = ""
    changed_at: datetime | None = None
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """A poll that comes again each week at a local time. `last_on`: the local date of the last one, ISO."""

    id: int
    community: str
    number: int
    author: Author
    question: str
    options: tuple[str, ...]
    rules: Rules
    open_for: timedelta
    every: Weekly
    place: Where
    last_on: str = ""


class Polls(Protocol):
    """Polls, where they stand, and those that come again. Numbers are shared by polls and series of a community."""

    def add(self, poll: Poll) -> Poll:
        """Give it an id and the community's next number."""
        ...

    def put(self, poll: Poll) -> None: ...
    def get(self, id: int) -> Poll | None: ...
    def numbered(self, community: str, number: int) -> Poll | None: ...
    def open_in(self, community: str) -> list[Poll]:
        """Oldest first."""
        ...

    def newest(self, community: str, limit: int) -> list[Poll]:
        """Of any state, newest first."""
        ...

    def started_by(self, community: str, accounts: Collection[Identity], since: datetime) -> int:
        """How many polls they started since, cancelled ones too."""
        ...

    def at_message(self, platform: str, where: Where, message_id: str) -> Poll | None:
        """The poll that stands in that message (of that group, or private chat)."""
        ...

    def posts(self, poll: int) -> list[PollPost]: ...
    def posts_in(self, platform: str, group: str) -> list[PollPost]:
        """Those of open polls, and those that still show less than is true; changed the longest ago first."""
        ...

    def post_with(self, key: str) -> PollPost | None: ...
    def put_post(self, post: PollPost) -> None:
        """One a poll and key."""
        ...

    def remove_post(self, key: str) -> None: ...

    def add_series(self, series: Series) -> Series: ...
    def put_series(self, series: Series) -> None: ...
    def series(self, id: int) -> Series | None: ...
    def series_of(self, community: str) -> list[Series]: ...
    def series_numbered(self, community: str, number: int) -> Series | None: ...
    def remove_series(self, id: int) -> None: ...


class Ballots(Protocol):
    """Who chose what. Of a secret poll it can be read through this alone, by the running program: see the decision
    on secret polls in docs/decisions.
    """

    def cast(self, poll: int, secret: bool, ballot: Ballot) -> None:
        """In place of the account's former one, if it had one."""
        ...

    def withdraw(self, poll: int, secret: bool, account: Identity) -> None: ...
    def of(self, poll: int, secret: bool) -> list[Ballot]: ...
    def of_accounts(self, poll: int, secret: bool, accounts: Collection[Identity]) -> list[Ballot]: ...
    def forget(self, poll: int) -> None:
        """Remove all that was cast in it."""
        ...
