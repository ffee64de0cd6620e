"""`/hold`: all that is cheerful stops everywhere at once, and nothing of it is made up for later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from bot.core.community import Community
from bot.core.events import ButtonPressed, CommandInvoked, JobDue, MessagePosted, Where
from bot.core.feature import Context, Instead, Mistake
from bot.core.interruptions import NAME, Decisions, Fate, Hold, Holds, Rule, on_hold
from bot.core.messages import Message, Text, lines, only
from bot.core.names import safe_name
from bot.core.notices import to_admin, to_managers
from bot.core.reasons import because
from bot.core.recurring import Weekly
from bot.core.stores import Accounts
from bot.features.posts import views
from bot.features.posts.standing import clock_of, main_places, told
from bot.features.posts.wording import LONGEST, checked, unquoted
from bot.locale import _

Asked = CommandInvoked | MessagePosted
MORNING = Weekly(frozenset(range(7)), time(9))
REMIND = f"{NAME}.remind"
REMINDED_WITHIN = timedelta(hours=12)
UNDO_FOR = timedelta(days=30)
STATEMENT_LIVES = timedelta(days=1)


def state(event: CommandInvoked, ctx: Context) -> Message:
    hold = on_hold(ctx)
    return Message(views.is_on(hold, _held(hold, ctx), clock_of(ctx), ctx.say) if hold else views.is_off(ctx.say))


def begin(event: Asked, ctx: Context, statement: str = "") -> Message:
    """On at once, whatever becomes of the statement, even one that is too long."""
    before = on_hold(ctx)
    hold = before or _begin(event, ctx)
    words = unquoted(statement.strip())
    if 0 < len(words) <= LONGEST:
        below = [*told(main_places(ctx), ctx, views.places), views.is_held(ctx.say)]
        return views.preview(views.as_it_stands(words), below, f"{NAME}.state", {"text": words}, ctx.say)
    if before:
        done = Message(views.is_on(before, _held(before, ctx), clock_of(ctx), ctx.say))
    else:
        done = views.begun(hold, ctx.say)
    return replace(done, text=lines(done.text, views.too_long(ctx.say))) if words else done


def _begin(event: Asked, ctx: Context) -> Hold:
    name = safe_name(event.actor.name)
    hold = Hold(ctx.served.slug, ctx.now, event.where.platform, event.actor.id, name)
    hold = ctx.unit.store(Holds).begin(hold)
    _keep_back(ctx)
    _schedule(ctx, ctx.served)
    _tell_managers(hold, event.where, ctx, on=True)
    return hold


def _keep_back(ctx: Context) -> None:
    """What is on its way stays unsaid, too."""
    store = ctx.unit.store(Decisions)
    for decision in store.under_way(ctx.served.slug):
        if decision.cheerful or decision.promo:
            verdict = replace(decision.verdict, rule=Rule.HOLD)
            store.put(replace(decision, fate=Fate.WITHHELD, verdict=verdict, at=ctx.now))
            ctx.unit.delete(decision.key)


def statement(event: Asked, ctx: Context, text: str) -> Message:
    check_is_on(event, ctx, {})
    words = checked(text, ctx.say)
    below = told(main_places(ctx), ctx, views.places)
    return views.preview(views.as_it_stands(words), below, f"{NAME}.state", {"text": words}, ctx.say)


def check_is_on(event: Asked, ctx: Context, given: Mapping[str, Any]) -> None:
    if on_hold(ctx) is None:
        raise Mistake(ctx.say(_("Nothing is on hold. `/hold on` comes first.")))


def post_statement(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """To everybody, in every group; it isn't counted, and no hold keeps it back."""
    words, why = data["text"], because(_("a manager wanted everybody to read it (`/hold statement`)"))
    for number, where in enumerate(main_places(ctx)):
        ctx.unit.post(
            views.as_it_stands(words),
            where,
            kind="statement",
            key=f"{NAME}:statement:{event.key}:{number}",
            community=ctx.served.slug,
            expires=ctx.now + STATEMENT_LIVES,
            why=why,
        )
    return Instead(Message(lines(*told(main_places(ctx), ctx, views.posted))))


