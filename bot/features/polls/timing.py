"""When a poll closes and when it comes again, from what somebody wrote; a kind word about what can't be."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.durations import parse_duration
from bot.core.feature import Context, Mistake
from bot.core.moments import MomentError, parse_moment, parse_weekly
from bot.core.recurring import Weekly
from bot.core.setting_errors import SettingError
from bot.features.polls.counting import settings_of
from bot.features.polls.model import LONGEST, SHORTEST
from bot.locale import _

CLOSES_WRONG = {
    "empty": _("`--closes` needs a time: `--closes 2h` or `--closes friday 18:00`."),
    "near": _("I don't understand when `{found}` is. Did you mean `{nearest}`?"),
    "past": _("`{found}` is over already. Say a time to come: `45m`, `2h`, `friday 18:00` or `tomorrow 9:00`."),
    "ambiguous": _("`{found}` could mean several things. Say it like `2h`, `19:00` or `sunday 18:00`."),
    "no_such_date": _("There is no `{found}` in the calendar. Say it like `45m`, `2h` or `friday 18:00`."),
    "no_such_time": _("No clock shows `{found}`. Say it like `18:00` or `friday 18:00`."),
    "weekday": _("`{found}` is another day of the week. Say the day or the date, not both."),
    "unknown": _("I don't understand when `{found}` is. Say it like `45m`, `2h`, `friday 18:00` or `tomorrow 9:00`."),
}
EVERY_WRONG = {
    "empty": _("`--every` needs a day and a time: `--every friday 17:00`."),
    "no_day": _("On which day? Like this: `--every friday 17:00`"),
    "no_time": _("At what time? Like this: `--every friday 17:00`"),
    "zone": _("I go by the clock of this community. Leave the zone out: `--every friday 17:00`"),
    "near": _("I don't understand `{found}`. Did you mean `{nearest}`?"),
    "unknown": _("I don't understand `{found}`. Say on which day and when: `--every friday 17:00`."),
}


def closes_at(ctx: Context, written: object, after: datetime) -> datetime:
    """`after`: when the poll is put up. Raise Mistake naming what is wrong."""
    if written is None:
        return after + settings_of(ctx).closes
    try:
        at = parse_moment(str(written), after, ctx.served.zone)
    except MomentError as error:
        if error.code == "too_far":
            raise _too_long(ctx) from None
        if _is_nothing(str(written)):
            raise _too_short(ctx) from None
        raise _wrong(ctx, CLOSES_WRONG, error, str(written)) from None
    if at - after < SHORTEST:
        raise _too_short(ctx)
    if at - after > LONGEST:
        raise _too_long(ctx)
    return at


def every(ctx: Context, written: object) -> Weekly | None:
    """Raise Mistake naming what is wrong."""
    if written is None:
        return None
    try:
        return parse_weekly(str(written), ctx.served.zone)
    except MomentError as error:
        raise _wrong(ctx, EVERY_WRONG, error, str(written)) from None


def _wrong(ctx: Context, texts: dict[str, str], error: MomentError, written: str) -> Mistake:
    whole = " ".join(written.split())[:40]
    if error.near:
        return Mistake(ctx.say(texts["near"], found=error.found[:40], nearest=error.near))
    known = error.code in texts and error.code != "unknown"
    found = error.found[:40] if known and error.found and error.code != "past" else whole
    return Mistake(ctx.say(texts[error.code if known else "unknown"], found=found))


def _is_nothing(written: str) -> bool:
    """No time at all: 0m."""
    try:
        return parse_duration(written) < SHORTEST
    except SettingError:
        return False


def _too_short(ctx: Context) -> Mistake:
    return Mistake(ctx.say(_("A poll is open for at least a minute. Say it like `--closes 45m`.")))


def _too_long(ctx: Context) -> Mistake:
    words = _("A poll is open for at most {days} days. Say it like `--closes 1w`.")
    return Mistake(ctx.say(words, days=LONGEST // timedelta(days=1)))
