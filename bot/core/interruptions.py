"""The one place through which passes whatever the bot says unasked and would be noise if there were too much of it.

`interrupt` posts it or withholds it, by these rules, and keeps which of them decided:

1. While a community is on hold, nothing cheerful is posted.
2. A promotion is labelled; it is never posted in an organic community or on a lull, and at most one post in ten is one.
3. A channel gets at most `posts.per_day` a day, the day being that of the community's clock on the wall.
4. What is left of a day goes by rank, the order of `Kind`. What a feature has announced with `reserve` for today is
   kept for it as against lower ranks; and one post is kept for an announcement until there was one, since nobody can
   plan those, unless one a day is all there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.core.activity import Activity, heard_in
from bot.core.events import Where
from bot.core.feature import Context
from bot.core.messages import Message, Span, Style, lines
from bot.core.recurring import instant_of
from bot.core.settings import FeatureSettings
from bot.core.unit import Unit
from bot.locale import _

NAME = "posts"
PROMO_SHARE = 10
ORGANIC = "organic"
KEPT_FOR = timedelta(days=180)
"""So long a decision is remembered."""
STRAYS_FOR = timedelta(minutes=10)
"""So long after a post has expired the platform may still tell that it was said in time."""


class PostsSettings(FeatureSettings):
    per_day: int = Field(
        4,
        ge=0,
        le=50,
        description="How many posts a day nobody asked for (prompts, thanks, announcements, …) a channel gets at most.",
    )


class Kind(StrEnum):
    """Highest rank first."""

    ANNOUNCEMENT = "announcement"
    SPOTLIGHT = "spotlight"
    THANKS = "thanks"
    INTRODUCTION = "introduction"
    CELEBRATION = "celebration"
    PROMPT = "prompt"

    @property
    def rank(self) -> int:
        return list(Kind).index(self)


class Rule(StrEnum):
    """What decided."""

    ROOM = "room"  # there was room for it: the only one that lets it pass
    HOLD = "hold"
    LATE = "late"
    NO_PROMOTIONS = "no_promotions"
    LULL = "lull"
    ONE_IN_TEN = "one_in_ten"
    USED_UP = "used_up"
    KEPT = "kept"
    OWN = "own"  # the feature's: `Verdict.reason` tells


class Fate(StrEnum):
    UNDER_WAY = "under_way"
    POSTED = "posted"  # or may have been: nobody knows
    WITHHELD = "withheld"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Interruption:
    """`key` names the post, once for all time; `why` is made by `reasons.because`; it isn't said after `expires`.

    `lull`: it is posted because it is quiet. `cheerful`: a hold keeps it back.
    """

    kind: Kind
    message: Message
    where: Where
    key: str
    why: str
    expires: datetime
    promo: bool = False
    lull: bool = False
    cheerful: bool = True


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides, as it is in a channel at a time. `made`: today's posts; `reserved`: what others have announced."""

    per_day: int
    made: Sequence[Kind] = ()
    reserved: Sequence[Kind] = ()
    on_hold: bool = False
    organic: bool = True
    lull: bool = False
    since_promo: int = 0  # posts that were none, since the last promotion


@dataclass(frozen=True, slots=True)
class Verdict:
    """True if it passes. `used` of `per_day` were so before; `kept`: for whom the rest is; `others`: how many posts
    have to come before a promotion may; `reason`: the feature's own, made by `reasons.because`.
    """

    rule: Rule
    used: int = 0
    per_day: int = 0
    kept: tuple[Kind, ...] = ()
    others: int = 0
    reason: str = ""

    def __bool__(self) -> bool:
        return self.rule is Rule.ROOM


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of something; `kind` is a `Kind`, or what it is called if it isn't counted (`holds_back`)."""

    key: str
    community: str
    where: Where
    kind: str
    fate: Fate
    verdict: Verdict
    why: str
    at: datetime
    expires: datetime
    promo: bool = False
    cheerful: bool = True
    told_at: datetime | None = None
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    community: str
    since: datetime
    platform: str
    account: str
    name: str
    id: int = 0
    ended_at: datetime | None = None


