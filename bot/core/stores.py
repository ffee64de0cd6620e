"""The stores that the engine itself needs; storage implements them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from bot.core.events import JobDue, Where
from bot.core.membership import Membership
from bot.core.messages import Button, Message


class Seen(Protocol):
    """Which events were handled already."""

    def among(self, keys: Sequence[str]) -> set[str]: ...
    def add(self, keys: Sequence[str], at: datetime) -> None: ...
    def forget(self, before: datetime) -> int: ...


class SetAside(Protocol):
    """Events that failed three times: ids and traceback, no text."""

    def add(self, key: str, where: Where, traceback: str, at: datetime) -> None: ...
    def count(self) -> int: ...


class Members(Protocol):
    def get(self, platform: str, group: str, account: str) -> Membership: ...
    def put(self, platform: str, group: str, account: str, membership: Membership) -> None: ...
    def among(self, platform: str, group: str, accounts: Collection[str]) -> dict[str, Membership]:
        """What is known of these accounts in a group; without those of which nothing is."""
        ...

    def groups_of(self, platform: str, account: str) -> list[str]:
        """Ids of the groups in which the account is present."""
        ...

    def present(self, platform: str, group: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Account:
    """`reachable`: whether a private chat is open; None: nobody tried."""

    language: str = ""
    reachable: bool | None = None


class Accounts(Protocol):
    def get(self, platform: str, account: str) -> Account: ...
    def set_language(self, platform: str, account: str, language: str) -> None: ...
    def set_reachable(self, platform: str, account: str, reachable: bool) -> None: ...
    def reachable_count(self, platform: str, groups: Collection[str]) -> tuple[int, int]:
        """(how many present members of these groups can be written to in private, how many are present)."""
        ...


@dataclass(frozen=True, slots=True)
class PlacedButton:
    button: Button
    where: Where
    community: str
    account: str  # only this account may press; empty: anybody
    post_key: str
    expires: datetime | None

    def works_in(self, where: Where) -> bool:
        """A group's buttons work in all of its topics, those of a private chat in that one only."""
        same = (self.where.platform, self.where.group) == (where.platform, where.group)
        return same and (not where.private or self.where.channel == where.channel)


