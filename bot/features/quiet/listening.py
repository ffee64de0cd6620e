"""What a channel's rhythm is by now: what was said since the last look, and when nobody could hear."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from bot.core.activity import Activity, heard_in
from bot.core.community import Community, Group
from bot.core.events import Where
from bot.core.feature import Context
from bot.core.stores import Outages
from bot.features.quiet.days import Calendar
from bot.features.quiet.model import Channel, Channels
from bot.features.quiet.observances import Observances, country_of
from bot.features.quiet.profile import UNKNOWN, Prior, pooled
from bot.features.quiet.rhythm import Rhythm, Why
from bot.features.quiet.settings import NAME, NONE, QuietSettings, threshold
from bot.features.quiet.slots import KEPT_DAYS

LATE: Final = timedelta(hours=1)
"""News of what was said comes this late at most, unless the platform could not be heard."""
LONGEST_OUTAGE: Final = timedelta(days=2)  # that platforms make up for
GAP: Final = timedelta(hours=20)
"""The least time between two lulls of a channel."""
WEAK: Final = timedelta(days=7)
"""A channel that was heard for so long needs no others to learn from."""


@dataclass(frozen=True)
class Listened:
    """A channel with its rhythm up to now. `place`: where the bot speaks there."""

    place: Where
    channel: Channel
    rhythm: Rhythm
    settings: QuietSettings
    observances: Observances

    @property
    def silence(self) -> datetime | None:
        return self.rhythm.silent_since

    @property
    def found(self) -> bool:
        """Whether a lull was found in this silence already."""
        return self.silence is not None and self.channel.lull_of == self.silence

    def due_at(self, after: datetime | None = None) -> datetime | None:
        """When this silence will be a lull, if nobody speaks, not before `after` nor soon after the last lull."""
        earliest = self.channel.lull_at + GAP if self.channel.lull_at else None
        begin = max((moment for moment in (after, earliest) if moment), default=None)
        return self.rhythm.due_at(threshold(self.settings.prompts_per_week), self.is_quiet_at, begin)

    def rhythm_due(self, after: datetime) -> datetime | None:
        """The same for a lull that was found before: the last one doesn't matter."""
        return self.rhythm.due_at(threshold(self.settings.prompts_per_week), self.is_quiet_at, after)

    def is_lull(self, now: datetime) -> bool:
        """Whether it is one now, and something may be said."""
        enough = threshold(self.settings.prompts_per_week)
        return self.rhythm.score(now) >= enough and not self.is_quiet_at(now.astimezone(self.observances.zone))

    def is_quiet_at(self, local: datetime) -> bool:
        """Whether nothing may be asked at that local time."""
        return bool(why_quiet(local, self.settings, self.observances))

    def why(self, at: datetime) -> Why | None:
        return self.rhythm.why(at)


def why_quiet(local: datetime, settings: QuietSettings, observances: Observances) -> str:
    """ "hours", "holiday", "maghrib", "friday", or "" where something may be asked."""
    day = local.date()
    ramadan = settings.ramadan and observances.is_ramadan(day)
    hours = settings.ramadan_quiet_hours if ramadan else settings.quiet_hours
    if hours is not None and hours.contains(local.time()):
        return "hours"
    if not settings.holiday_prompts and observances.holiday(day):
        return "holiday"
    return observances.pause(local)


def settings_of(community: Community) -> QuietSettings:
    return community.settings(NAME, QuietSettings)


def observances_of(community: Community) -> Observances:
    settings = settings_of(community)
    country = {"auto": country_of(community.timezone), NONE: ""}.get(settings.holidays, settings.holidays)
    return _observances(
        community.timezone, country, settings.ramadan, settings.city, settings.maghrib_pause, settings.friday_pause
    )


@lru_cache(maxsize=256)
def _observances(zone: str, country: str, ramadan: bool, city: str, maghrib: bool, friday: bool) -> Observances:
    return Observances(ZoneInfo(zone), country, ramadan, city, maghrib, friday)


@lru_cache(maxsize=256)
def _calendar(observances: Observances) -> Calendar:
    return observances.calendar()


def listened(place: Where, ctx: Context) -> Listened:
    """The channel's rhythm with all that is known by now; nothing is written (see `keep`)."""
    community = ctx.served
    settings, observances = settings_of(community), observances_of(community)
    calendar = _calendar(observances)
    heard = heard_in(place, ctx.service.capabilities)
    channel = ctx.unit.store(Channels).get(heard)
    rhythm = _rhythm(channel, calendar, UNKNOWN)
    _hear(rhythm, channel, ctx)
    if rhythm.known_since is not None and ctx.now - rhythm.known_since < WEAK:
        rhythm = _rhythm(replace(channel, rhythm=rhythm.to_bytes()), calendar, _from_others(heard, calendar, ctx))
    channel = replace(channel, rhythm=rhythm.to_bytes(), heard_until=ctx.now)
    return Listened(place, channel, rhythm, settings, observances)


def keep(channel: Channel, ctx: Context) -> None:
    ctx.unit.store(Channels).put(channel)


def _rhythm(channel: Channel, calendar: Calendar, prior: Prior) -> Rhythm:
    return Rhythm.from_bytes(channel.rhythm, calendar, prior) if channel.rhythm else Rhythm(calendar, prior)


def _hear(rhythm: Rhythm, channel: Channel, ctx: Context) -> None:
    """Everything is harmless when it is heard twice."""
    now, where = ctx.now, channel.where
    since = channel.heard_until - LATE if channel.heard_until else now - timedelta(days=KEPT_DAYS)
    absences = _absences(where, since, ctx)
    since = min([since, *(begin for begin, _end in absences)])
    for moment in ctx.unit.store(Activity).moments(where, since, now + LATE):
        rhythm.observe(min(moment, now))  # a platform's clock may be a little ahead
    for begin, end in absences:
        rhythm.offline(begin, end)


def _absences(where: Where, since: datetime, ctx: Context) -> list[tuple[datetime, datetime]]:
    """When nobody could hear the platform; whole, though they may have begun earlier."""
    outages = ctx.unit.store(Outages).between(since - LONGEST_OUTAGE, ctx.now)
    return [(o.start, o.end) for o in outages if o.platform == where.platform and o.end > since]


def _from_others(where: Where, calendar: Calendar, ctx: Context) -> Prior:
    """What the community's other main channels teach."""
    store = ctx.unit.store(Channels)
    others = (store.get(heard_in(group.main_place, ctx.service.capabilities)) for group in ctx.served.groups)
    rhythms = [Rhythm.from_bytes(other.rhythm, calendar) for other in others if other.rhythm and other.where != where]
    return pooled([rhythm.profile for rhythm in rhythms if rhythm.profile])


def main_group(place: Where, community: Community) -> Group | None:
    """The group whose main place that is."""
    return next((group for group in community.groups if group.main_place == place), None)


def spoken_since(place: Where, since: datetime, ctx: Context) -> bool:
    last = last_spoken(place, ctx)
    return last is not None and last > since


def last_spoken(place: Where, ctx: Context) -> datetime | None:
    return ctx.unit.store(Activity).last(heard_in(place, ctx.service.capabilities))


def local_date(moment: datetime, ctx: Context) -> date:
    return moment.astimezone(ctx.served.zone).date()
