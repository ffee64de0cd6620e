"""What an ordinary week in a channel looks like: how much is said at which hour."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from bot.features.quiet.days import COMPARED_DAYS, Calendar
from bot.features.quiet.slots import KEPT_DAYS, SLOT, SLOTS_A_DAY, Slots

_HALF_LIFE = 56.0  # days
_CELL_SLOTS = 12.0  # so many active slots of its own, and an hour of the week speaks half for itself
_HOUR_DAYS, _WEEKDAY_DAYS = 2.0, 1.0
_ALIVE_SLOTS = 8.0
_SMOOTHED = (1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9)
_HOURS_A_WEEK, _SLOTS_A_WEEK = 168, 7 * SLOTS_A_DAY


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of a channel before it has shown itself.

    `rate`: active slots an hour; `hours`: how much is said at each local hour, 1 is the mean; `weight`: how many hours
    of listening this is worth.
    """

    rate: float = 0.15
    hours: tuple[float, ...] = (1.0,) * 24
    weight: float = 1.0


UNKNOWN = Prior()


@dataclass(frozen=True, slots=True)
class Profile:
    """`daily`: active slots a day; `known_days`: on how many days this rests, of the last 56.

    `alive`: how much of its even share each local hour has, 1 is the mean. `cells`: expected active slots within each
    slot of each hour of the week from Monday 0:00, and `until` their sum up to each hour.
    """

    daily: float
    known_days: float
    alive: array[float]
    cells: array[float]
    until: array[float]

    def expected(self, begin: int, length: int) -> float:
        """Active slots in a stretch. `begin`: slots since a Monday's local midnight."""
        return self._up_to(begin + length) - self._up_to(begin)

    def _up_to(self, slot: int) -> float:
        weeks, rest = divmod(slot, _SLOTS_A_WEEK)
        hour, more = divmod(rest, 6)
        return weeks * self.until[_HOURS_A_WEEK] + self.until[hour] + more * self.cells[hour]


class _Counted:
    """Active slots and hours listened, by weekday and hour; and without forgetting, over the last eight weeks."""

    def __init__(self) -> None:
        self.spoken = [[0.0] * 24 for _ in range(7)]
        self.hours = [0.0] * 24
        self.known_hours = 0.0
        self._whole = [0.0] * 7  # days that were heard from beginning to end
        self._missed = [[0.0] * 24 for _ in range(7)]

    @property
    def listened(self) -> list[list[float]]:
        days = zip(self._whole, self._missed, strict=True)
        return [[whole - missed[hour] for hour in range(24)] for whole, missed in days]

    def add(self, weekday: int, day: int, unknown: int, weight: float, recent: float) -> None:
        self._whole[weekday] += weight
        self.known_hours += recent * 24
        if unknown:
            self._miss(weekday, unknown, weight, recent)
        spoken, hour = self.spoken[weekday], 0
        while day:
            ahead = ((day & -day).bit_length() - 1) // 6  # hours in which nobody spoke
            day >>= 6 * ahead
            hour += ahead
            count = (day & 63).bit_count()
            spoken[hour] += weight * count
            self.hours[hour] += recent * count
            day >>= 6
            hour += 1

    def _miss(self, weekday: int, unknown: int, weight: float, recent: float) -> None:
        missed = self._missed[weekday]
        for hour in range(24):
            share = ((unknown >> 6 * hour) & 63).bit_count() / 6
            missed[hour] += weight * share
            self.known_hours -= recent * share


def measured(slots: Slots, today: date, calendar: Calendar, prior: Prior = UNKNOWN) -> Profile:
    """From the whole local days before `today`."""
    counted = _Counted()
    first = -(-slots.first // SLOT)
    for age in range(1, KEPT_DAYS + 1):
        day = today - timedelta(days=age)
        midnight = calendar.midnight(day)
        if midnight < first:
            break
        if seasonal := calendar.seasonal(today, day):
            weight, recent = seasonal * 0.5 ** (age / _HALF_LIFE), seasonal if age <= COMPARED_DAYS else 0.0
            counted.add(day.weekday(), slots.day(midnight), slots.unknown_in_day(midnight), weight, recent)
    cells = _cells(counted, prior)
    return Profile(
        daily=sum(counted.hours) / max(counted.known_hours, 1.0) * 24,
        known_days=counted.known_hours / 24,
        alive=_alive(counted.hours, prior),
        cells=cells,
        until=array("d", accumulate((6 * cell for cell in cells), initial=0.0)),
    )


def _cells(counted: _Counted, prior: Prior) -> array[float]:
    spoken, listened = counted.spoken, counted.listened
    total = sum(map(sum, listened))
    rate = (sum(map(sum, spoken)) + prior.rate * prior.weight) / (total + prior.weight)
    by_hour = [
        (sum(day[hour] for day in spoken) + rate * prior.hours[hour] * _HOUR_DAYS)
        / (sum(day[hour] for day in listened) + _HOUR_DAYS)
        for hour in range(24)
    ]
    cells = array("d")
    for weekday in range(7):
        hours = 24 * _WEEKDAY_DAYS
        factor = (sum(spoken[weekday]) / rate + hours) / (sum(listened[weekday]) + hours)
        for hour in range(24):
            guess = max(by_hour[hour] * factor, 1e-9)
            cell = (spoken[weekday][hour] + _CELL_SLOTS) / (listened[weekday][hour] + _CELL_SLOTS / guess)
            cells.append(cell / 6)
    return cells


def _alive(hours: Sequence[float], prior: Prior) -> array[float]:
    smooth = [sum(w * hours[(hour + k - 2) % 24] for k, w in enumerate(_SMOOTHED)) for hour in range(24)]
    even = (sum(hours) + _ALIVE_SLOTS) / 24
    return array("d", ((smooth[hour] + _ALIVE_SLOTS / 24 * prior.hours[hour]) / even for hour in range(24)))


def pooled(profiles: Sequence[Profile], weight: float = 24.0) -> Prior:
    """What the other channels of a community teach a new one: their middle rate, and the hours that they share."""
    known = [profile for profile in profiles if profile.known_days >= 7 and profile.daily > 0]
    if not known:
        return UNKNOWN
    rates = sorted(profile.daily / 24 for profile in known)
    hours = tuple(sum(profile.alive[hour] for profile in known) / len(known) for hour in range(24))
    return Prior(rates[len(rates) // 2], hours, weight)