class Decisions(Protocol):
    """What was posted and withheld. A channel is a place without regard to its threads."""

    def get(self, key: str) -> Decision | None: ...
    def put(self, decision: Decision) -> None: ...
    def made(self, where: Where, since: datetime, now: datetime) -> list[Kind]:
        """What was said in a channel since then, and what is on its way there now."""
        ...

    def since_promo(self, where: Where, now: datetime) -> int:
        """How many posts that are no promotions were said since the last promotion was decided on, or ever."""
        ...

    def last(self, where: Where) -> datetime | None:
        """When something was last said in a channel."""
        ...

    def under_way(self, community: str) -> list[Decision]: ...
    def withheld(self, community: str, where: Where | None, limit: int) -> list[Decision]:
        """The newest, in a channel or everywhere."""
        ...

    def count_held(self, community: str, since: datetime) -> int:
        """How many the hold kept back."""
        ...

    def reserve(self, key: str, kind: Kind, where: Where, day: date) -> None: ...
    def unreserve(self, key: str) -> None: ...
    def reserved(self, where: Where, day: date, besides: str) -> list[Kind]: ...


class Holds(Protocol):
    def current(self, community: str) -> Hold | None: ...
    def get(self, id: int) -> Hold | None: ...
    def begin(self, hold: Hold) -> Hold: ...
    def end(self, id: int, at: datetime) -> None: ...
    def resume(self, id: int) -> None: ...
    def forget(self, community: str) -> None:
        """Those that are over."""
        ...


class Lulls(Protocol):
    """In which channels a conversation has fallen silent, as far as a feature has found out."""

    def begin(self, where: Where, at: datetime) -> None: ...
    def end(self, where: Where) -> None: ...
    def since(self, where: Where) -> datetime | None: ...


# ---------------------------------------------------------------- deciding


def decide(kind: Kind, here: Situation, *, promo: bool = False, cheerful: bool = True) -> Verdict:
    """Pure."""
    used, left = len(here.made), here.per_day - len(here.made)
    verdict = Verdict(Rule.ROOM, used, here.per_day)
    if here.on_hold and (cheerful or promo):
        return replace(verdict, rule=Rule.HOLD)
    if promo and (rule := _promotion(here)):
        return replace(verdict, rule=rule, others=max(0, PROMO_SHARE - 1 - here.since_promo))
    if left <= 0:
        return replace(verdict, rule=Rule.USED_UP)
    kept = _kept(kind, here)
    if len(kept) >= left:
        return replace(verdict, rule=Rule.KEPT, kept=tuple(kept))
    return verdict


def _promotion(here: Situation) -> Rule | None:
    if here.organic:
        return Rule.NO_PROMOTIONS
    if here.lull:
        return Rule.LULL
    return Rule.ONE_IN_TEN if here.since_promo < PROMO_SHARE - 1 else None


def _kept(kind: Kind, here: Situation) -> list[Kind]:
    """For which posts of a higher rank something of the day is kept."""
    kept = sorted((other for other in here.reserved if other.rank < kind.rank), key=lambda other: other.rank)
    announced = Kind.ANNOUNCEMENT in here.made or Kind.ANNOUNCEMENT in kept
    if kind is not Kind.ANNOUNCEMENT and not announced and here.per_day > 1:
        kept.insert(0, Kind.ANNOUNCEMENT)
    return kept


# ---------------------------------------------------------------- doing


def interrupt(ctx: Context, what: Interruption) -> Verdict:
    """Post it or withhold it; either is remembered under its key. What was posted before isn't posted again."""
    store = ctx.unit.store(Decisions)
    before = store.get(what.key)
    if before and before.fate in (Fate.UNDER_WAY, Fate.POSTED):
        return before.verdict
    verdict = judge(ctx, what)
    store.unreserve(what.key)
    fate = Fate.UNDER_WAY if verdict else Fate.WITHHELD
    store.put(
        Decision(
            what.key,
            ctx.served.slug,
            what.where,
            what.kind,
            fate,
            verdict,
            what.why,
            ctx.now,
            what.expires,
            promo=what.promo,
            cheerful=what.cheerful,
        )
    )
    if verdict:
        ctx.unit.post(
            labelled(what.message, ctx) if what.promo else what.message,
            what.where,
            kind=what.kind,
            key=what.key,
            community=ctx.served.slug,
            expires=what.expires,
            why=what.why,
        )
    return verdict


