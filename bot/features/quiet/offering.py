"""The trial: for the first weeks managers see a prompt before anybody else does, and what they choose teaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.core.events import ButtonPressed, JobDue, Where
from bot.core.feature import Context, Instead
from bot.core.messages import MANAGERS, Message
from bot.core.names import safe_name
from bot.core.notices import to_managers
from bot.core.stores import Notices
from bot.features.quiet import choosing, saying, views
from bot.features.quiet.library import Candidate, Library, kept_words
from bot.features.quiet.listening import settings_of, spoken_since
from bot.features.quiet.model import Asked, Courses, Evidence, Prompted, State
from bot.features.quiet.settings import NAME
from bot.locale import _

LAPSE: Final = f"{NAME}.lapse"
STANDS: Final = timedelta(hours=6)
"""So long managers may think about it; a lull that is older is another question."""
A_LITTLE: Final = 0.5
"""What a manager's choice counts, beside what a community's answer does."""


def on_trial(ctx: Context) -> bool:
    """Whether prompts go to managers first; tells them once when that is over."""
    until = trial_until(ctx)
    if until is None or not ctx.served.managers:
        return False
    if ctx.now < until:
        ctx.unit.store(Notices).first(_begun(ctx), ctx.now)
        return True
    begun = not ctx.unit.store(Notices).first(_begun(ctx), ctx.now)
    if ctx.unit.store(Notices).first(_over(ctx), ctx.now) and begun:
        words = ctx.tell(
            _("The trial is over: from now on I ask without showing you first. `/prompt next` tells when and why.")
        )
        to_managers(ctx.unit, ctx.served, words, key=_over(ctx))
    return False


def trial_until(ctx: Context) -> datetime | None:
    course, lasts = ctx.unit.store(Courses).get(ctx.served.slug), settings_of(ctx.served).trial
    return course.began + lasts if course and lasts else None


def _begun(ctx: Context) -> str:
    return f"{NAME}:trial:{ctx.served.slug}"


def _over(ctx: Context) -> str:
    return f"{NAME}:trial over:{ctx.served.slug}"


def offer(asked: Asked, chosen: Candidate, why: str, ctx: Context) -> None:
    """Show managers what would be asked, where and why."""
    shown = views.offer(asked, chosen, why, ctx)
    for platform, place in ctx.served.managers.items():
        ctx.unit.post(
            replace(shown, audience=MANAGERS),
            place,
            kind="notice",
            key=f"{asked.offer_key}@{platform}",
            community=ctx.served.slug,
            expires=ctx.now + STANDS,
            why=why,
        )
    ctx.unit.schedule(LAPSE, ctx.now + STANDS, key=str(asked.id), community=ctx.served.slug)


def send(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    asked = ctx.unit.store(Prompted).get(data["asked"])
    if asked is None or asked.state is not State.OFFERED:
        return Instead(views.decided_before(ctx.say))
    if _is_talk_again(asked, ctx):
        return _settle(asked, _talk_again(asked, ctx), event, ctx)
    chosen = Library(ctx, ctx.now).find(asked.key)
    if chosen is None:
        return another(event, ctx, data)
    asked = replace(asked, state=State.SENT, at=ctx.now)
    ctx.unit.store(Prompted).put(asked)
    verdict = saying.say(asked, chosen, data["why"], ctx)
    ctx.unit.store(Evidence).add(ctx.served.slug, "category", asked.arm, A_LITTLE, 0)
    if not verdict:
        return _settle(asked, views.found_no_room(asked, ctx), event, ctx)
    return _settle(asked, views.was_sent(asked, chosen, safe_name(event.actor.name), ctx), event, ctx)


def another(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    store = ctx.unit.store(Prompted)
    asked = store.get(data["asked"])
    if asked is None or asked.state is not State.OFFERED:
        return Instead(views.decided_before(ctx.say))
    if _is_talk_again(asked, ctx):
        return _settle(asked, _talk_again(asked, ctx), event, ctx)
    seen = [*data.get("seen", ()), asked.key]
    chosen = choosing.choose(ctx, seen)
    if chosen is None:
        return _no_other(asked, event, ctx, data)
    ctx.unit.store(Evidence).add(ctx.served.slug, "category", asked.arm, 0, A_LITTLE)
    asked = replace(asked, key=chosen.key, arm=chosen.arm, text=kept_words(chosen))
    store.put(asked)
    shown = views.offer(asked, chosen, data["why"], ctx, seen)
    _edit_others(asked, shown, event, ctx)
    return Instead(shown)


def _no_other(asked: Asked, event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """This one or nothing; nothing at all if it was taken out meanwhile."""
    last = Library(ctx, ctx.now).find(asked.key)
    if last is not None:
        return Instead(views.offer(asked, last, data["why"], ctx, data.get("seen", ()), others=False))
    asked = replace(asked, state=State.LAPSED)
    ctx.unit.store(Prompted).put(asked)
    return _settle(asked, views.none_left(asked, ctx), event, ctx)


def skip(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    asked = ctx.unit.store(Prompted).get(data["asked"])
    if asked is None or asked.state is not State.OFFERED:
        return Instead(views.decided_before(ctx.say))
    asked = replace(asked, state=State.SKIPPED)
    ctx.unit.store(Prompted).put(asked)
    return _settle(asked, views.was_skipped(asked, safe_name(event.actor.name), ctx), event, ctx)


def lapse(event: JobDue, ctx: Context) -> None:
    """`quiet.lapse`: nobody decided."""
    asked = ctx.unit.store(Prompted).get(int(event.job_key))
    if asked is None or ctx.community is None or asked.state is not State.OFFERED:
        return
    ctx.unit.store(Prompted).put(replace(asked, state=State.LAPSED))
    _edit_all(asked, views.lapsed(asked, ctx), ctx)


def settle_talk(place: Where, ctx: Context) -> None:
    """Whatever is offered for a place in which people talk again is no question any more."""
    for asked in ctx.unit.store(Prompted).offered(ctx.served.slug):
        if asked.where == place and _is_talk_again(asked, ctx):
            shown = _talk_again(asked, ctx)
            ctx.unit.unschedule(LAPSE, str(asked.id))
            _edit_all(asked, shown, ctx)


def _is_talk_again(asked: Asked, ctx: Context) -> bool:
    """Whether nobody needs a prompt any more."""
    return asked.silence is not None and spoken_since(asked.where, max(asked.silence, asked.at), ctx)


def _talk_again(asked: Asked, ctx: Context) -> Message:
    ctx.unit.store(Prompted).put(replace(asked, state=State.LAPSED))
    return views.talk_again(asked, ctx)


def _settle(asked: Asked, shown: Message, event: ButtonPressed, ctx: Context) -> Instead:
    ctx.unit.unschedule(LAPSE, str(asked.id))
    _edit_others(asked, shown, event, ctx)
    return Instead(shown)


def _edit_others(asked: Asked, shown: Message, event: ButtonPressed, ctx: Context) -> None:
    """In the other managers' chats; where it was pressed, the answer takes its place."""
    for platform, place in ctx.served.managers.items():
        if (place.platform, place.group) != (event.where.platform, event.where.group):
            ctx.unit.edit(f"{asked.offer_key}@{platform}", shown)


def _edit_all(asked: Asked, shown: Message, ctx: Context) -> None:
    for platform in ctx.served.managers:
        ctx.unit.edit(f"{asked.offer_key}@{platform}", shown)
