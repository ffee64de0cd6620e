"""The rules of greeting: who, when, by which name. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal, Protocol

from pydantic import AfterValidator, Field

from bot.core.durations import Duration, Localised
from bot.core.names import is_advertisement, safe_name
from bot.core.settings import FeatureSettings
from bot.core.templates import Template

PLACEHOLDERS = frozenset({"name", "mention", "community", "count", "rules"})


def _template(text: str) -> str:
    Template.parse(text, PLACEHOLDERS)
    return text


TemplateText = Annotated[str, AfterValidator(_template)]


class WelcomeSettings(FeatureSettings):
    enabled: bool = Field(True, description="Whether newcomers are greeted at all.")
    texts: list[TemplateText] = Field(
        [],
        description="Greetings that take turns. They may hold {name} {mention} {community} {count} {rules}. "
        "Empty: Guyub's own, in the community's language.",
        examples=[["Halo {name}, selamat datang di {community}!"]],
    )
    window: Duration = Field(timedelta(seconds=30), description="People who join within it share one greeting.")
    max_age: Duration = Field(timedelta(minutes=60), description="Whoever joined longer ago is not greeted any more.")
    rules: Localised = Field(
        "", description="Rules told to newcomers. Empty: those of the community.", examples=["Help each other, no ads."]
    )
    first_steps: Localised = Field(
        "", description="What a newcomer may do first, in a sentence or two.", examples=["Tell us who you are!"]
    )
    interests: list[str] = Field(
        [],
        description="What members may pick. Empty: those of the community.",
        examples=[["espresso", "latte art", "roasting"]],
    )
    names: int = Field(10, ge=1, le=50, description="How many names a greeting holds before it says how many others.")
    welcome_back: Duration = Field(
        timedelta(days=30), description='Whoever returns within it is told "welcome back". 0s: never.'
    )
    large_group: int = Field(500, ge=1, description="Above so many members, greetings are grouped.")
    large_group_gap: Duration = Field(
        timedelta(minutes=5), description="The least time between two greetings in a large group."
    )
    remove_previous: Literal["auto", "always", "never"] = Field(
        "auto", description="Whether a new greeting removes the one before. auto: in large groups."
    )
    remove_after: Duration = Field(timedelta(0), description="Remove a greeting after that time. 0s: never.")
    private: bool = Field(False, description="Greet by private message where that is possible, else in the channel.")
    blocked_words: list[str] = Field(
        [], description="Names with one of these words are greeted as a new friend.", examples=[["casino", "gacor"]]
    )


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to be greeted. `post_key`: the greeting that was asked for and isn't delivered yet."""

    platform: str
    group: str
    account: str
    name: str
    joined_at: datetime
    came_back: bool = False
    in_channel: bool = False  # private greeting was tried in vain
    post_key: str = ""


@dataclass(frozen=True, slots=True)
class Greeted:
    """What a group was greeted with last. `count`: greetings so far, by which variants take turns."""

    count: int = 0
    at: datetime | None = None
    key: str = ""


class Newcomers(Protocol):
    """Who waits for a greeting. Rows go when the greeting is delivered or nobody is to be greeted any more."""

    def add(self, newcomer: Newcomer) -> None: ...
    def of(self, platform: str, group: str) -> list[Newcomer]:
        """In the order they joined."""
        ...

    def get(self, platform: str, group: str, account: str) -> Newcomer | None: ...
    def remove(self, platform: str, group: str, accounts: Sequence[str]) -> None: ...
    def mark(self, platform: str, group: str, accounts: Sequence[str], post_key: str) -> None: ...
    def by_post(self, post_key: str) -> list[Newcomer]: ...
    def greeted(self, platform: str, group: str) -> Greeted: ...
    def put_greeted(self, platform: str, group: str, greeted: Greeted) -> None: ...


def shown_name(name: str, friend: str, blocked: Sequence[str]) -> str:
    """The name by which somebody is greeted: safe, and `friend` if theirs advertises or shows nothing."""
    safe = safe_name(name)
    return friend if not safe or is_advertisement(name, blocked) else safe


def still_fresh(newcomers: Sequence[Newcomer], now: datetime, max_age: timedelta) -> list[Newcomer]:
    return [newcomer for newcomer in newcomers if now - newcomer.joined_at <= max_age]


def earliest_greeting(now: datetime, greeted: Greeted, members: int, settings: WelcomeSettings) -> datetime:
    """In large groups greetings keep a distance; elsewhere now."""
    if members <= settings.large_group or greeted.at is None:
        return now
    return max(now, greeted.at + settings.large_group_gap)


def removes_previous(members: int, settings: WelcomeSettings) -> bool:
    if settings.remove_previous == "auto":
        return members > settings.large_group
    return settings.remove_previous == "always"
