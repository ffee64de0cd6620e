"""A feature's manifest: everything the rest of the program knows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from random import Random
from typing import Any

from bot.core.chat import Capabilities, Connection, GroupFacts, Voted
from bot.core.commands import Command, CommandTable, Form, Option, Who
from bot.core.community import Community, Group
from bot.core.events import JobDue, Where
from bot.core.membership import Change, Membership
from bot.core.messages import Message, Text
from bot.core.settings import FeatureSettings
from bot.core.speech import Speaker
from bot.core.unit import Unit

__all__ = [
    "ButtonAction",
    "Command",
    "Context",
    "Feature",
    "Form",
    "Handler",
    "Instead",
    "Job",
    "Mistake",
    "Option",
    "There",
    "Who",
]


class Mistake(Exception):
    """What a user asked can't be done; `text` says why and shows a right example. Raise it before writing."""

    def __init__(self, text: Text) -> None:
        super().__init__("".join(span.text for span in text))
        self.text = text


@dataclass(frozen=True)
class Service:
    """What this running program is and serves: its features, and what the admin's file says beyond communities."""

    features: tuple[Feature, ...] = ()
    commands: CommandTable = field(default_factory=lambda: CommandTable(()))
    communities: Mapping[str, Community] = field(default_factory=dict)  # those of the file, by slug
    unlisted: str = "ask"  # what becomes of groups that the file doesn't name: ask | serve | leave
    contacts: Mapping[str, str] = field(default_factory=dict)  # the admin's accounts, by platform
    language: str = "en"
    timezone: str = "UTC"
    sapaan: str = ""
    defaults: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # feature settings for every community
    locked: Mapping[str, frozenset[str]] = field(default_factory=dict)  # keys that no manager may change, by feature
    capabilities: Callable[[Where], Capabilities] = field(default=lambda where: Capabilities(max_text=2000))

    @cached_property
    def homes(self) -> Mapping[tuple[str, str], str]:
        """The slug of the file's community by platform and group, managers' chats among them."""
        found: dict[tuple[str, str], str] = {}
        for slug, community in self.communities.items():
            homes = [(group.platform, group.id) for group in community.groups]
            homes += [(platform, place.group) for platform, place in community.managers.items()]
            for home in homes:
                found.setdefault(home, slug)
        return found


@dataclass(slots=True)
class Context:
    """What a handler gets besides its event. It never asks the network, the clock or chance otherwise."""

    now: datetime
    unit: Unit
    community: Community | None
    group: Group | None
    say: Speaker  # in the language of whoever asked
    tell: Speaker  # in the community's language
    random: Random
    manager: bool = False
    post_key: str = ""  # of the post whose button was pressed
    change: Change = Change.NONE  # of the membership, on joins and leaves
    before: Membership = field(default_factory=Membership)
    gone: frozenset[str] = frozenset()  # of the job's `presence`: who has left, as it turned out
    votes: Mapping[str, Voted] | None = None  # of the job's `own_poll`, by account; None when the look-up failed
    all_facts: Mapping[tuple[str, str], GroupFacts] = field(default_factory=dict)  # by platform and group, where told
    facts: GroupFacts | None = None  # where the job or command needs "facts"; None when the look-up failed
    connections: Mapping[str, Connection] = field(default_factory=dict)  # by platform
    service: Service = field(default_factory=Service)

    @property
    def served(self) -> Community:
        """The community, where there must be one."""
        assert self.community is not None
        return self.community


@dataclass(frozen=True, slots=True)
class Instead:
    """An answer to a press that is shown in place of the message whose button was pressed."""

    message: Message


Handler = Callable[[Any, Context], Message | None]


@dataclass(frozen=True, slots=True)
class There:
    """Somebody who was in a group at a time, as far as is known."""

    where: Where
    account: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """`needs`: "facts" of the job's place, "all facts" of the community's groups. `presence` names accounts whose
    leaving would matter, `own_poll` the platform's poll whose votes it wants to look up, as (place, message id).
    """

    handler: Handler
    needs: frozenset[str] = frozenset()
    presence: Callable[[Unit, JobDue], Sequence[There]] | None = None
    own_poll: Callable[[Unit, JobDue], tuple[Where, str] | None] | None = None


@dataclass(frozen=True, slots=True)
class ButtonAction:
    """`handler(event, ctx, data)`; who may press is checked at every press, live for what can't be undone."""

    handler: Callable[[Any, Context, Mapping[str, Any]], Message | Instead | None]
    who: Who = Who.ANYONE
    everywhere: bool = False
    live: bool = False
    checks_rights: bool = False  # what it does depends on whether a manager presses


@dataclass(frozen=True)
class Feature:
    """`on` maps an event's class to a handler; jobs and buttons are named "feature.name" outside.

    `settle(unit, community)` has scheduled what the community's settings ask for, a post each Monday say. It is called
    for each community of the file at the start and when the file has changed, and for one whose managers changed a
    setting; so it must leave alone what is planned already.
    """

    name: str
    settings: type[FeatureSettings] | None = None
    commands: tuple[Command, ...] = ()
    on: Mapping[type, Handler] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    buttons: Mapping[str, ButtonAction] = field(default_factory=dict)
    everywhere: bool = False  # `on` also for groups that are not served
    settle: Callable[[Unit, Community], None] | None = None


def settle(unit: Unit, features: Sequence[Feature], community: Community) -> None:
    """Have every feature schedule what the community's settings, as they are now, ask for."""
    for feature in features:
        if feature.settle:
            feature.settle(unit, community)
