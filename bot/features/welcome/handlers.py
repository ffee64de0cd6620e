"""When somebody comes, goes, and when a greeting is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.chat import Reason
from bot.core.events import Delivered, JobDue, MemberJoined, MemberLeft, Refused, Where
from bot.core.feature import Context, There
from bot.core.interruptions import holds_back
from bot.core.membership import Change, away_for
from bot.core.messages import Message, only
from bot.core.reasons import because
from bot.core.stores import Members
from bot.core.unit import Unit
from bot.features.welcome import model, views
from bot.features.welcome.model import Greeted, Newcomer, Newcomers, WelcomeSettings
from bot.locale import _n

NAME = "welcome"
LAPSE = timedelta(minutes=2)
"""So long after a greeting's expiry nothing of it can be on its way any more."""


def settings_of(ctx: Context) -> WelcomeSettings:
    return ctx.served.settings(NAME, WelcomeSettings)


def on_joined(event: MemberJoined, ctx: Context) -> None:
    """Wait for others to share the greeting, unless the newcomer has to wait for a captcha again."""
    settings, store = settings_of(ctx), ctx.unit.store(Newcomers)
    if ctx.change is Change.HELD:
        _withdraw(event.where, event.actor.id, ctx)
        return
    if not settings.enabled or ctx.now - event.at > settings.max_age:
        return
    away = away_for(ctx.before, event.at)
    came_back = away is not None and timedelta(0) <= away <= settings.welcome_back
    store.add(Newcomer(event.where.platform, event.where.group, event.actor.id, event.actor.name, event.at, came_back))
    at = max(ctx.now, event.at + settings.window)
    _due(
        event.where, ctx, min(at, ctx.now + settings.window)
    )  # where the platform's clock is ahead nobody waits for it


def on_left(event: MemberLeft, ctx: Context) -> None:
    """Nobody who left is greeted, not even in a greeting that is waiting to be sent."""
    _withdraw(event.where, event.actor.id, ctx)


def _withdraw(where: Where, account: str, ctx: Context) -> None:
    store = ctx.unit.store(Newcomers)
    newcomer = store.get(where.platform, where.group, account)
    if newcomer is None:
        return
    store.remove(where.platform, where.group, [account])
    if not newcomer.post_key:
        return
    others = store.by_post(newcomer.post_key)
    if others:
        variant = store.greeted(where.platform, where.group).count - 1
        ctx.unit.edit(newcomer.post_key, _greeting(others, ctx, variant))
    else:
        ctx.unit.delete(newcomer.post_key)


def _due(where: Where, ctx: Context, at: datetime) -> None:
    ctx.unit.schedule(
        f"{NAME}.greet",
        at,
        key=f"{where.platform}:{where.group}",
        community=ctx.served.slug,
        where=Where(where.platform, where.group, ""),
        keep=True,
    )


def waiting_since(unit: Unit, event: JobDue) -> list[There]:
    """Who is to be greeted, and when they joined: somebody who left meanwhile is not."""
    newcomers = unit.store(Newcomers).of(event.where.platform, event.where.group)
    return [There(event.where, newcomer.account, newcomer.joined_at) for newcomer in newcomers]


def greet(event: JobDue, ctx: Context) -> None:
    """The window is over: greet those who are still here and came recently enough."""
    if ctx.community is None or ctx.group is None:
        return
    settings, store = settings_of(ctx), ctx.unit.store(Newcomers)
    platform, group = event.where.platform, event.where.group
    store.remove(platform, group, list(ctx.gone))
    waiting = [newcomer for newcomer in store.of(platform, group) if not newcomer.post_key]
    fresh = model.still_fresh(waiting, ctx.now, settings.max_age) if settings.enabled else []
    in_time = set(fresh)  # thousands may have joined
    late = [newcomer.account for newcomer in waiting if newcomer not in in_time]
    store.remove(platform, group, late)
    if not fresh or _stay_ungreeted(fresh, ctx):
        return
    greeted, members = store.greeted(platform, group), member_count(event.where, ctx)
    earliest = model.earliest_greeting(ctx.now, greeted, members, settings)
    if earliest > ctx.now:
        _due(event.where, ctx, earliest)
        return
    in_private = [n for n in fresh if settings.private and not n.in_channel]
    for newcomer in in_private:
        _greet_privately(newcomer, ctx, greeted.count, members)
    in_channel = [n for n in fresh if n.in_channel or not settings.private]
    if in_channel:
        _greet_in_channel(in_channel, ctx, greeted, members)


def _stay_ungreeted(newcomers: Sequence[Newcomer], ctx: Context) -> bool:
    """While everything cheerful is on hold; it isn't made up for later."""
    assert ctx.group is not None
    where = ctx.group.welcome_place
    key = f"{NAME}:{where.platform}:{where.group}:held:{newcomers[0].joined_at.isoformat()}"
    if not holds_back(ctx, "greeting", where, key, joined(len(newcomers))):
        return False
    accounts = [newcomer.account for newcomer in newcomers]
    ctx.unit.store(Newcomers).remove(where.platform, where.group, accounts)
    return True