class Buttons(Protocol):
    def find(self, token: str) -> PlacedButton | None: ...
    def spend(self, post_key: str) -> None:
        """Make every button of a post void."""
        ...

    def forget(self, before: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group the bot is or was in. `state`: unlisted | served | left. `announced`: arrival was told."""

    platform: str
    id: str
    community: str = ""
    title: str = ""
    state: str = "unlisted"
    main: str = ""
    announced: bool = False
    problems: str = ""  # what was last told about its rights, so that it is told once


@dataclass(frozen=True, slots=True)
class StoredCommunity:
    """A community that was set up in the chat, not in the file."""

    slug: str
    name: str
    language: str
    timezone: str
    managers: Mapping[str, Where]


class Places(Protocol):
    """Groups and the communities set up in the chat."""

    def version(self) -> int:
        """Another one as soon as groups, communities or managers' settings may be others than they were before."""
        ...

    def group(self, platform: str, group: str) -> KnownGroup | None: ...
    def put_group(self, group: KnownGroup) -> None: ...
    def groups(self, community: str) -> list[KnownGroup]: ...
    def all_groups(self) -> Iterable[KnownGroup]: ...
    def community(self, slug: str) -> StoredCommunity | None: ...
    def put_community(self, community: StoredCommunity) -> None: ...
    def communities(self) -> list[StoredCommunity]: ...
    def migrate(self, platform: str, old: str, new: str) -> None:
        """A group goes on under another id: its rows everywhere follow."""
        ...

    def current_id(self, platform: str, group: str) -> str:
        """The id under which a group that was migrated goes on."""
        ...

    def former_ids(self, platform: str, group: str) -> list[str]: ...
    def moved(self) -> Mapping[tuple[str, str], str]:
        """The current id of every group that was migrated, by platform and old id."""
        ...


@dataclass(frozen=True, slots=True)
class Override:
    """What a manager set. `value` is JSON-able."""

    feature: str
    key: str
    value: Any


class Overrides(Protocol):
    """Managers' settings, with what each was before (for undo)."""

    def of(self, community: str) -> list[Override]: ...
    def set(self, community: str, feature: str, key: str, value: Any, by: str, at: datetime) -> int:
        """Return the id of the change."""
        ...

    def reset(self, community: str, feature: str, key: str, by: str, at: datetime) -> int:
        """Return the id of the change, 0 when nothing was set."""
        ...

    def undo(self, community: str, change: int, by: str, at: datetime) -> bool:
        """Put back what was before that change; False if it was changed since, or undone."""
        ...


class Jobs(Protocol):
    def due(self, now: datetime, limit: int) -> list[JobDue]: ...
    def take(self, id: int) -> bool:
        """Remove a job that is being done; False if it is gone or was moved to later."""
        ...

    def next_due(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row as the sender needs it. `operation`: see chat.Operation; `account`: of the private audience."""

    id: int
    where: Where
    operation: str
    kind: str
    key: str
    message: Message
    message_id: str
    handle: str
    emoji: str
    created_at: datetime
    expires_at: datetime | None
    attempts: int
    community: str


class Outbox(Protocol):
    """States: queued → sending → sent | uncertain | failed | withheld | expired; waiting: for a private chat."""

    def waiting_rows(self, platform: str) -> list[tuple[int, Where, int, datetime | None]]: ...
    def claim(self, ids: Sequence[int], now: datetime) -> list[OutboxRow]:
        """Mark rows `sending` and return them; rows that are not queued any more or have expired are left out."""
        ...

    def finish(self, id: int, state: str, message_id: str, error: str, now: datetime) -> OutboxRow | None:
        """Record an outcome; None when the row isn't in `sending` any more."""
        ...

    def requeue(self, ids: Sequence[int]) -> None:
        """Surely not sent: back to queued."""
        ...

    def interrupted(self, platform: str) -> list[OutboxRow]:
        """Rows that were being sent when the program ended."""
        ...

    def wait_for_private(self, id: int) -> None:
        """Keep a private answer until its reader opens a private chat."""
        ...

    def release(self, platform: str, account: str, now: datetime) -> int:
        """Queue what waited for this account's private chat; return how many."""
        ...

    def counts(self) -> dict[str, int]:
        """Rows by state."""
        ...

    def expire(self, now: datetime) -> int:
        """End what waits beyond its expiry, an answer whose reader never opened a private chat above all."""
        ...

    def forget(self, before: datetime) -> int:
        """Remove rows that were settled before that time."""
        ...

    def found(self, key: str, message_id: str) -> None:
        """The post under a key, of which nobody knew whether it arrived, stands there under that id."""
        ...

    def message_id(self, key: str) -> str:
        """Of the newest sent post under a key; empty if there is none."""
        ...

    def last_said(self, where: Where) -> datetime | None:
        """When the bot last said something in a channel, or began to, that answers nobody; threads don't matter."""
        ...


@dataclass(frozen=True, slots=True)
class Pause:
    where: Where
    reason: str
    detail: str
    since: datetime


class Pauses(Protocol):
    """Targets that refused, until somebody mends it."""

    def add(self, pause: Pause) -> bool:
        """False when it was paused already."""
        ...

    def lift(self, platform: str, group: str) -> bool: ...
    def all(self) -> list[Pause]: ...


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A message that waits for a reply, which then runs `command` with the text as its form's option.

    `post_key`: that under which the message was asked for; `given`: the options that were given before.
    """

    post_key: str
    command: str
    account: str
    where: Where
    expires: datetime
    given: Mapping[str, Any] = field(default_factory=dict)


class Forms(Protocol):
    def open(self, form: OpenForm) -> None:
        """Its message is about to be posted."""
        ...

    def posted(self, post_key: str, message_id: str) -> None: ...
    def find(self, platform: str, where: Where, message_id: str) -> OpenForm | None: ...
    def close(self, form: OpenForm) -> None: ...


class Identity(NamedTuple):
    """An account on a platform."""

    platform: str
    account: str


class People(Protocol):
    """Which accounts are one person's. An account that was never linked is a person by itself."""

    def accounts_of(self, account: Identity) -> list[Identity]:
        """All accounts of that person, this one first."""
        ...

    def persons(self, accounts: Collection[Identity]) -> dict[Identity, str]:
        """For each of the accounts what it has in common with the person's others, and with nobody else's."""
        ...

    def link(self, one: Identity, other: Identity, at: datetime) -> None:
        """From now on both, with all that were linked to either, are one person."""
        ...

    def unlink(self, account: Identity) -> bool:
        """From now on the account is a person by itself; False when it was already."""
        ...


SILENT = timedelta(seconds=90)
"""Three times the pace at which the program notes that a platform is heard."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a platform was not heard."""

    platform: str
    start: datetime
    end: datetime


class Outages(Protocol):
    def heard(self, platform: str, at: datetime, *, unbroken: bool = False) -> Outage | None:
        """A platform is heard at that time; keep and return the outage that this ends, if there was one.

        It counts as one when nothing was heard for `SILENT` before. `unbroken`: it surely was heard all the time.
        """
        ...

    def between(self, start: datetime, end: datetime) -> list[Outage]:
        """Those that overlap with that time, oldest first; also one that lasts until now."""
        ...

    def forget(self, before: datetime) -> int: ...


class Notices(Protocol):
    """What was told once and needs no second telling until it is cleared."""

    def first(self, key: str, at: datetime) -> bool: ...
    def clear(self, prefix: str) -> None: ...


class State(Protocol):
    """Small facts of the program itself that outlive a restart (cursors, budgets, checksums)."""

    def get(self, key: str) -> str: ...
    def put(self, key: str, value: str) -> None: ...


class Invites(Protocol):
    """One-time codes by which a group may be set up. Only their hash is kept."""

    def add(self, digest: str, expires: datetime) -> None: ...
    def valid(self, digest: str, now: datetime) -> bool: ...
    def use(self, digest: str, now: datetime) -> bool:
        """True once."""
        ...