def withhold(ctx: Context, kind: Kind, where: Where, key: str, why: str, reason: str) -> None:
    """Remember what a feature has not even tried to say, by a rule of its own: `reason`, made by `reasons.because`.

    `why` is why it would have been said. The same key again replaces what was remembered under it.
    """
    verdict = Verdict(Rule.OWN, reason=reason)
    ctx.unit.store(Decisions).put(
        Decision(key, ctx.served.slug, where, kind, Fate.WITHHELD, verdict, why, ctx.now, ctx.now)
    )


def judge(ctx: Context, what: Interruption) -> Verdict:
    """What `interrupt` would decide now."""
    if what.expires <= ctx.now:
        return Verdict(Rule.LATE)
    return decide(what.kind, situation(ctx, what), promo=what.promo, cheerful=what.cheerful)


def situation(ctx: Context, what: Interruption) -> Situation:
    store, zone = ctx.unit.store(Decisions), ctx.served.zone
    return Situation(
        per_day=per_day(ctx),
        made=store.made(what.where, day_start(ctx.now, zone), ctx.now),
        reserved=store.reserved(what.where, ctx.now.astimezone(zone).date(), what.key),
        on_hold=on_hold(ctx) is not None,
        organic=ctx.served.kind == ORGANIC,
        lull=what.promo and (what.lull or in_a_lull(ctx, what.where)),
        since_promo=store.since_promo(what.where, ctx.now) if what.promo else 0,
    )


def labelled(message: Message, ctx: Context) -> Message:
    """Everybody sees that it is a promotion."""
    label = (Span(ctx.tell.words(_("Promotion")), Style.BOLD),)
    return replace(message, text=lines(label, message.text))


def reserve(ctx: Context, kind: Kind, where: Where, key: str, day: date) -> None:
    """Announce what is to come on a local date, under the key that it will have: lower ranks leave room for it.

    It ends when that is posted or withheld, with `unreserve`, or with the day.
    """
    ctx.unit.store(Decisions).reserve(key, kind, where, day)


def unreserve(ctx: Context, key: str) -> None:
    ctx.unit.store(Decisions).unreserve(key)


def holds_back(ctx: Context, kind: str, where: Where, key: str, why: str) -> bool:
    """For what is cheerful, unasked and not counted, such as a greeting: whether a hold keeps it back; noted then."""
    if on_hold(ctx) is None:
        return False
    verdict = Verdict(Rule.HOLD)
    ctx.unit.store(Decisions).put(
        Decision(key, ctx.served.slug, where, kind, Fate.WITHHELD, verdict, why, ctx.now, ctx.now)
    )
    return True


def on_hold(ctx: Context) -> Hold | None:
    return ctx.unit.store(Holds).current(ctx.served.slug)


def begin_lull(unit: Unit, where: Where, at: datetime) -> None:
    """A conversation has fallen silent: no promotion is posted there until `end_lull`."""
    unit.store(Lulls).begin(where, at)


def end_lull(unit: Unit, where: Where) -> None:
    unit.store(Lulls).end(where)


def in_a_lull(ctx: Context, where: Where) -> bool:
    """Whether a lull was found there and nobody has spoken since."""
    since = ctx.unit.store(Lulls).since(where)
    if since is None:
        return False
    last = ctx.unit.store(Activity).last(heard_in(where, ctx.service.capabilities))
    return last is None or last <= since


def last_said(unit: Unit, where: Where) -> datetime | None:
    """When something counted was last said in a channel."""
    return unit.store(Decisions).last(where)


# ---------------------------------------------------------------- days


def per_day(ctx: Context) -> int:
    return ctx.served.settings(NAME, PostsSettings).per_day


def used_today(ctx: Context, where: Where) -> int:
    return len(ctx.unit.store(Decisions).made(where, day_start(ctx.now, ctx.served.zone), ctx.now))


def day_start(now: datetime, zone: ZoneInfo) -> datetime:
    return instant_of(now.astimezone(zone).date(), time(0), zone)


def next_day(now: datetime, zone: ZoneInfo) -> datetime:
    return instant_of(now.astimezone(zone).date() + timedelta(days=1), time(0), zone)
