"""When Ramadan is: reckoned by a library, and as a country has it where its own holidays tell. Known from 1924 to 2077.

By the calendar of Umm al-Qura it begins and ends on the same day everywhere. Countries that look for the moon
themselves are often a day later; so are Indonesia, Malaysia, Brunei and Singapore, which share one rule for what can be
seen. A country's holidays tell when the feast is, which ends the month: what they say goes before what is reckoned.
Few tell when it begins, but Brunei's do, by that rule.

Communities within a country differ by a day, too. In Indonesia, Muhammadiyah began Ramadan 1447 on 18 February 2026,
the government and most others on the 19th; here it is the government's day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from bot.features.quiet.public_holidays import ENGLISH, SEPARATOR, holidays_of

FEAST: Final = "Eid al-Fitr"
BEGINNING: Final = "First Day of Ramadan"
ONE_RULE: Final = dict.fromkeys(("BN", "ID", "MY", "SG"), "BN")
SEEN: Final = {("ID", 1446): date(2025, 3, 1)}
"""What was decided otherwise than reckoned: the moon could be seen in Aceh, but nowhere farther east."""
_RAMADAN, _SHAWWAL = 9, 10
_SHORTEST, _LONGEST = timedelta(days=29), timedelta(days=30)
_LATER: Final = (0, 1, 2)
"""So many days after what is reckoned. Never before: some countries have days off from the feast's eve on."""
_ESTIMATED: Final = " (estimated)"


@dataclass(frozen=True, slots=True)
class Month:
    """`first`: the first day of fasting; `feast`: the first on which nobody fasts any more."""

    first: date
    feast: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.feast


@lru_cache(maxsize=64)
def months(year: int, country: str = "") -> tuple[Month, ...]:
    """Those that touch a year of the common calendar, feast included: one, sometimes two."""
    from hijridate import Gregorian

    first = Gregorian(year, 1, 1).to_hijri().year
    both = (_month(hijri, country) for hijri in (first, first + 1))
    return tuple(month for month in both if year in (month.first.year, month.feast.year))


def _month(hijri: int, country: str) -> Month:
    feast = _told(FEAST, _reckoned(hijri, _SHAWWAL), country)
    first = SEEN.get((country, hijri)) or _told(BEGINNING, _reckoned(hijri, _RAMADAN), ONE_RULE.get(country, country))
    return Month(min(max(first, feast - _LONGEST), feast - _SHORTEST), feast)


def _reckoned(hijri: int, month: int) -> date:
    from hijridate import Hijri

    return date(*Hijri(hijri, month, 1).to_gregorian().datetuple())


def _told(what: str, reckoned: date, country: str) -> date:
    """The day that the country's holidays call so, if one near that does."""
    near = (reckoned + timedelta(days=days) for days in _LATER)
    return next((day for day in near if country and _is_called(what, day, country)), reckoned)


def _is_called(what: str, day: date, country: str) -> bool:
    names = holidays_of(country, day.year, ENGLISH).get(day, "")
    return what in (name.removesuffix(_ESTIMATED) for name in names.split(SEPARATOR))