def end(event: CommandInvoked, ctx: Context) -> Message:
    hold = on_hold(ctx)
    if hold is None:
        return Message(views.is_off(ctx.say))
    return _end(hold, event, ctx)


def release(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """Undo of `/hold on`."""
    hold = on_hold(ctx)
    if hold is None or hold.id != data["hold"]:
        raise Mistake(ctx.say(_("That hold is over already.")))
    return Instead(_end(hold, event, ctx))


def _end(hold: Hold, event: CommandInvoked | ButtonPressed, ctx: Context) -> Message:
    ctx.unit.store(Holds).end(hold.id, ctx.now)
    ctx.unit.schedule(REMIND, ctx.now + UNDO_FOR, key=ctx.served.slug, community=ctx.served.slug)
    _tell_managers(replace(hold, name=safe_name(event.actor.name)), event.where, ctx, on=False)
    return views.ended(hold, _held(hold, ctx), ctx.say)


def resume(event: ButtonPressed, ctx: Context, data: Mapping[str, Any]) -> Instead:
    """Undo of `/hold off`: it goes on as if it had never ended, unless another one began since."""
    store, current = ctx.unit.store(Holds), on_hold(ctx)
    hold = store.get(data["hold"])
    if hold is None or hold.community != ctx.served.slug or current is not None:
        raise Mistake(ctx.say(_("It's too late to undo that.")))
    store.resume(hold.id)
    _keep_back(ctx)
    _schedule(ctx, ctx.served)
    _tell_managers(replace(hold, name=safe_name(event.actor.name)), event.where, ctx, on=True)
    return Instead(Message(views.is_on(hold, _held(hold, ctx), clock_of(ctx), ctx.say)))


def remind(event: JobDue, ctx: Context) -> None:
    """`posts.remind`, each morning as long as it is on; and once long after, when whose it was is forgotten."""
    if ctx.community is None:  # the config doesn't know it just now: it goes on once it does
        ctx.unit.schedule(REMIND, ctx.now + timedelta(days=1), key=event.job_key, community=event.community)
        return
    hold = on_hold(ctx)
    if hold is None:
        ctx.unit.store(Holds).forget(ctx.served.slug)
        return
    _schedule(ctx, ctx.community)
    words = views.reminder(hold, _held(hold, ctx), clock_of(ctx), ctx.tell)
    key = f"{NAME}:reminder:{hold.id}:{ctx.now.astimezone(ctx.served.zone).date()}"
    if not to_managers(ctx.unit, ctx.served, words, key=key):
        _tell_whose_it_is(hold, words, key, ctx)


def _tell_whose_it_is(hold: Hold, words: Text, key: str, ctx: Context) -> None:
    """Where managers have no chat: whoever put it on, or else the admin."""
    if ctx.unit.store(Accounts).get(hold.platform, hold.account).reachable is False:
        to_admin(ctx.unit, ctx.service, lines(words), key=key)
        return
    ctx.unit.post(
        Message(words, audience=only(hold.account)),
        Where(hold.platform, "", hold.account),
        kind="notice",
        key=key,
        community=hold.community,
        expires=ctx.now + REMINDED_WITHIN,
    )


def _schedule(ctx: Context, community: Community) -> None:
    at = MORNING.next_after(ctx.now, community.zone)
    ctx.unit.schedule(REMIND, at, key=community.slug, community=community.slug)


def _tell_managers(hold: Hold, here: Where, ctx: Context, *, on: bool) -> None:
    """The other managers' chats: where it was asked for, the answer tells."""
    words = views.managers_told(hold, ctx.tell, on=on)
    except_in = here if ctx.served.is_managers_place(here) else None
    to_managers(ctx.unit, ctx.served, words, key=f"{NAME}:hold:{hold.id}:{on}:{ctx.now}", except_in=except_in)


def _held(hold: Hold, ctx: Context) -> int:
    return ctx.unit.store(Decisions).count_held(ctx.served.slug, hold.since)
