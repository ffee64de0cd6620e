"""A channel's rhythm: whether a silence is a lull, since when it would be one, and why.

A silence is compared with the same stretch of the clock on each of the last 56 days: on what share of them had as much
been said by now as makes a conversation in this channel? docs/rhythm.md tells how good that is and what else was tried.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from math import ceil, inf, log
from typing import Final

from bot.features.quiet.days import COMPARED_DAYS, Calendar, Likeness
from bot.features.quiet.profile import UNKNOWN, Prior, Profile, measured
from bot.features.quiet.slots import SLOT, SLOTS_A_DAY, Slots

FIRST_LOOK: Final = timedelta(minutes=20)
"""A shorter pause is no silence."""
HORIZON: Final = timedelta(days=14)

THRESHOLDS: Final = {0.5: 1.95, 1.0: 1.05, 1.5: 0.45, 2.0: -0.1, 3.0: -1.2}
"""Above which score a lull is found so many times a week, on the channels of docs/rhythm.md taken together."""

_CONVERSATION_SHARE, _CONVERSATION_LEAST = 0.1, 2
_PRIOR_DAYS = 3.0
_AWAKE, _ASLEEP_COSTS = 0.87, 8.0
_TWINS, _TWIN_COSTS = 6, 0.4
_STAND_IN = 2.0
_NEW_COSTS = 2.0  # where little is known a score is more easily high
_FULL_WEIGHT = 13.5  # of eight weeks of ordinary days, on a weekday
_EXAMPLES = 10

Quiet = Callable[[datetime], bool]
"""Whether nothing may be posted at this local time."""


def never(_: datetime) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Why:
    """For people: on `spoken` of `compared` comparable days a conversation had taken place by now.

    `share`: of all days, weighed, with what an ordinary week lets expect. `alive`: how usual talk is at this hour,
    1 is the day's mean. `conversation`: how many slots of ten minutes must be active before talk counts as one.
    """

    silent_for: timedelta
    spoken: int
    compared: int
    share: float
    alive: float
    expected: float
    conversation: int
    score: float
    confidence: float


class _Comparison:
    """Days to compare one local date with. A day is how long ago it was and after how many slots it had passed."""

    def __init__(self, day: date, days: Sequence[tuple[int, int | None]], likenesses: Sequence[Likeness]) -> None:
        self.day = day
        self.days = [(passed, likenesses[age - 1]) for age, passed in days if likenesses[age - 1].weight]
        twins = [passed for passed, like in self.days if like.twin]
        self._twins, self._twins_passed = len(twins), sorted(slot for slot in twins if slot is not None)
        # Where the same weekday was seen less than six times, the other days stand in for it.
        others = 1.0 + _STAND_IN * (_TWINS - self._twins) / _TWINS
        weighed = [(passed, like.weight * (1.0 if like.twin else others)) for passed, like in self.days]
        passed = sorted((slot, weight) for slot, weight in weighed if slot is not None)
        self._passed = [slot for slot, _ in passed]
        self._passed_weight = list(accumulate((weight for _, weight in passed), initial=0.0))
        self._weight = sum(weight for _, weight in weighed)

        known = sum(like.weight for _, like in self.days)
        self.confidence = min(1.0, known / (known + _PRIOR_DAYS) * (1 + _PRIOR_DAYS / _FULL_WEIGHT))

    def share(self, length: int, usual: float) -> float:
        passed = self._passed_weight[bisect_right(self._passed, length)]
        share = (passed + _PRIOR_DAYS * usual) / (self._weight + _PRIOR_DAYS)
        return min(max(share, 1e-4), 1.0 - 1e-4)

    def missing(self, length: int) -> int:
        """On how many of the last six such weekdays there was no conversation by now, either."""
        return self._twins - bisect_right(self._twins_passed, length)

    def examples(self, length: int) -> tuple[int, int]:
        """Of the days most like this one: how many had passed by now, and how many there are."""
        most = sorted(self.days, key=lambda day: -day[1].weight)[:_EXAMPLES]
        return sum(passed is not None and passed <= length for passed, _ in most), len(most)


class Silence:
    """One silence, from the last message on, computed once; any later moment in it costs little."""

    def __init__(self, slots: Slots, profile: Profile, calendar: Calendar) -> None:
        assert slots.silent_since is not None
        self.since = slots.silent_since
        self._calendar, self._profile = calendar, profile
        self._slot = -(-self.since // SLOT)  # the first one that lies wholly in the silence
        self._began = today = calendar.local(self.since).date()
        self._week_slot = self._slot - calendar.midnight(today - timedelta(days=today.weekday()))
        self.conversation = max(_CONVERSATION_LEAST, ceil(_CONVERSATION_SHARE * profile.daily))
        self._days = self._comparable(slots, today)
        self._compared = _Comparison(today, self._days, calendar.likenesses(today))

    def _comparable(self, slots: Slots, today: date) -> list[tuple[int, int | None]]:
        """An absence counts where talk may have gone unheard, but not since the last message: that is this silence."""
        days = []
        last = slots.last // SLOT + 1
        first = slots.first // SLOT + max(0, self._slot - last)
        for age in range(1, COMPARED_DAYS + 1):
            begin = self._calendar.earlier(self.since, self._slot, age)
            if begin < first:
                break
            passed = slots.passed(begin, self.conversation)
            heard = slots.heard(begin, min(last, begin + (SLOTS_A_DAY if passed is None else passed)))
            if heard and self._is_example(today - timedelta(days=age), today):
                days.append((age, passed))
        return days

    def _is_example(self, day: date, today: date) -> bool:
        following = day + timedelta(days=1)  # most stretches reach into it
        kind_of = self._calendar.kind_of
        return kind_of(day).counts and (following == today or kind_of(following).counts)

    def _comparison(self, local: datetime) -> _Comparison:
        """A holiday is one for a silence that began the evening before, too."""
        day, kind_of = local.date(), self._calendar.kind_of
        if day != self._began and kind_of(day) == kind_of(self._began):
            day = self._began
        if day != self._compared.day:
            self._compared = _Comparison(day, self._days, self._calendar.likenesses(day))
        return self._compared

    def score(self, at: int) -> float:
        """How surely this is a lull, if nobody speaks until then. Within a local hour it never falls."""
        local, length = self._calendar.local(at), self._length(at)
        compared = self._comparison(local)
        share = compared.share(length, self._usual(length))
        asleep = max(0.0, _AWAKE - self._profile.alive[local.hour])
        costs = _ASLEEP_COSTS * asleep + _TWIN_COSTS * compared.missing(length)
        return log(share / (1.0 - share)) - costs - _NEW_COSTS * (1.0 - compared.confidence)

    def confidence(self, at: int) -> float:
        return self._comparison(self._calendar.local(at)).confidence

    def _length(self, at: int) -> int:
        return max(0, at // SLOT - self._slot)

    def _usual(self, length: int) -> float:
        """In an ordinary week, how probable a conversation would have been by now: gamma-Poisson of shape 1."""
        expected = self._profile.expected(self._week_slot, length)
        return (expected / (1.0 + expected)) ** self.conversation

    def due(self, threshold: float, after: int, until: int, quiet: Quiet = never) -> int | None:
        """The first slot's beginning, not before `after` and before `until`, where the score reaches the threshold."""
        at = -(-max(after, self.since + int(FIRST_LOOK.total_seconds())) // SLOT) * SLOT
        while at < until:
            last = self._last_of_hour(at)
            if self.score(last) >= threshold:
                for found in range(self._crossing(threshold, at, last), last + 1, SLOT):
                    if not quiet(self._calendar.local(found)):
                        return found if found < until else None
            at = last + SLOT
        return None

    def _last_of_hour(self, at: int) -> int:
        local = self._calendar.local(at)
        left = 3600 - local.minute * 60 - local.second
        return at + (left - 1) // SLOT * SLOT

    def _crossing(self, threshold: float, first: int, last: int) -> int:
        while first < last:
            middle = (first + last) // 2 // SLOT * SLOT
            if self.score(middle) >= threshold:
                last = middle
            else:
                first = middle + SLOT
        return last

    def why(self, at: int) -> Why:
        local, length = self._calendar.local(at), self._length(at)
        compared = self._comparison(local)
        spoken, examples = compared.examples(length)
        return Why(
            silent_for=timedelta(seconds=at - self.since),
            spoken=spoken,
            compared=examples,
            share=compared.share(length, self._usual(length)),
            alive=self._profile.alive[local.hour],
            expected=self._profile.expected(self._week_slot, length),
            conversation=self.conversation,
            score=self.score(at),
            confidence=compared.confidence,
        )


class Rhythm:
    """What one channel's people do when. Moments are aware datetimes; `calendar` is shared by a community.

    Only people's messages belong in here. Nobody is told apart: who spoke makes the answer no better.
    """

    __slots__ = ("_calendar", "_prior", "_profile", "_silence", "_slots")

    def __init__(self, calendar: Calendar, prior: Prior = UNKNOWN, slots: Slots | None = None) -> None:
        self._calendar, self._prior = calendar, prior
        self._slots = slots or Slots()
        self._profile: tuple[date, Profile] | None = None
        self._silence: Silence | None = None

    def observe(self, at: datetime) -> None:
        """Somebody spoke. Clocks that run ahead are the caller's to correct: what is too old for `at` is forgotten."""
        self._slots.observe(int(at.timestamp()))
        self._silence = None

    def offline(self, begin: datetime, end: datetime) -> None:
        """What was said between these two will never be known: that is neither talk nor silence."""
        self._slots.offline(int(begin.timestamp()), int(end.timestamp()))
        self._silence = self._profile = None

    def score(self, now: datetime) -> float:
        """Higher: surer that this silence is a lull; -inf where nobody ever spoke."""
        silence = self._current()
        return silence.score(int(now.timestamp())) if silence else -inf

    def due_at(
        self, threshold: float, quiet: Quiet = never, after: datetime | None = None, within: timedelta = HORIZON
    ) -> datetime | None:
        """When the score first reaches the threshold outside quiet hours, if nobody speaks, to ten minutes.

        None: not within that time of the last message (nor of `after`); ask again then.
        """
        if (silence := self._current()) is None:
            return None
        begin = silence.since if after is None else int(after.timestamp())
        due = silence.due(threshold, begin, begin + int(within.total_seconds()), quiet)
        return None if due is None else datetime.fromtimestamp(due, UTC)

    def why(self, now: datetime) -> Why | None:
        silence = self._current()
        return silence.why(int(now.timestamp())) if silence else None

    @property
    def known_since(self) -> datetime | None:
        """When somebody was first heard."""
        return None if self._slots.silent_since is None else datetime.fromtimestamp(self._slots.first, UTC)

    @property
    def silent_since(self) -> datetime | None:
        """Since when nothing was heard although somebody listened; None: nobody ever spoke."""
        since = self._slots.silent_since
        return None if since is None else datetime.fromtimestamp(since, UTC)

    @property
    def confidence(self) -> float:
        """0: nothing is known of this channel but what is usual elsewhere; 1: eight weeks are."""
        silence = self._current()
        return silence.confidence(silence.since) if silence else 0.0

    @property
    def profile(self) -> Profile | None:
        """The ordinary week, as it was on the day of the last message; see `pooled` in profile.py."""
        if self._slots.silent_since is None:
            return None
        today = self._calendar.local(self._slots.last).date()
        if self._profile is None or self._profile[0] != today:
            self._profile = (today, measured(self._slots, today, self._calendar, self._prior))
        return self._profile[1]

    def rest(self) -> None:
        """Let go of what can be computed again."""
        self._silence = self._profile = None

    def to_bytes(self) -> bytes:
        return self._slots.to_bytes()

    @classmethod
    def from_bytes(cls, data: bytes, calendar: Calendar, prior: Prior = UNKNOWN) -> Rhythm:
        """ValueError: these aren't the bytes of `to_bytes`."""
        return cls(calendar, prior, Slots.from_bytes(data))

    def _current(self) -> Silence | None:
        if self._silence is None and (profile := self.profile) is not None:
            self._silence = Silence(self._slots, profile, self._calendar)
        return self._silence