def joined(people: int) -> str:
    """Why there is a greeting."""
    return because(JOINED, n=people)


JOINED = _n("{n} person joined", "{n} people joined")


def _greet_in_channel(newcomers: Sequence[Newcomer], ctx: Context, greeted: Greeted, members: int) -> None:
    settings, store = settings_of(ctx), ctx.unit.store(Newcomers)
    assert ctx.group is not None
    platform, group = ctx.group.platform, ctx.group.id
    key = f"{NAME}:{platform}:{group}:{greeted.count + 1}"
    expires = min(newcomer.joined_at for newcomer in newcomers) + settings.max_age
    ctx.unit.post(
        _greeting(newcomers, ctx, greeted.count, members),
        ctx.group.welcome_place,
        kind="greeting",
        key=key,
        community=ctx.served.slug,
        expires=expires,
        why=joined(len(newcomers)),
    )
    store.mark(platform, group, [newcomer.account for newcomer in newcomers], key)
    _watch_lapse(key, expires, ctx)
    if greeted.key and model.removes_previous(members, settings):
        ctx.unit.delete(greeted.key)
    store.put_greeted(platform, group, Greeted(greeted.count + 1, ctx.now, key))


def _greet_privately(newcomer: Newcomer, ctx: Context, variant: int, members: int) -> None:
    settings = settings_of(ctx)
    key = f"{NAME}:{newcomer.platform}:{newcomer.group}:private:{newcomer.account}:{newcomer.joined_at.isoformat()}"
    message = _greeting([newcomer], ctx, variant, members)
    ctx.unit.post(
        Message(message.text, audience=only(newcomer.account)),
        Where(newcomer.platform, "", newcomer.account),
        kind="greeting",
        key=key,
        community=ctx.served.slug,
        expires=newcomer.joined_at + settings.max_age,
        why=joined(1),
    )
    ctx.unit.store(Newcomers).mark(newcomer.platform, newcomer.group, [newcomer.account], key)
    _watch_lapse(key, newcomer.joined_at + settings.max_age, ctx)


def _watch_lapse(key: str, expires: datetime, ctx: Context) -> None:
    at = expires + LAPSE
    ctx.unit.schedule(f"{NAME}.lapse", at, key=key, community=ctx.served.slug)


def _greeting(newcomers: Sequence[Newcomer], ctx: Context, variant: int, members: int = 0) -> Message:
    first = newcomers[0]
    where = Where(first.platform, first.group, "")
    return views.greeting(
        newcomers,
        ctx.served,
        settings_of(ctx),
        ctx.tell,
        variant=variant,
        members=members or member_count(where, ctx),
        private_link=ctx.service.capabilities(where).private_link,
    )


def member_count(where: Where, ctx: Context) -> int:
    """As the platform says; if it didn't, as far as was counted."""
    if ctx.facts and ctx.facts.member_count:
        return ctx.facts.member_count
    return ctx.unit.store(Members).present(where.platform, where.group)


def on_delivered(event: Delivered, ctx: Context) -> None:
    """Whoever was greeted waits no longer; the greeting may go after a while."""
    if not event.post_key.startswith(f"{NAME}:"):
        return
    _forget(event.post_key, ctx)
    if ctx.community is None:
        return
    settings = settings_of(ctx)
    if settings.remove_after and not event.where.private:
        ctx.unit.schedule(
            f"{NAME}.remove", ctx.now + settings.remove_after, key=event.post_key, community=ctx.served.slug
        )


def on_refused(event: Refused, ctx: Context) -> None:
    """A private greeting that can't be delivered is said in the channel; any other is given up."""
    if not event.post_key.startswith(f"{NAME}:"):
        return
    newcomers = _forget(event.post_key, ctx)
    if event.reason != Reason.UNREACHABLE or ctx.community is None:
        return
    for newcomer in newcomers:
        ctx.unit.store(Newcomers).add(
            Newcomer(
                newcomer.platform,
                newcomer.group,
                newcomer.account,
                newcomer.name,
                newcomer.joined_at,
                newcomer.came_back,
                in_channel=True,
            )
        )
        _due(Where(newcomer.platform, newcomer.group, ""), ctx, ctx.now)


def _forget(post_key: str, ctx: Context) -> list[Newcomer]:
    store = ctx.unit.store(Newcomers)
    newcomers = store.by_post(post_key)
    if newcomers:
        first = newcomers[0]
        store.remove(first.platform, first.group, [newcomer.account for newcomer in newcomers])
    ctx.unit.unschedule(f"{NAME}.lapse", post_key)
    return newcomers


def lapse(event: JobDue, ctx: Context) -> None:
    """A greeting was not sent in time for the earliest of its people: greet the others anew."""
    newcomers = ctx.unit.store(Newcomers).by_post(event.job_key)
    if not newcomers or ctx.community is None:
        return
    first = newcomers[0]
    accounts = [newcomer.account for newcomer in newcomers]
    ctx.unit.store(Newcomers).mark(first.platform, first.group, accounts, "")
    _due(Where(first.platform, first.group, ""), ctx, ctx.now)


def remove(event: JobDue, ctx: Context) -> None:
    ctx.unit.delete(event.job_key)
