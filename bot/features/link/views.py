"""What is said about linked accounts. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages import Text, lines
from bot.core.speech import Speaker
from bot.features.link.model import LIVES, Refused, shown
from bot.locale import _

EXAMPLE = "K7QM-2XRT"
MINUTES = int(LIVES.total_seconds() // 60)


def code(code: str, platforms: Sequence[str], say: Speaker) -> Text:
    send = _("Send this to me on *{platforms}* within {minutes} minutes: `/link {code}`")
    return lines(
        say(send, platforms=_names(platforms), minutes=MINUTES, code=shown(code)),
        say(_("Then both accounts are one person to me. The code is for you alone.")),
    )


def linked(platforms: Sequence[str], say: Speaker) -> Text:
    words = _("This account is linked with yours on *{platforms}*: to me they're one person. `/unlink` undoes it.")
    return say(words, platforms=_names(platforms))


def nowhere(say: Speaker) -> Text:
    return say(_("I'm on this platform only, so there is nothing to link yet."))


def no_code(say: Speaker) -> Text:
    words = _("That's no code. Write it like this: `/link {example}`. Your other account gets one with `/link`.")
    return say(words, example=EXAMPLE)


def too_many(say: Speaker) -> Text:
    return say(_("Those were too many wrong codes, so I'm not looking at more just now. Please try again in an hour."))


UNKNOWN = _("I don't know this code. It should look like this: `/link {example}`. Please look once more.")
USED = _("This code was used before, and each works once. `/link` gives you a new one.")
REPLACED = _("There is a newer code in place of this one. Please send the newest.")
SHOWN = _("This code no longer works, because others could read it. `/link` gives you a new one.")
EXPIRED = _("This code has expired: each works for {minutes} minutes. `/link` on your other account gives a new one.")
OWN = _("This is this account's own code. Send it to me from your other account, on *{elsewhere}*.")
SAME_PLATFORM = _(
    "This code is from {platform} too, and I link one account on each platform. "
    "Send it to me from your account on *{elsewhere}*."
)
ALREADY = _("These two accounts are linked already. `/unlink` undoes it.")
TAKEN_HERE = _(
    "This account is linked with another one on *{platform}*, and I link one account on each platform. "
    "Send `/unlink` here first, then try again."
)
TAKEN_THERE = _(
    "The account with this code is linked with another one on *{platform}*, and I link one account on each platform. "
    "Send `/unlink` there first, then try again."
)
WHY = {
    Refused.UNKNOWN: UNKNOWN,
    Refused.USED: USED,
    Refused.REPLACED: REPLACED,
    Refused.SHOWN: SHOWN,
    Refused.EXPIRED: EXPIRED,
    Refused.OWN: OWN,
    Refused.SAME_PLATFORM: SAME_PLATFORM,
    Refused.ALREADY: ALREADY,
    Refused.TAKEN_HERE: TAKEN_HERE,
    Refused.TAKEN_THERE: TAKEN_THERE,
}


def refused(why: Refused, say: Speaker, *, platform: str = "", elsewhere: Sequence[str] = ()) -> Text:
    return say(
        WHY[why],
        example=EXAMPLE,
        minutes=MINUTES,
        platform=platform.capitalize(),
        elsewhere=_names(elsewhere),
    )


def could_be_read(say: Speaker) -> Text:
    return say(_("Others could read the code here, so it no longer works. `/link` gives you a new one."))


def now_linked(name: str, platform: str, say: Speaker) -> Text:
    words = _("Done! This account and *{name}* on {platform} are one person to me from now on. `/unlink` undoes it.")
    return say(words, name=_named(name, say), platform=platform.capitalize())


def was_linked(name: str, platform: str, say: Speaker) -> Text:
    """To the account that had the code."""
    words = _(
        "*{name}* on {platform} has used your code: that account and this one are one person to me from now on. "
        "If it isn't yours, send `/unlink`."
    )
    return say(words, name=_named(name, say), platform=platform.capitalize())


def unlinked(platforms: Sequence[str], say: Speaker) -> Text:
    words = _("Done. This account and yours on *{platforms}* are no longer one person to me.")
    return say(words, platforms=_names(platforms))


def was_unlinked(name: str, platform: str, say: Speaker) -> Text:
    """To the accounts that it was linked with."""
    words = _(
        "*{name}* on {platform} has sent `/unlink`: that account and this one are no longer one person to me. "
        "`/link` joins accounts again."
    )
    return say(words, name=_named(name, say), platform=platform.capitalize())


def not_linked(say: Speaker) -> Text:
    return say(_("This account isn't linked with another one. `/link` gives you a code for that."))


def _named(name: str, say: Speaker) -> str:
    return name or say.words(_("an account without a name"))


def _names(platforms: Sequence[str]) -> str:
    return ", ".join(platform.capitalize() for platform in platforms)
